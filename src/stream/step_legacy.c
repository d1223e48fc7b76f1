/* step_legacy.c - logging in without SASL (XEP-0078), which is obsolete: only
 * where the application allows it. */

#include <xmpp/ns.h>

#include "base/code.h"
#include "base/crypt.h"
#include "sasl/refusal.h"
#include "stanza/build.h"
#include "stanza/conditions.h"
#include "stanza/find.h"
#include "stream/exchange.h"
#include "stream/steps.h"

#define FIELDS_ID "auth-fields"
#define SET_ID "auth"
#define RESOURCE_BYTES 8
#define SECRET_MOST 65536

/* A request in jabber:iq:auth; returns the query, NULL without memory. */
static xmpp_stanza_t *new_query(struct stream *s, const char *type,
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

/* This login cannot be bound to the channel, and it is weaker than any
 * mechanism that a login may not fall below. */
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

/* SASL has priority wherever it is offered (XEP-0078 section 7). */
static bool legacy_offered(struct stream *s)
{
    bool has_sasl = step_has(s, FACT_AUTHENTICATED) ||
                    node_child(s->login->features, N_MECHANISMS, NS_SASL);

    return s->wanted->legacy && (step_has(s, FACT_OLD_STREAM) || !has_sasl);
}

static enum verdict legacy_begin(struct stream *s)
{
    xmpp_stanza_t *iq;

    exchange_set_credentials(s);
    if (check_policy(s))
        return STEP_FAIL;
    if (!sasl_has_password(&s->login->credentials))
        return step_fail(
            s, XMPP_ECRED,
            s->wanted->local.n
                ? "no password was set"
                : "the login without SASL (XEP-0078) needs a user name");
    s->agreed.login_begun = true;
    new_query(s, "get", FIELDS_ID, &iq);
    return step_send(s, iq);
}

/* ---- the password ------------------------------------------------ */

/* XEP-0078 demands a resource (section 3.1). If the application wants none, a
 * random one will do. */
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
    s->agreed.jid = str_of(s->jid);
    return s->jid ? 0 : XMPP_EMEM;
}

static enum verdict send_login(struct stream *s)
{
    bool by_digest = step_has(s, FACT_OLD_DIGEST);
    struct str password = s->login->credentials.password, bare, resource;
    char digest[HEX_SIZE(DIGEST_MOST)] = "";
    xmpp_stanza_t *iq, *query, *secret;
    int rc = choose_resource(s);

    if (rc == 0 && by_digest && !step_digest(s, password, digest))
        rc = XMPP_EMEM;
    if (rc)
        return step_fail(s, rc, NULL);
    resource = str_cut(s->agreed.jid, '/', &bare);
    query = new_query(s, "set", SET_ID, &iq);
    secret = build_child(query, by_digest ? N_DIGEST : N_PASSWORD, NAME_NONE);
    build_text(secret, by_digest ? str_of(digest) : password);
    build_text(build_child(query, N_RESOURCE, NAME_NONE), resource);
    crypt_wipe(digest, sizeof(digest));
    step_set(s, FACT_OLD_SENT);
    return step_send_secret(s, iq, secret);
}

/* The password itself goes where TLS has proven the server, or where the
 * application explicitly turned TLS off. */
static bool may_reveal(const struct stream *s)
{
    return s->login->credentials.encrypted ||
           (s->wanted->tls == TLS_NEVER && !s->wanted->hides_password);
}

static enum verdict take_fields(struct stream *s, xmpp_stanza_t *iq)
{
    xmpp_stanza_t *query = node_child(iq, N_QUERY, NS_AUTH);

    /* The digest does not reveal the password, so it is preferred. It is made
     * with the id of the stream (section 3.1) and needs one. */
    if (node_child(query, N_DIGEST, NS_AUTH) && s->agreed.id.n)
        step_set(s, FACT_OLD_DIGEST);
    else if (!node_child(query, N_PASSWORD, NS_AUTH) || !may_reveal(s))
        return step_fail(
            s, XMPP_EMECH,
            query ? "the server accepts only the password itself, which "
                    "is not sent without TLS"
                  : "the server does not say what the login needs");
    return s->login->credentials.password.s
               ? send_login(s)
               : step_request_password(s, STR_NONE);
}

/* ---- the answer -------------------------------------------------- */

static enum verdict legacy_refuse(struct stream *s, xmpp_stanza_t *iq)
{
    struct str condition, text;

    condition_read(node_child(iq, N_ERROR, NS_CLIENT), NS_STANZA_ERRORS,
                   &condition, &text);
    if (step_has(s, FACT_OLD_SENT) && str_is(condition, "not-authorized") &&
        step_may_ask_again(s)) {
        step_set(s, FACT_REFUSED);
        return step_request_password(s, STR_NONE);
    }
    fault_set_peer(s->fault, XMPP_LAYER_SASL, refusal_of(condition)->code,
                   condition, text);
    return STEP_FAIL;
}

/* The resource is bound together with the login, so there is nothing left to
 * negotiate. */
static enum verdict legacy_succeed(struct stream *s)
{
    step_set(s, FACT_AUTHENTICATED | FACT_BOUND);
    s->agreed.mechanism = XMPP_NS_AUTH;
    return STEP_SKIP_REST;
}

static enum verdict legacy_receive(struct stream *s, xmpp_stanza_t *node)
{
    bool is_sent = step_has(s, FACT_OLD_SENT);

    if (step_has(s, FACT_PASSWORD_DUE) || !node_is(node, N_IQ, NS_CLIENT) ||
        !str_is(node_attr(node, N_ID), is_sent ? SET_ID : FIELDS_ID))
        return step_unexpected(s, node);
    if (!str_is(node_attr(node, N_TYPE), "result"))
        return legacy_refuse(s, node);
    return is_sent ? legacy_succeed(s) : take_fields(s, node);
}

const struct step step_legacy = {
    .name = "legacy",
    .layer = XMPP_LAYER_SASL,
    .patience = XMPP_OPT_STEP_TIMEOUT,
    .when = "during the login (XEP-0078)",
    .missing = "the server did not answer the login (XEP-0078)",
    .offered = legacy_offered,
    .begin = legacy_begin,
    .receive = legacy_receive,
    .wake = send_login,
};
