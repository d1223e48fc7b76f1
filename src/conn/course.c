/* course.c - the course of an attempt: how it starts, its turns, how it ends.
 *
 * Nobody else touches the transport, the watch and the alarms, and nobody else
 * ends an attempt: the rooms below answer by verdicts. */

#include "conn/course.h"

#include <stdio.h>

#include "conn/account.h"
#include "conn/arrival.h"
#include "conn/dialing.h"
#include "conn/discovery.h"
#include "conn/ending.h"
#include "conn/expiry.h"
#include "conn/failure.h"
#include "conn/fast.h"
#include "conn/module.h"
#include "conn/onward.h"
#include "conn/paths.h"
#include "conn/pipeline.h"
#include "conn/pump.h"
#include "conn/reconnect.h"
#include "conn/redirect.h"
#include "conn/session.h"
#include "conn/tls.h"
#include "conn/trust.h"
#include "conn/water.h"
#include "conn/way.h"
#include "net/sock.h"
#include "stanza/conditions.h"

/* ---- memory ------------------------------------------------------ */

static void on_transport_ready(struct watch *w, unsigned events);
static void on_deadline(struct alarm *alarm, uint64_t now);
static void on_again(struct alarm *alarm, uint64_t now);

struct attempt *course_new(xmpp_conn_t *conn)
{
    struct attempt *attempt = env_zalloc(&conn->ctx->env, sizeof(*attempt));

    if (!attempt)
        return NULL;
    attempt->conn = conn;
    attempt->env = &conn->ctx->env;
    attempt->step_deadline = TIME_NEVER;
    attempt->watch = (struct watch){.fd = -1, .ready = on_transport_ready};
    alarm_init(&attempt->deadline, on_deadline);
    alarm_init(&attempt->again, on_again);
    conn_hold(conn);
    return attempt;
}

/* Freed from the top downwards: TLS looks at the answer of DANE and at the
 * trust store. No frame works on them any more. */
static void free_transport(struct attempt *attempt)
{
    pipe_free(&attempt->pipe);
    attempt->tls_stage = NULL;
    tls_drop_dane(attempt);
    if (attempt->trust)
        tls_trust_release(&attempt->conn->ctx->trusts, attempt->trust);
    attempt->trust = NULL;
    stream_free(attempt->stream);
    attempt->stream = NULL;
}

static void free_attempt(struct attempt *attempt)
{
    xmpp_conn_t *conn = attempt->conn;

    free_transport(attempt);
    xmpp_stanza_release(attempt->stream_error);
    attempt_settle(attempt);
    account_free(attempt);
    env_free(attempt->env, attempt);
    conn_unhold(conn);
}

void course_discard(struct attempt *attempt)
{
    dial_free(attempt->dial);
    discovery_free(attempt);
    free_attempt(attempt);
}

/* A frame begins to work on the attempt, or has finished. turn_leave() returns
 * false if the attempt was freed. */
static void turn_enter(struct attempt *attempt)
{
    attempt->turns++;
}

static bool turn_leave(struct attempt *attempt)
{
    if (--attempt->turns || !attempt->over)
        return true;
    free_attempt(attempt);
    return false;
}

/* From here on the attempt is over: nothing calls it, and frames that still
 * work on it have no effect outside. Its memory may stay, but two things cannot
 * wait for that: the next attempt may need the session, and the peer has to see
 * the end. */
static void retire(struct attempt *attempt)
{
    struct poll *poll = attempt->conn->ctx->poll;

    attempt->over = true;
    dial_free(attempt->dial);
    attempt->dial = NULL;
    discovery_free(attempt);
    poll_watch(poll, &attempt->watch, 0);
    poll_clear_alarm(poll, &attempt->deadline);
    poll_clear_alarm(poll, &attempt->again);
    /* A password of a key is kept for one login only. */
    trust_forget(attempt->conn);
    if (!attempt->turns) {
        free_transport(attempt);
        return;
    }
    stream_leave(attempt->stream);
    if (attempt->watch.fd >= 0)
        sock_shut(attempt->watch.fd);
}

/* ---- the start --------------------------------------------------- */

static void on_dialed(void *userdata, const struct target *target);

/* Made with the first attempt, so that a context without connections costs
 * little. */
static bool has_scratch(xmpp_ctx_t *ctx)
{
    if (!ctx->scratch)
        ctx->scratch = env_alloc(&ctx->env, SCRATCH_SIZE);
    return ctx->scratch != NULL;
}

