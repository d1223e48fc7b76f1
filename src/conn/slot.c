/* slot.c - registrations that can be removed one by one, and own their
 * userdata.
 */

#include <xmpp/slot.h>

#include "conn/handler.h"
#include "conn/send.h"

static struct slot_args args_of(xmpp_conn_t *conn, void *userdata,
                                xmpp_free_handler free_userdata,
                                xmpp_slot_t *ret)
{
    return (struct slot_args){
        .user = {userdata, free_userdata}, .ret = ret, .conn = conn};
}

/* Userdata is taken also if the call fails, so that a caller has nothing to
 * free in any case. */
static int settle_slot(int rc, const struct slot_args *args)
{
    if (rc)
        userdata_free(args->user);
    return rc;
}

int xmpp_slot_remove(xmpp_ctx_t *ctx, xmpp_slot_t number)
{
    struct slot *slot = ctx ? slots_find(&ctx->slots, number) : NULL;
    xmpp_conn_t *conn = slot ? slot->conn : NULL;

    /* A number that has ended is simply not found: registrations end by
     * themselves, and a pointer would dangle then. */
    if (!slot)
        return 0;
    env_enter(&ctx->env); /* freeing userdata may release both */
    if (conn)
        conn_hold(conn);
    slot->remove(slot);
    if (conn)
        conn_unhold(conn);
    ctx_leave(ctx);
    return 1;
}

/* ---- stanzas ----------------------------------------------------- */

int xmpp_slot_add_handler(xmpp_conn_t *conn, xmpp_handler handler,
                          const char *ns, const char *name, const char *type,
                          void *userdata, xmpp_free_handler free_userdata,
                          xmpp_slot_t *ret_slot)
{
    const struct slot_args args =
        args_of(conn, userdata, free_userdata, ret_slot);

    return settle_slot(handler_add(conn, handler, ns, name, type, &args),
                       &args);
}

int xmpp_slot_add_id_handler(xmpp_conn_t *conn, xmpp_handler handler,
                             const char *id, void *userdata,
                             xmpp_free_handler free_userdata,
                             xmpp_slot_t *ret_slot)
{
    const struct slot_args args =
        args_of(conn, userdata, free_userdata, ret_slot);

    return settle_slot(handler_add_id(conn, handler, id, &args), &args);
}

int xmpp_slot_add_iq_handler(xmpp_conn_t *conn, const char *type,
                             const char *ns, const char *name,
                             xmpp_iq_handler handler, void *userdata,
                             xmpp_free_handler free_userdata,
                             xmpp_slot_t *ret_slot)
{
    const struct slot_args args =
        args_of(conn, userdata, free_userdata, ret_slot);

    return settle_slot(handler_add_iq(conn, type, ns, name, handler, &args),
                       &args);
}

int xmpp_slot_send_request(xmpp_conn_t *conn, xmpp_stanza_t *iq,
                           unsigned long timeout, xmpp_reply_handler handler,
                           void *userdata, xmpp_free_handler free_userdata,
                           xmpp_slot_t *ret_slot)
{
    const struct slot_args args =
        args_of(conn, userdata, free_userdata, ret_slot);
    const struct asker asker = send_asker(handler);

    return settle_slot(send_request(conn, iq, timeout, &asker, &args), &args);
}

/* ---- time -------------------------------------------------------- */

int xmpp_slot_add_timed_handler(xmpp_conn_t *conn, xmpp_timed_handler handler,
                                unsigned long period, void *userdata,
                                xmpp_free_handler free_userdata,
                                xmpp_slot_t *ret_slot)
{
    const struct slot_args args =
        args_of(conn, userdata, free_userdata, ret_slot);
    timed_function function = {.conn = handler};

    return settle_slot(handler_add_timed(conn, function, period, false, &args),
                       &args);
}

int xmpp_slot_add_timeout(xmpp_conn_t *conn, xmpp_timeout_handler handler,
                          unsigned long delay, void *userdata,
                          xmpp_free_handler free_userdata,
                          xmpp_slot_t *ret_slot)
{
    const struct slot_args args =
        args_of(conn, userdata, free_userdata, ret_slot);
    timed_function function = {.conn_once = handler};

    return settle_slot(handler_add_timed(conn, function, delay, true, &args),
                       &args);
}

int xmpp_slot_add_global_timed_handler(xmpp_ctx_t *ctx,
                                       xmpp_global_timed_handler handler,
                                       unsigned long period, void *userdata,
                                       xmpp_free_handler free_userdata,
                                       xmpp_slot_t *ret_slot)
{
    const struct slot_args args =
        args_of(NULL, userdata, free_userdata, ret_slot);
    timed_function function = {.ctx = handler};

    return settle_slot(
        handler_add_global_timed(ctx, function, period, false, &args), &args);
}

int xmpp_slot_add_global_timeout(xmpp_ctx_t *ctx,
                                 xmpp_global_timeout_handler handler,
                                 unsigned long delay, void *userdata,
                                 xmpp_free_handler free_userdata,
                                 xmpp_slot_t *ret_slot)
{
    const struct slot_args args =
        args_of(NULL, userdata, free_userdata, ret_slot);
    timed_function function = {.ctx_once = handler};

    return settle_slot(
        handler_add_global_timed(ctx, function, delay, true, &args), &args);
}
