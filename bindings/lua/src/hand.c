/* hand.c - functions whose shape no table describes: connections, trees,
 * structs by the name of their table, and what belongs to the context. */

#include <stdlib.h>
#include <string.h>

#include "binding.h"

/* ---- connections ------------------------------------------------- */

/* Its table of values has the functions that it may call. */
static int conn_new(lua_State *L)
{
    struct context *x = CONTEXT(L);
    struct object *object = object_prepare(L, x, &kind_conn);
    xmpp_conn_t *conn;

    lua_newtable(L); /* what belongs to the connection keeps it by this */
    lua_pushvalue(L, -2);
    lua_setfield(L, -2, "conn");
    lua_setuservalue(L, -2);
    CALL(x, L, conn = xmpp_conn_new(x->ctx));
    if (!conn)
        return failure_of(L, x, XMPP_EMEM);
    object_fill(object, conn);
    return 1;
}

/* Its objects are not valid any more. */
static int conn_release(lua_State *L)
{
    struct context *x = CONTEXT(L);
    struct object *conn = luaL_checkudata(L, 1, kind_conn.name);
    xmpp_conn_t *p = conn->p;

    conn->p = NULL;
    if (!p)
        return 0;
    conn->is_held = 0;
    callback_orphan(x, conn);
    CALL(x, L, xmpp_conn_release(p));
    context_release(x, L);
    return 0;
}

static int conn_get_failure(lua_State *L)
{
    const xmpp_failure_t *failure =
        xmpp_conn_get_failure(object_argument(L, 1, &kind_conn, 0));

    if (failure)
        failure_push_conn(L, failure);
    else
        lua_pushnil(L);
    return 1;
}

/* ---- trees ------------------------------------------------------- */

static int stanza_parse(lua_State *L)
{
    struct context *x = CONTEXT(L);
    const char *text = text_argument(L, 1);
    struct object *object = object_prepare(L, x, &kind_stanza);
    xmpp_stanza_t *stanza;

    CALL(x, L, stanza = xmpp_stanza_new_from_string(x->ctx, text));
    if (!stanza)
        return failure_with(L, XMPP_EARG,
                            "the text is not an element that XMPP allows");
    object_fill(object, stanza);
    return 1;
}

static int stanza_get_attributes(lua_State *L)
{
    xmpp_stanza_t *stanza = object_argument(L, 1, &kind_stanza, 0);
    int i, n = 2 * xmpp_stanza_get_attribute_count(stanza);
    const char **texts = lua_newuserdata(L, sizeof(*texts) * (n + 1));

    n = xmpp_stanza_get_attributes(stanza, texts, n);
    lua_newtable(L);
    for (i = 0; i + 1 < n; i += 2) {
        lua_pushstring(L, texts[i + 1]);
        lua_setfield(L, -2, texts[i]);
    }
    return 1;
}

/* ---- structs by the name of their table -------------------------- */

static int payload_read(lua_State *L)
{
    struct context *x = CONTEXT(L);
    xmpp_stanza_t *element = object_argument(L, 1, &kind_stanza, 0);
    const xmpp_payload_t *payload = payload_argument(L, 2);
    const void *value = NULL;
    int code;

    CALL(x, L, code = xmpp_payload_read(element, payload, &value));
    if (code == XMPP_EARG) {
        lua_pushnil(L); /* it is not such an element */
        return 1;
    }
    if (code < 0)
        return failure_of(L, x, code);
    push_struct(L, x, payload, value);
    return 1;
}

static int payload_find(lua_State *L)
{
    struct context *x = CONTEXT(L);
    xmpp_stanza_t *parent = object_argument(L, 1, &kind_stanza, 0);
    const xmpp_payload_t *payload = payload_argument(L, 2);
    const void *value;

    CALL(x, L, value = xmpp_payload_find(parent, payload));
    push_struct(L, x, payload, value);
    return 1;
}

/* Of a name and a table at `i`; NULL if there is a fault, which k has. */
static const void *value_argument(struct keep *k, int i,
                                  const xmpp_payload_t **payload)
{
    const void *value;

    *payload = payload_argument(k->L, i);
    luaL_checktype(k->L, i + 1, LUA_TTABLE);
    value = struct_argument(k, i + 1, *payload);
    return k->fault[0] ? NULL : value;
}

