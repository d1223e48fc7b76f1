/* step_component.c - the handshake of a component (XEP-0114). */

#include "stream/step_component.h"

#include "base/code.h"
#include "base/crypt.h"
#include "stanza/build.h"
#include "stanza/find.h"
#include "stream/step_bind.h"

void step_component_begin(struct stream *s)
{
    char digest[HEX_SIZE(DIGEST_MOST)];
    xmpp_stanza_t *node;

    engine_to(s, STEP_HANDSHAKE);
    if (!s->agreed.id.n)
        return; /* so Prosody begins where it is about to say what is wrong */
    if (!engine_digest(s, str_of(s->wanted->secrets.pass), digest)) {
        engine_fail(s, XMPP_EMEM, NULL);
        return;
    }
    node = build_root(s->env, N_HANDSHAKE, NAME_NONE);
    if (node)
        build_text(node, str_of(digest));
    engine_send(s, node);
}

void step_component_receive(struct stream *s, xmpp_stanza_t *node)
{
    if (!s->agreed.id.n)
        engine_fail(s, XMPP_EPROTO,
                    "its stream header has no id, which the "
                    "login of a component needs");
    else if (!node_is(node, N_HANDSHAKE, NS_COMPONENT))
        engine_fail_unexpected(s, node);
    else if (!step_bind_keep(s, s->wanted->domain))
        engine_fail(s, XMPP_EMEM, NULL);
    else
        engine_up(s);
}
