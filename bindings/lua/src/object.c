/* object.c - objects of the library as userdata: connections, stanzas, rooms.
 */

#include <string.h>

#include "binding.h"

static void release_conn(void *p)
{
    xmpp_conn_release(p);
}

static void release_stanza(void *p)
{
    xmpp_stanza_release(p);
}

static void hold_stanza(void *p)
{
    xmpp_stanza_clone(p);
}

const struct kind kind_conn = {"libxmpp.conn", release_conn, NULL};
const struct kind kind_memory = {"libxmpp.memory", NULL, NULL};
const struct kind kind_stanza = {"libxmpp.stanza", release_stanza, hold_stanza};

/* ---- life -------------------------------------------------------- */

static void forget_temporary(struct object *object)
{
    struct object **place = &object->x->temporaries;

    for (; *place; place = &(*place)->next_temporary) {
        if (*place == object) {
            *place = object->next_temporary;
            return;
        }
    }
}

static int release_object(lua_State *L)
{
    struct object *object = lua_touserdata(L, 1);
    struct context *x = object->x;
    void *p = object->p;

    object->p = NULL;
    if (!object->is_held) {
        forget_temporary(object);
        return 0;
    }
    object->is_held = 0;
    if (object->kind == &kind_conn)
        callback_orphan(x, object);
    if (p && object->kind == &kind_memory)
        xmpp_free(x->ctx, p);
    else if (p)
        CALL(x, L, object->kind->release(p));
    context_release(x, L);
    return 0;
}

void object_end_temporaries(struct context *x, struct object *until)
{
    while (x->temporaries && x->temporaries != until) {
        x->temporaries->p = NULL;
        x->temporaries = x->temporaries->next_temporary;
    }
}

/* An object without anything, which is filled once the library has made what it
 * is for: so an error of Lua loses nothing. */
struct object *object_prepare(lua_State *L, struct context *x,
                              const struct kind *kind)
{
    struct object *object = lua_newuserdata(L, sizeof(*object));

    *object = (struct object){x, NULL, kind, NULL, NULL, 0};
    luaL_getmetatable(L, kind->name);
    lua_setmetatable(L, -2);
    return object;
}

struct object *object_prepare_of(lua_State *L, struct context *x,
                                 const struct kind *kind)
{
    struct object *conn = lua_touserdata(L, 1);
    struct object *object = object_prepare(L, x, kind);

    object->owner = conn->owner ? conn->owner : conn;
    lua_getuservalue(L, 1);
    lua_setuservalue(L, -2);
    return object;
}

void object_fill(struct object *object, void *p)
{
    object->p = p;
    object->is_held = 1;
    context_hold(object->x);
}

/* What is borrowed. */
static void fill_borrowed(struct object *object, void *p)
{
    struct context *x = object->x;

    if (object->kind->hold) {
        object->kind->hold(p);
        object_fill(object, p);
        return;
    }
    object->p = p;
    object->next_temporary = x->temporaries;
    x->temporaries = object;
}

void object_push(lua_State *L, struct context *x, const struct kind *kind,
                 void *p)
{
    if (p)
        fill_borrowed(object_prepare(L, x, kind), p);
    else
        lua_pushnil(L);
}

void object_push_of(lua_State *L, struct context *x, const struct kind *kind,
                    void *p)
{
    if (p)
        fill_borrowed(object_prepare_of(L, x, kind), p);
    else
        lua_pushnil(L);
}

/* The text of a prepared object of kind_memory, which is freed. */
void object_push_text(lua_State *L, struct object *object, char *text)
{
    if (text)
        object_push_octets(L, object, text, strlen(text));
    else
        lua_pushnil(L);
}

void object_push_octets(lua_State *L, struct object *object, void *octets,
                        size_t size)
{
    object_fill(object, octets);
    lua_pushlstring(L, octets, size);
    object_free(L, object);
}

void object_free(lua_State *L, struct object *object)
{
    xmpp_free(object->x->ctx, object->p);
    object->p = NULL;
    object->is_held = 0;
    context_release(object->x, L);
}

/* ---- arguments --------------------------------------------------- */

static struct object *check_object(lua_State *L, int i, const char *name)
{
    return luaL_checkudata(L, i, name);
}

static void *pointer_of(const struct object *object)
{
    return object->owner && !object->owner->p ? NULL : object->p;
}

void *object_argument(lua_State *L, int i, const struct kind *kind,
                      int may_be_nil)
{
    if (may_be_nil && lua_isnoneornil(L, i))
        return NULL;
    return pointer_of(check_object(L, i, kind->name));
}

void object_taken(lua_State *L, int i)
{
    struct object *object = lua_touserdata(L, i);

    if (!object || !object->is_held)
        return;
    object->p = NULL;
    object->is_held = 0;
    context_release(object->x, L);
}

xmpp_stanza_t *object_given(lua_State *L, int i)
{
    return xmpp_stanza_clone(object_argument(L, i, &kind_stanza, 1));
}

/* The object that is an argument, if it is one of ours. */
static const struct object *object_at(lua_State *L, int i)
{
    if (lua_type(L, i) != LUA_TUSERDATA ||
        !luaL_getmetafield(L, i, "is_libxmpp_object"))
        return NULL;
    lua_pop(L, 1);
    return lua_touserdata(L, i);
}

int object_conn(lua_State *L, int i, xmpp_conn_t **conn)
{
    const struct object *object = object_at(L, i);

    if (object && object->owner)
        object = object->owner;
    if (!object || object->kind != &kind_conn)
        return 0;
    *conn = object->p;
    return 1;
}

static int are_equal(lua_State *L)
{
    const struct object *a = lua_touserdata(L, 1), *b = lua_touserdata(L, 2);

    lua_pushboolean(L, a && b && a->p && a->p == b->p);
    return 1;
}

/* The functions of an object are added to `__index` (module.c). */
void object_define(lua_State *L, const struct kind *kind)
{
    luaL_newmetatable(L, kind->name);
    lua_pushcfunction(L, release_object);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, are_equal);
    lua_setfield(L, -2, "__eq");
    lua_newtable(L);
    lua_setfield(L, -2, "__index");
    lua_pushstring(L, kind->name);
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, "is_libxmpp_object");
    lua_pop(L, 1);
}
