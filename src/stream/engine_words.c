/* engine_words.c - the steps of a login in words that a person understands. */

#include "stream/engine.h"

#include <stdio.h>

#include "base/quote.h"
#include "stanza/find.h"

/* `when` stands behind a comma; `missing` is a sentence. */
static const struct {
    const char *when, *missing;
} rows[] = {
    [STEP_IDLE] = {"before a stream was opened", "no stream was opened"},
    [STEP_HEADER] = {"before its stream header", NULL},
    [STEP_FEATURES] = {"before its stream features",
                       "the server sent no stream features"},
    [STEP_PROCEED] = {"when TLS was asked for",
                      "the server did not answer the request for TLS"},
    [STEP_TLS] = {"before TLS", "TLS did not begin"},
    [STEP_SASL] = {"during the login (SASL)",
                   "the server did not answer the login (SASL)"},
    [STEP_SASL2] = {"during the login (SASL2)",
                    "the server did not answer the login (SASL2)"},
    [STEP_COMPRESS] = {"when compression was asked for",
                       "the server did not answer the request for compression"},
    [STEP_ZLIB] = {"before compression", "compression did not begin"},
    [STEP_RESUME] = {"when the last session was to be resumed",
                     "the server did not answer whether it resumes the last "
                     "session"},
    [STEP_BIND] = {"when an address was asked for (resource binding)",
                   "the server did not answer the request for an address "
                   "(resource binding)"},
    [STEP_SESSION] = {"when a session was asked for",
                      "the server did not answer the request for a session "
                      "(RFC 3921)"},
    [STEP_ENABLE] = {"when stream management was asked for",
                     "the server did not answer the request for stream "
                     "management"},
    [STEP_HANDSHAKE] = {"during the login of the component",
                        "the server did not answer the login of the "
                        "component"},
    [STEP_LEGACY] = {"during the login (XEP-0078)",
                     "the server did not answer the login (XEP-0078)"},
    [STEP_UP] = {"during the session", "the session was silent"},
    [STEP_RAW] = {"during the stream", "the stream was silent"},
    [STEP_CLOSING] = {"at the end of the stream", "the stream was not ended"},
    [STEP_DOWN] = {"after the stream", "the stream is over"},
};

const char *engine_when(const struct stream *s)
{
    return rows[s->step].when;
}

static const char *missing(const struct stream *s)
{
    if (s->enabling)
        return rows[STEP_ENABLE].missing;
    if (s->step != STEP_HEADER)
        return rows[s->step].missing;
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

void engine_fail_late(struct stream *s)
{
    char detail[160];

    snprintf(detail, sizeof(detail), "%s%s", missing(s),
             s->now >= s->login_deadline && s->now < s->step_deadline
                 ? "; the login as a whole took too long"
                 : "");
    engine_fail(s, XMPP_ETIMEOUT, detail);
}

void engine_fail_ended(struct stream *s)
{
    char detail[128];

    snprintf(detail, sizeof(detail), "it ended the stream, %s", engine_when(s));
    engine_fail(s, XMPP_EEOF, detail);
}

void engine_fail_unexpected(struct stream *s, const xmpp_stanza_t *node)
{
    char detail[256];
    struct quote name, ns;

    snprintf(detail, sizeof(detail), "<%s xmlns='%s'> came %s",
             quote(&name, node_name(node)), quote(&ns, node_ns(node)),
             engine_when(s));
    engine_fail(s, XMPP_EPROTO, detail);
}
