/* step_legacy.c - logging in without SASL (XEP-0078), which is obsolete: only
 * where the application allows it. */

#include "stream/step_legacy.h"

#include "base/code.h"
#include "base/crypt.h"
#include "sasl/refusal.h"
#include "stanza/build.h"
#include "stanza/conditions.h"
#include "stanza/find.h"
#include "stream/step_sasl.h"

#define FIELDS_ID "auth-fields"
#define SET_ID "auth"
#define RESOURCE_BYTES 8
#define SECRET_MOST 65536

/* A question in jabber:iq:auth; returns the query, NULL without memory. */
static xmpp_stanza_t *question(struct stream *s, const char *type,
                               const char *id, xmpp_stanza_t **ret_iq)
{
    xmpp_stanza_t *iq = build_root(s->env, N_IQ, NAME_NONE), *query;

    if (iq) {
        node_set(iq, N_TYPE, str_of(type));
        node_set(iq, N_ID, str_of(id));
    }
    query = build_child(iq, N_QUERY, NS_AUTH);
    build_text(build_child(query, N_USERNAME, NAME_NONE), s->wanted->local);
    *ret_iq = iq;
    return query;
}

static int check_policy(struct stream *s)
{
    bool needs_channel_binding =
        s->wanted->options[XMPP_OPT_REQUIRE_CHANNEL_BINDING] != 0;

    if (!needs_channel_binding && !s->wanted->min_strength.mechanism)
        return 0;
    return fault_set(
        s->fault, XMPP_LAYER_SASL, XMPP_EPOLICY,
        "the server offers only the login without SASL (XEP-0078)");
}

void step_legacy_begin(struct stream *s)
{
    xmpp_stanza_t *iq;

    s->step = STEP_LEGACY;
    step_sasl_credentials(s);
    if (check_policy(s)) {
        engine_give_up(s);
    } else if (!sasl_has_password(&s->credentials)) {
        engine_fail(
            s, XMPP_ECRED,
            s->wanted->local.n
                ? "no password was set"
                : "the login without SASL (XEP-0078) needs a user name");
    } else {
        engine_to(s, STEP_LEGACY);
        question(s, "get", FIELDS_ID, &iq);
        engine_send(s, iq);
    }
}

/* ---- the password ------------------------------------------------ */

/* One is demanded here; without a wish any will do. */
static int choose_resource(struct stream *s)
{
    const struct wanted *w = s->wanted;
    struct buf jid;
    unsigned char bytes[RESOURCE_BYTES];
    char made[HEX_SIZE(RESOURCE_BYTES)] = "";

    if (!w->resource.s && !crypt_random(bytes, sizeof(bytes)))
        return XMPP_EINT;
    if (!w->resource.s)
        hex_encode(made, bytes, sizeof(bytes));
    buf_init(&jid, s->env, SECRET_MOST);
    buf_puts(&jid, w->local);
    buf_putc(&jid, '@');
    buf_puts(&jid, w->domain);
    buf_putc(&jid, '/');
    buf_puts(&jid, w->resource.s ? w->resource : str_of(made));
    env_free(s->env, s->jid);
    s->jid = buf_take(&jid);
    buf_free(&jid);
    s->agreed.jid = str_of(s->jid);
    return s->jid ? 0 : XMPP_EMEM;
}

/* Say it, and leave nothing of it in the memory of the tree. */
static void send_login(struct stream *s, xmpp_stanza_t *iq,
                       xmpp_stanza_t *secret)
{
    xmpp_stanza_t *text = secret ? secret->first : NULL;

    xmpp_stanza_clone(iq);
    engine_send(s, iq);
    if (text)
        crypt_wipe((char *)(uintptr_t)text->text.s, text->text.n);
    xmpp_stanza_release(iq);
}

void step_legacy_wake(struct stream *s)
{
    char digest[HEX_SIZE(DIGEST_MOST)] = "";
    xmpp_stanza_t *iq, *query, *secret;
    struct str bare, resource;
    int rc = choose_resource(s);

    if (rc == 0 && s->legacy_digest &&
        !engine_digest(s, s->credentials.password, digest))
        rc = XMPP_EMEM;
    if (rc) {
        engine_fail(s, rc, NULL);
        return;
    }
    resource = str_cut(s->agreed.jid, '/', &bare);
    query = question(s, "set", SET_ID, &iq);
    secret =
        build_child(query, s->legacy_digest ? N_DIGEST : N_PASSWORD, NAME_NONE);
    build_text(secret,
               s->legacy_digest ? str_of(digest) : s->credentials.password);
    build_text(build_child(query, N_RESOURCE, NAME_NONE), resource);
    crypt_wipe(digest, sizeof(digest));
    s->legacy_sent = true;
    engine_to(s, STEP_LEGACY);
    send_login(s, iq, secret);
}

/* The password itself goes where TLS has proven the server, or where the
 * application asked to do without TLS, by name. */
static bool may_reveal(const struct stream *s)
{
    return s->credentials.encrypted || s->wanted->tls == TLS_NEVER;
}

static void take_fields(struct stream *s, xmpp_stanza_t *iq)
{
    xmpp_stanza_t *query = node_child(iq, N_QUERY, NS_AUTH);

    s->legacy_digest = node_child(query, N_DIGEST, NS_AUTH) && s->agreed.id.n;
    if (!s->legacy_digest &&
        !(node_child(query, N_PASSWORD, NS_AUTH) && may_reveal(s)))
        engine_fail(s, XMPP_EMECH,
                    query
                        ? "the server only offers to take the password itself, "
                          "which is not done without TLS"
                        : "the server does not say what it wants");
    else if (s->credentials.password.s)
        step_legacy_wake(s);
    else
        engine_request_password(s, STR_NONE);
}

/* ---- the answer -------------------------------------------------- */

static void refuse(struct stream *s, xmpp_stanza_t *iq)
{
    struct str condition, text;

    condition_read(node_child(iq, N_ERROR, NS_CLIENT), NS_STANZA_ERRORS,
                   &condition, &text);
    if (s->legacy_sent && str_is(condition, "not-authorized") &&
        engine_may_ask_again(s)) {
        s->asking.was_refused = true;
        engine_request_password(s, STR_NONE);
        return;
    }
    fault_set_peer(s->fault, XMPP_LAYER_SASL, refusal_of(condition)->code,
                   condition, text);
    engine_give_up(s);
}

static void succeed(struct stream *s)
{
    s->authenticated = true;
    s->agreed.mechanism = XMPP_NS_AUTH;
    engine_up(s);
}

void step_legacy_receive(struct stream *s, xmpp_stanza_t *node)
{
    const char *id = s->legacy_sent ? SET_ID : FIELDS_ID;
    struct str type = node_attr(node, N_TYPE);

    if (s->asking.is_open || !node_is(node, N_IQ, NS_CLIENT) ||
        !str_is(node_attr(node, N_ID), id))
        engine_fail_unexpected(s, node);
    else if (!str_is(type, "result"))
        refuse(s, node);
    else if (s->legacy_sent)
        succeed(s);
    else
        take_fields(s, node);
}
