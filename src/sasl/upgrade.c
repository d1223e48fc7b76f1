/* upgrade.c - gives a server the salted password for a stronger hash
 * (XEP-0480). */

#include "sasl/upgrade.h"

#include "base/code.h"

#define PREFIX 5 /* length of "UPGR-", behind which is the mechanism */

/* From the weakest hash to the strongest. */
static const struct {
    const char *name;
    enum digest digest;
} tasks[] = {
    {"UPGR-SCRAM-SHA-256", DIGEST_SHA256},
    {"UPGR-SCRAM-SHA-512", DIGEST_SHA512},
};

#define TASKS (sizeof(tasks) / sizeof(tasks[0]))

unsigned upgrade_bit(struct str task)
{
    for (unsigned i = 0; i < TASKS; i++)
        if (str_is(task, tasks[i].name))
            return 1u << i;
    return 0;
}

const char *upgrade_name(unsigned n)
{
    return n < TASKS ? tasks[n].name : NULL;
}

static bool upgrade_is_allowed(const struct credentials *c,
                               const char *mechanism)
{
    return !c->allowed.s ||
           mechanism_bits(c->allowed) & mechanism_bit(str_of(mechanism));
}

/* Stored keys cannot be salted again: that takes the password. One that the
 * application is asked for is known by now, because the login needed it. */
static bool upgrade_has_password(const struct credentials *c)
{
    return c->password.s || (c->can_get_password && !c->keys);
}

unsigned upgrade_wanted(unsigned offered, const struct sasl *sasl, bool unbound)
{
    const struct credentials *c = sasl->credentials;
    unsigned bits = 0;

    /* Only a server that proved its knowledge of the password may have it in
     * another form. An attacker in between could choose the salt. */
    if (!sasl->mechanism->is_scram || !c->encrypted ||
        !upgrade_has_password(c) || (!sasl->choice.binding && !unbound))
        return 0;
    /* enum digest has SCRAM's hashes in the order of their strength */
    for (unsigned i = 0; i < TASKS; i++)
        if ((int)tasks[i].digest > sasl->mechanism->digest &&
            upgrade_is_allowed(c, tasks[i].name + PREFIX))
            bits |= 1u << i;
    return bits & offered;
}

/* ---- one task ---------------------------------------------------- */

static int bad(struct sasl *sasl, const char *what)
{
    return fault_set(sasl->fault, XMPP_LAYER_SASL, XMPP_ECHALLENGE,
                     "the upgrade task of the server: %s", what);
}

static int upgrade_salt(struct upgrade *upgrade, struct sasl *sasl,
                        struct str text, unsigned long iterations)
{
    char *salt = env_alloc(sasl->env, BASE64_MOST(text.n) + 1);
    size_t n = 0;
    int rc;

    if (!salt)
        return sasl_fail(sasl, XMPP_EMEM);
    if (!base64_decode(salt, &n, text) || n == 0)
        rc = bad(sasl, "the salt is not base64");
    else
        rc = sasl_salt_begin(sasl, &upgrade->stretch, upgrade->digest,
                             str_n(salt, n), iterations);
    env_free(sasl->env, salt);
    return rc;
}

int upgrade_begin(struct upgrade *upgrade, struct sasl *sasl, unsigned bit,
                  struct str salt, struct str iterations)
{
    unsigned long count;
    unsigned row = 0;
    int rc;

    while (row + 1 < TASKS && 1u << row != bit)
        row++;
    upgrade->digest = tasks[row].digest;
    /* A low count would make the password easy to guess from the result. */
    if (!sasl_iterations(sasl, iterations, &count))
        return bad(sasl, "the iteration count is outside the limits");
    rc = upgrade_salt(upgrade, sasl, salt, count);
    return rc ? rc : upgrade_go(upgrade, sasl);
}

int upgrade_go(struct upgrade *upgrade, struct sasl *sasl)
{
    return sasl_salt_go(sasl, &upgrade->stretch);
}

struct str upgrade_result(const struct upgrade *upgrade)
{
    return str_n((const char *)upgrade->stretch.out,
                 digest_size(upgrade->digest));
}

void upgrade_end(struct upgrade *upgrade)
{
    crypt_stretch_end(&upgrade->stretch);
}
