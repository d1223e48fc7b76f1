/* step_inline.c - what is said together with a SASL2 login, and what comes of
 * it (XEP-0198 section 9, XEP-0386, XEP-0484). */

#include "stream/step_inline.h"

#include <limits.h>
#include <stdio.h>

#include <xmpp/ns.h>

#include "base/date.h"
#include "sasl/ht.h"
#include "stanza/build.h"
#include "stanza/find.h"
#include "stream/step_bind.h"
#include "stream/step_sm.h"

xmpp_stanza_t *step_inline_child(xmpp_stanza_t *parent, const char *name,
                                 const char *ns)
{
    xmpp_stanza_t *child = node_first_element(parent);

    while (child &&
           (!str_is(node_name(child), name) || !str_is(node_ns(child), ns)))
        child = node_next_element(child);
    return child;
}

/* ---- what is offered --------------------------------------------- */

static bool has_feature(xmpp_stanza_t *list, struct str var)
{
    for (xmpp_stanza_t *f = node_first_element(list); f;
         f = node_next_element(f))
        if (str_is(node_name(f), "feature") && node_is_own(f) &&
            str_eq(node_attr(f, N_VAR), var))
            return true;
    return false;
}

/* What the application wants of that. */
static uint32_t offered_with(struct stream *s, xmpp_stanza_t *list)
{
    xmpp_stanza_t *child = node_first_element(s->wanted->bind_with);
    uint32_t bits = 0;

    for (uint32_t bit = 1; child; bit <<= 1, child = node_next_element(child))
        if (has_feature(list, node_ns(child)))
            bits |= bit;
    return bits;
}

void step_inline_read(struct stream *s, xmpp_stanza_t *authentication)
{
    xmpp_stanza_t *list =
        step_inline_child(authentication, "inline", XMPP_NS_SASL2);
    xmpp_stanza_t *bind = step_inline_child(list, "bind", XMPP_NS_BIND2);
    xmpp_stanza_t *fast = step_inline_child(list, "fast", XMPP_NS_FAST);
    xmpp_stanza_t *with = step_inline_child(bind, "inline", XMPP_NS_BIND2);

    s->inlined = (struct inlined){
        .may_resume = node_child(list, NAME_NONE, NS_SM) != NULL,
        .may_bind = bind != NULL,
        .may_enable = has_feature(with, STR(XMPP_NS_SM)),
        .may_with = offered_with(s, with),
    };
    for (xmpp_stanza_t *m = node_first_element(fast); m;
         m = node_next_element(m))
        if (m->name == N_MECHANISM && node_is_own(m))
            s->inlined.fast |= ht_bit(node_text(m));
}

/* ---- what is said ------------------------------------------------ */

static void put_text(xmpp_stanza_t *parent, const char *name, struct str text)
{
    xmpp_stanza_t *node =
        text.n ? xmpp_stanza_add_tag(parent, name, NULL) : NULL;

    if (node)
        build_text(node, text);
}

static void put_agent(struct stream *s, xmpp_stanza_t *parent)
{
    const struct identity *who = &s->wanted->identity;
    xmpp_stanza_t *node;

    if (!who->agent_id && !who->software && !who->device)
        return;
    node = xmpp_stanza_add_tag(parent, "user-agent", NULL);
    if (node && who->agent_id)
        node_set(node, N_ID, str_of(who->agent_id));
    put_text(node, "software", str_of(who->software));
    put_text(node, "device", str_of(who->device));
}

static bool has_session(struct stream *s)
{
    s->sm_offered = true;
    return step_sm_may_resume(s);
}

static void put_with(struct stream *s, xmpp_stanza_t *parent)
{
    xmpp_stanza_t *child = node_first_element(s->wanted->bind_with);

    for (uint32_t bit = 1; child; bit <<= 1, child = node_next_element(child))
        if (s->inlined.may_with & bit)
            build_copy(parent, child);
}

