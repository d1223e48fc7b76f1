/* address.c - addresses, links to them, and names that the program looks up. */

#include <stdlib.h>
#include <string.h>

#include "binding.h"

/* ---- addresses --------------------------------------------------- */

/* The normal form of an address, or nil and what is wrong with it. Strictly,
 * as a person or a program enters one. */
static int jid_parse(lua_State *L)
{
    struct context *x = CONTEXT(L);
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_text_error_t error;
    xmpp_jid_t jid;
    int code;

    code = xmpp_jid_parse(text, size, XMPP_JID_STRICT, buffer, &jid, &error);
    if (code < 0)
        return failure_of_text(L, x, code, &error);
    push_jid(L, &jid);
    return 1;
}

static int jid_join(lua_State *L)
{
    struct context *x = CONTEXT(L);
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_text_error_t error;
    xmpp_jid_t jid;
    int code = xmpp_jid_join(text_argument(L, 1), text_argument(L, 2),
                             text_argument(L, 3), XMPP_JID_STRICT, buffer, &jid,
                             &error);

    if (code < 0)
        return failure_of_text(L, x, code, &error);
    push_jid(L, &jid);
    return 1;
}

static int jid_set_resource(lua_State *L)
{
    struct context *x = CONTEXT(L);
    char buffer[XMPP_JID_BUFFER_SIZE];
    const xmpp_jid_t *given;
    xmpp_text_error_t error;
    xmpp_jid_t jid;
    struct keep k;
    int code;

    lua_settop(L, 2);
    keep_begin(&k, L);
    given = jid_argument(&k, 1);
    if (k.fault[0])
        return failure_with(L, XMPP_EARG, k.fault);
    code = xmpp_jid_set_resource(given, text_argument(L, 2), XMPP_JID_STRICT,
                                 buffer, &jid, &error);
    if (code < 0)
        return failure_of_text(L, x, code, &error);
    push_jid(L, &jid);
    return 1;
}

/* ---- links ------------------------------------------------------- */

static void set_text(lua_State *L, const char *name, const char *text)
{
    lua_pushstring(L, text);
    lua_setfield(L, -2, name);
}

static void push_params(lua_State *L, const xmpp_uri_t *uri)
{
    size_t i;

    lua_newtable(L);
    for (i = 0; i < uri->param_count; i++) {
        lua_newtable(L);
        set_text(L, "key", uri->params[i].key);
        set_text(L, "value", uri->params[i].value);
        lua_rawseti(L, -2, (int)i + 1);
    }
}

static void push_uri(lua_State *L, const xmpp_uri_t *uri)
{
    lua_newtable(L);
    if (uri->jid)
        push_jid(L, uri->jid);
    else
        lua_pushnil(L);
    lua_setfield(L, -2, "jid");
    if (uri->account)
        push_jid(L, uri->account);
    else
        lua_pushnil(L);
    lua_setfield(L, -2, "account");
    set_text(L, "type", uri->type);
    set_text(L, "fragment", uri->fragment);
    push_params(L, uri);
    lua_setfield(L, -2, "params");
}

static int uri_parse(lua_State *L)
{
    struct context *x = CONTEXT(L);
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    xmpp_jid_mode_t mode =
        lua_toboolean(L, 2) ? XMPP_JID_STRICT : XMPP_JID_LENIENT;
    struct object *memory = object_prepare(L, x, &kind_memory);
    xmpp_uri_t *uri = NULL;
    xmpp_text_error_t error;
    int code;

    CALL(x, L, code = xmpp_uri_parse(x->ctx, text, size, mode, &uri, &error));
    if (code < 0)
        return failure_of_text(L, x, code, &error);
    object_fill(memory, uri);
    push_uri(L, uri);
    object_free(L, memory);
    return 1;
}

/* A member of the table that is argument 1. */
static const char *member_text(struct keep *k, const char *name)
{
    const char *text;

    lua_getfield(k->L, 1, name);
    text = text_argument(k->L, lua_gettop(k->L));
    lua_rawseti(k->L, k->index, ++k->count);
    return text;
}

static const xmpp_jid_t *member_jid(struct keep *k, const char *name)
{
    const xmpp_jid_t *jid;

    lua_getfield(k->L, 1, name);
    jid = jid_argument(k, lua_gettop(k->L));
    lua_pop(k->L, 1);
    return jid;
}

/* The pair that is on top of the stack. */
static const char *pair_text(struct keep *k, const char *name)
{
    const char *text;

    luaL_checktype(k->L, -1, LUA_TTABLE);
    lua_getfield(k->L, -1, name);
    text = text_argument(k->L, lua_gettop(k->L));
    lua_rawseti(k->L, k->index, ++k->count);
    return text;
}