static int payload_new(lua_State *L)
{
    struct context *x = CONTEXT(L);
    const xmpp_payload_t *payload;
    struct object *object;
    xmpp_stanza_t *stanza;
    const void *value;
    struct keep k;

    lua_settop(L, 2);
    keep_begin(&k, L);
    value = value_argument(&k, 1, &payload);
    if (!value)
        return failure_with(L, XMPP_EARG, k.fault);
    object = object_prepare(L, x, &kind_stanza);
    CALL(x, L, stanza = xmpp_payload_new(x->ctx, payload, value));
    if (!stanza)
        return failure_of(L, x, XMPP_EMEM);
    object_fill(object, stanza);
    return 1;
}

static int payload_add(lua_State *L)
{
    struct context *x = CONTEXT(L);
    xmpp_stanza_t *parent = object_argument(L, 1, &kind_stanza, 0), *child;
    const xmpp_payload_t *payload;
    const void *value;
    struct keep k;

    lua_settop(L, 3);
    keep_begin(&k, L);
    value = value_argument(&k, 2, &payload);
    if (!value)
        return failure_with(L, XMPP_EARG, k.fault);
    CALL(x, L, child = xmpp_payload_add(parent, payload, value));
    if (!child)
        return failure_of(L, x, XMPP_EMEM);
    object_push(L, x, &kind_stanza, child);
    return 1;
}

static int payload_to_text(lua_State *L)
{
    struct context *x = CONTEXT(L);
    const xmpp_payload_t *payload;
    struct object *memory;
    const void *value;
    struct keep k;
    char *text;

    lua_settop(L, 2);
    keep_begin(&k, L);
    value = value_argument(&k, 1, &payload);
    if (!value)
        return failure_with(L, XMPP_EARG, k.fault);
    memory = object_prepare(L, x, &kind_memory);
    CALL(x, L, text = xmpp_payload_to_text(x->ctx, payload, value, NULL));
    if (!text)
        return failure_with(L, XMPP_EARG, "the value cannot be written");
    object_push_text(L, memory, text);
    return 1;
}

static int payload_parse(lua_State *L)
{
    struct context *x = CONTEXT(L);
    const xmpp_payload_t *payload = payload_argument(L, 1);
    size_t size;
    const char *text = (const char *)octets_argument(L, 2, &size);
    struct object *memory = object_prepare(L, x, &kind_memory);
    void *value = NULL;
    int code;

    CALL(x, L, code = xmpp_payload_parse(x->ctx, payload, text, size, &value));
    if (code == XMPP_EARG)
        return failure_with(L, code, "the text is not such an element");
    if (code < 0)
        return failure_of(L, x, code);
    object_fill(memory, value);
    push_struct(L, x, payload, value);
    object_free(L, memory);
    return 1;
}

static int payload_print(lua_State *L)
{
    const xmpp_payload_t *payload;
    const void *value;
    struct keep k;
    char *text;
    int size;

    lua_settop(L, 2);
    keep_begin(&k, L);
    value = value_argument(&k, 1, &payload);
    if (!value)
        return failure_with(L, XMPP_EARG, k.fault);
    size = xmpp_payload_print(payload, value, NULL, 0);
    text = keep_memory(&k, (size_t)size + 1);
    xmpp_payload_print(payload, value, text, (size_t)size + 1);
    lua_pushlstring(L, text, (size_t)size);
    return 1;
}

/* ---- octets and times -------------------------------------------- */

static int digest(lua_State *L)
{
    const char *name = text_argument(L, 1);
    size_t size, length = 0;
    const unsigned char *data = octets_argument(L, 2, &size);
    unsigned char octets[XMPP_DIGEST_MOST];
    int code = xmpp_digest(name, data, size, octets, &length);

    if (code < 0)
        return failure_with(L, code, NULL);
    lua_pushlstring(L, (const char *)octets, length);
    return 1;
}

static int digest_hex(lua_State *L)
{
    const char *name = text_argument(L, 1);
    size_t size;
    const unsigned char *data = octets_argument(L, 2, &size);
    char digits[XMPP_DIGEST_HEX_SIZE];
    int code = xmpp_digest_hex(name, data, size, digits);

    if (code < 0)
        return failure_with(L, code, NULL);
    lua_pushstring(L, digits);
    return 1;
}

static int unbase64(lua_State *L)
{
    struct context *x = CONTEXT(L);
    size_t size;
    const char *text = text_argument(L, 1);
    struct object *memory = object_prepare(L, x, &kind_memory);
    unsigned char *octets = xmpp_unbase64(x->ctx, text, &size);

    if (!octets)
        return failure_with(L, XMPP_EARG, "the text is not base64");
    object_push_octets(L, memory, octets, size);
    return 1;
}

