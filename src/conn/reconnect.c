/* reconnect.c - whether and when a connection comes back by itself.
 *
 * It decides, and wakes itself up. Attempts are begun and ended elsewhere. */

#include "conn/reconnect.h"

#include "base/crypt.h"
#include "conn/attempt.h"
#include "conn/failure.h"

/* ---- the pause --------------------------------------------------- */

/* milliseconds for which a hint of the application holds: a connection that is
 * dropped or checked because of it ends before (conn/stop.c) */
#define HURRY 10000

/* From `least` to `most`, by lot. Without random bytes it is the longest: the
 * clients of a server must not agree on a short one. */
static uint64_t draw_pause(uint64_t least, uint64_t most)
{
    uint64_t number;

    if (!crypt_random(&number, sizeof(number)))
        return most;
    /* So few numbers out of 2^64 that none of them is favoured. */
    return least + number % (most - least + 1);
}

/* The longest pause before the attempt that follows `tries` others. */
static uint64_t longest_pause(const xmpp_conn_t *conn)
{
    uint64_t most = (uint64_t)conn->options[XMPP_OPT_RECONNECT_MAX];
    uint64_t ms = (uint64_t)conn->options[XMPP_OPT_RECONNECT_MIN];

    for (unsigned n = conn->reconnect.tries; n && ms < most; n--)
        ms *= 2;
    return ms < most ? ms : most;
}

static uint64_t pause_of(const xmpp_conn_t *conn)
{
    uint64_t most = (uint64_t)conn->options[XMPP_OPT_RECONNECT_MAX];

    if (conn_now(conn) < conn->reconnect.hurried)
        return 0;
    if (conn->last.shown.retry == XMPP_RETRY_LATER)
        return draw_pause(most / 2, most);
    return draw_pause(0, longest_pause(conn));
}

/* ---- whether ----------------------------------------------------- */

/* Why no attempt follows, or NULL. What ended without a failure was ended on
 * this side, to go on in another place. */
static const char *objection_to(const xmpp_conn_t *conn, uint64_t now)
{
    const struct reconnect *r = &conn->reconnect;
    uint64_t tries = (uint64_t)conn->options[XMPP_OPT_RECONNECT_TRIES];
    uint64_t time = (uint64_t)conn->options[XMPP_OPT_RECONNECT_TIME];

    if (conn->last.shown.code && conn->last.shown.retry == XMPP_RETRY_NEVER)
        return "time alone does not mend this";
    if (r->is_suspended)
        return NULL; /* whoever wakes it begins to count anew */
    if (tries && r->tries >= tries)
        return "too many attempts in a row (XMPP_OPT_RECONNECT_TRIES)";
    if (time && now - r->since >= time)
        return "it took too long (XMPP_OPT_RECONNECT_TIME)";
    return NULL;
}

static void wait_for_it(xmpp_conn_t *conn)
{
    struct reconnect *r = &conn->reconnect;

    r->wait = (unsigned long)pause_of(conn);
    r->hurried = 0;
    r->phase = r->is_suspended ? RECONNECT_SUSPENDED : RECONNECT_WAITING;
    if (r->is_suspended)
        env_log(&conn->ctx->env, XMPP_LEVEL_INFO, "conn",
                "suspended: no attempt until xmpp_conn_wake()");
    else
        env_log(&conn->ctx->env, XMPP_LEVEL_INFO, "conn",
                "attempt %u follows in %lu ms", r->tries + 1, r->wait);
}

void reconnect_decide(xmpp_conn_t *conn, bool was_up)
{
    struct reconnect *r = &conn->reconnect;
    uint64_t now = conn_now(conn);
    const char *why;

    if (was_up &&
        now - r->up >= (uint64_t)conn->options[XMPP_OPT_RECONNECT_RESET]) {
        r->tries = 0;
        r->since = now;
    }
    if (r->phase != RECONNECT_ARMED || conn->dying || conn->ctx->finishing ||
        !conn->options[XMPP_OPT_RECONNECT]) {
        r->phase = RECONNECT_OFF;
        return;
    }
    why = objection_to(conn, now);
    if (!why) {
        wait_for_it(conn);
        return;
    }
    r->phase = RECONNECT_OFF;
    env_log(&conn->ctx->env, XMPP_LEVEL_ERROR, "conn",
            "not connecting again: %s", why);
}

void reconnect_arm(xmpp_conn_t *conn)
{
    struct reconnect *r = &conn->reconnect;

    if (r->phase == RECONNECT_WAITING)
        poll_set_alarm(conn->ctx->poll, &r->alarm, conn_now(conn) + r->wait);
}

/* ---- the alarm --------------------------------------------------- */

/* Also of an attempt that could not begin. */
static void deliver_last(xmpp_conn_t *conn, int error)
{
    if (conn->handler)
        conn->handler(conn, XMPP_CONN_DISCONNECT, error, NULL, conn->userdata);
}

/* May one more begin in this millisecond? */
static bool may_start(xmpp_ctx_t *ctx, uint64_t now)
{
    if (ctx->starts_at != now)
        ctx->starts = 0;
    ctx->starts_at = now;
    return ctx->starts++ < RECONNECT_STARTS;
}