static void take_params(struct keep *k, xmpp_uri_t *uri)
{
    xmpp_uri_param_t *params;
    size_t i;

    lua_getfield(k->L, 1, "params");
    uri->param_count = lua_istable(k->L, -1) ? lua_rawlen(k->L, -1) : 0;
    params = keep_memory(k, uri->param_count * sizeof(*params));
    for (i = 0; i < uri->param_count; i++) {
        lua_rawgeti(k->L, -1, (int)i + 1);
        params[i].key = pair_text(k, "key");
        params[i].value = pair_text(k, "value");
        lua_pop(k->L, 1);
    }
    uri->params = params;
    lua_pop(k->L, 1);
}

static int uri_format(lua_State *L)
{
    struct context *x = CONTEXT(L);
    int is_for_people = lua_toboolean(L, 2);
    xmpp_text_error_t error;
    xmpp_uri_t uri = {0};
    struct object *memory;
    char *text = NULL;
    struct keep k;
    int code;

    luaL_checktype(L, 1, LUA_TTABLE);
    keep_begin(&k, L);
    uri.jid = member_jid(&k, "jid");
    uri.account = member_jid(&k, "account");
    uri.type = member_text(&k, "type");
    uri.fragment = member_text(&k, "fragment");
    take_params(&k, &uri);
    if (k.fault[0])
        return failure_with(L, XMPP_EARG, k.fault);
    memory = object_prepare(L, x, &kind_memory);
    CALL(x, L,
         code = xmpp_uri_format(
             x->ctx, &uri, is_for_people ? XMPP_URI_UNICODE : XMPP_URI_ASCII,
             &text, &error));
    if (code < 0)
        return failure_of_text(L, x, code, &error);
    object_push_text(L, memory, text);
    return 1;
}

/* ---- names ------------------------------------------------------- */

static unsigned record_number(lua_State *L, const char *name)
{
    long number;

    lua_getfield(L, -1, name);
    number = number_argument(L, lua_gettop(L));
    lua_pop(L, 1);
    return (unsigned)number;
}

/* Of a lookup, with records {priority=, weight=, port=, target=}. */
static int answer_srv(lua_State *L)
{
    struct context *x = CONTEXT(L);
    unsigned long id = (unsigned long)number_argument(L, 1);
    xmpp_srv_t *records;
    struct keep k;
    size_t i, n;
    int code;

    luaL_checktype(L, 2, LUA_TTABLE);
    n = lua_rawlen(L, 2);
    keep_begin(&k, L);
    records = keep_memory(&k, (n + 1) * sizeof(*records));
    for (i = 0; i < n; i++) {
        lua_rawgeti(L, 2, (int)i + 1);
        luaL_checktype(L, -1, LUA_TTABLE);
        records[i].priority = record_number(L, "priority");
        records[i].weight = record_number(L, "weight");
        records[i].port = record_number(L, "port");
        records[i].target = pair_text(&k, "target");
        lua_pop(L, 1);
    }
    CALL(x, L, code = xmpp_ctx_answer_srv(x->ctx, id, records, n));
    if (code < 0)
        return failure_of(L, x, code);
    lua_pushinteger(L, code);
    return 1;
}

static int answer_addresses(lua_State *L)
{
    struct context *x = CONTEXT(L);
    unsigned long id = (unsigned long)number_argument(L, 1);
    const char *const *texts;
    struct keep k;
    size_t n;
    int code;

    lua_settop(L, 2);
    keep_begin(&k, L);
    texts = texts_argument(&k, 2, &n);
    CALL(x, L, code = xmpp_ctx_answer_addresses(x->ctx, id, texts, n));
    if (code < 0)
        return failure_of(L, x, code);
    lua_pushinteger(L, code);
    return 1;
}

const struct method address_methods[] = {
    {"core", "jid_parse", jid_parse, FIRST_NOTHING, 0},
    {"core", "jid_join", jid_join, FIRST_NOTHING, 0},
    {"core", "jid_set_resource", jid_set_resource, FIRST_NOTHING, 0},
    {"core", "uri_parse", uri_parse, FIRST_NOTHING, 0},
    {"core", "uri_format", uri_format, FIRST_NOTHING, 0},
    {"core", "answer_srv", answer_srv, FIRST_NOTHING, 0},
    {"core", "answer_addresses", answer_addresses, FIRST_NOTHING, 0},
    {NULL, NULL, NULL, FIRST_NOTHING, 0}};
