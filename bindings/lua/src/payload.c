/* payload.c - structs that tables of the library describe, as tables of Lua. */

#include <limits.h>
#include <string.h>

#include "binding.h"

#define AT(value, offset) ((void *)((char *)(value) + (offset)))
#define CONST_AT(value, offset)                                                \
    ((const void *)((const char *)(value) + (offset)))
#define GET(T, value, offset) (*(T const *)CONST_AT(value, offset))

static const xmpp_field_t *row_of(const xmpp_payload_t *payload, size_t i)
{
    return CONST_AT(payload->fields, i * payload->field_size);
}

/* NULL for a table that is part of another. */
static const struct named_payload *named(const xmpp_payload_t *payload)
{
    const struct named_payload *one = named_payloads;

    for (; one->name; one++)
        if (one->payload == payload)
            return one;
    return NULL;
}

/* Few have any, and each struct that is read looks for them. */
static const struct member *more_of(const xmpp_payload_t *payload)
{
    const struct named_payload *one = payloads_with_more;

    for (; one->name; one++)
        if (one->payload == payload)
            return one->more;
    return NULL;
}

/* ---- from C ------------------------------------------------------ */

static void push_name(lua_State *L, const xmpp_field_t *row, int place)
{
    const char *const *names = row->more;
    int i;

    for (i = 1; i < place && names[i - 1]; i++)
        continue;
    lua_pushstring(L, place > 0 ? names[i - 1] : NULL);
}

static void push_octets(lua_State *L, const xmpp_bytes_t *octets)
{
    if (octets->data)
        lua_pushlstring(L, (const char *)octets->data, octets->size);
    else
        lua_pushnil(L);
}

/* One value that is not a struct. */
static void push_one(lua_State *L, const xmpp_field_t *row, const void *p)
{
    switch (row->is) {
    case XMPP_IS_NUMBER:
        if (GET(long, p, 0) == XMPP_NO_NUMBER)
            lua_pushnil(L);
        else
            lua_pushinteger(L, (lua_Integer)GET(long, p, 0));
        break;
    case XMPP_IS_REAL:
        if (GET(double, p, 0) == GET(double, p, 0))
            lua_pushnumber(L, GET(double, p, 0));
        else
            lua_pushnil(L);
        break;
    case XMPP_IS_BOOL:
        lua_pushboolean(L, GET(int, p, 0));
        break;
    case XMPP_IS_JID:
        push_jid(L, p);
        break;
    case XMPP_IS_TIME:
        push_time(L, GET(xmpp_time_t, p, 0));
        break;
    case XMPP_IS_BYTES:
        push_octets(L, p);
        break;
    case XMPP_IS_ENUM:
        push_name(L, row, GET(int, p, 0));
        break;
    default:
        lua_pushstring(L, GET(char *, p, 0));
    }
}

/* The size of one, in a list. */
static size_t size_of(const xmpp_field_t *row)
{
    static const size_t sizes[] = {
        sizeof(void *),      sizeof(char *),       sizeof(long),
        sizeof(double),      sizeof(int),          sizeof(xmpp_jid_t),
        sizeof(xmpp_time_t), sizeof(xmpp_bytes_t), sizeof(int)};

    return sizes[row->at == XMPP_AT_ELEMENTS ? 0 : row->is];
}

static void push_list(lua_State *L, struct context *x, const xmpp_field_t *row,
                      const void *value)
{
    const void *list = GET(void *, value, row->offset);
    size_t i, n = list ? GET(size_t, value, row->count) : 0;

    lua_newtable(L);
    for (i = 0; i < n; i++) {
        const void *p = CONST_AT(list, i * size_of(row));

        if (row->at == XMPP_AT_ELEMENTS)
            push_struct(L, x, row->more, GET(void *, p, 0));
        else
            push_one(L, row, p);
        lua_rawseti(L, -2, (int)i + 1);
    }
}

