/* step_starttls.c - TLS before anything else (RFC 6120 section 5). */

#include "stanza/build.h"
#include "stanza/find.h"
#include "stream/steps.h"

static bool has_starttls(struct stream *s)
{
    return node_child(s->login->features, N_STARTTLS, NS_TLS) != NULL;
}

/* Where TLS is required the step is taken even if it is not offered, to fail.
 */
static bool starttls_offered(struct stream *s)
{
    return !step_has(s, FACT_AUTHENTICATED) && !s->agreed.secured &&
           s->wanted->tls != TLS_NEVER &&
           (has_starttls(s) || s->wanted->tls == TLS_REQUIRED);
}

static enum verdict starttls_begin(struct stream *s)
{
    if (!has_starttls(s))
        return step_fail(s, XMPP_ENOTLS,
                         "TLS is required; nothing was sent without it");
    return step_send(s, build_root(s->env, N_STARTTLS, NS_TLS));
}

/* Anything but <proceed/> is a refusal; <failure/> also ends the stream (RFC
 * 6120 section 5.4.2.2). */
static enum verdict starttls_receive(struct stream *s, xmpp_stanza_t *node)
{
    return node_is(node, N_PROCEED, NS_TLS)
               ? STEP_WANT_TLS
               : step_fail(s, XMPP_ETLS, "the server refused STARTTLS");
}

const struct step step_starttls = {
    .name = "starttls",
    .layer = XMPP_LAYER_TLS,
    .patience = XMPP_OPT_STEP_TIMEOUT,
    .when = "after TLS was requested",
    .missing = "the server did not answer the request for TLS",
    .offered = starttls_offered,
    .begin = starttls_begin,
    .receive = starttls_receive,
};
