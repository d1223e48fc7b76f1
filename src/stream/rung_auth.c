/* rung_auth.c - SASL over a stream (RFC 6120 section 6). */

#include "stream/rung_auth.h"

#include "base/code.h"
#include "base/crypt.h"
#include "stanza/build.h"
#include "stanza/conditions.h"
#include "stanza/find.h"

#define MESSAGE_MOST 1048576
#define CHALLENGES_MOST 16

static void fail_as_told(struct stream *s, int code)
{
    if (!fault_is_set(s->fault))
        fault_set(s->fault, XMPP_LAYER_SASL, code, NULL);
    rung_give_up(s);
}

/* ---- messages ----------------------------------------------------------- */

/* The message as base64 in an element; an empty one is "=". */
static int put_message(struct stream *s, xmpp_stanza_t *node, struct buf *raw)
{
    struct str bytes = buf_view(raw);
    char *text = env_alloc(s->env, BASE64_SIZE(bytes.n));
    int rc;

    if (!text)
        return XMPP_EMEM;
    base64_encode(text, bytes.s, bytes.n);
    rc = build_text(node, bytes.n ? str_of(text) : STR("="));
    env_free_secret(s->env, text);
    return rc;
}

/* A tree with a message leaves its bytes in spare chunks otherwise. */
static void say_secret(struct stream *s, xmpp_stanza_t *node, struct buf *raw,
                       bool has_message)
{
    xmpp_stanza_t *text;

    if (node && has_message && put_message(s, node, raw))
        node_spoil(node, XMPP_EMEM);
    text = node ? node->first : NULL;
    xmpp_stanza_clone(node);
    rung_say(s, node);
    if (text)
        crypt_wipe((char *)(uintptr_t)text->text.s, text->text.n);
    xmpp_stanza_release(node);
}

/* What the peer's element carries. *ret is owned, NULL where there is no
 * message at all. */
static int read_message(struct stream *s, xmpp_stanza_t *node, char **ret,
                        struct str *ret_view)
{
    struct str text = node_text(node);
    size_t n = 0;

    *ret = NULL;
    *ret_view = STR_NONE;
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

/* ---- beginning ------------------------------------------------------------ */

static void begin(struct stream *s)
{
    const struct mechanism *m = sasl_choose(&s->offer, &s->credentials,
                                            s->fault);
    struct buf raw;
    bool has_initial = false;
    xmpp_stanza_t *node;
    int rc;

    rung_forget(s);
    s->sasl = m ? sasl_new(s->env, m, &s->credentials, s->fault) : NULL;
    if (!s->sasl) {
        fail_as_told(s, XMPP_EMEM);
        return;
    }
    s->agreed.mechanism = m->name;
    buf_init(&raw, s->env, MESSAGE_MOST);
    rc = m->start(s->sasl, &raw, &has_initial);
    if (rc == 0 && raw.failed)
        rc = XMPP_EMEM;
    if (rc) {
        fail_as_told(s, rc);
    } else {
        node = build_root(s->env, N_AUTH, NS_SASL);
        xmpp_stanza_set_attribute(node, "mechanism", m->name);
        rung_to(s, RUNG_AUTH);
        say_secret(s, node, &raw, has_initial);
    }
    buf_wipe(&raw);
}

void rung_auth_begin(struct stream *s, xmpp_stanza_t *features)
{
    xmpp_stanza_t *list = node_child(features, N_MECHANISMS, NS_SASL);
    const struct wanted *w = s->wanted;

    s->offer = (struct sasl_offer){0};
    for (xmpp_stanza_t *m = node_first_element(list); m;
         m = node_next_element(m))
        if (node_is(m, N_MECHANISM, NS_SASL))
            sasl_offer_add(&s->offer, node_text(m));
    s->credentials = (struct credentials){
        .authcid = w->local,
        .password = w->password,
        .allowed = w->mechanisms,
        .external = w->external,
        .anonymous = !w->local.s,
        .encrypted = s->agreed.secured && w->tls_verified,
        .min_iterations =
            (unsigned long)w->options[XMPP_OPT_MIN_ITERATIONS],
        .max_iterations =
            (unsigned long)w->options[XMPP_OPT_MAX_ITERATIONS],
    };
    begin(s);
}

/* ---- going on ------------------------------------------------------------- */

static void answer(struct stream *s, struct str challenge)
{
    struct buf raw;
    int rc;

    buf_init(&raw, s->env, MESSAGE_MOST);
    rc = s->sasl->steps++ < CHALLENGES_MOST
             ? s->sasl->mechanism->step(s->sasl, challenge, &raw)
             : XMPP_ECHALLENGE;
    if (rc == 0 && raw.failed)
        rc = XMPP_EMEM;
    if (rc) {
        rung_say(s, build_root(s->env, N_ABORT, NS_SASL));
        fail_as_told(s, rc);
    } else {
        rung_to(s, RUNG_AUTH);
        say_secret(s, build_root(s->env, N_RESPONSE, NS_SASL), &raw,
                   buf_size(&raw) > 0);
    }
    buf_wipe(&raw);
}

static void succeed(struct stream *s, struct str data)
{
    int rc = s->sasl->mechanism->success(s->sasl, data);

    if (rc) {
        fail_as_told(s, rc);
        return;
    }
    s->authenticated = true;
    rung_forget(s);
    rung_restart(s);
}

/* Refusals that concern the mechanism, not who we are. */
static bool may_try_another(struct str condition)
{
    static const char *const conditions[] = {
        "invalid-mechanism",   "mechanism-too-weak",  "encryption-required",
        "malformed-request",   "incorrect-encoding",  "aborted",
    };

    for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
        if (str_is(condition, conditions[i]))
            return true;
    return false;
}

static void refuse(struct stream *s, xmpp_stanza_t *failure)
{
    struct str condition, text;
    struct fault none = {0};

    condition_read(failure, NS_SASL, &condition, &text);
    sasl_offer_refuse(&s->offer, s->sasl->mechanism);
    if (may_try_another(condition) &&
        sasl_choose(&s->offer, &s->credentials, &none)) {
        begin(s);
        return;
    }
    fault_set_peer(s->fault, XMPP_LAYER_SASL, XMPP_EAUTH, condition, text);
    rung_give_up(s);
}

void rung_auth_take(struct stream *s, xmpp_stanza_t *node)
{
    bool success = node_is(node, N_SUCCESS, NS_SASL);
    char *message;
    struct str bytes;
    int rc;

    if (node_is(node, N_FAILURE, NS_SASL)) {
        refuse(s, node);
    } else if (!success && !node_is(node, N_CHALLENGE, NS_SASL)) {
        rung_fail(s, XMPP_EPROTO, "it sent something else than an answer");
    } else if ((rc = read_message(s, node, &message, &bytes))) {
        rung_fail(s, rc, rc == XMPP_EMEM ? NULL : "it is not base64");
    } else {
        if (success)
            succeed(s, bytes);
        else
            answer(s, bytes.s ? bytes : STR(""));
        env_free(s->env, message);
    }
}
