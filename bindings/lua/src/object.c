/* object.c - objects of the library as userdata: connections, stanzas, rooms.
 */

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
    if (p)
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

/* In two steps: once it is a userdata, an error of Lua costs nothing. */
void object_push(lua_State *L, struct context *x, const struct kind *kind,
                 void *p, int is_owned)
{
    struct object *object;

    if (!p) {
        lua_pushnil(L);
        return;
    }
    object = lua_newuserdata(L, sizeof(*object));
    *object = (struct object){x, NULL, kind, NULL, NULL, 0};
    luaL_getmetatable(L, kind->name);
    lua_setmetatable(L, -2);
    object->p = p;
    if (!is_owned && kind->hold)
        kind->hold(p);
    object->is_held = is_owned || kind->hold;
    if (object->is_held) {
        context_hold(x);
    } else {
        object->next_temporary = x->temporaries;
        x->temporaries = object;
    }
}

void object_push_of(lua_State *L, struct context *x, const struct kind *kind,
                    void *p, int is_owned)
{
    struct object *conn = lua_touserdata(L, 1), *object;

    object_push(L, x, kind, p, is_owned);
    object = lua_touserdata(L, -1);
    if (!object || !conn)
        return;
    object->owner = conn->owner ? conn->owner : conn;
    lua_getuservalue(L, 1);
    lua_setuservalue(L, -2);
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
    lua_pop(L, 1);
}
