/* keepalive.c - is the peer still there? */

#include "stream/keepalive.h"

#include "stanza/build.h"
#include "stanza/find.h"
#include "stream/engine.h"
#include "stream/rhythm.h"

#define PING_ID "alive-check"

void keepalive_init(struct stream *s)
{
    s->keepalive.owed = s->keepalive.urged = s->keepalive.check = TIME_NEVER;
}

/* ---- what a quiet connection survives ----------------------------- */

/* An answer shows that the networks in between kept it so long. */
void keepalive_heard(struct stream *s)
{
    struct keepalive *a = &s->keepalive;

    a->heard = s->now;
    a->check = TIME_NEVER;
    if (a->quiet && s->wanted->rhythm)
        rhythm_kept(s->wanted->rhythm, (long)a->quiet);
    a->quiet = 0;
}

void keepalive_lost(struct stream *s)
{
    struct keepalive *a = &s->keepalive;

    if (a->quiet && s->wanted->rhythm && fault_is_set(s->fault))
        rhythm_lost(s->wanted->rhythm, (long)a->quiet);
}

/* ---- what was asked ---------------------------------------------- */

/* Only what is out can be answered, so the time of the request is set as its
 * bytes leave. */
static void begin_to_wait(struct stream *s)
{
    s->keepalive.asked = TIME_NEVER;
    s->keepalive.ahead = buf_size(&s->front) + outbox_unsent(s->out).n;
}

void keepalive_requested(struct stream *s, int waits)
{
    /* A second question does not put off the deadline of the first. */
    if (!s->keepalive.waits)
        begin_to_wait(s);
    s->keepalive.waits =
        waits == KEEPALIVE_ACK ? KEEPALIVE_ACK : KEEPALIVE_PING;
    s->keepalive.asks += waits == KEEPALIVE_ACK;
}

void keepalive_sent(struct stream *s, size_t n)
{
    struct keepalive *a = &s->keepalive;
    size_t unsent = buf_size(&s->front) + outbox_unsent(s->out).n;

    a->sent = s->now;
    /* Each write moves the time on until the question itself is out. */
    if (a->waits && a->ahead)
        a->asked = s->now;
    a->ahead -= a->ahead < n ? a->ahead : n;
    if (a->ahead > unsent)
        a->ahead = unsent; /* something was taken out of the queue */
    if (a->owed == TIME_NEVER && s->out->unacked)
        a->owed = s->now;
}

/* One answer may serve several questions: once everything is acknowledged, no
 * other is owed. */
void keepalive_acknowledged(struct stream *s, bool more)
{
    struct keepalive *a = &s->keepalive;
    bool is_all = outbox_count(s->out) == s->out->done;

    a->asks -= a->asks > 0;
    if (is_all)
        a->asks = 0;
    a->waits = a->asks ? KEEPALIVE_ACK : KEEPALIVE_NONE;
    if (a->waits)
        begin_to_wait(s);
    if (!more)
        return;
    a->owed = s->out->unacked ? s->now : TIME_NEVER;
    /* Another stanza is the oldest now, and it was not asked about. */
    a->urged = TIME_NEVER;
}

/* ---- XEP-0199, where there is no stream management --------------- */

/* The ping is for our own server (XEP-0199 section 4.2). */
void keepalive_ping(struct stream *s)
{
    xmpp_stanza_t *iq = build_root(s->env, N_IQ, NAME_NONE);

    if (iq) {
        node_set(iq, N_TYPE, STR("get"));
        node_set(iq, N_ID, STR(PING_ID));
        if (s->wanted->kind == STREAM_COMPONENT)
            node_set(iq, N_FROM, s->agreed.jid);
        node_set(iq, N_TO, s->wanted->domain);
    }
    xmpp_stanza_add_tag(iq, "ping", XMPP_NS_PING);
    engine_send(s, iq);
    keepalive_requested(s, KEEPALIVE_PING);
}

bool keepalive_is_pong(struct stream *s, const xmpp_stanza_t *node)
{
    struct str type;

    if (s->keepalive.waits != KEEPALIVE_PING ||
        !node_is(node, N_IQ, NAME_NONE) ||
        !str_is(node_attr(node, N_ID), PING_ID))
        return false;
    type = node_attr(node, N_TYPE);
    /* A server without XEP-0199 answers by an error, which is a sign of life,
     * too. */
    if (!str_is(type, "result") && !str_is(type, "error"))
        return false;
    s->keepalive.waits = KEEPALIVE_NONE;
    return true;
}

/* ---- time -------------------------------------------------------- */

/* A patience of 0 never ends. */
static uint64_t after(uint64_t since, long patience)
{
    return patience && since != TIME_NEVER ? since + (uint64_t)patience
                                           : TIME_NEVER;
}