static void put_bind(struct stream *s, xmpp_stanza_t *parent)
{
    xmpp_stanza_t *node = xmpp_stanza_add_tag(parent, "bind", XMPP_NS_BIND2);

    s->inlined.bind = true;
    s->agreed.paths |= PATH_BIND2;
    put_text(node, "tag", str_of(s->wanted->identity.tag));
    s->sm_offered = s->inlined.may_enable;
    s->inlined.enable = step_sm_may_enable(s);
    if (node && s->inlined.enable)
        step_sm_enable(s, node);
    put_with(s, node);
}

/* Every use has its own number, or a server would have to think that somebody
 * repeats what he overheard. */
static void put_token(struct stream *s, xmpp_stanza_t *parent)
{
    xmpp_stanza_t *node = xmpp_stanza_add_tag(parent, "fast", XMPP_NS_FAST);
    char count[24];

    if (s->token->count < INT_MAX)
        s->token->count++;
    s->token_due = true;
    snprintf(count, sizeof(count), "%lu", s->token->count);
    xmpp_stanza_set_attribute(node, "count", count);
    if (s->wanted->drops_token)
        xmpp_stanza_set_attribute(node, "invalidate", "true");
}

static void request_token(struct stream *s, xmpp_stanza_t *parent)
{
    const struct wanted *w = s->wanted;
    const struct mechanism *m = ht_best(s->inlined.fast, &s->credentials);
    xmpp_stanza_t *node;

    if (!m || !w->keeps_tokens || w->drops_token || !w->identity.agent_id ||
        w->avoid & PATH_TOKEN)
        return;
    s->agreed.paths |= PATH_TOKEN;
    node = xmpp_stanza_add_tag(parent, "request-token", XMPP_NS_FAST);
    xmpp_stanza_set_attribute(node, "mechanism", m->name);
    s->inlined.wish = m;
}

/* A new resource would be the end of a session that may yet be resumed, where
 * that is not possible here. Compression can only begin before there is either
 * (XEP-0170), so the wish for it leaves both to the older way. */
void step_inline_put(struct stream *s, xmpp_stanza_t *node)
{
    struct inlined *in = &s->inlined;
    bool resumable = has_session(s);

    if (!node)
        return;
    in->resume = in->bind = in->enable = false;
    in->wish = NULL;
    put_agent(s, node);
    if (resumable && in->may_resume && !s->wanted->zlib &&
        !(s->wanted->avoid & PATH_INLINE)) {
        in->resume = true;
        s->agreed.paths |= PATH_INLINE;
        step_sm_resume(s, node);
    }
    if (in->may_bind && s->wanted->identity.tag && !s->wanted->zlib &&
        !(s->wanted->avoid & PATH_BIND2) && (in->resume || !resumable))
        put_bind(s, node);
    if (in->by_token)
        put_token(s, node);
    else
        request_token(s, node);
}

/* ---- tokens ------------------------------------------------------ */

void step_inline_drop_token(struct stream *s)
{
    engine_forget_token(s);
    s->credentials.fast_token = NULL;
    s->token_due = true;
}

/* A server may give another one whenever it was used; else only if it was
 * asked to. */
int step_inline_token(struct stream *s, xmpp_stanza_t *success)
{
    const struct inlined *in = &s->inlined;
    xmpp_stanza_t *node = step_inline_child(success, "token", XMPP_NS_FAST);
    const struct mechanism *m = in->by_token ? s->token->mechanism : in->wish;
    struct fast_token *token;
    uint64_t expiry = 0;

    if (in->by_token && s->wanted->drops_token) {
        step_inline_drop_token(s);
        return 0;
    }
    if (!node || !m)
        return 0;
    token = env_zalloc(s->env, sizeof(*token));
    if (!token)
        return XMPP_EMEM;
    date_read(node_attr_named(node, STR("expiry")), &expiry);
    if (!fast_token_set(token, m, node_attr_named(node, STR("token")),
                        expiry)) {
        env_log(s->env, XMPP_LEVEL_WARN, "xmpp",
                "the server gave a token that cannot be used");
        env_free(s->env, token);
        return 0;
    }
    engine_forget_token(s);
    s->token = token;
    s->token_due = true;
    return 0;
}

