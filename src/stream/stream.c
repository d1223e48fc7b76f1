/* stream.c - the engine of a conversation: bytes and time in, bytes, events
 * and wants out. */

#include "stream/stream.h"

#include "stanza/conditions.h"
#include "stanza/find.h"
#include "stream/ack.h"
#include "stream/closing.h"
#include "stream/engine.h"
#include "stream/failure.h"
#include "stream/framing.h"
#include "stream/keepalive.h"
#include "stream/limits.h"
#include "stream/log.h"
#include "stream/malformed.h"
#include "stream/negotiate.h"
#include "stream/suspect.h"

#define PIECE 16384               /* a TLS record */
#define FRONT_MOST (SIZE_MAX / 4) /* only we write there */

/* ---- life -------------------------------------------------------- */

struct stream *stream_new(struct env *env, const struct wanted *wanted,
                          struct fault *fault)
{
    struct stream *s = env_zalloc(env, sizeof(*s));

    if (!s)
        return NULL;
    s->env = env;
    s->wanted = wanted;
    s->fault = fault;
    s->framing = &framing_tcp;
    s->phase = PHASE_IDLE;
    s->step_deadline = s->login_deadline = s->rest_deadline = TIME_NEVER;
    keepalive_init(s);
    outbox_init(&s->own, env);
    buf_init(&s->front, env, FRONT_MOST);
    s->sm = wanted->sm;
    s->out = s->sm ? &s->sm->out : &s->own;
    s->flows = wanted->kind == STREAM_RAW;
    s->front.is_secret = true; /* passwords travel in it */
    /* A raw stream sends all through its outbox, passwords included. */
    s->own.bytes.is_secret = s->flows;
    limits_set(s);
    s->reader = reader_new(env, &s->limits);
    if (!s->reader) {
        env_free(env, s);
        return NULL;
    }
    return s;
}

/* What lies in the outbox stays for another stream. */
static void leave_outbox(struct stream *s)
{
    bool resend = s->wanted->options[XMPP_OPT_SM_RESEND];
    size_t unreported;

    if (!s->flows)
        return; /* it never came so far */
    unreported = sm_stop(s->sm, resend);
    if (unreported)
        env_log(s->env, XMPP_LEVEL_WARN, "xmpp",
                "%zu stanzas are not acknowledged", unreported);
}

void stream_leave(struct stream *s)
{
    if (!s || !s->sm)
        return;
    leave_outbox(s);
    s->sm = NULL;
    s->out = &s->own;
}

void stream_free(struct stream *s)
{
    if (!s)
        return;
    stream_leave(s);
    negotiation_free(s->env, s->login);
    engine_forget_keys(s);
    engine_forget_token(s);
    xmpp_stanza_release(s->held);
    xmpp_stanza_release(s->agreed.bound);
    xmpp_stanza_release(s->agreed.features);
    reader_free(s->reader);
    env_free(s->env, s->channel);
    outbox_free(&s->own);
    buf_free(&s->front);
    env_free(s->env, s->jid);
    env_free(s->env, s->id);
    env_free(s->env, s->from);
    env_free(s->env, s->offer_text);
    env_free(s->env, s);
}

void stream_open(struct stream *s, bool secured, uint64_t now)
{
    s->now = now;
    s->agreed.secured = secured;
    if (s->wanted->kind == STREAM_RAW || s->phase == PHASE_DOWN)
        return;
    s->login_deadline =
        now + (uint64_t)s->wanted->options[XMPP_OPT_LOGIN_TIMEOUT];
    negotiate_begin(s);
}

/* ---- in ---------------------------------------------------------- */

size_t stream_recv(struct stream *s, const char *bytes, size_t n, uint64_t now)
{
    size_t used = 0;
    int rc;

    s->now = now;
    if (s->phase == PHASE_DOWN || s->phase == PHASE_IDLE)
        return 0;
    if (s->phase == PHASE_ZLIB) {
        engine_fail(
            s, XMPP_EPROTO,
            "the server sent uncompressed data after it agreed to compression");
        return 0;
    }
    /* Plain bytes behind <proceed/> are from somebody in between, who wants
     * them to be read as if they had come under TLS. */
    if (s->phase == PHASE_TLS) {
        engine_fail(s, XMPP_EINJECT, NULL);
        return 0;
    }
    limits_set(s);
    s->agreed.round_trips += s->waits && s->phase < PHASE_UP;
    s->waits = false;
    keepalive_heard(s);
    if (s->phase == PHASE_UP)
        s->rest_deadline = now + REST_AFTER;
    malformed_look_for_tls(s, bytes[0]);
    rc = reader_feed(s->reader, bytes, limits_piece(s, n), &used, s->fault);
    s->broken = rc ? rc : s->broken;
    return used;
}