/* Before the session the steps have deadlines of their own. In a raw stream the
 * application looks by itself. */
static bool is_looking(const struct stream *s)
{
    return s->phase == PHASE_UP && s->wanted->kind != STREAM_RAW;
}

/* How long the peer may be silent: as the application wants, or as long as the
 * networks in between have kept a quiet connection. */
static long patience_for_silence(const struct stream *s)
{
    const int32_t *options = s->wanted->options;

    if (!options[XMPP_OPT_PING_AFTER] || !options[XMPP_OPT_PING_ADAPT] ||
        !s->wanted->rhythm)
        return options[XMPP_OPT_PING_AFTER];
    return rhythm_wait(s->wanted->rhythm, options[XMPP_OPT_PING_LEAST],
                       options[XMPP_OPT_PING_AFTER]);
}

/* A server that announced when it ends a stream from which it gets nothing gets
 * something before (XEP-0478). With XMPP_OPT_PING_AFTER 0 nothing is sent. */
static uint64_t idleness_ends(const struct stream *s)
{
    return s->announced.idle && s->wanted->options[XMPP_OPT_PING_AFTER]
               ? s->keepalive.sent + s->announced.idle / 4 * 3
               : TIME_NEVER;
}

/* The peer was silent for so long, or we were. No ping is sent while <enable/>
 * is unanswered: the ping would count. <enable/> has a deadline of its own. */
static uint64_t silence_ends(const struct stream *s)
{
    if (s->keepalive.waits || s->enabling)
        return TIME_NEVER;
    return time_first(idleness_ends(s),
                      after(s->keepalive.heard, patience_for_silence(s)));
}

/* Our oldest stanza was not acknowledged for so long. */
static uint64_t owed_ends(const struct stream *s)
{
    return s->sm_on && s->keepalive.urged == TIME_NEVER
               ? after(s->keepalive.owed,
                       s->wanted->options[XMPP_OPT_PING_AFTER])
               : TIME_NEVER;
}

/* An answer may stand behind much other input on a slow line, so all that is
 * heard puts its deadline off. It does not put off that of the oldest stanza: a
 * server that acknowledges nothing would keep us for ever. */
static uint64_t patience_ends(const struct stream *s)
{
    const struct keepalive *a = &s->keepalive;
    long patience = s->wanted->options[XMPP_OPT_PING_TIMEOUT];
    uint64_t asked = a->asked == TIME_NEVER ? s->now : a->asked;
    uint64_t since = a->heard > asked ? a->heard : asked;
    uint64_t answer = a->waits ? after(since, patience) : TIME_NEVER;
    uint64_t owed = s->sm_on ? after(a->urged, patience) : TIME_NEVER;

    return time_first(a->check, time_first(answer, owed));
}

uint64_t keepalive_deadline(const struct stream *s)
{
    if (!is_looking(s))
        return TIME_NEVER;
    return time_first(patience_ends(s),
                      time_first(silence_ends(s), owed_ends(s)));
}

/* Nobody would read an end tag, and it would end the session, which is worth
 * resuming. */
static void fail_silent(struct stream *s)
{
    long patience = s->wanted->options[XMPP_OPT_PING_TIMEOUT];
    bool is_owed = s->sm_on && s->now >= after(s->keepalive.urged, patience);

    fault_set(
        s->fault, XMPP_LAYER_TCP, XMPP_ETIMEOUT, "%s",
        is_owed
            ? "the server does not acknowledge what was sent"
            : "the server sent nothing after it was asked whether it is there");
    keepalive_lost(s);
    s->mute = true;
    engine_down(s);
}

/* A short one would teach nothing about a long one. */
static uint64_t quiet_to_learn_from(const struct stream *s)
{
    const struct keepalive *a = &s->keepalive;
    const int32_t *options = s->wanted->options;
    uint64_t quiet = s->now - (a->heard > a->sent ? a->heard : a->sent);

    return options[XMPP_OPT_PING_ADAPT] &&
                   quiet >= (uint64_t)options[XMPP_OPT_PING_LEAST]
               ? quiet
               : 0;
}

bool keepalive_tick(struct stream *s)
{
    struct keepalive *a = &s->keepalive;
    bool asks;

    if (a->asked == TIME_NEVER)
        a->asked = s->now;
    if (!is_looking(s))
        return false;
    if (s->now >= patience_ends(s)) {
        fail_silent(s);
        return false;
    }
    asks = s->now >= silence_ends(s);
    if (asks)
        a->quiet = quiet_to_learn_from(s);
    if (s->now >= owed_ends(s)) {
        /* If a question is out already, its answer will do. */
        a->urged = s->now;
        asks = !a->waits;
    }
    return asks;
}
