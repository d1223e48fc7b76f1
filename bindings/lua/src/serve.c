/* serve.c - commands that others may run (XEP-0050), as functions of Lua: each
 * is called with a table for each stage. */

#include <stdlib.h>
#include <string.h>

#include <xmpp/have.h>

#include "binding.h"

#ifdef XMPP_HAVE_COMMAND_SERVE
#include <xmpp/xep/command_serve.h>

/* What the library borrows, with its texts behind it. */
struct offer {
    xmpp_command_t command;
    char texts[1];
};

static struct offer *offer_new(const char *node, const char *name,
                               unsigned access)
{
    size_t node_size = strlen(node) + 1, name_size = strlen(name) + 1;
    struct offer *offer = calloc(1, sizeof(*offer) + node_size + name_size);

    if (!offer)
        return NULL;
    memcpy(offer->texts, node, node_size);
    memcpy(offer->texts + node_size, name, name_size);
    offer->command.size = sizeof(offer->command);
    offer->command.node = offer->texts;
    offer->command.name = offer->texts + node_size;
    offer->command.access = access;
    return offer;
}

static int push_stage(lua_State *L, struct context *x, const void *args)
{
    const xmpp_command_run_t *run = args;
    const struct kind *const *kind = generated_kinds;

    while (*kind && strcmp((*kind)->name, "libxmpp.command_run") != 0)
        kind++;
    lua_newtable(L);
    object_push(L, x, *kind, (void *)run);
    lua_setfield(L, -2, "run");
    lua_pushinteger(L, run->stage);
    lua_setfield(L, -2, "stage");
    lua_pushinteger(L, run->action);
    lua_setfield(L, -2, "action");
    push_jid(L, run->from);
    lua_setfield(L, -2, "from");
    push_jid(L, run->to);
    lua_setfield(L, -2, "to");
    push_struct(L, x, &xmpp_form, run->form);
    lua_setfield(L, -2, "form");
    lua_pushstring(L, run->lang);
    lua_setfield(L, -2, "lang");
    object_push(L, x, &kind_stanza, run->request);
    lua_setfield(L, -2, "request");
    object_push(L, x, &kind_stanza, run->answer);
    lua_setfield(L, -2, "answer");
    return 1;
}

static int on_stage(xmpp_conn_t *conn, xmpp_command_run_t *run, void *userdata)
{
    struct turn turn = {userdata,  push_stage, run, XMPP_COMMAND_COMPLETED,
                        XMPP_EINT, NULL,       0};

    (void)conn;
    return callback_call(&turn);
}

/* Offer a command: a connection, a node, a name, a function, and the bits of
 * those who may run it. */
static int command_add(lua_State *L)
{
    struct context *x = CONTEXT(L);
    xmpp_conn_t *conn = object_argument(L, 1, &kind_conn, 0);
    const char *node = luaL_checkstring(L, 2), *name = luaL_checkstring(L, 3);
    unsigned access = (unsigned)number_argument(L, 5);
    struct registration *one;
    struct offer *offer;
    int code;

    luaL_checktype(L, 4, LUA_TFUNCTION);
    one = callback_new(L, x, 4, 0);
    one->block = offer = offer_new(node, name, access);
    if (!offer) {
        callback_end(L, one);
        return failure_of(L, x, XMPP_EMEM);
    }
    conn = object_argument(L, 1, &kind_conn, 0); /* __gc may have closed it */
    CALL(x, L, code = xmpp_command_add(conn, &offer->command, on_stage, one));
    if (code != 0) { /* 1: another one has this node */
        callback_end(L, one);
        return failure_with(L, code < 0 ? code : XMPP_EINVOP,
                            code > 0 ? "the node has a command already" : NULL);
    }
    lua_pushinteger(L, code);
    return 1;
}

static struct registration *
find_offer(struct context *x, const struct object *conn, const char *node)
{
    struct registration *one = x->registrations;

    for (; one; one = one->next)
        if (one->owner == conn && one->block &&
            strcmp(((struct offer *)one->block)->command.node, node) == 0)
            return one;
    return NULL;
}

/* Both stay until a handler that runs has returned. */
static int command_remove(lua_State *L)
{
    struct context *x = CONTEXT(L);
    xmpp_conn_t *conn = object_argument(L, 1, &kind_conn, 0);
    const char *node = luaL_checkstring(L, 2);
    struct registration *one = find_offer(x, lua_touserdata(L, 1), node);

    if (one) {
        struct offer *offer = one->block;

        CALL(x, L, {
            xmpp_command_remove(conn, &offer->command);
            callback_end(L, one);
        });
    }
    lua_pushboolean(L, one != NULL);
    return 1;
}
#endif

const struct method serve_methods[] = {
#ifdef XMPP_HAVE_COMMAND_SERVE
    {"command", "add", command_add, FIRST_CONN, 0},
    {"command", "remove", command_remove, FIRST_CONN, 0},
#endif
    {NULL, NULL, NULL, FIRST_NOTHING, 0}};
