/* watch.c - the events of modules, and who watches them. */

#include <xmpp/module.h>

#include "conn/module.h"
#include "dispatch/watch.h"

/* If it is not 0, the userdata is still the caller's. */
static int add(xmpp_conn_t *conn, const xmpp_module_t *module,
               xmpp_event_handler handler, const struct slot_args *args)
{
    struct member *member = module_member(conn, module);

    if (!member)
        return XMPP_EINVOP;
    if (conn->dying)
        return env_refuse(&conn->ctx->env, XMPP_EINVOP,
                          "nothing can be added to a connection that is being "
                          "released");
    if (!handler)
        return env_refuse(&conn->ctx->env, XMPP_EARG,
                          "a watch needs a function");
    return watch_add(&conn->dispatch.members, &conn->ctx->slots, member,
                     handler, args);
}

int xmpp_conn_watch(xmpp_conn_t *conn, const xmpp_module_t *module,
                    xmpp_event_handler handler, void *userdata)
{
    const struct slot_args args = {
        .user = {userdata, NULL}, .conn = conn, .is_single = true};

    return add(conn, module, handler, &args);
}

void xmpp_conn_unwatch(xmpp_conn_t *conn, const xmpp_module_t *module,
                       xmpp_event_handler handler, void *userdata)
{
    struct member *member = module_member(conn, module);

    if (!member)
        return;
    conn_hold(conn); /* freeing userdata may release it */
    watch_delete(member, handler, userdata);
    conn_unhold(conn);
}

int xmpp_slot_add_watch(xmpp_conn_t *conn, const xmpp_module_t *module,
                        xmpp_event_handler handler, void *userdata,
                        xmpp_free_handler free_userdata, xmpp_slot_t *ret_slot)
{
    const struct slot_args args = {
        .user = {userdata, free_userdata}, .ret = ret_slot, .conn = conn};
    int rc = add(conn, module, handler, &args);

    if (rc)
        userdata_free(args.user);
    return rc;
}

void xmpp_conn_emit(xmpp_conn_t *conn, const xmpp_module_t *module, int what,
                    const void *value, const void *before)
{
    struct member *member = module_member(conn, module);
    const xmpp_row_t *row;
    xmpp_event_t event = {0};

    if (!member || list_is_empty(&member->watches))
        return;
    row = member_row_numbered(member, XMPP_ROW_EVENT, what);
    event.module = module;
    event.what = what;
    event.value = value;
    event.before = before;
    event.name = row ? row->name : NULL;
    event.payload = row ? row->payload : NULL;
    event.stanza = conn->dispatch.stanza;
    conn_hold(conn);
    watch_fire(member, conn, &event);
    conn_unhold(conn);
}
