/* step_sasl.c - SASL over a stream (RFC 6120 section 6). */

#include "stream/step_sasl.h"

#include <xmpp/ns.h>

#include "base/code.h"
#include "base/crypt.h"
#include "sasl/refusal.h"
#include "stanza/build.h"
#include "stanza/conditions.h"
#include "stanza/find.h"

#define MESSAGE_MOST 1048576

static void fail_as_told(struct stream *s, int code)
{
    if (!fault_is_set(s->fault))
        fault_set(s->fault, XMPP_LAYER_SASL, code, NULL);
    engine_give_up(s);
}

/* ---- messages ---------------------------------------------------- */

void step_sasl_put(struct stream *s, xmpp_stanza_t *node, struct str bytes,
                   struct str empty)
{
    char *text = env_alloc(s->env, BASE64_SIZE(bytes.n));

    if (text)
        base64_encode(text, bytes.s, bytes.n);
    if (node && (!text || build_text(node, bytes.n ? str_of(text) : empty)))
        node_fail(node, XMPP_EMEM);
    env_free_secret(s->env, text);
}

/* A tree with a message leaves its bytes in spare chunks otherwise. */
void step_sasl_send(struct stream *s, xmpp_stanza_t *node,
                    const xmpp_stanza_t *holder)
{
    xmpp_stanza_t *text = holder ? holder->first : NULL;

    xmpp_stanza_clone(node);
    engine_send(s, node);
    if (text)
        crypt_wipe((char *)(uintptr_t)text->text.s, text->text.n);
    xmpp_stanza_release(node);
}

/* SASL2's examples have white space around. */
struct str step_sasl_trim(struct str text)
{
    while (text.n && strchr(" \t\r\n", text.s[0]))
        text = str_n(text.s + 1, text.n - 1);
    while (text.n && strchr(" \t\r\n", text.s[text.n - 1]))
        text.n--;
    return text;
}

int step_sasl_read(struct stream *s, xmpp_stanza_t *node, char **ret,
                   struct str *ret_view)
{
    struct str text = node_text(node);
    size_t n = 0;

