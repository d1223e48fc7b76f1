/* rung_words.c - the steps of a login in words that a person understands. */

#include "stream/rung.h"

#include <stdio.h>

#include "base/quote.h"
#include "stanza/find.h"

/* `when` stands behind a comma; `missing` is a sentence. */
static const struct {
    const char *when, *missing;
} rows[] = {
    [RUNG_IDLE] = {"before a stream was opened", "no stream was opened"},
    [RUNG_HEADER] = {"before its stream header", NULL},
    [RUNG_FEATURES] = {"before its stream features",
                       "the server sent no stream features"},
    [RUNG_PROCEED] = {"when TLS was asked for",
                      "the server did not answer the request for TLS"},
    [RUNG_TLS] = {"before TLS", "TLS did not begin"},
    [RUNG_AUTH] = {"during the login (SASL)",
                   "the server did not answer the login (SASL)"},
    [RUNG_AUTH2] = {"during the login (SASL2)",
                    "the server did not answer the login (SASL2)"},
    [RUNG_COMPRESS] = {"when compression was asked for",
                       "the server did not answer the request for compression"},
    [RUNG_ZLIB] = {"before compression", "compression did not begin"},
    [RUNG_RESUME] = {"when the last session was to be resumed",
                     "the server did not answer whether it resumes the last "
                     "session"},
    [RUNG_BIND] = {"when an address was asked for (resource binding)",
                   "the server did not answer the request for an address "
                   "(resource binding)"},
    [RUNG_SESSION] = {"when a session was asked for",
                      "the server did not answer the request for a session "
                      "(RFC 3921)"},
    [RUNG_ENABLE] = {"when stream management was asked for",
                     "the server did not answer the request for stream "
                     "management"},
    [RUNG_HANDSHAKE] = {"during the login of the component",
                        "the server did not answer the login of the "
                        "component"},
    [RUNG_LEGACY] = {"during the login (XEP-0078)",
                     "the server did not answer the login (XEP-0078)"},
    [RUNG_UP] = {"during the session", "the session was silent"},
    [RUNG_RAW] = {"during the stream", "the stream was silent"},
    [RUNG_CLOSING] = {"at the end of the stream", "the stream was not ended"},
    [RUNG_DOWN] = {"after the stream", "the stream is over"},
};

const char *rung_when(const struct stream *s)
{
    return rows[s->rung].when;
}

static const char *missing(const struct stream *s)
{
    if (s->enabling)
        return rows[RUNG_ENABLE].missing;
    if (s->rung != RUNG_HEADER)
        return rows[s->rung].missing;
    if (s->authenticated)
        return "the server sent no stream header after the login";
    if (s->agreed.secured)
        return "the server sent no stream header after TLS";
    return s->wanted->kind == STREAM_CLIENT
               ? "the server accepted the connection and sent no stream "
                 "header; "
                 "is this port for direct TLS?"
               : "the server accepted the connection and sent no stream header";
}

void rung_fail_late(struct stream *s)
{
    char detail[160];

    snprintf(detail, sizeof(detail), "%s%s", missing(s),
             s->now >= s->login_deadline && s->now < s->step_deadline
                 ? "; the login as a whole took too long"
                 : "");
    rung_fail(s, XMPP_ETIMEOUT, detail);
}

void rung_fail_ended(struct stream *s)
{
    char detail[128];

    snprintf(detail, sizeof(detail), "it ended the stream, %s", rung_when(s));
    rung_fail(s, XMPP_EEOF, detail);
}

void rung_fail_unexpected(struct stream *s, const xmpp_stanza_t *node)
{
    char detail[256];
    struct quote name, ns;

    snprintf(detail, sizeof(detail), "<%s xmlns='%s'> came %s",
             quote(&name, node_name(node)), quote(&ns, node_ns(node)),
             rung_when(s));
    rung_fail(s, XMPP_EPROTO, detail);
}
