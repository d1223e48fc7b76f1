/* store.c - what modules keep from one run of the program to the next, by one
 * function of Lua: store("put", account, kind, key, text), "each", "begin" and
 * "commit". init.lua makes it of a table with functions. */

#include "binding.h"

struct action {
    const char *name;
    const char *account, *kind, *key, *text;
    size_t size;
    xmpp_store_deliver deliver; /* of "each" */
    void *to;
};

const struct kind kind_deliver = {"libxmpp.deliver", NULL, NULL};

/* The library gets one text of the store. true: it wants no more. */
static int deliver_text(lua_State *L)
{
    struct context *x = CONTEXT(L);
    const struct action *action =
        object_argument(L, lua_upvalueindex(2), &kind_deliver, 0);
    const char *key = luaL_checkstring(L, 1);
    size_t size;
    const char *text = luaL_checklstring(L, 2, &size);
    int is_enough = 1;

    if (action)
        CALL(x, L, is_enough = action->deliver(action->to, key, text, size));
    lua_pushboolean(L, is_enough);
    return 1;
}

static int push_action(lua_State *L, struct context *x, const void *args)
{
    const struct action *action = args;

    lua_pushstring(L, action->name);
    lua_pushstring(L, action->account);
    lua_pushstring(L, action->kind);
    if (action->deliver) {
        lua_rawgeti(L, LUA_REGISTRYINDEX, x->self);
        object_push(L, x, &kind_deliver, (void *)action);
        lua_pushcclosure(L, deliver_text, 2);
        return 4;
    }
    lua_pushstring(L, action->key);
    if (action->text)
        lua_pushlstring(L, action->text, action->size);
    else
        lua_pushnil(L);
    return 5;
}

/* An error in it is reported, and the module goes on without. */
static int act(void *userdata, const struct action *action)
{
    struct turn turn = {userdata, push_action, action, 0, XMPP_EINT, NULL, 0};

    return callback_call(&turn);
}

static int on_put(void *userdata, const char *account, const char *kind,
                  const char *key, const char *text, size_t n)
{
    struct action action = {"put", account, kind, key, text, n, NULL, NULL};

    return act(userdata, &action);
}

static int on_each(void *userdata, const char *account, const char *kind,
                   xmpp_store_deliver deliver, void *to)
{
    struct action action = {"each", account, kind, NULL, NULL, 0, deliver, to};

    return act(userdata, &action);
}

static int on_begin(void *userdata)
{
    struct action action = {"begin", NULL, NULL, NULL, NULL, 0, NULL, NULL};

    return act(userdata, &action);
}

static int on_commit(void *userdata)
{
    struct action action = {"commit", NULL, NULL, NULL, NULL, 0, NULL, NULL};

    return act(userdata, &action);
}

/* With a connection, the function, and whether it knows "begin". */
static int set_store(lua_State *L)
{
    struct context *x = CONTEXT(L);
    xmpp_conn_t *conn = object_argument(L, 1, &kind_conn, 0);
    xmpp_store_t store = {sizeof(store), NULL, on_put, on_each, NULL, NULL};
    int code;

    lua_settop(L, 3);
    if (lua_toboolean(L, 3)) {
        store.begin = on_begin;
        store.commit = on_commit;
    }
    store.userdata = callback_set(L, x, 2, "xmpp_conn_set_store", NULL);
    conn = object_argument(L, 1, &kind_conn, 0); /* __gc may have closed it */
    CALL(x, L,
         code = xmpp_conn_set_store(conn, store.userdata ? &store : NULL));
    if (code < 0)
        return failure_of(L, x, code);
    lua_pushinteger(L, code);
    return 1;
}

const struct method store_methods[] = {
    {"core", "set_store", set_store, FIRST_CONN, 0},
    {NULL, NULL, NULL, FIRST_NOTHING, 0}};
