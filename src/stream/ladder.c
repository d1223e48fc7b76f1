/* ladder.c - the rungs from a stream header to being up. */

#include "stream/ladder.h"

#include "stanza/build.h"
#include "stanza/find.h"
#include "stream/rung_auth.h"
#include "stream/rung_bind.h"
#include "stream/rung_legacy.h"

/* ---- headers ------------------------------------------------------------ */

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
              "and nothing was sent without it");
    rung_give_up(s);
}

/* A stream from before RFC 3920 has neither features nor STARTTLS. */
static void begin_without_features(struct stream *s)
{
    if (!s->wanted->legacy)
        rung_fail(s, XMPP_EVERSION, "its stream is not of version 1.0");
    else if (!s->agreed.secured && s->wanted->tls == TLS_REQUIRED)
        tell_no_tls(s);
    else
        rung_legacy_begin(s);
}

void ladder_header(struct stream *s, xmpp_stanza_t *header)
{
    if (!keep(s, &s->id, &s->agreed.id, node_attr(header, N_ID)) ||
        !keep(s, &s->from, &s->agreed.from, node_attr(header, N_FROM)))
        rung_fail(s, XMPP_EMEM, NULL);
    else if (!node_is(header, N_STREAM, NS_STREAMS))
        rung_fail(s, XMPP_EPROTO, "it opened something that is no stream");
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

/* ---- features and TLS ----------------------------------------------------- */

static void ask_tls(struct stream *s)
{
    rung_to(s, RUNG_PROCEED);
    rung_say(s, build_root(s->env, N_STARTTLS, NS_TLS));
}

static void take_features(struct stream *s, xmpp_stanza_t *node)
{
    bool offered = node_child(node, N_STARTTLS, NS_TLS) != NULL;

    if (!node_is(node, N_FEATURES, NS_STREAMS)) {
        rung_fail(s, XMPP_EPROTO, "it sent something before its features");
    } else if (s->authenticated) {
        rung_bind_begin(s, node);
    } else if (!s->agreed.secured && offered && s->wanted->tls != TLS_NEVER) {
        ask_tls(s);
    } else if (!s->agreed.secured && s->wanted->tls == TLS_REQUIRED) {
        tell_no_tls(s);
    } else if (s->wanted->legacy && !node_child(node, N_MECHANISMS, NS_SASL)) {
        rung_legacy_begin(s);
    } else {
        rung_auth_begin(s, node);
    }
}

static void take_proceed(struct stream *s, xmpp_stanza_t *node)
{
    if (!node_is(node, N_PROCEED, NS_TLS)) {
        rung_fail(s, XMPP_ETLS, "the server refused to begin");
        return;
    }
    rung_to(s, RUNG_TLS);
    s->tls_mark = outbox_size(&s->out);
}

/* Who is asked for the meaning of an element. */
static void (*const takers[])(struct stream *s, xmpp_stanza_t *node) = {
    [RUNG_FEATURES] = take_features,
    [RUNG_PROCEED] = take_proceed,
    [RUNG_AUTH] = rung_auth_take,
    [RUNG_BIND] = rung_bind_take,
    [RUNG_SESSION] = rung_session_take,
    [RUNG_HANDSHAKE] = rung_component_take,
    [RUNG_LEGACY] = rung_legacy_take,
    [RUNG_UP] = NULL,
};

void ladder_element(struct stream *s, xmpp_stanza_t *node)
{
    if (s->rung < RUNG_UP && takers[s->rung])
        takers[s->rung](s, node);
    else
        rung_fail(s, XMPP_EPROTO, "an element at the wrong time");
}
