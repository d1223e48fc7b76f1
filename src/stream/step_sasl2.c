/* step_sasl2.c - SASL as XEP-0388 has it. */

#include "stream/step_sasl2.h"

#include <xmpp/ns.h>

#include "sasl/ht.h"
#include "sasl/refusal.h"
#include "stanza/build.h"
#include "stanza/conditions.h"
#include "stanza/find.h"
#include "stream/step_sasl.h"
#include "stream/step_pipeline.h"
#include "stream/step_inline.h"
#include "stream/step_upgrade.h"

static void send_first(struct stream *s, struct str message, bool has_message)
{
    xmpp_stanza_t *node =
        xmpp_stanza_new_tag(env_ctx(s->env), "authenticate", XMPP_NS_SASL2);
    xmpp_stanza_t *initial = NULL;

    xmpp_stanza_set_attribute(node, "mechanism", s->sasl->mechanism->name);
    if (has_message) {
        initial = xmpp_stanza_add_tag(node, "initial-response", NULL);
        step_sasl_put(s, initial, message, STR_NONE);
    }
    step_upgrade_put(s, node);
    step_inline_put(s, node);
    step_pipeline_put(s, node);
    step_sasl_send(s, node, initial);
}

static const struct profile profile = {STEP_SASL2, NS_SASL2, send_first};

/* ---- choosing ---------------------------------------------------- */

enum way { NO_WAY, THIS_WAY, OTHER_WAY /* that of RFC 6120 */ };

static bool is_better(const struct sasl_choice *a, const struct sasl_choice *b)
{
    if (a->mechanism->strength != b->mechanism->strength)
        return a->mechanism->strength > b->mechanism->strength;
    return a->binding > b->binding;
}

/* What lies in the choice is no less by the older way: then that is taken where
 * this one is to be avoided. A server that offers more by it is taken by its
 * word in any case. */
static bool is_otherwise(const struct stream *s, const struct sasl_choice *ours,
                         const struct sasl_choice *theirs)
{
    return s->wanted->avoid & PATH_SASL2 ? !is_better(ours, theirs)
                                         : is_better(theirs, ours);
}

static int compare(struct stream *s, xmpp_stanza_t *features,
                   struct sasl_choice *choice, enum way *ret)
{
    struct sasl_offer other = {0};
    struct sasl_choice theirs;
    struct fault none = {0};
    int rc = step_sasl_offer(&other, s->env, NS_SASL, features);

    *ret = choice_make(&s->offer, &s->credentials, choice, &none) ? THIS_WAY
                                                                  : NO_WAY;
    none = (struct fault){0};
    if (choice_make(&other, &s->credentials, &theirs, &none) &&
        (*ret == NO_WAY || is_otherwise(s, choice, &theirs)))
        *ret = OTHER_WAY;
    offer_free(&other);
    return rc;
}

/* A remembered offer is good for what reveals nothing, should it be another one
 * by now. */
static bool may_be_pipelined(enum way way, const struct sasl_choice *choice)
{
    return way == THIS_WAY && !choice->mechanism->needs_tls;
}

/* False if it has to be done the other way. */
static bool begin_otherwise(struct stream *s, enum way way,
                            const struct sasl_choice *choice)
{
    struct sasl_choice none;

    if (way == OTHER_WAY ||
        (s->pipeline.is_open && !may_be_pipelined(way, choice)))
        return false;
    if (way == THIS_WAY) {
        s->agreed.paths |= PATH_SASL2;
        step_sasl_start(s, choice);
    } else if (!choice_make(&s->offer, &s->credentials, &none, s->fault))
        engine_give_up(s);
    return true;
}

/* ---- by a token -------------------------------------------------- */

/* Ours to count and to replace. */
static bool take_token_along(struct stream *s)
{
    if (!s->wanted->fast_token || s->token)
        return true;
    s->token = env_alloc(s->env, sizeof(*s->token));
    if (s->token)
        *s->token = *s->wanted->fast_token;
    return s->token != NULL;
}

/* What else there is has to reveal no more, and to be bound no less. */
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

    if (!m || !s->wanted->identity.agent_id ||
        !(s->inlined.fast & ht_bit(str_of(m->name))))
        return false;
    if (way == THIS_WAY && choice->mechanism->is_bound_by_tls &&
        !s->wanted->drops_token)
        return false;
    if (way == THIS_WAY && s->wanted->avoid & PATH_TOKEN &&
        is_no_worse(choice, s->token))
        return false;
    return ht_may(m, &s->credentials) && m->is_possible(m, &s->credentials);
}

static void begin_by_token(struct stream *s, xmpp_stanza_t *features)
{
    const struct sasl_choice choice = {.mechanism = s->token->mechanism,
                                       .binding = s->token->binding,
                                       .flag = 'n'};

    s->features = xmpp_stanza_clone(features); /* for another way */
    s->inlined.by_token = true;
    s->agreed.paths |= PATH_SASL2 | PATH_TOKEN;
    step_sasl_start(s, &choice);
}

/* Forgotten, unless the server has a trouble of its own. The stream stands as
 * if nothing had happened, so another way may be tried. */
static void token_refused(struct stream *s, struct str condition,
                          struct str text)
{
    xmpp_stanza_t *features = s->features;
    int code = refusal_of(condition)->code;
    struct sasl_choice choice;
    enum way way;

