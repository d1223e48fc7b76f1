/* result.c - how actions end, and what modules report. */

#include "binding.h"

/* A value has the answer that it was read from as its member `stanza`, unless
 * it has such a member of its own. */
static void add_stanza(lua_State *L, struct context *x, xmpp_stanza_t *stanza)
{
    if (!stanza)
        return;
    lua_getfield(L, -1, "stanza");
    if (lua_isnil(L, -1)) {
        object_push(L, x, &kind_stanza, stanza);
        lua_setfield(L, -3, "stanza");
    }
    lua_pop(L, 1);
}

int push_result(lua_State *L, struct context *x, xmpp_conn_t *conn,
                const xmpp_result_t *result)
{
    if (result->status != 0) {
        lua_pushnil(L);
        failure_push_result(L, x, result);
        failure_add_hope(L, result->status, conn);
        return 2;
    }
    if (result->value && result->payload) {
        push_struct(L, x, result->payload, result->value);
        add_stanza(L, x, result->stanza);
    } else {
        lua_pushboolean(L, 1);
    }
    return 1;
}

int push_reply(lua_State *L, struct context *x, xmpp_conn_t *conn, int status,
               xmpp_stanza_t *reply)
{
    if (status != 0) {
        lua_pushnil(L);
        failure_push_reply(L, x, status, reply);
        failure_add_hope(L, status, conn);
        return 2;
    }
    object_push(L, x, &kind_stanza, reply);
    return 1;
}

/* true if the server has acknowledged it, false if it acknowledges nothing. */
int push_sent(lua_State *L, xmpp_conn_t *conn, int status)
{
    if (status < 0) {
        failure_with(L, status, NULL);
        failure_add_hope(L, status, conn);
        return 2;
    }
    lua_pushboolean(L, status == 0);
    return 1;
}

void push_event(lua_State *L, struct context *x, const xmpp_event_t *event)
{
    lua_newtable(L);
    lua_pushstring(L, event->module->name);
    lua_setfield(L, -2, "module");
    lua_pushstring(L, event->name);
    lua_setfield(L, -2, "name");
    push_struct(L, x, event->payload, event->value);
    lua_setfield(L, -2, "value");
    push_struct(L, x, event->payload, event->before);
    lua_setfield(L, -2, "before");
    object_push(L, x, &kind_stanza, event->stanza);
    lua_setfield(L, -2, "stanza");
}
