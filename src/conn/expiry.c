/* expiry.c - stanzas that are not sent in time. */

#include "conn/expiry.h"

#include "conn/session.h"
#include "stream/sm.h"

#define AGAIN_AFTER 1000 /* milliseconds, if memory was out */

void expiry_arm(xmpp_conn_t *conn)
{
    uint64_t due = conn->sm ? conn->sm->out.due : 0;
    const struct timer *timer = &conn->stale.timer;

    if (due && (!timer->armed || timer->when != due))
        poll_set_alarm(conn->ctx->poll, &conn->stale, due);
}

static void expire(xmpp_conn_t *conn, uint64_t now)
{
    struct env *env = &conn->ctx->env;
    struct outbox late;

    outbox_init(&late, env);
    if (outbox_expire(&conn->sm->out, now, XMPP_ETIMEOUT, &late)) {
        conn->sm->out.due = now + AGAIN_AFTER;
    } else if (outbox_count(&late)) {
        conn->sm->changes++;
        env_log(env, XMPP_LEVEL_INFO, "conn", "not sent in time: %zu stanzas",
                outbox_count(&late));
        session_report_all(conn, &late);
        session_changed(conn);
    }
    outbox_free(&late);
}

/* The session may have been taken away since. */
static void on_stale(struct alarm *alarm, uint64_t now)
{
    xmpp_conn_t *conn = LIST_ENTRY(alarm, struct _xmpp_conn_t, stale);

    if (!conn->sm)
        return;
    conn_hold(conn); /* a handler may release it */
    expire(conn, now);
    if (!conn->dying)
        expiry_arm(conn);
    conn_unhold(conn);
}

void expiry_init(xmpp_conn_t *conn)
{
    alarm_init(&conn->stale, on_stale);
}

void expiry_clear(xmpp_conn_t *conn)
{
    poll_clear_alarm(conn->ctx->poll, &conn->stale);
}
