/* pump.c - bytes from the pipe to the stream and back, until it is over. */

#include "conn/pump.h"

#include "conn/attempt.h"
#include "conn/events.h"
#include "conn/login.h"
#include "conn/pressure.h"
#include "conn/secure.h"
#include "conn/squeeze.h"
#include "net/sock.h"

/* Fairness: how much one connection reads in one turn of the loop. */
#define BUDGET 65536

/* Input is fed in pieces, so that the trees of one piece are freed before
 * those of the next are built, and the spare chunks suffice. */
#define PIECE 2048

/* ---- in ---------------------------------------------------------- */

static bool feed(xmpp_conn_t *conn, const char *bytes, size_t n)
{
    unsigned attempt = conn->attempt;
    uint64_t now = conn_now(conn);
    bool alive = true;

    conn->feeding = true;
    while (n && alive) {
        size_t piece = n < PIECE ? n : PIECE;
        size_t used = stream_recv(conn->stream, bytes, piece, now);

        bytes += used;
        n -= used;
        alive = events_deliver(conn, attempt);
        if (used == 0)
            break;
    }
    if (alive)
        conn->feeding = false;
    return alive;
}

/* One read; how many bytes it brought, or PIPE_AGAIN when nothing is to be
 * read now, PIPE_EOF and PIPE_FAIL when the end was handled. */
static ssize_t read_some(xmpp_conn_t *conn)
{
    xmpp_ctx_t *ctx = conn->ctx;
    unsigned attempt = conn->attempt;
    bool nested = ctx->scratch_busy;
    char small[4096]; /* for a loop that runs inside a handler */
    char *to = nested ? small : ctx->scratch;
    ssize_t n =
        pipe_read(&conn->pipe, to, nested ? sizeof(small) : SCRATCH_SIZE);
    bool alive;

    if (n == PIPE_AGAIN)
        return n;
    if (n < 0) {
        if (n == PIPE_EOF)
            stream_eof(conn->stream, conn_now(conn));
        else
            stream_abort(conn->stream);
        return events_deliver(conn, attempt) ? n : PIPE_FAIL;
    }
    ctx->scratch_busy = true;
    alive = feed(conn, to, (size_t)n);
    if (!nested)
        ctx->scratch_busy = false;
    return alive ? n : PIPE_FAIL;
}

static bool is_over(const xmpp_conn_t *conn)
{
    return conn->down || stream_wants(conn->stream) & WANT_DOWN;
}

static bool may_read(const xmpp_conn_t *conn)
{
    return !is_over(conn) && !conn->securing && !conn->feeding &&
           !conn->ending && !(stream_wants(conn->stream) & WANT_TLS) &&
           !pressure_is_high(conn);
}

/* Read within the budget. True if the attempt is still the same. */
static bool read_all(xmpp_conn_t *conn, bool *more)
{
    unsigned attempt = conn->attempt;
    size_t budget = BUDGET;

    while (may_read(conn)) {
        ssize_t n = read_some(conn);

        if (conn->attempt != attempt)
            return false;
        if (n < 0)
            break;
        if ((size_t)n >= budget) {
            *more = true;
            break;
        }
        budget -= (size_t)n;
    }
    return true;
}

/* ---- out --------------------------------------------------------- */

/* The patience begins anew with each byte that the peer takes, but somebody who
 * takes one now and then does not keep us for ever. */
static void end_later(xmpp_conn_t *conn, uint64_t now)
{
    uint64_t patience = conn_patience(conn, XMPP_OPT_CLOSE_TIMEOUT);
    uint64_t most = conn->ending_since + STREAM_CLOSING_MOST * patience;

    conn->step_deadline = now + patience < most ? now + patience : most;
}

/* Write what waits, here and inside the pipe; false when the pipe failed. */
static bool write_all(xmpp_conn_t *conn, uint64_t now)
{
    if (pipe_flush(&conn->pipe) == PIPE_FAIL) {
        stream_abort(conn->stream);
        return false;
    }
    while (stream_wants(conn->stream) & WANT_SEND) {
        struct str bytes = stream_peek(conn->stream);
        ssize_t n = pipe_write(&conn->pipe, bytes.s, bytes.n);

        if (n == PIPE_AGAIN)
            return true;
        if (n < 0) {
            stream_doubt(conn->stream, bytes.n);
            stream_abort(conn->stream);
            return false;
        }
        stream_sent(conn->stream, (size_t)n);
        pressure_sent(conn, (size_t)n);
        if (conn->ending)
            end_later(conn, now);
    }
    return true;
}

