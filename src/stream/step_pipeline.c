/* step_pipeline.c - a login sent together with the stream's header (XEP-0509):
 * the offer that it goes by, and, as a step, remembering one for the next
 * login.
 */

#include "stream/step_pipeline.h"

#include <xmpp/ns.h>

#include "stanza/build.h"
#include "stanza/find.h"
#include "stanza/parse.h"
#include "stanza/writer.h"
#include "stream/steps.h"

#define VERSION_MOST 1024 /* bytes of a version */

static xmpp_stanza_t *version_of(xmpp_stanza_t *features)
{
    return step_child(features, "config-version", XMPP_NS_IAP);
}

static struct str attribute(xmpp_stanza_t *version, struct str name)
{
    return node_attr_named(version, name);
}

static bool same_version(xmpp_stanza_t *a, xmpp_stanza_t *b)
{
    struct str x = attribute(a, STR("scheme")), y = attribute(b, STR("scheme"));

    /* Without a word it is "opaque", the only one there is. */
    return a && b && str_eq(x.s ? x : STR("opaque"), y.s ? y : STR("opaque")) &&
           str_eq(attribute(a, STR("value")), attribute(b, STR("value")));
}

/* ---- remembering ------------------------------------------------- */

/* Of the features only what a login depends on. */
static void copy_offer(xmpp_stanza_t *to, xmpp_stanza_t *features)
{
    static const struct {
        const char *name, *ns;
    } kept[] = {
        {"authentication", XMPP_NS_SASL2},
        {"mechanisms", XMPP_NS_SASL},
        {"sasl-channel-binding", XMPP_NS_CHANNEL_BINDING},
        {"config-version", XMPP_NS_IAP},
    };

    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        xmpp_stanza_t *child = step_child(features, kept[i].name, kept[i].ns);

        if (child)
            build_copy(to, child);
    }
}

static void write_offer(struct stream *s, xmpp_stanza_t *features,
                        struct buf *out)
{
    xmpp_stanza_t *root =
        xmpp_stanza_new_tag(env_ctx(s->env), "offer", XMPP_NS_IAP);

    copy_offer(root, features);
    if (xmpp_stanza_get_status(root) == 0)
        writer_write(out, root, STR_NONE);
    xmpp_stanza_release(root);
}

/* Without a version the server could not notice that we go by an outdated
 * offer. */
static bool may_keep(xmpp_stanza_t *features)
{
    struct str value = attribute(version_of(features), STR("value"));

    return value.n && value.n <= VERSION_MOST &&
           step_child(features, "authentication", XMPP_NS_SASL2);
}

/* Only what is heard under TLS is remembered: an attacker could write the rest.
 */
static bool pipeline_offered(struct stream *s)
{
    return !step_has(s, FACT_AUTHENTICATED) && s->agreed.secured &&
           s->login->features && s->wanted->options[XMPP_OPT_PIPELINE];
}

/* Without memory for what only saves time this login is a good one. */
static enum verdict pipeline_begin(struct stream *s)
{
    xmpp_stanza_t *features = s->login->features;
    struct buf text;

    /* What was remembered before is replaced, or forgotten if this offer is not
     * kept. */
    s->agreed.offer_seen = true;
    if (!may_keep(features))
        return STEP_DONE;
    buf_init(&text, s->env, OFFER_MOST);
    write_offer(s, features, &text);
    if (buf_size(&text))
        s->offer_text = env_strndup(s->env, buf_view(&text).s, buf_size(&text));
    if (s->offer_text)
        s->agreed.offer = str_n(s->offer_text, buf_size(&text));
    buf_free(&text);
    return STEP_DONE;
}

const struct step step_pipeline = {
    .name = "pipeline",
    .layer = XMPP_LAYER_STREAM,
    .patience = XMPP_OPT_STEP_TIMEOUT,
    .offered = pipeline_offered,
    .begin = pipeline_begin,
};

/* ---- using it ---------------------------------------------------- */

int step_pipeline_open(struct stream *s)
{
    int rc;

    if (!s->wanted->offer || !s->wanted->options[XMPP_OPT_PIPELINE] ||
        s->wanted->avoid & PATH_PIPELINE)
        return XMPP_EARG;
    rc = parse_string(s->env, s->wanted->offer, &s->login->pipelined);
    if (rc == 0)
        step_set(s, FACT_PIPELINED);
    return rc;
}

void step_pipeline_close(struct stream *s)
{
    xmpp_stanza_release(s->login->pipelined);
    s->login->pipelined = NULL;
    step_clear(s, FACT_PIPELINED);
}

void step_pipeline_put(struct stream *s, xmpp_stanza_t *node)
{
    xmpp_stanza_t *version = version_of(s->login->pipelined);

    if (version)
        build_copy(node, version);
}

void step_pipeline_compare(struct stream *s)
{
    struct negotiation *n = s->login;

    step_set(s, FACT_MAY_MISMATCH);
    if (!same_version(version_of(n->pipelined), version_of(n->features)))
        step_set(s, FACT_OFFER_CHANGED);
    step_pipeline_close(s);
}

/* A server says that the offer has changed, or it only says "aborted"; then our
 * own comparison decides. Only its first answer can mean that. */
bool step_pipeline_mismatched(struct stream *s, xmpp_stanza_t *failure,
                              struct str condition)
{
    bool is_other =
        step_child(failure, "config-version-mismatch", XMPP_NS_IAP) ||
        (step_has(s, FACT_OFFER_CHANGED) && str_is(condition, "aborted"));

    return step_has(s, FACT_MAY_MISMATCH) && is_other;
}
