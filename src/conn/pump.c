/* pump.c - bytes from the pipe to the stream and back, until it is over. */

#include "conn/pump.h"

#include "conn/events.h"
#include "conn/login.h"
#include "conn/pressure.h"
#include "conn/tls.h"
#include "net/zlib.h"

/* Fairness: how much one connection reads in one turn of the loop, and after
 * how much it writes no more. */
#define BUDGET 65536

static bool is_down(const struct attempt *attempt)
{
    return attempt->stream_down || stream_wants(attempt->stream) & WANT_DOWN;
}

/* ---- in ---------------------------------------------------------- */

static void feed_stream(struct attempt *attempt, const char *bytes, size_t n)
{
    uint64_t now = attempt_now(attempt);

    attempt->feeding = attempt->turns;
    /* The stream is visited twice: bytes go in, events come out. So no callback
     * runs while the parser or the engine is on the stack. */
    while (n && !attempt->over) {
        size_t used = stream_recv(attempt->stream, bytes, n, now);

        bytes += used;
        n -= used;
        events_deliver(attempt);
        if (used == 0)
            break;
    }
    attempt->feeding = 0;
}

/* One read: the number of bytes, or the negative result of pipe_read(). */
static ssize_t read_some(struct attempt *attempt)
{
    xmpp_ctx_t *ctx = attempt->conn->ctx;
    bool nested = ctx->scratch_busy;
    char small[4096]; /* for a loop that runs inside a handler: the other is
                         busy */
    char *to = nested ? small : ctx->scratch;
    ssize_t n =
        pipe_read(&attempt->pipe, to, nested ? sizeof(small) : SCRATCH_SIZE);

    if (n == PIPE_AGAIN)
        return n;
    if (n < 0) {
        if (n == PIPE_EOF)
            stream_eof(attempt->stream, attempt_now(attempt));
        else
            stream_abort(attempt->stream);
        events_deliver(attempt);
        return n;
    }
    ctx->scratch_busy = true;
    feed_stream(attempt, to, (size_t)n);
    if (!nested)
        ctx->scratch_busy = false;
    return n;
}

/* Nothing is read after the end, while stages establish themselves, between
 * <proceed/> and TLS, and while a handler of the same input runs a loop: the
 * stream is in the middle of its input then. Under pressure the server has to
 * take our answers first. */
static bool may_read(const struct attempt *attempt)
{
    return !is_down(attempt) && !attempt->establishing && !attempt->feeding &&
           !attempt->ending && !(stream_wants(attempt->stream) & WANT_TLS) &&
           !pressure_is_high(attempt);
}

/* A turn that was requested by a call from outside, or by a deadline, has no
 * system call to learn that nothing came. */
static bool has_to_read(struct attempt *attempt)
{
    return !attempt->is_quiet || pipe_pending(&attempt->pipe);
}

/* Read within the budget. True if there may be more. */
static bool read_pipe(struct attempt *attempt)
{
    size_t budget = BUDGET;

    while (!attempt->over && may_read(attempt) && has_to_read(attempt)) {
        ssize_t n = read_some(attempt);

        attempt->is_quiet = n == PIPE_AGAIN;
        if (n < 0)
            return false;
        if ((size_t)n >= budget)
            return true;
        budget -= (size_t)n;
    }
    return false;
}

/* ---- out --------------------------------------------------------- */

/* The patience starts again with each byte that the peer takes, within a limit:
 * a peer that takes a byte now and then must not hold us for ever. */
static void end_later(struct attempt *attempt, uint64_t now)
{
    uint64_t patience = attempt_patience(attempt, XMPP_OPT_CLOSE_TIMEOUT);
    uint64_t most = attempt->ending_since + STREAM_CLOSING_MOST * patience;

    attempt->step_deadline = now + patience < most ? now + patience : most;
}

/* Write what waits, here and inside the pipe; false when the pipe failed. */
static bool write_pipe(struct attempt *attempt, uint64_t now, bool *more)
{
    struct stream *stream = attempt->stream;
    size_t budget = BUDGET;
    int rc;

    /* A call from outside does not make room. */
    if (attempt->is_full)
        return true;
    /* What is already inside TLS or zlib comes first: it may move although the
     * stream has nothing new. */
    rc = pipe_flush(&attempt->pipe);
    if (rc == PIPE_FAIL) {
        stream_abort(stream);
        return false;
    }
    attempt->is_full = rc == PIPE_AGAIN;
    while (stream_wants(stream) & WANT_SEND) {
        struct str bytes = stream_peek(stream);
        ssize_t n;

        if (!budget) {
            *more = true;
            return true;
        }
        if (bytes.n > BUDGET)
            bytes.n = BUDGET;
        n = pipe_write(&attempt->pipe, bytes.s, bytes.n);
        attempt->is_full = n == PIPE_AGAIN;
        if (n == PIPE_AGAIN)
            return true;
        if (n < 0) {
            /* TLS and zlib may have passed on a part of them, so the server may
             * have whole stanzas of them. */
            stream_doubt(stream, bytes.n);
            stream_abort(stream);
            return false;
        }
        stream_sent(stream, (size_t)n);
        budget -= (size_t)n < budget ? (size_t)n : budget;
        pressure_sent(attempt, (size_t)n);
        if (attempt->ending)
            end_later(attempt, now);
    }
    return true;
}

/* ---- establishing ------------------------------------------------ */