/* ---- TLS --------------------------------------------------------- */

/* Bytes can travel: the conversation begins. */
static void transport_up(xmpp_conn_t *conn, bool secured)
{
    conn->step_deadline = TIME_NEVER;
    stream_open(conn->stream, secured, conn_now(conn));
    if (conn->account.wanted.kind == STREAM_RAW)
        attempt_tell_up(conn, XMPP_CONN_RAW_CONNECT);
}

static void tls_done(xmpp_conn_t *conn)
{
    secure_log(conn);
    login_tell_channel(conn);
    conn->securing = false;
    conn->secured = true;
    if (conn->account.direct_tls)
        transport_up(conn, true);
    else
        stream_secured(conn->stream, conn_now(conn));
}

/* Go on with a handshake; true when it is not under way (any more), perhaps
 * because the attempt is over. */
static bool secure(xmpp_conn_t *conn)
{
    unsigned attempt = conn->attempt;
    int rc;

    if (!conn->securing || is_over(conn))
        return true;
    rc = secure_progress(conn);
    if (conn->attempt != attempt)
        return true;
    if (rc == 0)
        tls_done(conn);
    else if (rc == PIPE_FAIL)
        stream_abort(conn->stream);
    return rc != PIPE_AGAIN;
}

/* ---- all together ------------------------------------------------ */

/* Over as soon as what waits is out, or its patience is, or nobody would hear
 * it. */
static bool end_is_due(xmpp_conn_t *conn, uint64_t now)
{
    if (!is_over(conn))
        return false;
    if (!conn->ending) {
        conn->ending = true;
        conn->ending_since = now;
        end_later(conn, now);
    }
    return (!(stream_wants(conn->stream) & WANT_SEND) &&
            pipe_flush(&conn->pipe) != PIPE_AGAIN) ||
           conn->securing || stream_is_mute(conn->stream) ||
           now >= conn->step_deadline;
}

static void finish(xmpp_conn_t *conn)
{
    unsigned attempt = conn->attempt;

    if (!events_deliver(conn, attempt))
        return;
    pipe_close(&conn->pipe);
    attempt_end(conn);
}

static uint64_t next_deadline(const xmpp_conn_t *conn)
{
    uint64_t when = stream_deadline(conn->stream);
    uint64_t asked = requests_deadline(&conn->dispatch.requests);

    if (asked < when)
        when = asked;
    return conn->step_deadline < when ? conn->step_deadline : when;
}

