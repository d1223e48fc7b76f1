/* step_compress.c - stream compression (XEP-0138), where it is wanted.
 *
 * It comes after the login (XEP-0170), so that no password is ever compressed
 * together with what others can write.
 */

#include <xmpp/build.h>
#include <xmpp/ns.h>

#include "stanza/find.h"
#include "stream/steps.h"

static bool is_element(const xmpp_stanza_t *node, const char *name,
                       const char *ns)
{
    return str_is(node_name(node), name) && str_is(node_ns(node), ns);
}

static bool has_zlib(xmpp_stanza_t *compression)
{
    xmpp_stanza_t *method = node_first_element(compression);

    for (; method; method = node_next_element(method))
        if (str_is(node_name(method), "method") && node_is_own(method) &&
            str_is(node_text(method), "zlib"))
            return true;
    return false;
}

/* Once a resource is bound it is too late (XEP-0170). */
static bool compress_offered(struct stream *s)
{
    return s->wanted->zlib && !s->agreed.compressed &&
           !step_has(s, FACT_BOUND) &&
           has_zlib(step_child(s->login->features, "compression",
                               XMPP_NS_FEATURE_COMPRESSION));
}

static enum verdict compress_begin(struct stream *s)
{
    xmpp_stanza_t *node =
        xmpp_stanza_new_tag(env_ctx(s->env), "compress", XMPP_NS_COMPRESSION);

    xmpp_stanza_add_text_tag(node, "method", NULL, "zlib");
    s->agreed.paths |= PATH_ZLIB;
    return step_send(s, node);
}

/* A refusal is no reason to fail (XEP-0138): the login goes on by the same
 * features. */
static enum verdict compress_receive(struct stream *s, xmpp_stanza_t *node)
{
    if (is_element(node, "compressed", XMPP_NS_COMPRESSION))
        return STEP_WANT_ZLIB;
    if (is_element(node, "failure", XMPP_NS_COMPRESSION))
        return STEP_DONE;
    return step_unexpected(s, node);
}

const struct step step_compress = {
    .name = "compress",
    .layer = XMPP_LAYER_STREAM,
    .patience = XMPP_OPT_STEP_TIMEOUT,
    .when = "after compression was requested",
    .missing = "the server did not answer the request for compression",
    .offered = compress_offered,
    .begin = compress_begin,
    .receive = compress_receive,
};