static bool make_transport(struct attempt *attempt)
{
    const struct settings *set = &attempt->account.settings;
    const struct tls_config trust = {
        .cafile = set->tls.cafile,
        .capath = set->tls.capath,
        .crlfile = set->tls.crlfile,
        .cert = set->tls.cert,
        .key = set->tls.key,
        .trust_any = (set->flags & XMPP_CONN_FLAG_TRUST_TLS) != 0,
    };

    if (!attempt->trust)
        attempt->trust =
            tls_trust_get(attempt->env, &attempt->conn->ctx->trusts, &trust);
    attempt->stream =
        stream_new(attempt->env, &attempt->account.wanted, &attempt->fault);
    return attempt->trust && attempt->stream;
}

bool course_start(struct attempt *attempt, const char *host, unsigned port)
{
    xmpp_conn_t *conn = attempt->conn;

    if (!has_scratch(conn->ctx) || redirect_begin(conn, host, port) ||
        session_prepare(attempt) || !make_transport(attempt) ||
        !dialing_begin(attempt, host, port, on_dialed))
        return false;
    /* Set last: an attempt that could not be started has no DISCONNECT. */
    conn->attempt = attempt;
    return true;
}

/* ---- the end ----------------------------------------------------- */

static void deliver_down(struct attempt *attempt)
{
    xmpp_conn_t *conn = attempt->conn;
    xmpp_stanza_t *error = attempt->stream_error;
    xmpp_stream_error_t se = {XMPP_SE_UNDEFINED_CONDITION, NULL, error};
    struct str condition, text;
    char copy[sizeof(attempt->fault.text)];

    if (error) {
        condition_read(error, NS_STREAM_ERRORS, &condition, &text);
        se.type = condition_type(condition);
        if (text.s) {
            snprintf(copy, sizeof(copy), "%.*s", STR_ARG(text));
            se.text = copy;
        }
    }
    if (conn->handler)
        conn->handler(conn, XMPP_CONN_DISCONNECT, conn->last.old_error,
                      error ? &se : NULL, conn->userdata);
}

/* Actions and outcomes come first. DISCONNECT is the last event of an attempt.
 * A handler in here may release the connection. Then this function is called
 * again and delivers the rest at once, so conn->attempt is checked after each
 * call. */
static void deliver_end(struct attempt *attempt)
{
    xmpp_conn_t *conn = attempt->conn;

    ending_lost(attempt);
    expiry_arm(conn); /* what has to be sent again may be too late */
    if (conn->attempt == attempt)
        session_changed(conn);
    if (conn->attempt == attempt)
        session_report_done(conn);
    if (conn->attempt == attempt)
        module_down(attempt);
    if (conn->attempt == attempt) {
        /* Cleared before the call, so that its handler may connect again. */
        conn->attempt = NULL;
        reconnect_arm(conn);
        deliver_down(attempt);
    }
}

/* First keep what the stream knows for the next attempt, because retire() may
 * free it. paths_learn() may correct the `retry` that failure_keep() wrote, and
 * the log below reads it. */
static void stop_attempt(struct attempt *attempt)
{
    xmpp_conn_t *conn = attempt->conn;

    onward_conclude(attempt);
    failure_keep(attempt);
    pipeline_keep(attempt);
    paths_learn(attempt);
    if (attempt->fault.code)
        env_log(attempt->env,
                conn->last.shown.retry ? XMPP_LEVEL_WARN : XMPP_LEVEL_ERROR,
                "conn", "disconnected: %s", conn->last.shown.message);
    else
        env_log(attempt->env, XMPP_LEVEL_INFO, "conn", "disconnected");
    reconnect_decide(conn, attempt->is_up);
    retire(attempt);
    timed_disarm_all(&conn->timed);
}

/* The login goes on at another host, by another attempt that takes over the
 * account. The old one may have frames on the stack, and a new object needs no
 * list of what to reset. Nothing is delivered, and requests and timers go on
 * waiting. The trust is kept, because the password of a key would be requested
 * again. */