    *ret = NULL;
    *ret_view = STR_NONE;
    if (s->profile->ns == NS_SASL2)
        text = step_sasl_trim(text);
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

/* ---- beginning --------------------------------------------------- */

/* A first message that the mechanism made. */
static void send_first(struct stream *s, struct str message, bool has_message)
{
    xmpp_stanza_t *node = build_root(s->env, N_AUTH, NS_SASL);

    xmpp_stanza_set_attribute(node, "mechanism", s->sasl->mechanism->name);
    if (has_message)
        step_sasl_put(s, node, message, STR("="));
    step_sasl_send(s, node, node);
}

static const struct profile profile = {STEP_SASL, NS_SASL, send_first};

static void start(struct stream *s)
{
    bool has_initial = false;
    struct buf raw;
    int rc;

    buf_init(&raw, s->env, MESSAGE_MOST);
    raw.is_secret = true;
    rc = s->sasl->mechanism->start(s->sasl, &raw, &has_initial);
    if (rc == 0 && raw.failed)
        rc = XMPP_EMEM;
    if (rc == SASL_NEEDS_PASSWORD)
        engine_request_password(s, STR_NONE);
    else if (rc)
        fail_as_told(s, rc);
    else {
        engine_to(s, s->profile->step);
        s->profile->first(s, buf_view(&raw), has_initial);
    }
    buf_wipe(&raw);
}

void step_sasl_start(struct stream *s, const struct sasl_choice *choice)
{
    sasl_free(s->sasl);
    s->sasl = sasl_new(s->env, choice, &s->credentials, &s->offer, s->fault);
    if (!s->sasl) {
        engine_fail(s, XMPP_EMEM, NULL);
        return;
    }
    s->agreed.mechanism = choice->mechanism->name;
    s->step = s->profile->step;
    start(s);
}

void step_sasl_credentials(struct stream *s)
{
    const struct wanted *w = s->wanted;

    s->credentials = (struct credentials){
        .authcid = w->local,
        .domain = w->domain,
        .password = str_of(w->secrets.pass),
        .oauth_token = str_of(w->secrets.oauth_token),
        .allowed = str_of(w->identity.mechanisms),
        .keys = w->keys,
        .fast_token = s->token,
        .channel = s->agreed.secured ? &s->agreed.channel : NULL,
        .min_strength = w->min_strength,
        .port = w->port,
        .can_get_password = w->can_get_password && !w->secrets.pass,
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

/* Where in the features names stand: items of all lists of that name. */
struct place {
    const char *list, *ns, *item;
    bool is_type; /* an attribute, not the text */
};

static void feed(struct sasl_offer *offer, xmpp_stanza_t *features,
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

int step_sasl_offer(struct sasl_offer *offer, struct env *env, enum name_id ns,
                    xmpp_stanza_t *features)
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
    feed(offer, features, ns == NS_SASL2 ? &sasl2 : &sasl, offer_mechanism);
    if (ns == NS_SASL2)
        feed(offer, features, &sasl, offer_elsewhere);
    feed(offer, features, &types, offer_binding);
    return offer_seal(offer);
}

void step_sasl_begin(struct stream *s, xmpp_stanza_t *features)
{
    struct sasl_choice choice;

    s->profile = &profile;
    s->step = STEP_SASL;
    if (step_sasl_offer(&s->offer, s->env, NS_SASL, features)) {
        engine_fail(s, XMPP_EMEM, NULL);
        return;
    }
    step_sasl_credentials(s);
    s->credentials.may_pause = true;
    if (choice_make(&s->offer, &s->credentials, &choice, s->fault))
        step_sasl_start(s, &choice);
    else
        engine_give_up(s);
}

/* ---- going on ---------------------------------------------------- */

void step_sasl_answer(struct stream *s, struct str challenge)
{
    xmpp_stanza_t *node;
    struct buf raw;
    int rc;

    buf_init(&raw, s->env, MESSAGE_MOST);
    raw.is_secret = true;
    rc = s->sasl->mechanism->step(s->sasl, challenge, &raw);
    if (rc == 0 && raw.failed)
        rc = XMPP_EMEM;
    if (rc == SASL_NEEDS_PASSWORD) {
        engine_request_password(s, challenge);
    } else if (rc == SASL_BUSY) {
        s->asking.is_busy = engine_keep_challenge(s, challenge);
    } else if (rc) {
        engine_send(s, build_root(s->env, N_ABORT, s->profile->ns));
        fail_as_told(s, rc);
    } else {
        engine_to(s, s->profile->step);
        node = build_root(s->env, N_RESPONSE, s->profile->ns);
        step_sasl_put(s, node, buf_view(&raw), STR_NONE);
        step_sasl_send(s, node, node);
    }
    buf_wipe(&raw);
}

void step_sasl_wake(struct stream *s)
{
    char *challenge = s->asking.challenge;

    s->asking.is_busy = false;
    s->asking.challenge = NULL;
    if (s->asking.has_challenge)
        step_sasl_answer(s, str_n(challenge, s->asking.challenge_n));
    else
        start(s);
    env_free(s->env, challenge);
}

/* What another login may have to know: how this one was done, and its keys. */
static bool keep_facts(struct stream *s)
{
    /* A token has no place among the mechanisms that a strength may name. */
    s->agreed.strength =
        (struct strength){mechanism_find(str_of(s->sasl->mechanism->name)),
                          s->sasl->choice.binding, false};
    if (!s->wanted->options[XMPP_OPT_KEEP_SCRAM_KEYS] || !s->sasl->keys.is_set)
        return true;
    engine_forget_keys(s);
    s->keys = env_alloc(s->env, sizeof(*s->keys));
    if (s->keys)
        *s->keys = s->sasl->keys;
    return s->keys != NULL;
}

bool step_sasl_believe(struct stream *s, struct str data)
{
    int rc = s->sasl->mechanism->success(s->sasl, data);

    if (rc)
        fail_as_told(s, rc);
    else if (!keep_facts(s))
        engine_fail(s, XMPP_EMEM, NULL);
    else
        s->authenticated = true;
    return s->authenticated;
}

static void succeed(struct stream *s, struct str data)
{
    if (!step_sasl_believe(s, data))
        return;
    engine_forget(s);
    engine_restart(s);
}

/* ---- being refused ----------------------------------------------- */

/* Another mechanism, or the same without the binding that was a guess: that one
 * may have been all that was wrong. */
static bool try_another(struct stream *s, const struct refusal *refusal)
{
    struct sasl_choice choice = s->sasl->choice;
    bool may = refusal->may_try_another ||
               (choice.is_guess &&
                (refusal->code == XMPP_EAUTH || refusal->code == XMPP_ELOGIN));
    struct fault none = {0};

    choice_refuse(&s->offer, &choice);
    if (!may || !choice_make(&s->offer, &s->credentials, &choice, &none))
        return false;
    step_sasl_start(s, &choice);
    return true;
}

/* The same again, with another password. */
static bool try_password(struct stream *s, const struct refusal *refusal)
{
    struct sasl_choice choice = s->sasl->choice;

    if (!refusal->may_try_password || !engine_may_ask_again(s))
        return false;
    s->credentials.password = STR_NONE;
    s->asking.was_refused = true;
    step_sasl_start(s, &choice);
    return true;
}

/* Some servers refuse a second try as no mechanism that they have. It is the
 * first that counts: name and password were wrong. */
static void report_refusal(struct stream *s, const struct refusal *refusal,
                           struct str condition, struct str text)
{
    if (s->asking.was_wrong && refusal->may_try_another)
        fault_set_peer(s->fault, XMPP_LAYER_SASL, XMPP_EAUTH,
                       STR("not-authorized"), STR_NONE);
    else
        fault_set_peer(s->fault, XMPP_LAYER_SASL, refusal->code, condition,
                       text);
    choice_report_offer(&s->offer, s->sasl->mechanism, s->fault);
}

void step_sasl_refused(struct stream *s, struct str condition, struct str text)
{
    const struct refusal *refusal = refusal_of(condition);

    s->asking.is_open = s->asking.is_busy = false;
    s->asking.was_wrong |= refusal->code == XMPP_EAUTH;
    if ((s->sasl->choice.is_guess && try_another(s, refusal)) ||
        try_password(s, refusal) || try_another(s, refusal))
        return;
    if (!text.s && s->sasl->remark[0])
        text = str_of(s->sasl->remark);
    report_refusal(s, refusal, condition, text);
    engine_give_up(s);
}

static void refuse(struct stream *s, xmpp_stanza_t *failure)
{
    struct str condition, text;

    condition_read(failure, NS_SASL, &condition, &text);
    step_sasl_refused(s, condition, text);
}

void step_sasl_receive(struct stream *s, xmpp_stanza_t *node)
{
    bool success = node_is(node, N_SUCCESS, NS_SASL);
    char *message;
    struct str bytes;
    int rc;

    if (node_is(node, N_FAILURE, NS_SASL)) {
        refuse(s, node);
    } else if (s->asking.is_open || s->asking.is_busy ||
               (!success && !node_is(node, N_CHALLENGE, NS_SASL))) {
        engine_fail_unexpected(s, node);
    } else if ((rc = step_sasl_read(s, node, &message, &bytes))) {
        engine_fail(s, rc,
                    rc == XMPP_EMEM ? NULL : "what it says is not base64");
    } else {
        if (success)
            succeed(s, bytes);
        else
            step_sasl_answer(s, bytes.s ? bytes : STR(""));
        env_free(s->env, message);
    }
}
