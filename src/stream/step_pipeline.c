/* step_pipeline.c - a login said together with the stream's header (XEP-0509).
 */

#include "stream/step_pipeline.h"

#include <xmpp/ns.h>

#include "stanza/build.h"
#include "stanza/find.h"
#include "stanza/parse.h"
#include "stanza/writer.h"
#include "stream/step_sasl.h"
#include "stream/step_sasl2.h"
#include "stream/step_inline.h"

#define VERSION_MOST 1024 /* bytes of a version */

static xmpp_stanza_t *version_of(xmpp_stanza_t *features)
{
    return step_inline_child(features, "config-version", XMPP_NS_IAP);
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

static void forget(struct stream *s)
{
    xmpp_stanza_release(s->pipeline.offer);
    s->pipeline.offer = NULL;
    s->pipeline.is_open = false;
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
        xmpp_stanza_t *child =
            step_inline_child(features, kept[i].name, kept[i].ns);

        if (child)
            build_copy(to, child);
    }
}

static int write_offer(struct stream *s, xmpp_stanza_t *features,
                       struct buf *out)
{
    xmpp_stanza_t *root =
        xmpp_stanza_new_tag(env_ctx(s->env), "offer", XMPP_NS_IAP);
    int rc;

    copy_offer(root, features);
    rc = xmpp_stanza_get_status(root);
    if (rc == 0)
        writer_write(out, root, STR_NONE);
    xmpp_stanza_release(root);
    return rc;
}

static bool may_keep(xmpp_stanza_t *features)
{
    struct str value = attribute(version_of(features), STR("value"));

    return value.n && value.n <= VERSION_MOST &&
           step_inline_child(features, "authentication", XMPP_NS_SASL2);
}

void step_pipeline_keep(struct stream *s, xmpp_stanza_t *features)
{
    struct buf text;

    if (!s->wanted->options[XMPP_OPT_PIPELINE])
        return;
    env_free(s->env, s->offer_text);
    s->offer_text = NULL;
    s->agreed.offer = STR_NONE;
    s->agreed.offer_seen = true;
    if (!may_keep(features))
        return;
    buf_init(&text, s->env, OFFER_MOST);
    if (write_offer(s, features, &text))
        engine_fail(s, XMPP_EMEM, NULL);
    else if (buf_size(&text))
        s->offer_text = env_strndup(s->env, buf_view(&text).s, buf_size(&text));
    if (s->offer_text)
        s->agreed.offer = str_n(s->offer_text, buf_size(&text));
    buf_free(&text);
}

/* ---- using it ---------------------------------------------------- */

void step_pipeline_begin(struct stream *s)
{
    xmpp_stanza_t *offer;
    int rc;

    if (s->step != STEP_HEADER || s->wanted->kind != STREAM_CLIENT ||
        !s->wanted->offer || !s->wanted->options[XMPP_OPT_PIPELINE] ||
        s->wanted->avoid & PATH_PIPELINE)
        return;
    rc = parse_string(s->env, s->wanted->offer, &offer);
    if (rc) {
        if (rc == XMPP_EMEM)
            engine_fail(s, rc, NULL);
        return;
    }
    s->pipeline = (struct pipeline){.offer = offer, .is_open = true};
    if (!step_sasl2_begin(s, offer))
        forget(s);
    if (s->step == STEP_DOWN)
        return;
    s->agreed.pipelined = s->pipeline.is_open;
    if (s->pipeline.is_open)
        s->agreed.paths |= PATH_PIPELINE;
    engine_to(s, STEP_HEADER);
}

void step_pipeline_put(struct stream *s, xmpp_stanza_t *node)
{
    xmpp_stanza_t *version =
        s->pipeline.is_open ? version_of(s->pipeline.offer) : NULL;

    if (version)
        build_copy(node, version);
}

void step_pipeline_features(struct stream *s, xmpp_stanza_t *features)
{
    s->pipeline.is_due = true;
    s->pipeline.is_stale =
        !same_version(version_of(s->pipeline.offer), version_of(features));
    forget(s);
    xmpp_stanza_release(s->features);
    s->features = xmpp_stanza_clone(features);
    if (step_sasl_offer(&s->offer, s->env, NS_SASL2, features))
        engine_fail(s, XMPP_EMEM, NULL);
    else
        engine_to(s, STEP_SASL2);
}

bool step_pipeline_failed(struct stream *s, xmpp_stanza_t *failure,
                          struct str condition)
{
    bool is_other =
        step_inline_child(failure, "config-version-mismatch", XMPP_NS_IAP) ||
        (s->pipeline.is_stale && str_is(condition, "aborted"));
    xmpp_stanza_t *features = s->features;

    if (!s->pipeline.is_due || !is_other)
        return false;
    s->pipeline.is_due = false;
    s->features = NULL;
    if (!step_sasl2_begin(s, features))
        step_sasl_begin(s, features);
    xmpp_stanza_release(features);
    return true;
}