static void push_field(lua_State *L, struct context *x, const xmpp_field_t *row,
                       const void *value)
{
    const void *p = CONST_AT(value, row->offset);

    switch (row->at) {
    case XMPP_AT_ELEMENTS:
    case XMPP_AT_CHILDREN:
        push_list(L, x, row, value);
        break;
    case XMPP_AT_ELEMENT:
        push_struct(L, x, row->more, GET(void *, p, 0));
        break;
    case XMPP_AT_SELF:
        object_push(L, x, &kind_stanza, GET(xmpp_stanza_t *, p, 0));
        break;
    case XMPP_AT_FLAG:
        lua_pushboolean(L, GET(int, p, 0));
        break;
    case XMPP_AT_CHOICE:
        push_name(L, row, GET(int, p, 0));
        break;
    default:
        push_one(L, row, p);
    }
}

void push_struct(lua_State *L, struct context *x, const xmpp_payload_t *payload,
                 const void *value)
{
    size_t i;

    if (!payload || !value) {
        lua_pushnil(L);
        return;
    }
    luaL_checkstack(L, 8, "structs that are nested too deeply");
    lua_createtable(L, 0, (int)payload->field_count);
    for (i = 0; i < payload->field_count; i++) {
        const xmpp_field_t *row = row_of(payload, i);

        if (row->offset < GET(size_t, value, 0)) {
            push_field(L, x, row, value);
            lua_setfield(L, -2, row->member);
        }
    }
    push_members(L, x, value, more_of(payload));
}

/* ---- to C -------------------------------------------------------- */

static void *take_struct(struct keep *k, const xmpp_payload_t *payload);

/* A value of another type is a mistake of the program. It is on the top of the
 * stack. */
static void expect(struct keep *k, const xmpp_field_t *row, int type)
{
    lua_State *L = k->L;

    if (lua_type(L, -1) != type &&
        !(type == LUA_TSTRING && lua_type(L, -1) == LUA_TNUMBER))
        luaL_error(L, "the member '%s' is a %s, not a %s", row->member,
                   lua_typename(L, type), luaL_typename(L, -1));
}

static int take_name(struct keep *k, const xmpp_field_t *row)
{
    const char *const *names = row->more;
    const char *text;
    int i;

    expect(k, row, LUA_TSTRING);
    text = lua_tostring(k->L, -1);
    for (i = 0; names[i]; i++)
        if (strcmp(names[i], text) == 0)
            return i + 1;
    return luaL_error(k->L, "the member '%s' is never '%s'", row->member, text);
}

/* The text of the value on top of the stack, which is kept. */
static const char *take_text(struct keep *k, const xmpp_field_t *row,
                             size_t *size)
{
    const char *text;

    expect(k, row, LUA_TSTRING);
    lua_pushvalue(k->L, -1);
    text = lua_tolstring(k->L, -1, size);
    lua_rawseti(k->L, k->index, ++k->count);
    return text;
}

static void take_one(struct keep *k, const xmpp_field_t *row, void *p)
{
    lua_State *L = k->L;
    int top = lua_gettop(L);
    size_t size;

    switch (row->is) {
    case XMPP_IS_NUMBER:
        expect(k, row, LUA_TNUMBER);
        *(long *)p = number_argument(L, top);
        break;
    case XMPP_IS_REAL:
        expect(k, row, LUA_TNUMBER);
        *(double *)p = lua_tonumber(L, top);
        break;
    case XMPP_IS_BOOL:
        *(int *)p = lua_toboolean(L, top);
        break;
    case XMPP_IS_JID:
        expect(k, row, LUA_TSTRING);
        *(xmpp_jid_t *)p = *jid_argument(k, top);
        break;
    case XMPP_IS_TIME:
        expect(k, row, LUA_TNUMBER);
        *(xmpp_time_t *)p = time_argument(L, top);
        break;
    case XMPP_IS_BYTES:
        ((xmpp_bytes_t *)p)->data =
            (const unsigned char *)take_text(k, row, &size);
        ((xmpp_bytes_t *)p)->size = size;
        break;
    case XMPP_IS_ENUM:
        *(int *)p = take_name(k, row);
        break;
    default:
        *(const char **)p = take_text(k, row, &size);
        if (strlen(*(const char **)p) != size)
            luaL_error(L, "the member '%s' has a NUL in it", row->member);
    }
}

