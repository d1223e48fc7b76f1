/* queue.c - the queue of undelivered stanzas, as the application sees it. */

#include <xmpp/queue.h>

#include "conn/session.h"
#include "stream/sm.h"

const xmpp_queued_t *xmpp_conn_queue_next(xmpp_conn_t *conn,
                                          unsigned long after)
{
    struct outbox *box = conn && conn->sm ? &conn->sm->out : NULL;
    size_t i = box ? outbox_after(box, after) : 0;
    struct item item;
    struct str text;

    if (!box || i == outbox_count(box))
        return NULL;
    item = outbox_item(box, i);
    text = outbox_text(box, &item);
    conn->queued = (xmpp_queued_t){
        .id = (unsigned long)item.id,
        .text = text.s,
        .length = text.n,
        .is_sent = i<outbox_untouched(box), .is_suspected = item.blame> 0,
    };
    return &conn->queued;
}

int xmpp_conn_queue_drop(xmpp_conn_t *conn, unsigned long id)
{
    struct outcome outcome;
    int rc = XMPP_EARG;

    if (!conn)
        return XMPP_EINVOP;
    if (conn->sm)
        rc = outbox_take_back(&conn->sm->out, id, &outcome);
    if (rc == XMPP_EARG)
        return env_refuse(&conn->ctx->env, XMPP_EARG,
                          "no stanza %lu is queued (any more)", id);
    if (rc)
        return rc;
    /* The handlers below may release it. */
    conn_hold(conn);
    conn->sm->changes++;
    if (outcome.handler)
        session_report(conn, &outcome);
    session_changed(conn);
    conn_unhold(conn);
    return 0;
}

void xmpp_conn_set_refused_handler(xmpp_conn_t *conn, xmpp_sent_handler handler,
                                   void *userdata)
{
    if (!conn)
        return;
    conn->refused = handler;
    conn->refused_userdata = userdata;
}
