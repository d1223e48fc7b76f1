/* suspect.c - which of our stanzas the peer ends its streams over. */

#include "stream/suspect.h"

#include "stream/ack.h"

/* How much a condition blames what was on its way (RFC 6120 section 4.9.3). A
 * condition about what was sent counts twice what a vague one does. 0 is about
 * something else. What is not named here is vague. */
static const struct {
    const char *condition;
    unsigned by;
} rows[] = {
    {"bad-format", 2},
    {"bad-namespace-prefix", 2},
    {"improper-addressing", 2},
    {"invalid-from", 2},
    {"invalid-namespace", 2},
    {"invalid-xml", 2},
    {"not-well-formed", 2},
    {"policy-violation", 2},
    {"restricted-xml", 2},
    {"unsupported-encoding", 2},
    {"unsupported-stanza-type", 2},
    {"xml-not-well-formed", 2}, /* of RFC 3920 */
    {"internal-server-error", 1},
    {"undefined-condition", 1},
    {"conflict", 0},
    {"connection-timeout", 0},
    {"host-gone", 0},
    {"host-unknown", 0},
    {"invalid-id", 0},
    {"not-authorized", 0},
    {"remote-connection-failed", 0},
    {"reset", 0},
    {"resource-constraint", 0},
    {"see-other-host", 0},
    {"system-shutdown", 0},
    {"unsupported-feature", 0},
    {"unsupported-version", 0},
};

static unsigned blame_of(struct str condition)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (str_is(condition, rows[i].condition))
            return rows[i].by;
    return 1;
}

/* The start tag suffices; the rest is private. */
static void log_refused(const struct stream *s, struct str condition)
{
    struct str text = buf_view(&s->out->refused.text), tag;

    str_cut(text, '>', &tag);
    env_log(s->env, XMPP_LEVEL_ERROR, "xmpp",
            "a stanza is given up: the server ended the stream over it again "
            "(%.*s): %.*s>",
            STR_ARG(condition), (int)(tag.n < 300 ? tag.n : 300), tag.s);
}

void suspect_blame(struct stream *s, struct str condition)
{
    unsigned by = blame_of(condition);
    size_t n;

    /* In raw mode nothing is sent again, so nothing has to be found guilty. */
    if (!s->flows || s->wanted->kind == STREAM_RAW)
        return;
    if (by && outbox_blame(s->out, by, XMPP_EREFUSED, &n))
        log_refused(s, condition);
    else if (by && n)
        env_log(s->env, XMPP_LEVEL_WARN, "xmpp",
                "the server ended the stream (%.*s) with %zu stanzas on their "
                "way, which are sent again one by one",
                STR_ARG(condition), n);
    if (s->sm)
        s->sm->changes++;
    /* What still waits is for another stream: this one is not read any more. */
    s->mute = outbox_unsent(s->out).n > 0;
}

void suspect_sent(struct stream *s)
{
    if (s->sm_on && outbox_holds(s->out) && !outbox_ready(s->out).n)
        ack_request(s);
}
