/* value.c - texts, numbers, addresses and times between Lua and C. */

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "binding.h"

/* ---- from C ------------------------------------------------------ */

void push_jid(lua_State *L, const xmpp_jid_t *jid)
{
    size_t size;
    const char *text = xmpp_jid_view(jid, XMPP_JID_FULL, &size);

    if (text)
        lua_pushlstring(L, text, size);
    else
        lua_pushnil(L);
}

/* Seconds since 1970, as os.time() has them, with a fraction: a double has the
 * microseconds until the year 2255. */
void push_time(lua_State *L, xmpp_time_t time)
{
    if (time == XMPP_NO_TIME)
        lua_pushnil(L);
    else
        lua_pushnumber(L, (lua_Number)time / 1e6);
}

void push_enum(lua_State *L, long value, const struct constant *constants)
{
    for (; constants && constants->text; constants++) {
        if (constants->value == value) {
            lua_pushstring(L, constants->text);
            return;
        }
    }
    lua_pushinteger(L, value);
}

/* ---- to C -------------------------------------------------------- */

const char *text_argument(lua_State *L, int i)
{
    size_t size;
    const char *text;

    if (lua_isnoneornil(L, i))
        return NULL;
    text = luaL_checklstring(L, i, &size);
    luaL_argcheck(L, strlen(text) == size, i,
                  "a text for XMPP has no NUL in it");
    return text;
}

const unsigned char *octets_argument(lua_State *L, int i, size_t *size)
{
    *size = 0;
    if (lua_isnoneornil(L, i))
        return NULL;
    return (const unsigned char *)luaL_checklstring(L, i, size);
}

/* A number that is not whole is a mistake of the program. nil: 0. */
long number_argument(lua_State *L, int i)
{
    lua_Number number;

    if (lua_isnoneornil(L, i))
        return 0;
    if (lua_type(L, i) == LUA_TBOOLEAN)
        return lua_toboolean(L, i);
#if LUA_VERSION_NUM >= 503
    if (lua_isinteger(L, i))
        return (long)lua_tointeger(L, i);
#endif
    number = luaL_checknumber(L, i);
    luaL_argcheck(L,
                  floor(number) == number && number >= -9007199254740992.0 &&
                      number <= 9007199254740992.0,
                  i, "a whole number was expected");
    return (long)number;
}

static xmpp_time_t to_time(lua_State *L, int i)
{
    lua_Number seconds = lua_tonumber(L, i);

    if (!(seconds > -1e12 && seconds < 1e12))
        return XMPP_NO_TIME;
    return (xmpp_time_t)llround(seconds * 1e6);
}

xmpp_time_t time_argument(lua_State *L, int i)
{
    if (lua_isnoneornil(L, i))
        return XMPP_NO_TIME;
    luaL_checknumber(L, i);
    return to_time(L, i);
}

/* Texts of the same name: "text-single" and "text_single". */
static int is_same(const char *a, const char *b)
{
    for (; *a && (*a == *b || (*a == '-' && *b == '_')); a++, b++)
        continue;
    return *a == *b;
}

long enum_argument(lua_State *L, int i, const struct constant *constants)
{
    const char *text;

    if (lua_type(L, i) == LUA_TNUMBER)
        return number_argument(L, i);
    text = luaL_checkstring(L, i);
    for (; constants->text; constants++)
        if (is_same(constants->text, text))
            return constants->value;
    return luaL_argerror(L, i,
                         lua_pushfstring(L, "there is no constant '%s'", text));
}

const xmpp_module_t *module_argument(lua_State *L, int i)
{
    const struct named_module *one = generated_modules;
    const char *name = luaL_checkstring(L, i);

    for (; one->name; one++)
        if (strcmp(one->name, name) == 0)
            return one->module;
    luaL_argerror(L, i,
                  lua_pushfstring(L, "this library has no module '%s'", name));
    return NULL;
}

const xmpp_payload_t *payload_argument(lua_State *L, int i)
{
    const struct named_payload *one = named_payloads;
    const char *name;

    if (lua_isnoneornil(L, i))
        return NULL;
    name = luaL_checkstring(L, i);
    for (; one->name; one++)
        if (strcmp(one->name, name) == 0)
            return one->payload;
    luaL_argerror(L, i,
                  lua_pushfstring(L, "this library has no payload '%s'", name));
    return NULL;
}

