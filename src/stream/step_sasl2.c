/* step_sasl2.c - the login by SASL2 (XEP-0388), with all that is wanted besides
 * in the same element. */

#include <xmpp/ns.h>

#include "sasl/ht.h"
#include "sasl/refusal.h"
#include "stanza/build.h"
#include "stanza/conditions.h"
#include "stanza/find.h"
#include "stream/exchange.h"
#include "stream/step_inline.h"
#include "stream/step_pipeline.h"
#include "stream/step_upgrade.h"
#include "stream/steps.h"

static enum verdict send_authenticate(struct stream *s, struct str message,
                                      bool has_message)
{
    xmpp_stanza_t *node =
        xmpp_stanza_new_tag(env_ctx(s->env), "authenticate", XMPP_NS_SASL2);
    xmpp_stanza_t *initial = NULL;

    xmpp_stanza_set_attribute(node, "mechanism",
                              s->login->sasl->mechanism->name);
    if (has_message) {
        initial = xmpp_stanza_add_tag(node, "initial-response", NULL);
        exchange_put(s, initial, message, STR_NONE);
    }
    step_upgrade_put(s, node);
    step_inline_put(s, node);
    step_pipeline_put(s, node);
    return step_send_secret(s, node, initial);
}

static const struct profile profile = {NS_SASL2, send_authenticate};

/* ---- choosing ---------------------------------------------------- */

enum way { NO_WAY, THIS_WAY, OTHER_WAY /* that of RFC 6120 */ };

static bool is_better(const struct sasl_choice *a, const struct sasl_choice *b)
{
    if (a->mechanism->strength != b->mechanism->strength)
        return a->mechanism->strength > b->mechanism->strength;
    return a->binding > b->binding;
}

/* Is the older way the one to take? It is if it offers more: the server is
 * taken at its word. Where SASL2 is to be avoided, it is if it offers no less;
 * so an attacker gains nothing by silence. */
static bool is_otherwise(const struct stream *s, const struct sasl_choice *ours,
                         const struct sasl_choice *theirs)
{
    return s->wanted->avoid & PATH_SASL2 ? !is_better(ours, theirs)
                                         : is_better(theirs, ours);
}

static int compare(struct stream *s, xmpp_stanza_t *features,
                   struct sasl_choice *choice, enum way *ret)
{
    struct negotiation *n = s->login;
    struct sasl_offer other = {0};
    struct sasl_choice theirs;
    struct fault none = {0};
    int rc = exchange_read_offer(&other, s->env, NS_SASL, features);

    *ret = choice_make(&n->offer, &n->credentials, choice, &none) ? THIS_WAY
                                                                  : NO_WAY;
    none = (struct fault){0};
    if (choice_make(&other, &n->credentials, &theirs, &none) &&
        (*ret == NO_WAY || is_otherwise(s, choice, &theirs)))
        *ret = OTHER_WAY;
    offer_free(&other);
    return rc;
}

/* A remembered offer may be outdated, so only what does not reveal the secret
 * is sent by it. */
static bool may_be_pipelined(enum way way, const struct sasl_choice *choice)
{
    return way == THIS_WAY && !choice->mechanism->needs_tls;
}

/* STEP_DONE if it has to be done the other way: that is a later step. */
static enum verdict go_way(struct stream *s, enum way way,
                           const struct sasl_choice *choice)
{
    struct negotiation *n = s->login;
    struct sasl_choice none;

    if (way == OTHER_WAY ||
        (step_has(s, FACT_PIPELINED) && !may_be_pipelined(way, choice)))
        return STEP_DONE;
    if (way == THIS_WAY) {
        s->agreed.paths |= PATH_SASL2;
        return exchange_start(s, choice);
    }
    /* The same choice again, for the words of its failure. */
    return choice_make(&n->offer, &n->credentials, &none, s->fault) ? STEP_DONE
                                                                    : STEP_FAIL;
}

/* ---- by a token -------------------------------------------------- */

/* Ours to count and to replace. */
static bool copy_wanted_token(struct stream *s)
{
    if (!s->wanted->fast_token || s->token)
        return true;
    s->token = env_alloc(s->env, sizeof(*s->token));
    if (s->token)
        *s->token = *s->wanted->fast_token;
    return s->token != NULL;
}

/* A token is only avoided for a mechanism that reveals no more and is bound no
 * less: an attacker must not gain by silence. */
static bool is_no_worse(const struct sasl_choice *choice,
                        const struct fast_token *token)
{
    return !choice->mechanism->needs_tls && choice->binding >= token->binding;
}