static int random_octets(lua_State *L)
{
    long size = number_argument(L, 1);
    void *octets;
    int code;

    luaL_argcheck(L, size >= 0 && size <= 1 << 20, 1, "from 0 to 1048576");
    octets = lua_newuserdata(L, (size_t)size + 1);
    code = xmpp_random(octets, (size_t)size);
    if (code < 0)
        return failure_with(L, code, NULL);
    lua_pushlstring(L, octets, (size_t)size);
    return 1;
}

static int time_parse(lua_State *L)
{
    xmpp_time_t time;

    if (xmpp_time_parse(text_argument(L, 1), &time) < 0)
        return failure_with(L, XMPP_EARG, "the text is not a date and time");
    push_time(L, time);
    return 1;
}

static int time_print(lua_State *L)
{
    char text[XMPP_TIME_SIZE];

    xmpp_time_print(time_argument(L, 1), text);
    lua_pushstring(L, text);
    return 1;
}

/* ---- the context ------------------------------------------------- */

static void set_function(lua_State *L, int i, int *reference)
{
    int old = *reference;

    if (!lua_isnoneornil(L, i))
        luaL_checktype(L, i, LUA_TFUNCTION);
    lua_settop(L, i);
    *reference = lua_isnil(L, i) ? LUA_NOREF : luaL_ref(L, LUA_REGISTRYINDEX);
    luaL_unref(L, LUA_REGISTRYINDEX, old);
}

static int set_logger(lua_State *L)
{
    set_function(L, 1, &CONTEXT(L)->logger);
    return 0;
}

static int set_report(lua_State *L)
{
    set_function(L, 1, &CONTEXT(L)->report);
    return 0;
}

/* 0: no function of the library runs, and the loop may. */
static int get_depth(lua_State *L)
{
    lua_pushinteger(L, CONTEXT(L)->depth);
    return 1;
}

/* Whether a callback was lost since the last call. */
static int take_lost(lua_State *L)
{
    struct context *x = CONTEXT(L);

    lua_pushboolean(L, x->has_lost);
    x->has_lost = 0;
    return 1;
}

/* How many functions the library may call: for tests. */
static int count_registrations(lua_State *L)
{
    const struct registration *one = CONTEXT(L)->registrations;
    int count = 0;

    for (; one; one = one->next)
        count++;
    lua_pushinteger(L, count);
    return 1;
}

static int make_error(lua_State *L)
{
    failure_push(L, (int)number_argument(L, 1), text_argument(L, 2));
    return 1;
}

const struct method hand_methods[] = {
    {"core", "new", conn_new, FIRST_NOTHING, 0},
    {"core", "release", conn_release, FIRST_CONN, 0},
    {"core", "failure", conn_get_failure, FIRST_CONN, 0},
    {"core", "parse", stanza_parse, FIRST_NOTHING, 0},
    {":stanza", "get_attributes", stanza_get_attributes, FIRST_SELF, 0},
    {":stanza", "read", payload_read, FIRST_SELF, 0},
    {":stanza", "find", payload_find, FIRST_SELF, 0},
    {":stanza", "add", payload_add, FIRST_SELF, 0},
    {"core", "payload_new", payload_new, FIRST_NOTHING, 0},
    {"core", "payload_to_text", payload_to_text, FIRST_NOTHING, 0},
    {"core", "payload_parse", payload_parse, FIRST_NOTHING, 0},
    {"core", "payload_print", payload_print, FIRST_NOTHING, 0},
    {"core", "digest", digest, FIRST_NOTHING, 0},
    {"core", "digest_hex", digest_hex, FIRST_NOTHING, 0},
    {"core", "unbase64", unbase64, FIRST_NOTHING, 0},
    {"core", "random", random_octets, FIRST_NOTHING, 0},
    {"core", "time_parse", time_parse, FIRST_NOTHING, 0},
    {"core", "time_print", time_print, FIRST_NOTHING, 0},
    {"core", "set_logger", set_logger, FIRST_NOTHING, 0},
    {"core", "set_report", set_report, FIRST_NOTHING, 0},
    {"core", "depth", get_depth, FIRST_NOTHING, 0},
    {"core", "take_lost", take_lost, FIRST_NOTHING, 0},
    {"core", "registrations", count_registrations, FIRST_NOTHING, 0},
    {"core", "error", make_error, FIRST_NOTHING, 0},
    {NULL, NULL, NULL, FIRST_NOTHING, 0}};
