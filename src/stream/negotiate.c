/* negotiate.c - the steps from a stream header to being up. */

#include "stream/negotiate.h"

#include <stdio.h>

#include "base/quote.h"
#include "stanza/build.h"
#include "stanza/find.h"
#include "stream/step_sasl.h"
#include "stream/step_sasl2.h"
#include "stream/step_bind.h"
#include "stream/step_component.h"
#include "stream/step_pipeline.h"
#include "stream/step_inline.h"
#include "stream/step_legacy.h"
#include "stream/step_sm.h"
#include "stream/step_compress.h"

/* ---- headers ----------------------------------------------------- */

static bool keep(struct stream *s, char **own, struct str *view,
                 struct str value)
{
    env_free(s->env, *own);
    *own = value.s ? env_strndup(s->env, value.s, value.n) : NULL;
    *view = *own ? str_n(*own, value.n) : STR_NONE;
    return !value.s || *own;
}

static bool is_version_1(struct str version)
{
    unsigned long major;
    struct str head;

    str_cut(version, '.', &head);
    return version.s && str_number(head, 1000000, &major) && major >= 1;
}

static void refuse_plain(struct stream *s)
{
    fault_set(s->fault, XMPP_LAYER_TLS, XMPP_ENOTLS,
              "TLS is required, and nothing was sent without it");
    engine_give_up(s);
}

/* A stream from before RFC 3920 has neither features nor STARTTLS. */
static void begin_without_features(struct stream *s)
{
    if (!s->wanted->legacy || s->pipeline.is_open)
        engine_fail(s, XMPP_EVERSION, "its stream is not of version 1.0");
    else if (!s->agreed.secured && s->wanted->tls == TLS_REQUIRED)
        refuse_plain(s);
    else
        step_legacy_begin(s);
}

/* RFC 6120 section 4.9.3.10 */
static void refuse_namespace(struct stream *s, const char *detail)
{
    xmpp_stanza_t *error =
        xmpp_error_new(env_ctx(s->env), XMPP_SE_INVALID_NS, NULL);

    engine_fail_saying(s, XMPP_EPROTO, error, detail);
}

/* What is said in the stream has to be of our kind. Whoever declares no default
 * namespace, or that of streams, says it with each stanza (section 4.8.3). */
static bool is_content_ours(struct stream *s)
{
    bool component = s->wanted->kind == STREAM_COMPONENT;
    struct str ours = name_text(component ? NS_COMPONENT : NS_CLIENT);
    struct str said = str_of(reader_content(s->reader));
    struct quote quoted;
    char detail[256];

    if (s->wanted->kind == STREAM_RAW || !said.s || str_eq(said, ours) ||
        str_eq(said, name_text(NS_STREAMS)))
        return true;
    snprintf(detail, sizeof(detail),
             "its stream is for '%s' and has to be for '%.*s'",
             quote(&quoted, said), STR_ARG(ours));
    refuse_namespace(s, detail);
    return false;
}

static bool is_stream(struct stream *s, const xmpp_stanza_t *header)
{
    if (node_is(header, N_STREAM, NS_STREAMS))
        return is_content_ours(s);
    if (node_is(header, N_STREAM, NAME_NONE))
        refuse_namespace(s, "the <stream/> it sent is not of the namespace of "
                            "XMPP streams");
    else
        engine_fail(s, XMPP_EPROTO, "what it sent is not a stream header");
    return false;
}

void negotiate_header(struct stream *s, xmpp_stanza_t *header)
{
    if (!keep(s, &s->id, &s->agreed.id, node_attr(header, N_ID)) ||
        !keep(s, &s->from, &s->agreed.from, node_attr(header, N_FROM)))
        engine_fail(s, XMPP_EMEM, NULL);
    else if (!is_stream(s, header))
        return;
    else if (s->wanted->kind == STREAM_RAW) {
        s->header_due = true;
        engine_to(s, STEP_RAW);
    } else if (s->wanted->kind == STREAM_COMPONENT)
        step_component_begin(s);
    else if (!is_version_1(node_attr(header, N_VERSION)))
        begin_without_features(s);
    else
        engine_to(s, STEP_FEATURES);
}