/* ---- what came of it --------------------------------------------- */

/* Stream management inside of <bound/>. False if it was asked for and there is
 * no answer. */
static bool take_enabled(struct stream *s, xmpp_stanza_t *bound)
{
    xmpp_stanza_t *answer = step_inline_child(bound, "enabled", XMPP_NS_SM);

    if (!s->inlined.enable)
        return false;
    if (!answer)
        answer = step_inline_child(bound, "failed", XMPP_NS_SM);
    if (!answer)
        return false;
    step_sm_enabling(s);
    if (s->step != STEP_DOWN)
        step_sm_enabled(s, answer);
    return true;
}

/* A copy: the whole of <success/> may hold a token. */
static bool keep_bound(struct stream *s, xmpp_stanza_t *bound)
{
    s->agreed.bound = xmpp_stanza_copy(bound);
    s->agreed.bound_with = s->inlined.may_with;
    return s->agreed.bound != NULL;
}

/* Up at once, unless what follows may offer more. */
static void take_bound(struct stream *s, xmpp_stanza_t *bound, struct str id)
{
    if (!step_bind_is_ours(s, id, true))
        return;
    if (!step_bind_keep(s, id) || !keep_bound(s, bound)) {
        engine_fail(s, XMPP_EMEM, NULL);
        return;
    }
    s->bound = true;
    if (take_enabled(s, bound) || !s->sm || s->wanted->no_sm) {
        s->inlined.features_due = true;
        if (s->step != STEP_DOWN)
            engine_up(s);
    } else {
        engine_to(s, STEP_FEATURES);
    }
}

/* The server must not do what nobody asked for. */
static const char *unrequested(const struct inlined *in, bool resumed,
                               bool bound)
{
    if (resumed && !in->resume)
        return "it resumed a session that nobody asked for";
    if (bound && !in->bind)
        return "it bound a resource that nobody asked for";
    return resumed && bound ? "it resumed a session and bound a resource too"
                            : NULL;
}

/* Without an answer to it, a session is not resumed either. */
static void not_resumed(struct stream *s, xmpp_stanza_t *success)
{
    xmpp_stanza_t *failed = step_inline_child(success, "failed", XMPP_NS_SM);

    s->inlined.resume = false;
    step_sm_refused(s, failed ? failed : success);
}

void step_inline_receive(struct stream *s, xmpp_stanza_t *success,
                         struct str id)
{
    xmpp_stanza_t *resumed = step_inline_child(success, "resumed", XMPP_NS_SM);
    xmpp_stanza_t *bound = step_inline_child(success, "bound", XMPP_NS_BIND2);
    const char *wrong =
        unrequested(&s->inlined, resumed != NULL, bound != NULL);

    if (wrong) {
        engine_fail(s, XMPP_EPROTO, wrong);
        return;
    }
    s->step = STEP_BIND; /* where it fails from here on */
    s->agreed.paths &= ~(unsigned)(PATH_PIPELINE | PATH_TOKEN | PATH_UPGRADE |
                                   PATH_INLINE | PATH_BIND2);
    if (!step_bind_is_ours(s, id, false))
        return;
    if (resumed) {
        s->inlined.resume = false;
        s->inlined.features_due = true;
        step_sm_resumed(s, resumed);
        return;
    }
    if (s->inlined.resume)
        not_resumed(s, success);
    if (s->step == STEP_DOWN)
        return;
    if (bound)
        take_bound(s, bound, id);
    else
        engine_to(s, STEP_FEATURES);
}

void step_inline_features(struct stream *s, xmpp_stanza_t *features)
{
    s->sm_offered = node_child(features, NAME_NONE, NS_SM) != NULL;
    engine_to(s, STEP_ENABLE);
}

bool step_inline_is_late(struct stream *s, const xmpp_stanza_t *node)
{
    bool is_late =
        s->inlined.features_due && node_is(node, N_FEATURES, NS_STREAMS);

    if (is_late)
        s->inlined.features_due = false;
    return is_late;
}
