/* failure.c - what went wrong with a stream, in words for a person. */

#include "stream/failure.h"

#include <stdio.h>

#include "base/quote.h"
#include "stanza/find.h"

/* For the phases that are no step of the table. `when` stands behind a comma;
 * `missing` is a sentence, and missing_header() has that of PHASE_OPENING. */
static const struct {
    xmpp_layer_t layer;
    const char *when, *missing;
} phases[] = {
    [PHASE_OPENING] = {XMPP_LAYER_STREAM, "before its stream header", NULL},
    [PHASE_TLS] = {XMPP_LAYER_TLS, "before TLS", "TLS did not begin"},
    [PHASE_ZLIB] = {XMPP_LAYER_STREAM, "before compression",
                    "compression did not begin"},
    [PHASE_UP] = {XMPP_LAYER_STREAM, "during the session",
                  "the session was silent"},
    [PHASE_IDLE] = {XMPP_LAYER_STREAM, "before a stream was opened",
                    "no stream was opened"},
    [PHASE_RAW] = {XMPP_LAYER_STREAM, "during the stream",
                   "the stream was silent"},
    [PHASE_CLOSING] = {XMPP_LAYER_STREAM, "at the end of the stream",
                       "the stream was not ended"},
    [PHASE_DOWN] = {XMPP_LAYER_STREAM, "after the stream",
                    "the stream is over"},
};

static const struct step *step_of(const struct stream *s)
{
    return s->phase == PHASE_LOGIN ? negotiation_step(s->login) : NULL;
}

const char *failure_when(const struct stream *s)
{
    return step_of(s) ? step_of(s)->when : phases[s->phase].when;
}

/* Memory is a matter of our own process. Neither silence nor an end says that
 * the login was refused, so both are failures of the stream. */
static xmpp_layer_t layer_of(const struct stream *s, int code)
{
    xmpp_layer_t layer =
        step_of(s) ? step_of(s)->layer : phases[s->phase].layer;

    if (code == XMPP_EMEM)
        return XMPP_LAYER_APP;
    return code == XMPP_EEOF ||
                   (code == XMPP_ETIMEOUT && layer == XMPP_LAYER_SASL)
               ? XMPP_LAYER_STREAM
               : layer;
}

void failure_set(struct stream *s, int code, const char *detail)
{
    if (detail)
        fault_set(s->fault, layer_of(s, code), code, "%s", detail);
    else
        fault_set(s->fault, layer_of(s, code), code, NULL);
}

/* A server of direct TLS says nothing before our handshake: silence where a
 * header is due suggests the wrong port. */
static const char *missing_header(const struct stream *s)
{
    if (negotiation_has(s->login, FACT_AUTHENTICATED))
        return "the server sent no stream header after the login";
    if (s->agreed.secured)
        return "the server sent no stream header after TLS";
    return s->wanted->kind == STREAM_CLIENT
               ? "the server accepted the connection and sent no stream "
                 "header; "
                 "is this port for direct TLS?"
               : "the server accepted the connection and sent no stream header";
}

/* What a server of direct TLS does with a stream in the clear. */
void failure_cut(struct stream *s)
{
    if (s->phase == PHASE_OPENING && s->wanted->kind == STREAM_CLIENT &&
        !s->agreed.secured && !negotiation_has(s->login, FACT_AUTHENTICATED) &&
        (s->fault->code == XMPP_ELOST || s->fault->code == XMPP_EEOF))
        fault_add(s->fault, "is this port for direct TLS?");
}

static const char *missing(const struct stream *s)
{
    /* <enable/> may be unanswered while the session is already up. */
    if (s->enabling)
        return s->enabling->missing;
    if (step_of(s))
        return step_of(s)->missing;
    return s->phase == PHASE_OPENING ? missing_header(s)
                                     : phases[s->phase].missing;
}

void failure_late(struct stream *s)
{
    bool is_whole = s->now >= s->login_deadline && s->now < s->step_deadline;
    char detail[160];

    snprintf(detail, sizeof(detail), "%s%s", missing(s),
             is_whole ? "; the login as a whole took too long" : "");
    failure_set(s, XMPP_ETIMEOUT, detail);
}

void failure_ended(struct stream *s)
{
    char detail[128];

    snprintf(detail, sizeof(detail), "the server ended the stream, %s",
             failure_when(s));
    failure_set(s, XMPP_EEOF, detail);
}

void failure_unexpected(struct stream *s, const xmpp_stanza_t *node)
{
    char detail[256];
    struct quote name, ns;

    /* The names come from the peer, so they are quoted. */
    snprintf(detail, sizeof(detail), "<%s xmlns='%s'> came %s",
             quote(&name, node_name(node)), quote(&ns, node_ns(node)),
             failure_when(s));
    failure_set(s, XMPP_EPROTO, detail);
}

/* A server may end the stream instead of refusing a second password. The
 * refusal of the first is the reason then. The first fault counts, so this
 * comes before the fault of the end. */
void failure_refused(struct stream *s)
{
    if (negotiation_has(s->login, FACT_REFUSED))
        fault_set_peer(s->fault, XMPP_LAYER_SASL, XMPP_EAUTH,
                       STR("not-authorized"), STR_NONE);
}

void failure_owed(struct stream *s, int code)
{
    size_t n = s->flows ? outbox_owed(s->out) : 0;

    if (n)
        fault_set(s->fault, XMPP_LAYER_STREAM, code,
                  "the server did not take everything before the stream ended; "
                  "stanzas left: %zu",
                  n);
}
