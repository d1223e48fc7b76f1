/* step_sasl.c - the login by SASL (RFC 6120 section 6). */

#include "stanza/build.h"
#include "stanza/conditions.h"
#include "stanza/find.h"
#include "stream/exchange.h"
#include "stream/steps.h"

/* No message at all is not the same as an empty one, which is "=" (section
 * 6.4.2). */
static enum verdict send_auth(struct stream *s, struct str message,
                              bool has_message)
{
    xmpp_stanza_t *node = build_root(s->env, N_AUTH, NS_SASL);

    xmpp_stanza_set_attribute(node, "mechanism",
                              s->login->sasl->mechanism->name);
    if (has_message)
        exchange_put(s, node, message, STR("="));
    return step_send_secret(s, node, node);
}

static const struct profile profile = {NS_SASL, send_auth};

/* Offered or not: without SASL there is no login, and that is the fault. */
static bool sasl_offered(struct stream *s)
{
    return !step_has(s, FACT_AUTHENTICATED);
}

/* Many servers offer nothing before TLS. If it was offered and is not in use,
 * the application has switched it off. */
static enum verdict fail_without_tls(struct stream *s)
{
    if (!s->agreed.secured &&
        node_child(s->login->features, N_STARTTLS, NS_TLS))
        fault_add(s->fault, "the server offers TLS, and "
                            "XMPP_CONN_FLAG_DISABLE_TLS is set");
    return STEP_FAIL;
}

static enum verdict sasl_begin(struct stream *s)
{
    struct negotiation *n = s->login;
    struct sasl_choice choice;

    n->profile = &profile;
    if (exchange_read_offer(&n->offer, s->env, NS_SASL, n->features))
        return step_fail(s, XMPP_EMEM, NULL);
    exchange_set_credentials(s);
    return choice_make(&n->offer, &n->credentials, &choice, s->fault)
               ? exchange_start(s, &choice)
               : fail_without_tls(s);
}

/* All that was negotiated before counts no more (section 6.4.6). */
static enum verdict sasl_succeed(struct stream *s, xmpp_stanza_t *node)
{
    enum verdict verdict = exchange_success(s, node);

    return verdict == STEP_DONE ? STEP_RESTART : verdict;
}

static enum verdict sasl_refuse(struct stream *s, xmpp_stanza_t *failure)
{
    struct str condition, text;

    condition_read(failure, NS_SASL, &condition, &text);
    return exchange_refused(s, condition, text);
}

static enum verdict sasl_receive(struct stream *s, xmpp_stanza_t *node)
{
    bool is_our_turn = step_has(s, FACT_PASSWORD_DUE | FACT_TURN_DUE);

    /* The server may refuse at any time. Anything else while it is our turn is
     * out of order. */
    if (node_is(node, N_FAILURE, NS_SASL))
        return sasl_refuse(s, node);
    if (is_our_turn)
        return step_unexpected(s, node);
    if (node_is(node, N_SUCCESS, NS_SASL))
        return sasl_succeed(s, node);
    if (node_is(node, N_CHALLENGE, NS_SASL))
        return exchange_challenge(s, node);
    return step_unexpected(s, node);
}

const struct step step_sasl = {
    .name = "sasl",
    .layer = XMPP_LAYER_SASL,
    .patience = XMPP_OPT_STEP_TIMEOUT,
    .when = "during the login (SASL)",
    .missing = "the server did not answer the login (SASL)",
    .offered = sasl_offered,
    .begin = sasl_begin,
    .receive = sasl_receive,
    .wake = exchange_wake,
};