/* Bytes can travel: the conversation begins. */
static void open_stream(struct attempt *attempt)
{
    attempt->step_deadline = TIME_NEVER;
    attempt->opened = true;
    stream_open(attempt->stream, attempt->secured, attempt_now(attempt));
    if (attempt->account.wanted.kind == STREAM_RAW)
        events_up(attempt, XMPP_CONN_RAW_CONNECT);
}

/* All stages of the pipe are set up, the first time or with one more. */
static void established(struct attempt *attempt)
{
    attempt->establishing = false;
    /* The data for channel binding is there only now, and the first step under
     * TLS needs it. */
    if (attempt->tls_stage && !attempt->secured) {
        tls_log(attempt);
        login_set_channel(attempt);
        attempt->secured = true;
    }
    if (attempt->opened)
        stream_secured(attempt->stream, attempt_now(attempt));
    else
        open_stream(attempt);
}

/* Go on with setting up. False while that is under way. */
static bool establish(struct attempt *attempt)
{
    int rc;

    if (!attempt->establishing || is_down(attempt))
        return true;
    rc = tls_progress(attempt);
    if (attempt->over)
        return true;
    if (rc == 0)
        established(attempt);
    else if (rc == PIPE_FAIL)
        stream_abort(attempt->stream);
    return rc != PIPE_AGAIN;
}

void pump_open(struct attempt *attempt)
{
    attempt->establishing = true;
    attempt->step_deadline =
        attempt_now(attempt) + attempt_patience(attempt, XMPP_OPT_STEP_TIMEOUT);
    establish(attempt);
}

/* Both sides agreed on it: everything from here on is compressed (XEP-0138). */
static void begin_compression(struct attempt *attempt)
{
    bool keeps = (attempt->account.settings.flags &
                  (long)XMPP_CONN_FLAG_COMPRESSION_DONT_RESET) != 0;
    struct stage *stage = zlib_stage_new(attempt->env, keeps, &attempt->fault);

    if (!stage) {
        fault_set(&attempt->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
        stream_abort(attempt->stream);
        return;
    }
    pipe_push(&attempt->pipe, stage);
    env_log(attempt->env, XMPP_LEVEL_INFO, "conn", "compressed by zlib");
    stream_compressed(attempt->stream, attempt_now(attempt));
}

/* Another stage, if the stream wants one: only after everything else has been
 * sent, because that still goes without it. True if there is more to do at
 * once. */
static bool add_stage(struct attempt *attempt)
{
    unsigned wants = stream_wants(attempt->stream);

    if (!attempt->establishing && (wants & (WANT_SEND | WANT_TLS)) == WANT_TLS)
        tls_begin(attempt);
    else if (wants == WANT_ZLIB)
        begin_compression(attempt);
    else
        return false;
    return true;
}

/* ---- all together ------------------------------------------------ */

/* The end is due when everything is written, or the patience is over, or nobody
 * would read the rest. */
static bool end_is_due(struct attempt *attempt, uint64_t now)
{
    if (!is_down(attempt))
        return false;
    if (!attempt->ending) {
        attempt->ending = true;
        attempt->ending_since = now;
        end_later(attempt, now);
    }
    return (!(stream_wants(attempt->stream) & WANT_SEND) &&
            pipe_flush(&attempt->pipe) != PIPE_AGAIN) ||
           attempt->establishing || stream_is_mute(attempt->stream) ||
           now >= attempt->step_deadline;
}

/* Time passes for the conversation. */
static void pass_time(struct attempt *attempt, uint64_t now)
{
    stream_tick(attempt->stream, now);
    if (attempt->establishing && now >= attempt->step_deadline) {
        tls_expire(attempt);
        stream_abort(attempt->stream);
    }
    events_deliver(attempt);
}

/* Set up, read, write, add a stage. True if there is more to do at once. */
static bool move_bytes(struct attempt *attempt, uint64_t now)
{
    bool more;

    if (attempt->over || !establish(attempt) || attempt->over)
        return false;
    /* Read before writing, so that answers to what was read leave in the same
     * turn. */
    more = read_pipe(attempt);
    if (attempt->over)
        return false;
    if (!write_pipe(attempt, now, &more))
        events_deliver(attempt);
    return !attempt->over && (add_stage(attempt) || more);
}

unsigned pump_wants(const struct attempt *attempt)
{
    unsigned wants = 0;

    if (may_read(attempt) || attempt->establishing)
        wants |= POLL_READ;
    if (!attempt->establishing && stream_wants(attempt->stream) & WANT_SEND)
        wants |= POLL_WRITE;
    return wants;
}

/* If the server is gone already it cannot be sent the end of TLS, which is no
 * failure of a conversation that ended well. */
static void close_pipe(struct attempt *attempt)
{
    struct fault before = attempt->fault;

    pipe_close(&attempt->pipe);
    attempt->fault = before;
}

enum pump_verdict pump_run(struct attempt *attempt, uint64_t now)
{
    bool more;

    pass_time(attempt, now);
    more = move_bytes(attempt, now);
    events_deliver(attempt);
    if (!attempt->over && login_go_on(attempt))
        more = true;
    if (!attempt->over && end_is_due(attempt, now)) {
        events_deliver(attempt);
        if (!attempt->over)
            close_pipe(attempt);
        return PUMP_OVER;
    }
    if (attempt->over)
        return PUMP_OVER;
    /* Input inside a stage does not make the descriptor ready, so nothing else
     * would call again for it. */
    more |= pipe_pending(&attempt->pipe) && pump_wants(attempt) & POLL_READ;
    return more ? PUMP_AGAIN : PUMP_WAIT;
}
