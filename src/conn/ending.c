/* ending.c - how actions end that are not answered. */

#include "conn/ending.h"

#include <xmpp/error.h>

uint64_t ending_time(const xmpp_conn_t *conn, unsigned long patience)
{
    uint64_t now = conn_now(conn);

    return patience && patience < TIME_NEVER - now ? now + patience
                                                   : TIME_NEVER;
}

void ending_arm(xmpp_conn_t *conn)
{
    const struct timer *timer = &conn->late.timer;
    uint64_t when = actions_deadline(&conn->dispatch.actions);

    if (timer->armed ? timer->when != when : when != TIME_NEVER)
        poll_set_alarm(conn->ctx->poll, &conn->late, when);
}

static void on_late(struct alarm *alarm, uint64_t now)
{
    xmpp_conn_t *conn = LIST_ENTRY(alarm, struct _xmpp_conn_t, late);

    conn_hold(conn); /* a handler may release it */
    actions_tick(&conn->dispatch.actions, now);
    ending_arm(conn);
    conn_unhold(conn);
}

void ending_init(xmpp_conn_t *conn)
{
    alarm_init(&conn->late, on_late);
}

void ending_clear(xmpp_conn_t *conn)
{
    poll_clear_alarm(conn->ctx->poll, &conn->late);
}

void ending_all(xmpp_conn_t *conn)
{
    actions_end(&conn->dispatch.actions, XMPP_ENOTCONN);
}

/* On a raw connection the application itself resumes, if anybody does. */
void ending_lost(struct attempt *attempt)
{
    xmpp_conn_t *conn = attempt->conn;

    if (conn->dying || attempt->account.wanted.kind == STREAM_RAW ||
        !xmpp_conn_is_resumable(conn))
        ending_all(conn);
}
