/* stream_time.c - what happens to a stream as time passes. */

#include "base/arena.h"
#include "stream/ack.h"
#include "stream/engine.h"
#include "stream/failure.h"
#include "stream/keepalive.h"
#include "stream/stream.h"

/* Send what the peer has to answer. A ping would count while <enable/> is
 * unanswered, so none is sent then. */
static void request_sign(struct stream *s)
{
    if (s->sm_on)
        ack_request(s);
    else if (!s->enabling)
        keepalive_ping(s);
}

/* The patience counts from when something of ours moved last. While the peer
 * has yet to take more, all that it sends puts the end off, because our
 * acknowledgement may stand behind it. That has a limit: STREAM_CLOSING_MOST.
 */
static uint64_t close_deadline(const struct stream *s)
{
    uint64_t patience = (uint64_t)s->wanted->options[XMPP_OPT_CLOSE_TIMEOUT];
    uint64_t heard = s->keepalive.heard,
             most = s->moved + STREAM_CLOSING_MOST * patience;

    if (s->phase != PHASE_CLOSING)
        return TIME_NEVER;
    if (heard <= s->moved || !outbox_owed(s->out))
        return s->moved + patience;
    return time_first(heard + patience, most);
}

uint64_t stream_deadline(const struct stream *s)
{
    uint64_t login = time_first(s->login_deadline, s->step_deadline);
    uint64_t up = time_first(keepalive_deadline(s), close_deadline(s));

    return time_first(s->rest_deadline, time_first(login, up));
}

void stream_tick(struct stream *s, uint64_t now)
{
    s->now = now;
    /* An idle stream needs no parser and no buffers; they are most of its
     * memory. */
    if (now >= s->rest_deadline) {
        s->rest_deadline = TIME_NEVER;
        reader_rest(s->reader);
        outbox_rest(s->out);
        buf_trim(&s->front);
        arena_rest(s->env);
    }
    if (keepalive_tick(s))
        request_sign(s);
    if (now >= close_deadline(s)) {
        failure_owed(s, XMPP_ETIMEOUT);
        s->mute = true;
        engine_down(s);
    }
    if (now < s->step_deadline && now < s->login_deadline)
        return;
    /* A session that is up has no deadline but that of <enable/>. */
    if (s->phase < PHASE_UP || s->enabling) {
        failure_late(s);
        engine_give_up(s);
    }
}

void stream_grant(struct stream *s, int64_t ms)
{
    if (s->login_deadline != TIME_NEVER)
        s->login_deadline += (uint64_t)ms;
    if (s->step_deadline != TIME_NEVER)
        s->step_deadline += (uint64_t)ms;
}

/* A question that is out already will do. */
int stream_check(struct stream *s, unsigned long patience, uint64_t now)
{
    long usual = s->wanted->options[XMPP_OPT_PING_TIMEOUT];

    s->now = now;
    if (s->phase != PHASE_UP || s->wanted->kind == STREAM_RAW)
        return XMPP_ENOTCONN;
    if (!s->keepalive.waits)
        request_sign(s);
    if (s->phase != PHASE_UP)
        return XMPP_EMEM;
    if (!patience)
        patience = (unsigned long)usual;
    if (patience && now + patience < s->keepalive.check)
        s->keepalive.check = now + patience;
    return 0;
}
