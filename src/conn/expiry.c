/* expiry.c - stanzas that wait, and are not sent: they are too late, or too
 * long for the server. */

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

/* 0, or XMPP_EMEM, and all of them still wait. */
static int give_up_unfit(xmpp_conn_t *conn, const struct outbox_terms *terms,
                         int status, const char *why)
{
    struct env *env = &conn->ctx->env;
    struct outbox unfit;
    int rc;

    outbox_init(&unfit, env);
    rc = outbox_weed(&conn->sm->out, terms, status, &unfit);
    if (rc == 0 && outbox_count(&unfit)) {
        conn->sm->changes++;
        env_log(env, XMPP_LEVEL_WARN, "conn", "%s: %zu stanzas", why,
                outbox_count(&unfit));
        session_report_all(conn, &unfit);
        session_changed(conn);
    }
    outbox_free(&unfit);
    return rc;
}

static void expire(xmpp_conn_t *conn, uint64_t now)
{
    const struct outbox_terms terms = {.now = now};
    struct outbox *box = &conn->sm->out;

    if (give_up_unfit(conn, &terms, XMPP_ETIMEOUT, "not sent in time"))
        box->due = now + AGAIN_AFTER;
}

/* Those that came earlier were not checked, as nobody knew this limit. Without
 * memory they are sent, and the server says what it thinks of them. */
void expiry_fit(xmpp_conn_t *conn, size_t most)
{
    const struct outbox_terms terms = {.most = most};

    if (!most || !conn->sm || !outbox_count(&conn->sm->out))
        return;
    conn_hold(conn); /* a handler may release it */
    give_up_unfit(conn, &terms, XMPP_ELIMIT,
                  "longer than the server accepts, so not sent");
    conn_unhold(conn);
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
