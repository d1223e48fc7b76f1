/* exchange.c - a SASL exchange, however it is wrapped. */

#include "stream/exchange.h"

#include <xmpp/ns.h>

#include "base/code.h"
#include "sasl/refusal.h"
#include "stanza/build.h"
#include "stanza/find.h"
#include "stream/engine.h"
#include "stream/steps.h"

/* Only we write these messages; they stay far below this. */
#define MESSAGE_MOST 1048576

/* A mechanism failed, and usually set the fault. */
static enum verdict fail_mechanism(struct stream *s, int code)
{
    if (!fault_is_set(s->fault))
        fault_set(s->fault, XMPP_LAYER_SASL, code, NULL);
    return STEP_FAIL;
}

/* ---- messages ---------------------------------------------------- */

/* The text may be a password (PLAIN), so it is freed as a secret. */
void exchange_put(struct stream *s, xmpp_stanza_t *node, struct str bytes,
                  struct str empty)
{
    char *text = env_alloc(s->env, BASE64_SIZE(bytes.n));

    if (text)
        base64_encode(text, bytes.s, bytes.n);
    if (node && (!text || build_text(node, bytes.n ? str_of(text) : empty)))
        node_fail(node, XMPP_EMEM);
    env_free_secret(s->env, text);
}

/* XEP-0388 has white space around the base64 in its examples. */
struct str exchange_trim(struct str text)
{
    while (text.n && strchr(" \t\r\n", text.s[0]))
        text = str_n(text.s + 1, text.n - 1);
    while (text.n && strchr(" \t\r\n", text.s[text.n - 1]))
        text.n--;
    return text;
}

/* What the peer's element carries. "=" is an empty message (RFC 6120 section
 * 6.4.2); for an element without text there is no message at all, and *ret is
 * NULL. *ret is owned. 0, XMPP_EMEM or XMPP_ECHALLENGE. */
static int decode_message(struct stream *s, struct str text, char **ret,
                          struct str *ret_view)
{
    size_t n = 0;

    *ret = NULL;
    *ret_view = STR_NONE;
    if (s->login->profile->ns == NS_SASL2)
        text = exchange_trim(text);
    if (!text.n)
        return 0;
    *ret = env_alloc(s->env, BASE64_MOST(text.n) + 1);
    if (!*ret)
        return XMPP_EMEM;
    if (!str_is(text, "=") && !base64_decode(*ret, &n, text)) {
        env_free(s->env, *ret);
        *ret = NULL;
        return XMPP_ECHALLENGE;
    }
    *ret_view = str_n(*ret, n);
    return 0;
}

/* Read the message of `node` (NULL: there is none) and do something with it. */
static enum verdict with_message(struct stream *s, xmpp_stanza_t *node,
                                 enum verdict (*use)(struct stream *s,
                                                     struct str message))
{
    struct str message = STR_NONE;
    enum verdict verdict;
    char *text = NULL;
    int rc = node ? decode_message(s, node_text(node), &text, &message) : 0;

    if (rc == XMPP_EMEM)
        verdict = step_fail(s, rc, NULL);
    else if (rc)
        verdict =
            step_fail(s, rc, "the server sent a message that is not base64");
    else
        verdict = use(s, message);
    env_free(s->env, text);
    return verdict;
}

/* ---- before ------------------------------------------------------ */

/* A password that was set is never asked for. TLS counts as encryption only if
 * it is verified or if the application renounced that by name: a stranger may
 * be at the other end otherwise. */
void exchange_set_credentials(struct stream *s)
{
    const struct wanted *w = s->wanted;

    s->login->credentials = (struct credentials){
        .authcid = w->local,
        .domain = w->domain,
        .password = str_of(w->secrets.pass),
        .oauth_token = str_of(w->secrets.oauth_token),
        .allowed = str_of(w->identity.mechanisms),
        .keys = w->keys,
        .fast_token = s->token,
        .channel = s->agreed.secured ? s->channel : NULL,
        .min_strength = w->min_strength,
        .port = w->port,
        .can_get_password = w->can_get_password && !w->secrets.pass,
        .may_pause = true,
        .external = w->external,
        .anonymous = !w->local.s,
        .encrypted = s->agreed.secured && w->tls_verified,
        .allow_legacy = w->legacy,
        .needs_channel_binding =
            w->options[XMPP_OPT_REQUIRE_CHANNEL_BINDING] != 0,
        .min_iterations = (unsigned long)w->options[XMPP_OPT_MIN_ITERATIONS],
        .max_iterations = (unsigned long)w->options[XMPP_OPT_MAX_ITERATIONS],
    };
}

/* Where names stand in the features. A server may send a list in several
 * pieces, so the items of all lists of that name count. */
struct place {
    const char *list, *ns, *item;
    bool is_type; /* an attribute, not the text */
};

