/* ladder.c - the rungs from a stream header to being up. */

#include "stream/ladder.h"

#include <stdio.h>

#include "base/quote.h"
#include "stanza/build.h"
#include "stanza/find.h"
#include "stream/rung_auth.h"
#include "stream/rung_auth2.h"
#include "stream/rung_bind.h"
#include "stream/rung_early.h"
#include "stream/rung_inline.h"
#include "stream/rung_legacy.h"
#include "stream/rung_sm.h"
#include "stream/rung_zlib.h"

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

static void tell_no_tls(struct stream *s)
{
    fault_set(s->fault, XMPP_LAYER_TLS, XMPP_ENOTLS,
              "TLS is required, and nothing was sent without it");
    rung_give_up(s);
}

/* A stream from before RFC 3920 has neither features nor STARTTLS. */
static void begin_without_features(struct stream *s)
{
    if (!s->wanted->legacy || s->early.is_open)
        rung_fail(s, XMPP_EVERSION, "its stream is not of version 1.0");
    else if (!s->agreed.secured && s->wanted->tls == TLS_REQUIRED)
        tell_no_tls(s);
    else
        rung_legacy_begin(s);
}

/* RFC 6120 section 4.9.3.10 */
static void refuse_namespace(struct stream *s, const char *detail)
{
    xmpp_stanza_t *error =
        xmpp_error_new(env_ctx(s->env), XMPP_SE_INVALID_NS, NULL);

    rung_fail_saying(s, XMPP_EPROTO, error, detail);
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
        rung_fail(s, XMPP_EPROTO, "what it sent is not a stream header");
    return false;
}

void ladder_header(struct stream *s, xmpp_stanza_t *header)
{
    if (!keep(s, &s->id, &s->agreed.id, node_attr(header, N_ID)) ||
        !keep(s, &s->from, &s->agreed.from, node_attr(header, N_FROM)))
        rung_fail(s, XMPP_EMEM, NULL);
    else if (!is_stream(s, header))
        return;
    else if (s->wanted->kind == STREAM_RAW) {
        s->header_untold = true;
        rung_to(s, RUNG_RAW);
    } else if (s->wanted->kind == STREAM_COMPONENT)
        rung_component_begin(s);
    else if (!is_version_1(node_attr(header, N_VERSION)))
        begin_without_features(s);
    else
        rung_to(s, RUNG_FEATURES);
}

/* ---- features and TLS -------------------------------------------- */

static void ask_tls(struct stream *s)
{
    rung_to(s, RUNG_PROCEED);
    rung_say(s, build_root(s->env, N_STARTTLS, NS_TLS));
}

/* Compression, if it is wanted; then an earlier session, if there is one, or
 * a new one. */
static void after_login(struct stream *s, xmpp_stanza_t *features)
{
    s->sm_offered = node_child(features, NAME_NONE, NS_SM) != NULL;
    if (rung_zlib_may_begin(s, features)) {
        rung_zlib_begin(s, features);
    } else if (rung_sm_may_resume(s)) {
        s->features = xmpp_stanza_clone(features);
        rung_resume_begin(s);
    } else {
        rung_bind_begin(s, features);
    }
}

static void take_compress(struct stream *s, xmpp_stanza_t *node)
{
    xmpp_stanza_t *features = rung_zlib_take(s, node);

    if (features)
        after_login(s, features);
    xmpp_stanza_release(features);
}

static void take_resume(struct stream *s, xmpp_stanza_t *node)
{
    if (rung_sm_is(node, "resumed")) {
        rung_sm_resumed(s, node);
    } else if (rung_sm_is(node, "failed")) {
        rung_sm_refused(s, node);
        if (s->rung == RUNG_RESUME)
            rung_bind_begin(s, s->features);
    } else {
        rung_fail_unexpected(s, node);
    }
}

/* Nothing stands between us and the login. */
static void log_in(struct stream *s, xmpp_stanza_t *features)
{
    if (s->agreed.secured)
        rung_early_keep(s, features);
    if (s->rung == RUNG_DOWN)
        return;
    if (s->early.is_open)
        rung_early_features(s, features);
    else if (rung_auth2_begin(s, features))
        return;
    else if (s->wanted->legacy && !node_child(features, N_MECHANISMS, NS_SASL))
        rung_legacy_begin(s);
    else
        rung_auth_begin(s, features);
}

static void take_features(struct stream *s, xmpp_stanza_t *node)
{
    bool offered = node_child(node, N_STARTTLS, NS_TLS) != NULL;

    if (!node_is(node, N_FEATURES, NS_STREAMS))
        rung_fail_unexpected(s, node);
    else if (s->bound)
        rung_inline_features(s, node);
    else if (s->authenticated)
        after_login(s, node);
    else if (!s->agreed.secured && offered && s->wanted->tls != TLS_NEVER)
        ask_tls(s);
    else if (!s->agreed.secured && s->wanted->tls == TLS_REQUIRED)
        tell_no_tls(s);
    else
        log_in(s, node);
}

static void take_proceed(struct stream *s, xmpp_stanza_t *node)
{
    if (!node_is(node, N_PROCEED, NS_TLS)) {
        rung_fail(s, XMPP_ETLS, "the server refused STARTTLS");
        return;
    }
    rung_to(s, RUNG_TLS);
    s->tls_mark = buf_size(&s->front);
}

/* Who is asked for the meaning of an element. */
static void (*const takers[])(struct stream *s, xmpp_stanza_t *node) = {
    [RUNG_FEATURES] = take_features,  [RUNG_PROCEED] = take_proceed,
    [RUNG_AUTH] = rung_auth_take,     [RUNG_AUTH2] = rung_auth2_take,
    [RUNG_COMPRESS] = take_compress,  [RUNG_RESUME] = take_resume,
    [RUNG_BIND] = rung_bind_take,     [RUNG_SESSION] = rung_session_take,
    [RUNG_ENABLE] = rung_enable_take, [RUNG_HANDSHAKE] = rung_component_take,
    [RUNG_LEGACY] = rung_legacy_take, [RUNG_UP] = NULL,
};

/* Bound; what is said next is the ladder's to decide. */
static void go_on(struct stream *s)
{
    if (s->rung == RUNG_ENABLE && !s->enabling)
        rung_enable_begin(s);
}

void ladder_element(struct stream *s, xmpp_stanza_t *node)
{
    if (s->rung < RUNG_UP && takers[s->rung])
        takers[s->rung](s, node);
    else
        rung_fail_unexpected(s, node);
    go_on(s);
}