static void watch(xmpp_conn_t *conn)
{
    unsigned wants = 0, events;
    uint64_t when = next_deadline(conn);

    if (may_read(conn) || conn->securing)
        wants |= POLL_READ;
    if (!conn->securing && stream_wants(conn->stream) & WANT_SEND)
        wants |= POLL_WRITE;
    events = pipe_wants(&conn->pipe, wants);
    if (events != conn->watch.events &&
        poll_watch(conn->ctx->poll, &conn->watch, events)) {
        fault_set(&conn->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
        stream_abort(conn->stream);
        poll_again(conn->ctx->poll, &conn->again);
    }
    if (when != conn->deadline.timer.when || !conn->deadline.timer.armed)
        poll_set_alarm(conn->ctx->poll, &conn->deadline, when);
}

/* Time passes for the conversation; true if the attempt is still the same. */
static bool tick(xmpp_conn_t *conn, uint64_t now)
{
    unsigned attempt = conn->attempt;

    stream_tick(conn->stream, now);
    if (conn->securing && now >= conn->step_deadline) {
        secure_expire(conn);
        stream_abort(conn->stream);
    }
    if (now >= requests_deadline(&conn->dispatch.requests))
        requests_tick(&conn->dispatch.requests, conn, now);
    return conn->attempt == attempt && events_deliver(conn, attempt);
}

/* Do what can be done now. The caller holds the connection. */
static void pump(xmpp_conn_t *conn, uint64_t now)
{
    unsigned attempt = conn->attempt;
    bool more = false;

    if (conn->state != CONN_TALKING || !tick(conn, now))
        return;
    if (secure(conn)) {
        if (conn->attempt != attempt || !read_all(conn, &more))
            return;
        if (!write_all(conn, now) && !events_deliver(conn, attempt))
            return;
        if (!conn->securing &&
            (stream_wants(conn->stream) & (WANT_SEND | WANT_TLS)) == WANT_TLS) {
            secure_begin(conn, false);
            if (conn->attempt != attempt) /* a password was asked for */
                return;
            more = true;
        }
        if (stream_wants(conn->stream) == WANT_ZLIB) {
            squeeze_begin(conn);
            more = true;
        }
    }
    if (!events_deliver(conn, attempt) || !login_go_on(conn, &more))
        return;
    if (end_is_due(conn, now)) {
        finish(conn);
        return;
    }
    if (pipe_pending(&conn->pipe) && (may_read(conn) || conn->securing))
        more = true;
    watch(conn);
    if (more)
        poll_again(conn->ctx->poll, &conn->again);
}

/* A server that does not set TCP_NODELAY says the rest of what it has to say
 * when the first part is acknowledged: in a login each step would wait for our
 * delayed acknowledgement. A raw stream does not tell where its login ends. */
static void acknowledge(xmpp_conn_t *conn)
{
    bool hurry = !conn->told_up || conn->account.wanted.kind == STREAM_RAW;

    if (conn->state != CONN_TALKING || (!hurry && !conn->hurried))
        return;
    sock_acknowledge(conn->watch.fd, hurry);
    conn->hurried = hurry;
}

static void held_pump(xmpp_conn_t *conn, uint64_t now)
{
    unsigned before = conn->pumping;

    conn_hold(conn);
    conn->pumping = conn->attempt;
    if (conn->state == CONN_DIALING && conn->stop_asked)
        attempt_end(conn);
    else
        pump(conn, now);
    acknowledge(conn);
    conn->pumping = before;
    conn_unhold(conn);
}

static void on_ready(struct watch *w, unsigned events)
{
    xmpp_conn_t *conn = LIST_ENTRY(w, xmpp_conn_t, watch);

    (void)events;
    held_pump(conn, conn_now(conn));
}

static void on_deadline(struct alarm *alarm, uint64_t now)
{
    held_pump(LIST_ENTRY(alarm, xmpp_conn_t, deadline), now);
}

static void on_again(struct alarm *alarm, uint64_t now)
{
    held_pump(LIST_ENTRY(alarm, xmpp_conn_t, again), now);
}

void pump_init(xmpp_conn_t *conn)
{
    conn->watch = (struct watch){.fd = -1, .ready = on_ready};
    alarm_init(&conn->deadline, on_deadline);
    alarm_init(&conn->again, on_again);
}

void pump_kick(xmpp_conn_t *conn)
{
    if (conn->pumping != conn->attempt &&
        (conn->state == CONN_TALKING || conn->stop_asked))
        poll_again(conn->ctx->poll, &conn->again);
}

void pump_start(xmpp_conn_t *conn, int fd)
{
    unsigned attempt = conn->attempt;
    struct stage *sock = sock_stage_new(&conn->ctx->env, fd, &conn->fault);

    if (!sock) {
        fault_set(&conn->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
        attempt_end(conn);
        return;
    }
    pipe_push(&conn->pipe, sock);
    conn->watch.fd = fd;
    conn->watch.events = 0;
    conn->hurried = false;
    conn->step_deadline = TIME_NEVER;
    conn->state = CONN_TALKING;
    conn->feeding = false;
    if (conn->account.direct_tls) {
        conn->step_deadline =
            conn_now(conn) + conn_patience(conn, XMPP_OPT_STEP_TIMEOUT);
        secure_begin(conn, true);
    } else {
        transport_up(conn, false);
    }
    if (conn->attempt == attempt && conn->stop_asked)
        xmpp_disconnect(conn); /* it was too late to end the dialling */
    if (conn->attempt == attempt)
        held_pump(conn, conn_now(conn));
}
