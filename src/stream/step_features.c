/* step_features.c - what the server offers (RFC 6120 section 4.3.2). */

#include "stanza/find.h"
#include "stream/announced.h"
#include "stream/steps.h"

/* A stream from before RFC 3920 has neither features nor STARTTLS nor SASL. If
 * that is allowed at all, XEP-0078 is the first later row that needs none of
 * them. */
static enum verdict features_begin(struct stream *s)
{
    if (!step_has(s, FACT_OLD_STREAM))
        return STEP_WAIT;
    if (!s->wanted->legacy || step_has(s, FACT_PIPELINED))
        return step_fail(s, XMPP_EVERSION,
                         "the server's stream is not version 1.0");
    return STEP_DONE;
}

/* They are kept until the login forgets them, before others may come: what is
 * refused in one step may be had by the next. */
static enum verdict features_receive(struct stream *s, xmpp_stanza_t *node)
{
    if (!node_is(node, N_FEATURES, NS_STREAMS))
        return step_unexpected(s, node);
    s->login->features = xmpp_stanza_clone(node);
    announced_read(s, node);
    return STEP_DONE;
}

const struct step step_features = {
    .name = "features",
    .layer = XMPP_LAYER_STREAM,
    .patience = XMPP_OPT_STEP_TIMEOUT,
    .when = "before its stream features",
    .missing = "the server sent no stream features",
    .begin = features_begin,
    .receive = features_receive,
};
