/* plain.c - the mechanisms of one message: PLAIN (RFC 4616), EXTERNAL
 * (RFC 4422 appendix A), ANONYMOUS (RFC 4505). */

#include "sasl/mechanisms.h"

#include "address/saslprep.h"

static bool has_password(const struct credentials *c)
{
    return c->authcid.n > 0 && c->password.s && !c->anonymous;
}

static bool has_certificate(const struct credentials *c)
{
    return c->external && !c->anonymous;
}

static bool is_anonymous(const struct credentials *c)
{
    return c->anonymous;
}

/* None of them has anything to say to a challenge. */
static int no_step(struct sasl *sasl, struct str challenge, struct buf *out)
{
    (void)challenge;
    (void)out;
    return fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_ECHALLENGE,
                     "%s has no challenges", sasl->mechanism->name);
}

static int any_success(struct sasl *sasl, struct str data)
{
    (void)sasl;
    (void)data;
    return 0;
}

/* A user name that cannot be prepared is sent as it is: the server knows. */
static int prepare_name(struct sasl *sasl, char **name)
{
    struct str raw = sasl->credentials->authcid;
    int rc = saslprep(sasl->env, raw, name);

    if (rc == XMPP_EARG) {
        *name = env_strndup(sasl->env, raw.s, raw.n);
        rc = *name ? 0 : XMPP_EMEM;
    }
    return rc;
}

static int plain_start(struct sasl *sasl, struct buf *out, bool *has_initial)
{
    const struct credentials *c = sasl->credentials;
    char *name = NULL, *password = NULL;
    int rc = prepare_name(sasl, &name);

    if (rc == 0)
        rc = saslprep(sasl->env, c->password, &password);
    if (rc == 0) {
        buf_puts(out, c->authzid);
        buf_putc(out, '\0');
        buf_puts(out, str_of(name));
        buf_putc(out, '\0');
        buf_puts(out, str_of(password));
        *has_initial = true;
    }
    env_free(sasl->env, name);
    env_free_secret(sasl->env, password);
    if (rc == XMPP_EARG)
        return fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_ECRED,
                         "the password is empty or has characters that no "
                         "password may have");
    if (rc)
        return fault_set(sasl->fault, XMPP_LAYER_SASL, rc, NULL);
    return 0;
}

/* The empty message means: as my certificate says. */
static int external_start(struct sasl *sasl, struct buf *out,
                          bool *has_initial)
{
    buf_puts(out, sasl->credentials->authzid);
    *has_initial = true;
    return 0;
}

/* No trace information is given away. */
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
    .is_possible = has_password,
    .start = plain_start,
    .step = no_step,
    .success = any_success,
};

const struct mechanism mechanism_external = {
    .name = "EXTERNAL",
    .strength = 100,
    .is_possible = has_certificate,
    .start = external_start,
    .step = no_step,
    .success = any_success,
};

const struct mechanism mechanism_anonymous = {
    .name = "ANONYMOUS",
    .strength = 1,
    .is_possible = is_anonymous,
    .start = anonymous_start,
    .step = no_step,
    .success = any_success,
};