static void take_list(struct keep *k, const xmpp_field_t *row, void *value)
{
    lua_State *L = k->L;
    size_t i, n;
    char *list;

    expect(k, row, LUA_TTABLE);
    n = lua_rawlen(L, -1);
    if (n == 0)
        return;
    list = keep_memory(k, n * size_of(row));
    for (i = 0; i < n; i++) {
        void *p = list + i * size_of(row);

        lua_rawgeti(L, -1, (int)i + 1);
        if (row->at == XMPP_AT_ELEMENTS)
            *(void **)p = take_struct(k, row->more);
        else
            take_one(k, row, p);
        lua_pop(L, 1);
    }
    *(void **)AT(value, row->offset) = list;
    *(size_t *)AT(value, row->count) = n;
}

static void take_field(struct keep *k, const xmpp_field_t *row, void *value)
{
    void *p = AT(value, row->offset);

    switch (row->at) {
    case XMPP_AT_ELEMENTS:
    case XMPP_AT_CHILDREN:
        take_list(k, row, value);
        break;
    case XMPP_AT_ELEMENT:
        *(void **)p = take_struct(k, row->more);
        break;
    case XMPP_AT_SELF:
        *(void **)p = object_argument(k->L, lua_gettop(k->L), &kind_stanza, 1);
        break;
    case XMPP_AT_FLAG:
        *(int *)p = lua_toboolean(k->L, -1);
        break;
    case XMPP_AT_CHOICE:
        *(int *)p = take_name(k, row);
        break;
    default:
        take_one(k, row, p);
    }
}

static int is_member(const xmpp_payload_t *payload, const char *name)
{
    const struct member *more = more_of(payload);
    size_t i;

    for (i = 0; i < payload->field_count; i++)
        if (strcmp(row_of(payload, i)->member, name) == 0)
            return 1;
    for (; more && more->name; more++)
        if (strcmp(more->name, name) == 0)
            return 1;
    return strcmp(name, "stanza") == 0; /* what it was read from */
}

/* A member that is written wrongly would be lost without a word. */
static void check_members(struct keep *k, const xmpp_payload_t *payload)
{
    lua_State *L = k->L;
    const struct named_payload *one = named(payload);

    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TSTRING)
            luaL_error(L, "the members of a struct have names");
        if (!is_member(payload, lua_tostring(L, -2)))
            luaL_error(L, "%s has no member '%s'", one ? one->name : "it",
                       lua_tostring(L, -2));
    }
}

/* Of the table on top of the stack. */
static void *take_struct(struct keep *k, const xmpp_payload_t *payload)
{
    lua_State *L = k->L;
    void *value;
    size_t i;

    if (!lua_istable(L, -1))
        luaL_error(L, "a table was expected, not a %s", luaL_typename(L, -1));
    luaL_checkstack(L, 8, "tables that are nested too deeply");
    check_members(k, payload);
    value = keep_memory(k, payload->size);
    xmpp_payload_init(payload, value, payload->size);
    for (i = 0; i < payload->field_count; i++) {
        const xmpp_field_t *row = row_of(payload, i);

        lua_getfield(L, -1, row->member);
        if (!lua_isnil(L, -1))
            take_field(k, row, value);
        lua_pop(L, 1);
    }
    return value;
}

void *struct_argument(struct keep *k, int i, const xmpp_payload_t *payload)
{
    void *value;

    if (lua_isnoneornil(k->L, i) || !payload)
        return NULL;
    lua_pushvalue(k->L, i);
    value = take_struct(k, payload);
    lua_pop(k->L, 1);
    return value;
}