/* A certificate needs no more round trips, and proves more. */
static bool may_use_token(const struct stream *s, enum way way,
                          const struct sasl_choice *choice)
{
    const struct mechanism *m = s->token ? s->token->mechanism : NULL;
    const struct credentials *credentials = &s->login->credentials;

    if (!m || !s->wanted->identity.agent_id ||
        !(s->login->inlined.fast & ht_bit(str_of(m->name))))
        return false;
    if (way == THIS_WAY && choice->mechanism->is_bound_by_tls &&
        !s->wanted->drops_token)
        return false;
    if (way == THIS_WAY && s->wanted->avoid & PATH_TOKEN &&
        is_no_worse(choice, s->token))
        return false;
    return ht_may(m, credentials) && m->is_possible(m, credentials);
}

static enum verdict start_by_token(struct stream *s)
{
    const struct sasl_choice choice = {.mechanism = s->token->mechanism,
                                       .binding = s->token->binding,
                                       .flag = 'n'};

    step_set(s, FACT_BY_TOKEN);
    s->agreed.paths |= PATH_SASL2 | PATH_TOKEN;
    return exchange_start(s, &choice);
}

/* The token is forgotten, unless the server only has a problem of its own. The
 * stream stands as if nothing had happened, so the password follows. PLAIN is
 * not barred, because a token may simply be old. */
static enum verdict token_refused(struct stream *s, struct str condition,
                                  struct str text)
{
    int code = refusal_of(condition)->code;
    struct sasl_choice choice;
    enum way way;

    step_clear(s, FACT_BY_TOKEN);
    s->agreed.paths &= ~(unsigned)PATH_TOKEN;
    if (code != XMPP_EAUTHTEMP)
        step_inline_drop_token(s);
    if (compare(s, s->login->features, &choice, &way))
        return step_fail(s, XMPP_EMEM, NULL);
    if (way != NO_WAY)
        return go_way(s, way, &choice);
    fault_set_peer(s->fault, XMPP_LAYER_SASL, code, condition, text);
    choice_report_offer(&s->login->offer, s->login->sasl->mechanism, s->fault);
    return STEP_FAIL;
}

/* ---- beginning --------------------------------------------------- */

static xmpp_stanza_t *list_of(xmpp_stanza_t *features)
{
    return step_child(features, "authentication", XMPP_NS_SASL2);
}

/* Only under TLS (XEP-0388 section 3), even where the older way would be
 * allowed without. */
static bool may_begin(struct stream *s, xmpp_stanza_t *features)
{
    return list_of(features) && s->agreed.secured &&
           s->wanted->options[XMPP_OPT_SASL2];
}

static enum verdict begin_by(struct stream *s, xmpp_stanza_t *features)
{
    struct negotiation *n = s->login;
    struct sasl_choice choice;
    enum way way = NO_WAY;

    n->profile = &profile;
    step_inline_read(s, list_of(features));
    step_upgrade_read(s, list_of(features));
    if (!copy_wanted_token(s) ||
        exchange_read_offer(&n->offer, s->env, NS_SASL2, features))
        return step_fail(s, XMPP_EMEM, NULL);
    exchange_set_credentials(s);
    if (compare(s, features, &choice, &way))
        return step_fail(s, XMPP_EMEM, NULL);
    return may_use_token(s, way, &choice) ? start_by_token(s)
                                          : go_way(s, way, &choice);
}

static bool sasl2_offered(struct stream *s)
{
    return step_has(s, FACT_PIPELINED) || (!step_has(s, FACT_AUTHENTICATED) &&
                                           may_begin(s, s->login->features));
}

/* After a pipelined login our first message is out already. These features
 * count from here on: for the list that SCRAM proves, and for another
 * mechanism. */
static enum verdict sasl2_begin(struct stream *s)
{
    struct negotiation *n = s->login;

    if (!step_has(s, FACT_PIPELINED))
        return begin_by(s, n->features);
    step_pipeline_compare(s);
    return exchange_read_offer(&n->offer, s->env, NS_SASL2, n->features)
               ? step_fail(s, XMPP_EMEM, NULL)
               : STEP_WAIT;
}

static enum verdict sasl2_pipeline(struct stream *s)
{
    int rc = step_pipeline_open(s);
    enum verdict verdict = STEP_DONE;

