/* failure.c - errors as values: tables with the code, the layer, what the other
 * side said, and an advice; tostring() makes a sentence of them. */

#include <stdio.h>
#include <string.h>

#include "binding.h"

static void set_text(lua_State *L, const char *name, const char *text)
{
    if (text && *text) {
        lua_pushstring(L, text);
        lua_setfield(L, -2, name);
    }
}

void failure_push(lua_State *L, int code, const char *message)
{
    lua_newtable(L);
    luaL_getmetatable(L, "libxmpp.error");
    lua_setmetatable(L, -2);
    lua_pushinteger(L, code);
    lua_setfield(L, -2, "code");
    set_text(L, "name", xmpp_strerror_name(code));
    set_text(L, "advice", xmpp_strerror_advice(code));
    set_text(L, "message", message && *message ? message : xmpp_strerror(code));
}

int failure_with(lua_State *L, int code, const char *message)
{
    lua_pushnil(L);
    failure_push(L, code, message);
    return 2;
}

/* What to do about it now, and whether the same may succeed later. */
static void set_advice(lua_State *L, const char *advice, int may_retry)
{
    set_text(L, "advice", advice);
    lua_pushboolean(L, may_retry);
    lua_setfield(L, -2, "retry");
}

/* Between two sessions of a connection that reconnects, nothing is wrong with
 * the program. */
void failure_add_hope(lua_State *L, int code, xmpp_conn_t *conn)
{
    if (code == XMPP_ENOTCONN && conn &&
        (xmpp_conn_is_reconnecting(conn) || xmpp_conn_is_connecting(conn)))
        set_advice(L, "wait for the session: client:ready()", 1);
}

/* task.lua has the same, as closed(). */
static int failure_of_closed(lua_State *L)
{
    failure_with(L, XMPP_ENOTCONN, "the client is closed");
    set_advice(L, "make a new client", 0);
    return 2;
}

/* Of a function that has just failed: the library has left a sentence. */
int failure_of(lua_State *L, struct context *x, int code)
{
    int is_explained =
        code == XMPP_EARG || code == XMPP_EINVOP || code == XMPP_EINT;
    xmpp_conn_t *conn = NULL;

    if (object_conn(L, 1, &conn) && !conn)
        return failure_of_closed(L);
    failure_with(L, code,
                 is_explained ? xmpp_ctx_get_last_error(x->ctx) : NULL);
    failure_add_hope(L, code, conn);
    return 2;
}

int failure_of_text(lua_State *L, struct context *x, int code,
                    const xmpp_text_error_t *error)
{
    char words[400];

    if (code != XMPP_EARG)
        return failure_of(L, x, code);
    xmpp_text_error_format(error, words, sizeof(words));
    return failure_with(L, code, words);
}

/* NULL: it is none of RFC 6120, so the advice of the code stays. */
static const char *advice_about(const char *condition)
{
    const struct named_text *one = generated_advices;

    while (one->name && (!condition || strcmp(one->name, condition)))
        one++;
    return one->text;
}

void failure_push_result(lua_State *L, struct context *x,
                         const xmpp_result_t *result)
{
    char words[400];

    xmpp_result_format(result, words, sizeof(words));
    failure_push(L, result->status, words);
    if (result->status == XMPP_ESTANZA)
        set_advice(L, advice_about(result->condition),
                   result->type && strcmp(result->type, "wait") == 0);
    set_text(L, "condition", result->condition);
    set_text(L, "type", result->type);
    set_text(L, "text", result->text);
    set_text(L, "specific", result->specific);
    object_push(L, x, &kind_stanza, result->stanza);
    lua_setfield(L, -2, "stanza");
}

void failure_push_reply(lua_State *L, struct context *x, int status,
                        xmpp_stanza_t *reply)
{
    const char *type = NULL, *text = NULL;
    xmpp_result_t result = {0};

    result.status = status;
    result.stanza = reply;
    if (status == XMPP_ESTANZA && reply)
        result.condition = xmpp_stanza_get_error(reply, &type, &text);
    result.type = type;
    result.text = text;
    failure_push_result(L, x, &result);
}

void failure_push_conn(lua_State *L, const xmpp_failure_t *failure)
{
    failure_push(L, failure->code, failure->message);
    set_text(L, "layer", xmpp_layer_name(failure->layer));
    set_text(L, "condition", failure->condition);
    set_text(L, "text", failure->text);
    lua_pushboolean(L, failure->retry);
    lua_setfield(L, -2, "retry");
}

/* ---- as an object ------------------------------------------------ */

static int print_failure(lua_State *L)
{
    lua_getfield(L, 1, "message");
    return 1;
}

static int concat_failure(lua_State *L)
{
    luaL_Buffer b;
    int i;

    for (i = 1; i <= 2; i++) {
        if (lua_istable(L, i)) {
            lua_getfield(L, i, "message");
            lua_replace(L, i);
        }
    }
    luaL_buffinit(L, &b);
    for (i = 1; i <= 2; i++)
        luaL_addstring(&b, luaL_checkstring(L, i));
    luaL_pushresult(&b);
    return 1;
}

void failure_define(lua_State *L)
{
    luaL_newmetatable(L, "libxmpp.error");
    lua_pushcfunction(L, print_failure);
    lua_setfield(L, -2, "__tostring");
    lua_pushcfunction(L, concat_failure);
    lua_setfield(L, -2, "__concat");
    lua_pop(L, 1);
}