static bool follow(struct attempt *old,
                   bool (*dial)(struct attempt *attempt, dial_done done))
{
    xmpp_conn_t *conn = old->conn;
    struct attempt *attempt = course_new(conn);

    if (!attempt) {
        old->fault = (struct fault){0}; /* not what the server reported */
        fault_set(&old->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
        return false;
    }
    if (old->trust)
        tls_trust_hold(old->trust);
    attempt->trust = old->trust;
    if (dial == dialing_next)
        onward_move(attempt, old);
    retire(old);
    account_move(attempt, old);
    if (!old->turns)
        free_attempt(old);
    conn->attempt = attempt;
    failure_hide(conn);
    if (fast_again(attempt) || !make_transport(attempt) ||
        !dial(attempt, on_dialed)) {
        fault_set(&attempt->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
        course_end(attempt);
    }
    return true;
}

void course_end(struct attempt *attempt)
{
    if (!attempt->over && redirect_take(attempt) &&
        follow(attempt, dialing_redirect))
        return;
    if (!attempt->over && onward_take(attempt) && follow(attempt, dialing_next))
        return;
    if (!attempt->over)
        stop_attempt(attempt);
    turn_enter(attempt);
    deliver_end(attempt);
    turn_leave(attempt);
}

/* ---- its turns --------------------------------------------------- */

static uint64_t next_deadline(const struct attempt *attempt)
{
    return time_first(attempt->step_deadline, stream_deadline(attempt->stream));
}

static void set_watch(struct attempt *attempt)
{
    struct poll *poll = attempt->conn->ctx->poll;
    unsigned events = pipe_wants(&attempt->pipe, pump_wants(attempt));
    uint64_t when = next_deadline(attempt);

    /* If the watch cannot be set, no event would ever come: the next turn ends
     * the attempt. */
    if (events != attempt->watch.events &&
        poll_watch(poll, &attempt->watch, events)) {
        fault_set(&attempt->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
        stream_abort(attempt->stream);
        poll_again(poll, &attempt->again);
    }
    if (when != attempt->deadline.timer.when || !attempt->deadline.timer.armed)
        poll_set_alarm(poll, &attempt->deadline, when);
    ending_arm(attempt->conn);
}

/* A server without TCP_NODELAY sends the second part of an answer when the
 * first is acknowledged: each step of a login would wait for our delayed
 * acknowledgement. In a raw stream the end of the login is unknown. */
static void acknowledge_input(struct attempt *attempt)
{
    bool hurry = !attempt->is_up || attempt->account.wanted.kind == STREAM_RAW;

    if ((!hurry && !attempt->hurried) || attempt->watch.fd < 0)
        return;
    sock_acknowledge(attempt->watch.fd, hurry);
    attempt->hurried = hurry;
}

/* No other target will be tried. */
static void drop_dial(struct attempt *attempt)
{
    if (!attempt->dial || onward_is_open(attempt))
        return;
    dial_free(attempt->dial);
    attempt->dial = NULL;
    discovery_free(attempt);
}

/* Do what can be done now, and arrange to be called for the rest. A stage in
 * memory may call although nothing is watched any more. */
static void attempt_turn(struct attempt *attempt, uint64_t now)
{
    enum pump_verdict verdict;

    if (attempt->over)
        return;
    turn_enter(attempt);
    poll_served(attempt->conn->ctx->poll, &attempt->again);
    /* The application is called in here: it may end the attempt or release the
     * connection. */
    verdict = pump_run(attempt, now);
    if (!attempt->over && verdict != PUMP_OVER && water_report(attempt))
        verdict = PUMP_AGAIN;
    if (!turn_leave(attempt) || attempt->over)
        return;
    if (verdict == PUMP_OVER) {
        course_end(attempt);
        return;
    }
    drop_dial(attempt);
    set_watch(attempt);
    if (verdict == PUMP_AGAIN)
        poll_again(attempt->conn->ctx->poll, &attempt->again);
    acknowledge_input(attempt);
    attempt->kicked = false;
}

static void on_transport_ready(struct watch *w, unsigned events)
{
    struct attempt *attempt = LIST_ENTRY(w, struct attempt, watch);

    if (events & ~(unsigned)POLL_WRITE)
        attempt->is_quiet = false;
    if (events & ~(unsigned)POLL_READ)
        attempt->is_full = false;
    attempt_turn(attempt, attempt_now(attempt));
}

static void on_deadline(struct alarm *alarm, uint64_t now)
{
    attempt_turn(LIST_ENTRY(alarm, struct attempt, deadline), now);
}

static void on_again(struct alarm *alarm, uint64_t now)
{
    struct attempt *attempt = LIST_ENTRY(alarm, struct attempt, again);

    if (attempt->has_transport)
        attempt_turn(attempt, now);
    else
        course_end(attempt); /* stopped while dialling */
}

/* ---- the target -------------------------------------------------- */

static void on_dialed(void *userdata, const struct target *target)
{
    struct attempt *attempt = userdata;

    turn_enter(attempt);
    if (target) {
        arrival_open(attempt, target);
    } else {
        way_blame(attempt);
        dial_free(attempt->dial);
        attempt->dial = NULL;
    }
    if (!turn_leave(attempt) || attempt->over)
        return;
    /* If a target was reached but its pipe could not be built, the failure is
     * ours, and no other host would mend it. */
    if (attempt->has_transport)
        attempt_turn(attempt, attempt_now(attempt));
    else if (target || !dialing_anew(attempt, on_dialed))
        course_end(attempt);
}
