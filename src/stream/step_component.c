/* step_component.c - the handshake of a component (XEP-0114). */

#include "base/code.h"
#include "base/crypt.h"
#include "stanza/build.h"
#include "stanza/find.h"
#include "stream/steps.h"

/* Prosody's header has no id if a stream error follows it. The error says more
 * than a missing id, so it is waited for. */
static enum verdict component_begin(struct stream *s)
{
    char digest[HEX_SIZE(DIGEST_MOST)];
    xmpp_stanza_t *node;

    if (!s->agreed.id.n)
        return STEP_WAIT;
    if (!step_digest(s, str_of(s->wanted->secrets.pass), digest))
        return step_fail(s, XMPP_EMEM, NULL);
    s->agreed.login_begun = true;
    node = build_root(s->env, N_HANDSHAKE, NAME_NONE);
    if (node)
        build_text(node, str_of(digest));
    return step_send(s, node);
}

static enum verdict component_receive(struct stream *s, xmpp_stanza_t *node)
{
    if (!s->agreed.id.n)
        return step_fail(
            s, XMPP_EPROTO,
            "the server's stream header has no id, which the login "
            "of a component needs");
    /* An empty <handshake/> is the consent (XEP-0114 section 3). */
    if (!node_is(node, N_HANDSHAKE, NS_COMPONENT))
        return step_unexpected(s, node);
    return step_keep_jid(s, s->wanted->domain) ? STEP_DONE
                                               : step_fail(s, XMPP_EMEM, NULL);
}

const struct step step_component = {
    .name = "component",
    .layer = XMPP_LAYER_SASL,
    .patience = XMPP_OPT_STEP_TIMEOUT,
    .when = "during the login of the component",
    .missing = "the server did not answer the login of the component",
    .begin = component_begin,
    .receive = component_receive,
};