    if (rc == XMPP_EMEM)
        return step_fail(s, rc, NULL);
    if (rc == 0 && may_begin(s, s->login->pipelined))
        verdict = begin_by(s, s->login->pipelined);
    if (verdict == STEP_WAIT) {
        s->agreed.pipelined = true;
        s->agreed.paths |= PATH_PIPELINE;
    } else {
        step_pipeline_close(s);
    }
    return verdict;
}

/* ---- its end ----------------------------------------------------- */

static enum verdict sasl2_success(struct stream *s, xmpp_stanza_t *node)
{
    return exchange_success(s,
                            step_child(node, "additional-data", XMPP_NS_SASL2));
}

/* The server's proof comes first: nothing else in <success/> is believed
 * before. Then the account has to be named (XEP-0388 section 2.6.1). */
static enum verdict sasl2_succeed(struct stream *s, xmpp_stanza_t *node)
{
    xmpp_stanza_t *id =
        step_child(node, "authorization-identifier", XMPP_NS_SASL2);
    enum verdict verdict = sasl2_success(s, node);

    if (verdict != STEP_DONE)
        return verdict;
    if (step_inline_token(s, node))
        return step_fail(s, XMPP_EMEM, NULL);
    negotiation_forget(s->env, s->login);
    return id ? step_inline_receive(s, node, node_text(id))
              : step_fail(s, XMPP_EPROTO,
                          "the server's <success/> does not name the account");
}

/* The proof is verified first, as in a success: nobody else may ask for more.
 * The login is complete only after the tasks (XEP-0388 section 2.6.3). */
static enum verdict sasl2_continue(struct stream *s, xmpp_stanza_t *node)
{
    enum verdict verdict = sasl2_success(s, node);

    if (verdict != STEP_DONE)
        return verdict;
    step_clear(s, FACT_AUTHENTICATED);
    return step_upgrade_begin(s, node);
}

/* The same again, without what it was refused for. */
static enum verdict begin_again(struct stream *s)
{
    struct sasl_choice choice = s->login->sasl->choice;

    return exchange_start(s, &choice);
}

/* By the features that came, which differ from the remembered ones. */
static enum verdict begin_anew(struct stream *s)
{
    return may_begin(s, s->login->features) ? begin_by(s, s->login->features)
                                            : STEP_DONE;
}

static enum verdict sasl2_refuse(struct stream *s, xmpp_stanza_t *node)
{
    xmpp_stanza_t *words = step_child(node, "text", XMPP_NS_SASL2);
    struct str condition, text;
    bool is_mismatch;

    condition_read(node, NS_SASL, &condition, &text);
    if (words)
        text = node_text(words);
    is_mismatch = step_pipeline_mismatched(s, node, condition);
    /* Nothing that was requested with it was done (XEP-0388 section 2.6.2). */
    step_clear(s, FACT_ASKED_RESUME | FACT_MAY_MISMATCH);
    if (is_mismatch)
        return begin_anew(s);
    if (step_has(s, FACT_BY_TOKEN))
        return token_refused(s, condition, text);
    if (step_upgrade_failed(s))
        return begin_again(s);
    return exchange_refused(s, condition, text);
}

static enum verdict sasl2_receive(struct stream *s, xmpp_stanza_t *node)
{
    bool is_our_turn = step_has(s, FACT_PASSWORD_DUE | FACT_TURN_DUE);

    if (node_is(node, N_FAILURE, NS_SASL2))
        return sasl2_refuse(s, node);
    step_clear(s, FACT_MAY_MISMATCH); /* the offer was good enough */
    if (is_our_turn || !node_is(node, NAME_NONE, NS_SASL2))
        return step_unexpected(s, node);
    if (node->name == N_CHALLENGE)
        return exchange_challenge(s, node);
    if (node->name == N_SUCCESS)
        return sasl2_succeed(s, node);
    if (str_is(node_name(node), "continue"))
        return sasl2_continue(s, node);
    if (str_is(node_name(node), "task-data"))
        return step_upgrade_receive(s, node);
    return step_unexpected(s, node);
}

static enum verdict sasl2_wake(struct stream *s)
{
    return s->login->tasks.now ? step_upgrade_go_on(s) : exchange_wake(s);
}

const struct step step_sasl2 = {
    .name = "sasl2",
    .layer = XMPP_LAYER_SASL,
    .patience = XMPP_OPT_STEP_TIMEOUT,
    .when = "during the login (SASL2)",
    .missing = "the server did not answer the login (SASL2)",
    .offered = sasl2_offered,
    .begin = sasl2_begin,
    .receive = sasl2_receive,
    .wake = sasl2_wake,
    .pipeline = sasl2_pipeline,
};