static void start_again(xmpp_conn_t *conn)
{
    struct reconnect *r = &conn->reconnect;

    r->phase = RECONNECT_ARMED;
    r->tries++;
    if (r->start(conn, r->kind) == 0)
        return;
    reconnect_decide(conn, false);
    reconnect_arm(conn);
    deliver_last(conn, conn->last.old_error);
}

static void on_pause_over(struct alarm *alarm, uint64_t now)
{
    struct reconnect *r = LIST_ENTRY(alarm, struct reconnect, alarm);
    xmpp_conn_t *conn = LIST_ENTRY(r, struct _xmpp_conn_t, reconnect);

    conn_hold(conn); /* its handler may release it */
    if (r->phase == RECONNECT_ENDING) {
        r->phase = RECONNECT_OFF;
        /* Why the last attempt ended is not why the connection does. */
        failure_hide(conn);
        deliver_last(conn, 0);
    } else if (r->phase == RECONNECT_WAITING) {
        if (may_start(conn->ctx, now))
            start_again(conn);
        else
            poll_set_alarm(conn->ctx->poll, alarm, now + 1);
    }
    conn_unhold(conn);
}

/* ---- its life ---------------------------------------------------- */

void reconnect_init(xmpp_conn_t *conn,
                    int (*start)(xmpp_conn_t *conn, enum stream_kind kind))
{
    conn->reconnect.start = start;
    alarm_init(&conn->reconnect.alarm, on_pause_over);
}

void reconnect_begin(xmpp_conn_t *conn, enum stream_kind kind)
{
    struct reconnect *r = &conn->reconnect;

    poll_clear_alarm(conn->ctx->poll, &r->alarm);
    r->kind = kind;
    r->phase = kind == STREAM_RAW ? RECONNECT_OFF : RECONNECT_ARMED;
    r->is_known = r->is_suspended = false;
    r->hurried = 0;
    r->tries = 0;
    r->since = conn_now(conn);
}

static bool is_pausing(const struct reconnect *r)
{
    return r->phase == RECONNECT_WAITING || r->phase == RECONNECT_SUSPENDED;
}

/* While the end of an attempt is being delivered, its own event is the last. */
void reconnect_stop(xmpp_conn_t *conn)
{
    struct reconnect *r = &conn->reconnect;

    if (!is_pausing(r)) {
        if (r->phase == RECONNECT_ARMED)
            r->phase = RECONNECT_OFF;
        return;
    }
    r->phase = RECONNECT_OFF;
    if (conn->attempt)
        return;
    r->phase = RECONNECT_ENDING;
    poll_clear_alarm(conn->ctx->poll, &r->alarm);
    poll_again(conn->ctx->poll, &r->alarm);
}

void reconnect_release(xmpp_conn_t *conn)
{
    poll_clear_alarm(conn->ctx->poll, &conn->reconnect.alarm);
    conn->reconnect.phase = RECONNECT_OFF;
}

void reconnect_up(xmpp_conn_t *conn)
{
    conn->reconnect.up = conn_now(conn);
    conn->reconnect.is_known = true;
}

void reconnect_look(xmpp_conn_t *conn)
{
    struct reconnect *r = &conn->reconnect;
    unsigned long most = (unsigned long)conn->options[XMPP_OPT_RECONNECT_MAX];
    uint64_t end = conn_now(conn) + most;

    if (!is_pausing(r))
        return;
    if (!conn->options[XMPP_OPT_RECONNECT]) {
        reconnect_stop(conn);
        return;
    }
    if (r->wait > most)
        r->wait = most;
    if (r->alarm.timer.armed && r->alarm.timer.when > end)
        poll_set_alarm(conn->ctx->poll, &r->alarm, end);
}

void reconnect_hurry(xmpp_conn_t *conn)
{
    struct reconnect *r = &conn->reconnect;

    r->is_suspended = false;
    r->tries = 0;
    r->since = conn_now(conn);
    if (!is_pausing(r)) {
        r->hurried = conn_now(conn) + HURRY;
        return;
    }
    r->phase = RECONNECT_WAITING;
    r->wait = 0;
    if (!conn->attempt)
        reconnect_arm(conn);
}

void reconnect_suspend(xmpp_conn_t *conn)
{
    struct reconnect *r = &conn->reconnect;

    r->is_suspended = true;
    if (!is_pausing(r))
        return;
    r->phase = RECONNECT_SUSPENDED;
    poll_clear_alarm(conn->ctx->poll, &r->alarm);
}

/* ---- public ------------------------------------------------------ */

int xmpp_conn_is_reconnecting(const xmpp_conn_t *conn)
{
    return conn && is_pausing(&conn->reconnect);
}

const xmpp_reconnect_t *xmpp_conn_get_reconnect(xmpp_conn_t *conn)
{
    struct reconnect *r = conn ? &conn->reconnect : NULL;
    uint64_t now, when;

    if (!r || !is_pausing(r))
        return NULL;
    now = conn_now(conn);
    when = r->alarm.timer.armed ? r->alarm.timer.when : now + r->wait;
    r->shown = (xmpp_reconnect_t){
        .attempt = r->tries + 1,
        .wait = r->is_suspended ? 0 : r->wait,
        .left = r->is_suspended || when < now ? 0 : (unsigned long)(when - now),
        .is_suspended = r->is_suspended,
    };
    return &r->shown;
}