static void feed_offer(struct sasl_offer *offer, xmpp_stanza_t *features,
                       const struct place *from,
                       void (*take)(struct sasl_offer *offer, struct str name))
{
    for (xmpp_stanza_t *l = node_first_element(features); l;
         l = node_next_element(l)) {
        if (!str_is(node_name(l), from->list) || !str_is(node_ns(l), from->ns))
            continue;
        for (xmpp_stanza_t *i = node_first_element(l); i;
             i = node_next_element(i))
            if (str_is(node_name(i), from->item) &&
                str_is(node_ns(i), from->ns))
                take(offer,
                     from->is_type ? node_attr(i, N_TYPE) : node_text(i));
    }
}

int exchange_read_offer(struct sasl_offer *offer, struct env *env,
                        enum name_id ns, xmpp_stanza_t *features)
{
    static const struct place sasl = {"mechanisms", XMPP_NS_SASL, "mechanism",
                                      false},
                              sasl2 = {"authentication", XMPP_NS_SASL2,
                                       "mechanism", false},
                              types = {"sasl-channel-binding",
                                       XMPP_NS_CHANNEL_BINDING,
                                       "channel-binding", true};

    offer_free(offer);
    offer_init(offer, env);
    feed_offer(offer, features, ns == NS_SASL2 ? &sasl2 : &sasl,
               offer_mechanism);
    if (ns == NS_SASL2)
        /* XEP-0474 hashes each list by itself; the older one only counts for
         * the flag of SCRAM. */
        feed_offer(offer, features, &sasl, offer_elsewhere);
    feed_offer(offer, features, &types, offer_binding);
    return offer_seal(offer);
}

/* ---- the exchange ------------------------------------------------ */

static enum verdict send_first(struct stream *s)
{
    struct negotiation *n = s->login;
    bool has_initial = false;
    enum verdict verdict;
    struct buf raw;
    int rc;

    buf_init(&raw, s->env, MESSAGE_MOST);
    raw.is_secret = true;
    rc = n->sasl->mechanism->start(n->sasl, &raw, &has_initial);
    if (rc == 0 && raw.failed)
        rc = XMPP_EMEM;
    if (rc == SASL_NEEDS_PASSWORD)
        verdict = step_request_password(s, STR_NONE);
    else if (rc)
        verdict = fail_mechanism(s, rc);
    else
        verdict = n->profile->first(s, buf_view(&raw), has_initial);
    buf_wipe(&raw);
    return verdict;
}

/* Nothing of an earlier exchange is kept: nonces and proofs serve once. */
enum verdict exchange_start(struct stream *s, const struct sasl_choice *choice)
{
    struct negotiation *n = s->login;

    sasl_free(n->sasl);
    n->sasl = sasl_new(s->env, choice, &n->credentials, &n->offer, s->fault);
    if (!n->sasl)
        return step_fail(s, XMPP_EMEM, NULL);
    s->agreed.mechanism = choice->mechanism->name;
    s->agreed.login_begun = true;
    return send_first(s);
}

static enum verdict send_response(struct stream *s, struct str bytes)
{
    xmpp_stanza_t *node = build_root(s->env, N_RESPONSE, s->login->profile->ns);

    exchange_put(s, node, bytes, STR_NONE);
    return step_send_secret(s, node, node);
}

/* A proof that takes long is made in portions; the challenge is kept. */
static enum verdict pause(struct stream *s, struct str challenge)
{
    return negotiation_keep_challenge(s->env, s->login, challenge)
               ? STEP_WANT_TURN
               : step_fail(s, XMPP_EMEM, NULL);
}

/* The server learns that we do not go on (RFC 6120 section 6.4.4); what was
 * wrong with it is only in our fault. */
static enum verdict abort_exchange(struct stream *s, int code)
{
    step_send(s, build_root(s->env, N_ABORT, s->login->profile->ns));
    return fail_mechanism(s, code);
}

/* A password is requested as late as possible: when the challenge shows that no
 * stored keys fit. */
static enum verdict answer_challenge(struct stream *s, struct str challenge)
{
    struct sasl *sasl = s->login->sasl;
    enum verdict verdict;
    struct buf raw;
    int rc;

    if (!challenge.s)
        challenge = STR("");
    buf_init(&raw, s->env, MESSAGE_MOST);
    raw.is_secret = true;
    rc = sasl->mechanism->step(sasl, challenge, &raw);
    if (rc == 0 && raw.failed)
        rc = XMPP_EMEM;
    if (rc == SASL_NEEDS_PASSWORD)
        verdict = step_request_password(s, challenge);
    else if (rc == SASL_BUSY)
        verdict = pause(s, challenge);
    else if (rc)
        verdict = abort_exchange(s, rc);
    else
        verdict = send_response(s, buf_view(&raw));
    buf_wipe(&raw);
    return verdict;
}