    s->features = NULL;
    s->inlined.by_token = false;
    s->agreed.paths &= ~(unsigned)PATH_TOKEN;
    if (code != XMPP_EAUTHTEMP)
        step_inline_drop_token(s);
    if (compare(s, features, &choice, &way)) {
        engine_fail(s, XMPP_EMEM, NULL);
    } else if (way == NO_WAY) {
        fault_set_peer(s->fault, XMPP_LAYER_SASL, code, condition, text);
        choice_report_offer(&s->offer, s->sasl->mechanism, s->fault);
        engine_give_up(s);
    } else if (!begin_otherwise(s, way, &choice)) {
        step_sasl_begin(s, features);
    }
    xmpp_stanza_release(features);
}

/* ---- beginning --------------------------------------------------- */

bool step_sasl2_begin(struct stream *s, xmpp_stanza_t *features)
{
    xmpp_stanza_t *list =
        step_inline_child(features, "authentication", XMPP_NS_SASL2);
    struct sasl_choice choice;
    enum way way = NO_WAY;

    if (!list || !s->agreed.secured || !s->wanted->options[XMPP_OPT_SASL2])
        return false;
    s->profile = &profile;
    s->step = STEP_SASL2;
    step_inline_read(s, list);
    step_upgrade_read(s, list);
    if (!take_token_along(s) ||
        step_sasl_offer(&s->offer, s->env, NS_SASL2, features)) {
        engine_fail(s, XMPP_EMEM, NULL);
        return true;
    }
    step_sasl_credentials(s);
    s->credentials.may_pause = true;
    if (compare(s, features, &choice, &way))
        engine_fail(s, XMPP_EMEM, NULL);
    else if (may_use_token(s, way, &choice))
        begin_by_token(s, features);
    else
        return begin_otherwise(s, way, &choice);
    return true;
}

/* ---- its end ----------------------------------------------------- */

/* What the mechanism has to say with the end, and whether it is true. */
static bool believe(struct stream *s, xmpp_stanza_t *node)
{
    xmpp_stanza_t *data =
        step_inline_child(node, "additional-data", XMPP_NS_SASL2);
    char *message = NULL;
    struct str bytes = STR_NONE;
    int rc = data ? step_sasl_read(s, data, &message, &bytes) : 0;
    bool good = false;

    if (rc)
        engine_fail(s, rc,
                    rc == XMPP_EMEM ? NULL : "what it says is not base64");
    else
        good = step_sasl_believe(s, bytes);
    env_free(s->env, message);
    return good;
}

static void succeed(struct stream *s, xmpp_stanza_t *node)
{
    xmpp_stanza_t *id =
        step_inline_child(node, "authorization-identifier", XMPP_NS_SASL2);

    if (!believe(s, node))
        return;
    if (step_inline_token(s, node)) {
        engine_fail(s, XMPP_EMEM, NULL);
        return;
    }
    engine_forget(s);
    if (id)
        step_inline_receive(s, node, node_text(id));
    else
        engine_fail(s, XMPP_EPROTO, "its success does not name the account");
}

/* Whether it is the server that wants more is seen first. */
static void go_on(struct stream *s, xmpp_stanza_t *node)
{
    if (!believe(s, node))
        return;
    s->authenticated = false;
    step_upgrade_begin(s, node);
}

/* The same again, without what it was refused for. */
static void begin_again(struct stream *s)
{
    struct sasl_choice choice = s->sasl->choice;

    step_sasl_start(s, &choice);
}

static void refuse(struct stream *s, xmpp_stanza_t *node)
{
    xmpp_stanza_t *words = step_inline_child(node, "text", XMPP_NS_SASL2);
    struct str condition, text;

    condition_read(node, NS_SASL, &condition, &text);
    if (words)
        text = node_text(words);
    s->inlined.resume = false; /* nothing of it was done */
    if (step_pipeline_failed(s, node, condition))
        return;
    s->pipeline.is_due = false;
    if (s->inlined.by_token)
        token_refused(s, condition, text);
    else if (step_upgrade_failed(s))
        begin_again(s);
    else
        step_sasl_refused(s, condition, text);
}

static void answer(struct stream *s, xmpp_stanza_t *node)
{
    char *message;
    struct str bytes;
    int rc = step_sasl_read(s, node, &message, &bytes);

    if (rc)
        engine_fail(s, rc,
                    rc == XMPP_EMEM ? NULL : "what it says is not base64");
    else
        step_sasl_answer(s, bytes.s ? bytes : STR(""));
    env_free(s->env, message);
}

void step_sasl2_receive(struct stream *s, xmpp_stanza_t *node)
{
    bool is_answer = !s->asking.is_open && !s->asking.is_busy &&
                     node_is(node, NAME_NONE, NS_SASL2);

    if (node_is(node, N_FAILURE, NS_SASL2)) {
        refuse(s, node);
        return;
    }
    s->pipeline.is_due = false; /* the offer was good enough */
    if (is_answer && node->name == N_CHALLENGE)
        answer(s, node);
    else if (is_answer && node->name == N_SUCCESS)
        succeed(s, node);
    else if (is_answer && str_is(node_name(node), "continue"))
        go_on(s, node);
    else if (is_answer && str_is(node_name(node), "task-data"))
        step_upgrade_receive(s, node);
    else
        engine_fail_unexpected(s, node);
}
