/* plain.c - the mechanisms of one message: PLAIN (RFC 4616), EXTERNAL
 * (RFC 4422 appendix A), ANONYMOUS (RFC 4505). */

#include "sasl/sasl.h"

static bool plain_is_possible(const struct mechanism *m,
                              const struct credentials *c)
{
    (void)m;
    return sasl_has_password(c);
}

static bool external_is_possible(const struct mechanism *m,
                                 const struct credentials *c)
{
    (void)m;
    return c->external && !c->anonymous;
}

static bool anonymous_is_possible(const struct mechanism *m,
                                  const struct credentials *c)
{
    (void)m;
    return c->anonymous;
}

/* None of these mechanisms has challenges. */
static int no_step(struct sasl *sasl, struct str challenge, struct buf *out)
{
    (void)challenge;
    (void)out;
    return sasl_bad(
        sasl,
        "the server sent a challenge, which this mechanism does not have");
}

/* These mechanisms prove nothing about the server: TLS has to. */
static int any_success(struct sasl *sasl, struct str data)
{
    (void)sasl;
    (void)data;
    return 0;
}

/* The server prepares name and password (RFC 4616 section 2), not we: SASLprep
 * might refuse what it accepts. A NUL stands between the parts, which
 * sasl_typed() does not allow in a password. */
static int plain_start(struct sasl *sasl, struct buf *out, bool *has_initial)
{
    struct str password;
    int rc = sasl_typed(sasl, &password);

    if (rc)
        return rc;
    buf_puts(out, sasl->credentials->authzid);
    buf_putc(out, '\0');
    buf_puts(out, sasl->credentials->authcid);
    buf_putc(out, '\0');
    buf_puts(out, password);
    *has_initial = true;
    return 0;
}

/* An empty message requests the account that the certificate names. */
static int external_start(struct sasl *sasl, struct buf *out, bool *has_initial)
{
    buf_puts(out, sasl->credentials->authzid);
    *has_initial = true;
    return 0;
}

/* The trace information of RFC 4505 would identify the user, so none is sent.
 */
static int anonymous_start(struct sasl *sasl, struct buf *out,
                           bool *has_initial)
{
    (void)sasl;
    (void)out;
    (void)has_initial;
    return 0;
}

const struct mechanism mechanism_plain = {
    .name = "PLAIN",
    .strength = 10,
    .needs_tls = true,
    .is_possible = plain_is_possible,
    .start = plain_start,
    .step = no_step,
    .success = any_success,
};

const struct mechanism mechanism_external = {
    .name = "EXTERNAL",
    .strength = 100,
    .is_bound_by_tls = true,
    .is_possible = external_is_possible,
    .start = external_start,
    .step = no_step,
    .success = any_success,
};

const struct mechanism mechanism_anonymous = {
    .name = "ANONYMOUS",
    .strength = 1,
    .is_possible = anonymous_is_possible,
    .start = anonymous_start,
    .step = no_step,
    .success = any_success,
};