void stream_eof(struct stream *s, uint64_t now)
{
    s->now = now;
    if (s->phase == PHASE_DOWN)
        return;
    failure_refused(s);
    if (s->phase != PHASE_CLOSING)
        fault_set(
            s->fault, XMPP_LAYER_STREAM, XMPP_EEOF,
            "the server closed the connection without ending the stream, %s",
            failure_when(s));
    else if (s->sm_on && !s->keepalive.waits && !s->end_waits)
        sm_forget(s->sm); /* it answered what we asked just before our end */
    else
        failure_owed(s, XMPP_EEOF);
    stream_abort(s);
}

/* ---- events ------------------------------------------------------ */

/* The peer ends the stream for a reason. */
static bool on_stream_error(struct stream *s, xmpp_stanza_t *node,
                            struct stream_event *event)
{
    struct str condition, text;

    condition_read(node, NS_STREAM_ERRORS, &condition, &text);
    suspect_blame(s, condition);
    failure_refused(s);
    /* A component has no SASL: so its secret is refused (XEP-0114). */
    if (s->phase == PHASE_LOGIN && s->wanted->kind == STREAM_COMPONENT &&
        str_is(condition, "not-authorized"))
        fault_set_peer(s->fault, XMPP_LAYER_SASL, XMPP_EAUTH, condition, text);
    fault_set_peer(s->fault, XMPP_LAYER_STREAM, XMPP_ESTREAM,
                   condition.s ? condition : STR("undefined-condition"), text);
    engine_give_up(s);
    reader_restart(s->reader); /* nothing that follows is heard */
    *event = (struct stream_event){.kind = STREAM_ERROR, .stanza = node};
    return true;
}

/* Hand out a stanza, by an event that is blank; from then on it counts as
 * handled. */
static bool give_stanza(struct stream *s, xmpp_stanza_t *node,
                        struct stream_event *event)
{
    if (s->sm_on && ack_counts(s, node)) {
        s->sm->handled++;
        s->sm->in_hand = true;
        s->sm->changes++;
    }
    event->kind = STREAM_STANZA;
    event->stanza = node;
    event->is_other = s->wanted->kind != STREAM_RAW && !ack_counts(s, node);
    event->skipped = s->skipped;
    s->skipped = false;
    return true;
}

static bool on_element_up(struct stream *s, xmpp_stanza_t *node,
                          struct stream_event *event)
{
    if (s->features_due && node_is(node, N_FEATURES, NS_STREAMS)) {
        *event = (struct stream_event){.kind = STREAM_FEATURES};
        return negotiate_late_features(s, node);
    }
    if (s->sm && node_is(node, NAME_NONE, NS_SM)) {
        ack_receive(s, node);
        if (s->end_waits && s->phase != PHASE_DOWN && !outbox_owed(s->out))
            closing_end(s);
    }
    if (s->phase == PHASE_DOWN || keepalive_is_pong(s, node)) {
        s->skipped = false;
        xmpp_stanza_release(node);
        return false;
    }
    if (!s->up_due)
        return give_stanza(s, node, event);
    s->held = node;
    return false;
}

/* True if it is for the caller. */
static bool on_element(struct stream *s, xmpp_stanza_t *node,
                       struct stream_event *event)
{
    log_node(s->env, "RECV", node);
    if (node_is(node, N_ERROR, NS_STREAMS))
        return on_stream_error(s, node, event);
    if (s->phase == PHASE_LOGIN && ack_counts(s, node))
        negotiate_overtake(s); /* the server did not wait, so neither do we */
    if (s->phase >= PHASE_UP)
        return on_element_up(s, node, event);
    negotiate_element(s, node);
    xmpp_stanza_release(node);
    return false;
}

/* What there was of a stanza above a limit of ours. */
static bool on_skipped(struct stream *s, xmpp_stanza_t *node,
                       struct stream_event *event)
{
    limits_log_skipped(s, node, reader_excess(s->reader));
    s->skipped = true;
    negotiate_overtake(s); /* as in on_element */
    return on_element_up(s, node, event);
}

static void on_end_tag(struct stream *s)
{
    /* A peer that ends its stream ends the session: nothing is left to resume.
     */
    if (s->sm && s->flows)
        sm_forget(s->sm);
    if (s->phase == PHASE_CLOSING) {
        if (outbox_unsent(s->out).n || s->end_waits)
            failure_owed(s, XMPP_EEOF);
        if (s->end_waits)
            closing_end(s);
        engine_down(s);
        return;
    }
    failure_refused(s);
    s->agreed.ended = true;
    if (s->phase != PHASE_RAW) /* what is sent there is not looked at */
        failure_ended(s);
    engine_give_up(s);
}

