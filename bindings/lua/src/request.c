/* request.c - what a program has to cancel a call that is under way. */

#include "binding.h"

/* What the library cannot cancel, it still calls: then only the function is
 * forgotten. */
static int cancel_request(lua_State *L)
{
    struct context *x = CONTEXT(L);
    struct request *request = luaL_checkudata(L, 1, "libxmpp.request");
    struct registration *one = request->registration;
    int was_open = one && request->conn->p, cancelled = 0;

    request->registration = NULL;
    if (one) {
        one->request = NULL;
        if (request->cancel)
            CALL(x, L, cancelled = request->cancel(request->conn->p, one));
        if (cancelled > 0)
            callback_end(L, one);
        else
            callback_forget(L, one);
    }
    lua_pushboolean(L, was_open);
    return 1;
}

static int forget_request(lua_State *L)
{
    struct request *request = lua_touserdata(L, 1);

    if (request->registration)
        request->registration->request = NULL;
    return 0;
}

void request_push(lua_State *L, struct registration *one,
                  int (*cancel)(xmpp_conn_t *conn, void *userdata))
{
    struct object *conn = lua_touserdata(L, 1);
    struct request *request;

    if (!one || one->is_over) { /* it has ended already */
        lua_pushboolean(L, 1);
        return;
    }
    request = lua_newuserdata(L, sizeof(*request));
    *request = (struct request){NULL, NULL, cancel};
    luaL_getmetatable(L, "libxmpp.request");
    lua_setmetatable(L, -2);
    lua_getuservalue(L, 1); /* keeps the connection */
    lua_setuservalue(L, -2);
    request->conn = conn->owner ? conn->owner : conn;
    request->registration = one;
    one->request = request;
}

void request_define(lua_State *L)
{
    luaL_newmetatable(L, "libxmpp.request");
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushcclosure(L, cancel_request, 1);
    lua_newtable(L);
    lua_insert(L, -2);
    lua_setfield(L, -2, "cancel");
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, forget_request);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
}
