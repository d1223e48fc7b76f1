/* step_compress.c - stream compression (XEP-0138), where it is wanted.
 *
 * It comes after the login (XEP-0170), so that no password is ever compressed
 * together with what others say.
 */

#include "stream/step_compress.h"

#include <xmpp/build.h>
#include <xmpp/ns.h>

#include "stanza/find.h"

static bool is_element(const xmpp_stanza_t *node, const char *name,
                       const char *ns)
{
    return str_is(node_name(node), name) && str_is(node_ns(node), ns);
}

static bool offers_zlib(xmpp_stanza_t *compression)
{
    xmpp_stanza_t *method = node_first_element(compression);

    for (; method; method = node_next_element(method))
        if (str_is(node_name(method), "method") && node_is_own(method) &&
            str_is(node_text(method), "zlib"))
            return true;
    return false;
}

bool step_compress_may_begin(const struct stream *s,
                             const xmpp_stanza_t *features)
{
    xmpp_stanza_t *node = node_first_element(features);

    if (!s->wanted->zlib || s->agreed.compressed || s->zlib_refused)
        return false;
    for (; node; node = node_next_element(node))
        if (is_element(node, "compression", XMPP_NS_FEATURE_COMPRESSION))
            return offers_zlib(node);
    return false;
}

void step_compress_begin(struct stream *s, xmpp_stanza_t *features)
{
    xmpp_stanza_t *node =
        xmpp_stanza_new_tag(env_ctx(s->env), "compress", XMPP_NS_COMPRESSION);

    xmpp_stanza_add_text_tag(node, "method", NULL, "zlib");
    s->features = xmpp_stanza_clone(features);
    s->agreed.paths |= PATH_ZLIB;
    engine_to(s, STEP_COMPRESS);
    engine_send(s, node);
}

xmpp_stanza_t *step_compress_receive(struct stream *s,
                                     const xmpp_stanza_t *node)
{
    xmpp_stanza_t *features = s->features;

    if (is_element(node, "compressed", XMPP_NS_COMPRESSION)) {
        engine_to(s, STEP_ZLIB);
    } else if (is_element(node, "failure", XMPP_NS_COMPRESSION)) {
        s->zlib_refused = true;
        s->features = NULL;
        return features;
    } else {
        engine_fail_unexpected(s, node);
    }
    return NULL;
}

void stream_compressed(struct stream *s, uint64_t now)
{
    s->now = now;
    if (s->step != STEP_ZLIB)
        return;
    xmpp_stanza_release(s->features);
    s->features = NULL;
    s->agreed.compressed = true;
    engine_restart(s);
}
