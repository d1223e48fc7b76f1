/* bearer.c - OAUTHBEARER (RFC 7628): a token instead of a password. */

#include <stdio.h>

#include "base/json.h"
#include "sasl/sasl.h"

#define BETWEEN '\x01' /* kvsep (RFC 7628 section 3.1) */

struct bearer {
    bool is_refused; /* the server said why, the failure follows */
};

/* b64token of RFC 6750 section 2.1. Any other character could end the field. */
static bool is_token(struct str text)
{
    size_t i = 0;

    while (i < text.n && ((text.s[i] >= '0' && text.s[i] <= '9') ||
                          (text.s[i] >= 'A' && text.s[i] <= 'Z') ||
                          (text.s[i] >= 'a' && text.s[i] <= 'z') ||
                          strchr("-._~+/", text.s[i] ? text.s[i] : '?')))
        i++;
    if (i == 0)
        return false;
    while (i < text.n && text.s[i] == '=')
        i++;
    return i == text.n;
}

/* The account that the token is for: its bare address. */
static void put_account(const struct credentials *c, struct buf *out)
{
    if (c->authzid.n) {
        sasl_put_name(out, c->authzid);
        return;
    }
    sasl_put_name(out, c->authcid);
    buf_putc(out, '@');
    sasl_put_name(out, c->domain);
}

/* The order is ours to choose. Some servers (Prosody's mod_sasl_oauthbearer of
 * 2023) find the token only where it comes first. */
static int bearer_start(struct sasl *sasl, struct buf *out, bool *has_initial)
{
    const struct credentials *c = sasl->credentials;
    char port[16];

    if (!is_token(c->oauth_token))
        return fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_ECRED,
                         "the OAuth token has a character that is not allowed");
    buf_puts(out, STR("n,a="));
    put_account(c, out);
    buf_putc(out, ',');
    buf_putc(out, BETWEEN);
    buf_puts(out, STR("auth=Bearer "));
    buf_puts(out, c->oauth_token);
    buf_putc(out, BETWEEN);
    buf_puts(out, STR("host="));
    buf_puts(out, c->domain);
    buf_putc(out, BETWEEN);
    if (c->port) {
        snprintf(port, sizeof(port), "port=%u", c->port);
        buf_puts(out, str_of(port));
        buf_putc(out, BETWEEN);
    }
    buf_putc(out, BETWEEN);
    *has_initial = true;
    return 0;
}

static bool is_word(const char *s)
{
    while (*s >= 0x21 && *s <= 0x7e)
        s++;
    return !*s;
}

/* Keep the "status" of the server's JSON for the error text, if it is a plain
 * word (RFC 7628 section 3.2.2). */
static void remember_status(struct sasl *sasl, struct str json)
{
    struct str name, value;
    char text[sizeof(sasl->remark)];

    if (!json_is_valid(json) || !json_is_object(json))
        return;
    while (json_next_member(&json, &name, &value))
        if (json_is_string(value) && json_text(name, text, sizeof(text)) > 0 &&
            strcmp(text, "status") == 0 &&
            json_text(value, text, sizeof(text)) > 0 && is_word(text))
            strcpy(sasl->remark, text);
}

/* The only challenge reports a failure; the server ends the exchange once it
 * has been answered (RFC 7628 section 3.2.3). */
static int bearer_step(struct sasl *sasl, struct str challenge, struct buf *out)
{
    struct bearer *bearer = sasl->state;

    if (bearer->is_refused)
        return sasl_bad(sasl, "the server sent one challenge too many");
    bearer->is_refused = true;
    remember_status(sasl, challenge);
    buf_putc(out, BETWEEN);
    return 0;
}

/* After the report of a failure only the failure itself may follow (RFC 7628
 * section 3.2.3). */
static int bearer_success(struct sasl *sasl, struct str data)
{
    const struct bearer *bearer = sasl->state;

    (void)data;
    return bearer->is_refused
               ? sasl_bad(sasl, "the server reported success after it had "
                                "reported a failure")
               : 0;
}

static bool bearer_is_possible(const struct mechanism *m,
                               const struct credentials *c)
{
    (void)m;
    return c->authcid.n > 0 && c->oauth_token.s && !c->anonymous;
}

const struct mechanism mechanism_bearer = {
    .name = "OAUTHBEARER",
    .strength = 15,
    /* Anybody who reads the token can use it. */
    .needs_tls = true,
    .is_possible = bearer_is_possible,
    .size = sizeof(struct bearer),
    .start = bearer_start,
    .step = bearer_step,
    .success = bearer_success,
};
