/* step_inline.c - what is asked for together with a SASL2 login, and what comes
 * of it (XEP-0198 section 9, XEP-0386, XEP-0484). */

#include "stream/step_inline.h"

#include <limits.h>
#include <stdio.h>

#include <xmpp/ns.h>

#include "base/date.h"
#include "sasl/ht.h"
#include "stanza/build.h"
#include "stanza/find.h"
#include "stream/ack.h"
#include "stream/engine.h"
#include "stream/steps.h"
#include "stream/step_bind.h"
#include "stream/step_sm.h"

/* What may be asked for together with the login. */
#define ASKED (FACT_ASKED_RESUME | FACT_ASKED_BIND | FACT_ASKED_ENABLE)

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

/* What the application wants of that. Bind 2 names an extension by its
 * namespace (XEP-0386 section 3.1), so we need not know the extension. */
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
    xmpp_stanza_t *list = step_child(authentication, "inline", XMPP_NS_SASL2);
    xmpp_stanza_t *bind = step_child(list, "bind", XMPP_NS_BIND2);
    xmpp_stanza_t *fast = step_child(list, "fast", XMPP_NS_FAST);
    xmpp_stanza_t *with = step_child(bind, "inline", XMPP_NS_BIND2);
    struct inlined *in = &s->login->inlined;

    step_clear(s, FACT_BY_TOKEN);
    *in = (struct inlined){
        .may_resume = node_child(list, NAME_NONE, NS_SM) != NULL,
        .may_bind = bind != NULL,
        .may_enable = has_feature(with, STR(XMPP_NS_SM)),
        .may_with = offered_with(s, with),
    };
    for (xmpp_stanza_t *m = node_first_element(fast); m;
         m = node_next_element(m))
        if (m->name == N_MECHANISM && node_is_own(m))
            in->fast |= ht_bit(node_text(m));
}

/* ---- what is asked for ------------------------------------------------ */

static void put_child_text(xmpp_stanza_t *parent, const char *name,
                           struct str text)
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
    put_child_text(node, "software", str_of(who->software));
    put_child_text(node, "device", str_of(who->device));
}

/* They are sent as they are: a later extension needs no release of ours. */
static void put_with(struct stream *s, xmpp_stanza_t *parent)
{
    xmpp_stanza_t *child = node_first_element(s->wanted->bind_with);

    for (uint32_t bit = 1; child; bit <<= 1, child = node_next_element(child))
        if (s->login->inlined.may_with & bit)
            build_copy(parent, child);
}

static void put_bind(struct stream *s, xmpp_stanza_t *parent)
{
    xmpp_stanza_t *node = xmpp_stanza_add_tag(parent, "bind", XMPP_NS_BIND2);

    step_set(s, FACT_ASKED_BIND);
    s->agreed.paths |= PATH_BIND2;
    put_child_text(node, "tag", str_of(s->wanted->identity.tag));
    if (s->login->inlined.may_enable && step_sm_is_wanted(s)) {
        step_set(s, FACT_ASKED_ENABLE);
        if (node)
            step_sm_put_enable(s, node);
    }
    put_with(s, node);
}

/* Each use has its own number, so that the server can tell a replay (XEP-0484
 * section 3.4). It is an int by the schema. The application gets the new count
 * (`token_due`) before the bytes leave. */
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

/* The server ties a token to the installation, which agent_id names (XEP-0484
 * section 4.1). */
static void request_token(struct stream *s, xmpp_stanza_t *parent)
{
    const struct wanted *w = s->wanted;
    const struct mechanism *m =
        ht_best(s->login->inlined.fast, &s->login->credentials);
    xmpp_stanza_t *node;

    if (!m || !w->keeps_tokens || w->drops_token || !w->identity.agent_id ||
        w->avoid & PATH_TOKEN)
        return;
    s->agreed.paths |= PATH_TOKEN;
    node = xmpp_stanza_add_tag(parent, "request-token", XMPP_NS_FAST);
    xmpp_stanza_set_attribute(node, "mechanism", m->name);
    s->login->inlined.wanted = m;
}

static void put_resume(struct stream *s, xmpp_stanza_t *parent)
{
    step_set(s, FACT_ASKED_RESUME);
    s->agreed.paths |= PATH_INLINE;
    step_sm_put_resume(s, parent);
}

/* If a session could only be resumed by the older way, Bind 2 is not used: its
 * new resource would leave that session behind. Compression has to begin before
 * both (XEP-0170), so where it is wanted, both are left to the older way. */
void step_inline_put(struct stream *s, xmpp_stanza_t *node)
{
    struct inlined *in = &s->login->inlined;
    const struct wanted *w = s->wanted;
    bool has_session = step_sm_has_session(s);

    if (!node)
        return;
    step_clear(s, ASKED);
    put_agent(s, node);
    if (has_session && in->may_resume && !w->zlib && !(w->avoid & PATH_INLINE))
        put_resume(s, node);
    if (in->may_bind && w->identity.tag && !w->zlib &&
        !(w->avoid & PATH_BIND2) &&
        (step_has(s, FACT_ASKED_RESUME) || !has_session))
        put_bind(s, node);
    if (step_has(s, FACT_BY_TOKEN))
        put_token(s, node);
    else
        request_token(s, node);
}

/* ---- tokens ------------------------------------------------------ */

void step_inline_drop_token(struct stream *s)
{
    engine_forget_token(s);
    s->login->credentials.fast_token = NULL;
    s->token_due = true;
}