/* One event of the reader; true if it became one for the caller. */
static bool read_event(struct stream *s, struct stream_event *event, bool *more)
{
    xmpp_stanza_t *node;
    enum reader_event what = reader_next(s->reader, &node);

    *more = what != READER_NONE;
    s->given += *more;
    if (what == READER_STANZA)
        return on_element(s, node, event);
    if (what == READER_SKIPPED)
        return on_skipped(s, node, event);
    if (what == READER_HEADER && s->phase == PHASE_OPENING) {
        log_header(s->env, node);
        negotiate_header(s, node);
    }
    if (what == READER_END && s->phase != PHASE_DOWN) {
        log_text(s->env, "RECV", s->framing->end);
        on_end_tag(s);
    }
    if (what == READER_NONE)
        malformed_end(s);
    xmpp_stanza_release(node);
    return false;
}

static bool take_flag(bool *flag, enum stream_event_kind kind,
                      struct stream_event *event)
{
    if (!*flag)
        return false;
    *flag = false;
    *event = (struct stream_event){.kind = kind};
    return true;
}

static bool take_done(struct stream *s, struct stream_event *event)
{
    if (!outbox_has_done(s->out) || !outbox_take_done(s->out, &event->sent))
        return false;
    event->kind = STREAM_SENT;
    return true;
}

bool stream_next(struct stream *s, struct stream_event *event)
{
    bool more = true;

    *event = (struct stream_event){.kind = STREAM_NOTHING};
    /* What the application had in its hands is handled. */
    if (s->sm)
        sm_take_back(s->sm);
    while (more) {
        xmpp_stanza_t *held = s->held;

        if (take_flag(&s->header_due, STREAM_HEADER, event) ||
            take_flag(&s->token_due, STREAM_TOKEN, event) ||
            (negotiate_is_up(s) && take_flag(&s->up_due, STREAM_UP, event)))
            return true;
        s->held = NULL;
        if (held)
            return give_stanza(s, held, event);
        if (!s->up_due && take_done(s, event))
            return true;
        if (read_event(s, event, &more))
            return true;
    }
    if (s->up_due)
        return negotiate_is_up(s) && take_flag(&s->up_due, STREAM_UP, event);
    return take_done(s, event) || take_flag(&s->down_due, STREAM_DOWN, event);
}

/* ---- out --------------------------------------------------------- */

unsigned stream_wants(const struct stream *s)
{
    unsigned wants = stream_backlog(s) ? (unsigned)WANT_SEND : 0;

    if (s->phase == PHASE_TLS)
        wants |= WANT_TLS;
    if (s->phase == PHASE_ZLIB)
        wants |= WANT_ZLIB;
    if (s->phase == PHASE_DOWN)
        wants |= WANT_DOWN;
    if (negotiation_has(s->login, FACT_PASSWORD_DUE))
        wants |= WANT_PASSWORD;
    if (negotiation_has(s->login, FACT_TURN_DUE))
        wants |= WANT_TURN;
    return wants;
}

/* What was sent after TLS was wanted waits until TLS is there. */
size_t stream_backlog(const struct stream *s)
{
    if (s->mute)
        return 0;
    if (s->phase == PHASE_TLS)
        return s->tls_mark;
    return buf_size(&s->front) + engine_ready(s).n;
}

size_t stream_held(const struct stream *s)
{
    return buf_size(&s->front) + outbox_size(s->out);
}

struct str stream_peek(const struct stream *s)
{
    struct str bytes = buf_view(&s->front);

    if (!bytes.n)
        bytes = engine_ready(s);
    if (bytes.n > PIECE && !buf_size(&s->front) &&
        (s->agreed.secured || s->sm_on))
        bytes = outbox_whole(s->out, PIECE);
    if (s->mute)
        bytes.n = 0;
    if (s->phase == PHASE_TLS)
        bytes.n = s->tls_mark;
    return bytes;
}

void stream_sent(struct stream *s, size_t n)
{
    bool is_front = buf_size(&s->front) != 0;

    if (is_front)
        buf_consume(&s->front, n);
    else
        outbox_sent(s->out, n);
    s->waits = s->phase < PHASE_UP;
    s->moved = s->now;
    keepalive_sent(s, n);
    if (!is_front) {
        ack_request_between(s, n);
        suspect_sent(s);
    }
    if (s->sm)
        s->sm->changes++;
    if (s->phase == PHASE_TLS)
        s->tls_mark -= n;
}

void stream_doubt(struct stream *s, size_t n)
{
    /* While `front` has bytes, the transport failed with these. */
    if (!buf_size(&s->front))
        outbox_doubt(s->out, n);
}

/* ---- the end ----------------------------------------------------- */

void stream_fail(struct stream *s, int code, const char *detail)
{
    engine_fail(s, code, detail);
}

void stream_abort(struct stream *s)
{
    failure_cut(s);
    keepalive_lost(s);
    s->mute = true;
    engine_down(s);
}

bool stream_is_mute(const struct stream *s)
{
    return s->mute;
}

const struct agreed *stream_agreed(const struct stream *s)
{
    return &s->agreed;
}