/* ---- what is kept ------------------------------------------------ */

void keep_begin(struct keep *k, lua_State *L)
{
    k->L = L;
    k->count = 0;
    k->fault[0] = '\0';
    lua_newtable(L);
    k->index = lua_gettop(L);
}

void *keep_memory(struct keep *k, size_t size)
{
    void *memory = lua_newuserdata(k->L, size ? size : 1);

    lua_rawseti(k->L, k->index, ++k->count);
    return memory;
}

/* An address that is not valid is not the program's mistake: the function then
 * fails, and this says why. */
static void set_fault(struct keep *k, const char *text,
                      const xmpp_text_error_t *error)
{
    char words[300];

    xmpp_text_error_format(error, words, sizeof(words));
    snprintf(k->fault, sizeof(k->fault), "'%.200s' is not a valid address: %s",
             text, words);
}

/* Leniently, since it may be one that came from the network. */
static void parse_jid(struct keep *k, int i, xmpp_jid_t *jid)
{
    size_t size;
    const char *text = luaL_checklstring(k->L, i, &size);
    char *buffer = keep_memory(k, XMPP_JID_BUFFER_SIZE);
    xmpp_text_error_t error;

    if (xmpp_jid_parse(text, size, XMPP_JID_LENIENT, buffer, jid, &error) < 0) {
        *jid = (xmpp_jid_t){0};
        set_fault(k, text, &error);
    }
}

const xmpp_jid_t *jid_argument(struct keep *k, int i)
{
    xmpp_jid_t *jid;

    if (lua_isnoneornil(k->L, i))
        return NULL;
    jid = keep_memory(k, sizeof(*jid));
    parse_jid(k, i, jid);
    return jid;
}

const char *const *texts_argument(struct keep *k, int i, size_t *count)
{
    lua_State *L = k->L;
    const char **texts;
    size_t n;

    luaL_checktype(L, i, LUA_TTABLE);
    *count = lua_rawlen(L, i);
    texts = keep_memory(k, *count * sizeof(*texts));
    for (n = 0; n < *count; n++) {
        lua_rawgeti(L, i, (int)n + 1);
        texts[n] = text_argument(L, lua_gettop(L));
        lua_rawseti(L, k->index, ++k->count);
    }
    return texts;
}

/* ---- structs, from C --------------------------------------------- */

#define AT(value, offset) ((const void *)((const char *)(value) + (offset)))
#define GET(T, value, offset) (*(const T *)AT(value, offset))

static void push_member(lua_State *L, struct context *x, const void *value,
                        const struct member *m)
{
    switch (m->kind) {
    case MEMBER_TEXT:
        lua_pushstring(L, GET(char *, value, m->offset));
        break;
    case MEMBER_OCTETS:
        lua_pushlstring(L, GET(char *, value, m->offset),
                        GET(size_t, value, m->offset + sizeof(char *)));
        break;
    case MEMBER_INT:
        lua_pushinteger(L, GET(int, value, m->offset));
        break;
    case MEMBER_UNSIGNED:
        lua_pushinteger(L, (lua_Integer)GET(unsigned, value, m->offset));
        break;
    case MEMBER_LONG:
        lua_pushinteger(L, (lua_Integer)GET(long, value, m->offset));
        break;
    case MEMBER_ULONG:
        lua_pushinteger(L, (lua_Integer)GET(unsigned long, value, m->offset));
        break;
    case MEMBER_ENUM:
        push_enum(L, GET(int, value, m->offset), m->more);
        break;
    case MEMBER_STANZA:
        object_push(L, x, &kind_stanza,
                    *(xmpp_stanza_t *const *)AT(value, m->offset));
        break;
    case MEMBER_JID:
        push_jid(L, GET(xmpp_jid_t *, value, m->offset));
        break;
    }
}

void push_members(lua_State *L, struct context *x, const void *value,
                  const struct member *members)
{
    for (; members && members->name; members++) {
        push_member(L, x, value, members);
        lua_setfield(L, -2, members->name);
    }
}

void push_plain(lua_State *L, struct context *x, const void *value,
                const struct member *members)
{
    if (!value) {
        lua_pushnil(L);
        return;
    }
    lua_newtable(L);
    push_members(L, x, value, members);
}