/* In seconds since 1970; 0 if there is none. */
static uint64_t expiry_of(xmpp_stanza_t *token)
{
    int64_t at;

    if (!date_read(node_attr_named(token, STR("expiry")), &at) || at < 0)
        return 0;
    return (uint64_t)(at / DATE_SECOND);
}

/* After a login by token the server may replace it unasked (XEP-0484 section
 * 3.5). Otherwise only a token that we requested is taken. If we asked for the
 * end of the token, it is forgotten (section 3.6). */
int step_inline_token(struct stream *s, xmpp_stanza_t *success)
{
    bool by_token = step_has(s, FACT_BY_TOKEN);
    xmpp_stanza_t *node = step_child(success, "token", XMPP_NS_FAST);
    const struct mechanism *m =
        by_token ? s->token->mechanism : s->login->inlined.wanted;
    struct fast_token *token;

    if (by_token && s->wanted->drops_token) {
        step_inline_drop_token(s);
        return 0;
    }
    if (!node || !m)
        return 0;
    token = env_zalloc(s->env, sizeof(*token));
    if (!token)
        return XMPP_EMEM;
    if (!fast_token_set(token, m, node_attr_named(node, STR("token")),
                        expiry_of(node))) {
        env_log(s->env, XMPP_LEVEL_WARN, "xmpp",
                "ignored: the server sent a login token that is not valid");
        env_free(s->env, token);
        return 0;
    }
    engine_forget_token(s);
    s->token = token;
    s->token_due = true;
    return 0;
}

/* ---- what came of it --------------------------------------------- */

/* Stream management inside of <bound/>. NULL if it was not asked for, or there
 * is no answer. */
static xmpp_stanza_t *answer_to_enable(struct stream *s, xmpp_stanza_t *bound)
{
    xmpp_stanza_t *answer = step_child(bound, "enabled", XMPP_NS_SM);

    if (!step_has(s, FACT_ASKED_ENABLE))
        return NULL;
    return answer ? answer : step_child(bound, "failed", XMPP_NS_SM);
}

/* A copy, because the tree of <success/> may hold a token. */
static bool keep_bound(struct stream *s, xmpp_stanza_t *bound)
{
    s->agreed.bound = xmpp_stanza_copy(bound);
    s->agreed.bound_with = s->login->inlined.may_with;
    return s->agreed.bound != NULL;
}

static enum verdict take_inline_enabled(struct stream *s, xmpp_stanza_t *answer)
{
    return step_sm_enabling(s) || ack_enabled(s, answer)
               ? step_fail(s, XMPP_EMEM, NULL)
               : STEP_SKIP_REST;
}

/* The session is up at once, unless the features that follow may still offer
 * stream management. */
static enum verdict take_bound(struct stream *s, xmpp_stanza_t *bound,
                               struct str id)
{
    xmpp_stanza_t *answer = answer_to_enable(s, bound);

    if (!step_bind_is_ours(s, id, true))
        return STEP_FAIL;
    if (!step_keep_jid(s, id) || !keep_bound(s, bound))
        return step_fail(s, XMPP_EMEM, NULL);
    step_set(s, FACT_BOUND);
    if (!answer && step_sm_is_wanted(s))
        return STEP_FEATURES;
    s->features_due = true;
    return answer ? take_inline_enabled(s, answer) : STEP_SKIP_REST;
}

/* The server must not do what was not requested, and a resumed session has its
 * resource already (XEP-0198 section 9.2). */
static const char *judge_success(const struct stream *s, bool resumed,
                                 bool bound)
{
    if (resumed && !step_has(s, FACT_ASKED_RESUME))
        return "the server resumed a session, which was not requested";
    if (bound && !step_has(s, FACT_ASKED_BIND))
        return "the server bound a resource, which was not requested";
    return resumed && bound
               ? "the server both resumed a session and bound a resource"
               : NULL;
}

static enum verdict take_resumed(struct stream *s, xmpp_stanza_t *resumed)
{
    step_clear(s, FACT_ASKED_RESUME);
    s->features_due = true;
    return step_sm_resumed(s, resumed);
}

/* A <success/> that does not mention the session has not resumed it. */
static enum verdict not_resumed(struct stream *s, xmpp_stanza_t *success)
{
    xmpp_stanza_t *failed = step_child(success, "failed", XMPP_NS_SM);

    if (!step_has(s, FACT_ASKED_RESUME))
        return STEP_DONE;
    step_clear(s, FACT_ASKED_RESUME);
    return step_sm_refused(s, failed ? failed : success);
}

enum verdict step_inline_receive(struct stream *s, xmpp_stanza_t *success,
                                 struct str id)
{
    xmpp_stanza_t *resumed = step_child(success, "resumed", XMPP_NS_SM);
    xmpp_stanza_t *bound = step_child(success, "bound", XMPP_NS_BIND2);
    const char *wrong = judge_success(s, resumed != NULL, bound != NULL);

    if (wrong)
        return step_fail(s, XMPP_EPROTO, wrong);
    /* The server answered on these ways, so the next login need not avoid them.
     */
    s->agreed.paths &= ~(unsigned)(PATH_PIPELINE | PATH_TOKEN | PATH_UPGRADE |
                                   PATH_INLINE | PATH_BIND2);
    /* The account that the server names has to be ours, before anything is done
     * in its name. */
    if (!step_bind_is_ours(s, id, false))
        return STEP_FAIL;
    if (resumed)
        return take_resumed(s, resumed);
    if (not_resumed(s, success) == STEP_FAIL)
        return STEP_FAIL;
    return bound ? take_bound(s, bound, id) : STEP_FEATURES;
}
