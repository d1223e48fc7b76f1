/* sasl.c - a login with one mechanism, and what several mechanisms use. */

#include "sasl/sasl.h"

#include <limits.h>

#include "address/saslprep.h"
#include "base/crypt.h"

#define PORTION 32768 /* iterations at a time: some 20 milliseconds */

struct sasl *sasl_new(const struct env *env, const struct sasl_choice *choice,
                      const struct credentials *credentials,
                      const struct sasl_offer *offer, struct fault *fault)
{
    struct sasl *sasl =
        env_zalloc(env, sizeof(*sasl) + choice->mechanism->size);

    if (!sasl)
        return NULL;
    sasl->env = env;
    sasl->mechanism = choice->mechanism;
    sasl->choice = *choice;
    sasl->credentials = credentials;
    sasl->offer = offer;
    sasl->fault = fault;
    /* The state of the mechanism lies behind it, in one allocation. */
    sasl->state = sasl + 1;
    return sasl;
}

void sasl_free(struct sasl *sasl)
{
    if (!sasl)
        return;
    if (sasl->mechanism->wipe)
        sasl->mechanism->wipe(sasl);
    crypt_wipe(&sasl->keys, sizeof(sasl->keys));
    env_free(sasl->env, sasl);
}

/* ---- what several mechanisms use --------------------------------- */

int sasl_bad(struct sasl *sasl, const char *what)
{
    return fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_ECHALLENGE, "%s: %s",
                     sasl->mechanism->name, what);
}

int sasl_fail(struct sasl *sasl, int rc)
{
    return fault_set(sasl->fault, XMPP_LAYER_SASL, rc, NULL);
}

int sasl_name(struct sasl *sasl, char **ret)
{
    struct str raw = sasl->credentials->authcid;
    int rc = saslprep(sasl->env, raw, ret);

    if (rc != XMPP_EARG)
        return rc;
    *ret = env_strndup(sasl->env, raw.s, raw.n);
    return *ret ? 0 : XMPP_EMEM;
}

void sasl_put_name(struct buf *out, struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        if (name.s[i] == '=')
            buf_puts(out, STR("=3D"));
        else if (name.s[i] == ',')
            buf_puts(out, STR("=2C"));
        else
            buf_putc(out, name.s[i]);
    }
}

bool sasl_has_password(const struct credentials *c)
{
    return c->authcid.n > 0 && !c->anonymous &&
           (c->password.s || c->can_get_password);
}

/* In PLAIN a NUL would end the password (RFC 4616 section 2). The rule is the
 * same for all mechanisms. */
static const char *what_is_wrong(struct str password)
{
    if (!password.n)
        return "the password is empty";
    if (memchr(password.s, '\0', password.n))
        return "the password contains a NUL";
    return str_is_utf8(password) ? NULL : "the password is not UTF-8";
}

int sasl_typed(struct sasl *sasl, struct str *ret)
{
    const struct credentials *c = sasl->credentials;
    const char *wrong;

    if (!c->password.s && c->can_get_password)
        return SASL_NEEDS_PASSWORD;
    wrong = c->password.s ? what_is_wrong(c->password)
                          : "the server has changed the salt, so the stored "
                            "keys are useless, and no password was set";
    if (wrong)
        return fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_ECRED, "%s", wrong);
    *ret = c->password;
    return 0;
}

/* A server whose SASLprep refuses a password stores it as it was typed, if at
 * all, so that is hashed here, too. */
int sasl_prepared(struct sasl *sasl, char **ret)
{
    struct str typed;
    int rc = sasl_typed(sasl, &typed);

    if (rc)
        return rc;
    rc = saslprep(sasl->env, typed, ret);
    if (rc == XMPP_EARG) {
        *ret = env_strndup(sasl->env, typed.s, typed.n);
        rc = *ret ? 0 : XMPP_EMEM;
    }
    return rc ? sasl_fail(sasl, rc) : 0;
}

/* ---- salting ----------------------------------------------------- */

bool sasl_iterations(const struct sasl *sasl, struct str text,
                     unsigned long *ret)
{
    const struct credentials *c = sasl->credentials;

    return str_number(text, c->max_iterations, ret) &&
           *ret >= c->min_iterations;
}

/* The password is prepared here and wiped at once: the HMAC has what it needs.
 */
int sasl_salt_begin(struct sasl *sasl, struct crypt_stretch *stretch,
                    enum digest digest, struct str salt,
                    unsigned long iterations)
{
    char *password;
    int rc = sasl_prepared(sasl, &password);

    if (rc)
        return rc;
    if (!crypt_stretch_begin(stretch, digest, str_of(password), salt,
                             (unsigned)iterations))
        rc = sasl_fail(sasl, XMPP_EINT);
    env_free_secret(sasl->env, password);
    return rc;
}

/* The server chooses how many iterations there are; meanwhile other connections
 * must have their turn. */
int sasl_salt_go(struct sasl *sasl, struct crypt_stretch *stretch)
{
    unsigned most = sasl->credentials->may_pause ? PORTION : UINT_MAX;

    if (!crypt_stretch_go(stretch, most))
        return sasl_fail(sasl, XMPP_EINT);
    return stretch->left ? SASL_BUSY : 0;
}