/* ---- features and TLS -------------------------------------------- */

static void request_tls(struct stream *s)
{
    engine_to(s, STEP_PROCEED);
    engine_send(s, build_root(s->env, N_STARTTLS, NS_TLS));
}

/* Compression, if it is wanted; then an earlier session, if there is one, or
 * a new one. */
static void after_login(struct stream *s, xmpp_stanza_t *features)
{
    s->sm_offered = node_child(features, NAME_NONE, NS_SM) != NULL;
    if (step_compress_may_begin(s, features)) {
        step_compress_begin(s, features);
    } else if (step_sm_may_resume(s)) {
        s->features = xmpp_stanza_clone(features);
        step_resume_begin(s);
    } else {
        step_bind_begin(s, features);
    }
}

static void take_compress(struct stream *s, xmpp_stanza_t *node)
{
    xmpp_stanza_t *features = step_compress_receive(s, node);

    if (features)
        after_login(s, features);
    xmpp_stanza_release(features);
}

static void take_resume(struct stream *s, xmpp_stanza_t *node)
{
    if (step_sm_is(node, "resumed")) {
        step_sm_resumed(s, node);
    } else if (step_sm_is(node, "failed")) {
        step_sm_refused(s, node);
        if (s->step == STEP_RESUME)
            step_bind_begin(s, s->features);
    } else {
        engine_fail_unexpected(s, node);
    }
}

/* Nothing stands between us and the login. */
static void log_in(struct stream *s, xmpp_stanza_t *features)
{
    if (s->agreed.secured)
        step_pipeline_keep(s, features);
    if (s->step == STEP_DOWN)
        return;
    if (s->pipeline.is_open)
        step_pipeline_features(s, features);
    else if (step_sasl2_begin(s, features))
        return;
    else if (s->wanted->legacy && !node_child(features, N_MECHANISMS, NS_SASL))
        step_legacy_begin(s);
    else
        step_sasl_begin(s, features);
}

static void take_features(struct stream *s, xmpp_stanza_t *node)
{
    bool offered = node_child(node, N_STARTTLS, NS_TLS) != NULL;

    if (!node_is(node, N_FEATURES, NS_STREAMS))
        engine_fail_unexpected(s, node);
    else if (s->bound)
        step_inline_features(s, node);
    else if (s->authenticated)
        after_login(s, node);
    else if (!s->agreed.secured && offered && s->wanted->tls != TLS_NEVER)
        request_tls(s);
    else if (!s->agreed.secured && s->wanted->tls == TLS_REQUIRED)
        refuse_plain(s);
    else
        log_in(s, node);
}

static void take_proceed(struct stream *s, xmpp_stanza_t *node)
{
    if (!node_is(node, N_PROCEED, NS_TLS)) {
        engine_fail(s, XMPP_ETLS, "the server refused STARTTLS");
        return;
    }
    engine_to(s, STEP_TLS);
    s->tls_mark = buf_size(&s->front);
}

/* Who is asked for the meaning of an element. */
static void (*const takers[])(struct stream *s, xmpp_stanza_t *node) = {
    [STEP_FEATURES] = take_features,
    [STEP_PROCEED] = take_proceed,
    [STEP_SASL] = step_sasl_receive,
    [STEP_SASL2] = step_sasl2_receive,
    [STEP_COMPRESS] = take_compress,
    [STEP_RESUME] = take_resume,
    [STEP_BIND] = step_bind_receive,
    [STEP_SESSION] = step_session_receive,
    [STEP_ENABLE] = step_enable_receive,
    [STEP_HANDSHAKE] = step_component_receive,
    [STEP_LEGACY] = step_legacy_receive,
    [STEP_UP] = NULL,
};

/* Bound; what is said next is the table's to decide. */
static void go_on(struct stream *s)
{
    if (s->step == STEP_ENABLE && !s->enabling)
        step_enable_begin(s);
}

void negotiate_element(struct stream *s, xmpp_stanza_t *node)
{
    if (s->step < STEP_UP && takers[s->step])
        takers[s->step](s, node);
    else
        engine_fail_unexpected(s, node);
    go_on(s);
}