enum verdict exchange_challenge(struct stream *s, xmpp_stanza_t *node)
{
    return with_message(s, node, answer_challenge);
}

enum verdict exchange_wake(struct stream *s)
{
    struct password_request *request = &s->login->request;
    char *challenge = request->challenge;
    enum verdict verdict;

    /* A further request for a password would free it while it is being read. */
    request->challenge = NULL;
    verdict = request->has_challenge
                  ? answer_challenge(s, str_n(challenge, request->challenge_n))
                  : send_first(s);
    env_free(s->env, challenge);
    return verdict;
}

/* What another login may have to know: how this one was done, and its keys.
 * Without memory for keys that only save time this login is a good one. */
static bool keep_facts(struct stream *s)
{
    const struct sasl *sasl = s->login->sasl;
    const int32_t *options = s->wanted->options;

    /* A token has no place among the mechanisms that a strength may name. */
    s->agreed.strength =
        (struct strength){mechanism_find(str_of(sasl->mechanism->name)),
                          sasl->choice.binding, false};
    if (!sasl->keys.is_set ||
        !(options[XMPP_OPT_KEEP_SCRAM_KEYS] || options[XMPP_OPT_RECONNECT]))
        return true;
    engine_forget_keys(s);
    s->keys = env_alloc(s->env, sizeof(*s->keys));
    if (s->keys)
        *s->keys = sasl->keys;
    return s->keys || !options[XMPP_OPT_KEEP_SCRAM_KEYS];
}

/* Where the mechanism is mutual, the server has to prove that it knows the
 * password, too. A success without the proof is not believed. */
static enum verdict believe(struct stream *s, struct str data)
{
    struct sasl *sasl = s->login->sasl;
    int rc = sasl->mechanism->success(sasl, data);

    if (rc)
        return fail_mechanism(s, rc);
    if (!keep_facts(s))
        return step_fail(s, XMPP_EMEM, NULL);
    step_set(s, FACT_AUTHENTICATED);
    return STEP_DONE;
}

enum verdict exchange_success(struct stream *s, xmpp_stanza_t *data)
{
    return with_message(s, data, believe);
}

/* ---- being refused ----------------------------------------------- */

/* Another mechanism, or the same hash without binding if the binding was a
 * guess: the guess may have been all that was wrong. The words of a failed
 * choice are dropped, because the refusal itself is reported. */
static bool has_other_choice(struct stream *s, const struct refusal *refusal,
                             struct sasl_choice *choice)
{
    struct negotiation *n = s->login;
    bool may = refusal->may_try_another ||
               (choice->is_guess &&
                (refusal->code == XMPP_EAUTH || refusal->code == XMPP_ELOGIN));
    struct fault none = {0};

    choice_refuse(&n->offer, choice);
    return may && choice_make(&n->offer, &n->credentials, choice, &none);
}

/* The same mechanism again, with another password? Only if a person gave the
 * last one: a stored one would be refused again. */
static bool has_other_password(struct stream *s, const struct refusal *refusal)
{
    if (!refusal->may_try_password || !step_may_ask_again(s))
        return false;
    s->login->credentials.password = STR_NONE;
    step_set(s, FACT_REFUSED);
    return true;
}

/* Prosody refuses a second try with a wrong password by saying that there is no
 * such mechanism. The first refusal counts: name and password were wrong. */
static void report_refusal(struct stream *s, const struct refusal *refusal,
                           struct str condition, struct str text)
{
    if (step_has(s, FACT_PASSWORD_WRONG) && refusal->may_try_another)
        fault_set_peer(s->fault, XMPP_LAYER_SASL, XMPP_EAUTH,
                       STR("not-authorized"), STR_NONE);
    else
        fault_set_peer(s->fault, XMPP_LAYER_SASL, refusal->code, condition,
                       text);
    choice_report_offer(&s->login->offer, s->login->sasl->mechanism, s->fault);
}

/* In this order: without a guessed binding, since the password may be right; by
 * the same mechanism with another password; by another mechanism. */
enum verdict exchange_refused(struct stream *s, struct str condition,
                              struct str text)
{
    const struct refusal *refusal = refusal_of(condition);
    struct sasl *sasl = s->login->sasl;
    struct sasl_choice same = sasl->choice, other = sasl->choice;

    step_clear(s, FACT_PASSWORD_DUE | FACT_TURN_DUE);
    if (refusal->code == XMPP_EAUTH)
        step_set(s, FACT_PASSWORD_WRONG);
    if (same.is_guess && has_other_choice(s, refusal, &other))
        return exchange_start(s, &other);
    if (has_other_password(s, refusal))
        return exchange_start(s, &same);
    other = same;
    if (has_other_choice(s, refusal, &other))
        return exchange_start(s, &other);
    if (!text.s && sasl->remark[0])
        text = str_of(sasl->remark);
    report_refusal(s, refusal, condition, text);
    return STEP_FAIL;
}
