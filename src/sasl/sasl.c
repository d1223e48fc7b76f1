/* sasl.c - the table of mechanisms, and choosing from it (RFC 6120 6.3.3). */

#include "sasl/sasl.h"

#include "sasl/mechanisms.h"

static const struct mechanism *const table[] = {
    &mechanism_external,   &mechanism_scram_sha512, &mechanism_scram_sha256,
    &mechanism_scram_sha1, &mechanism_plain,        &mechanism_anonymous,
};

#define ROWS (sizeof(table) / sizeof(table[0]))

/* ROWS if it is unknown. */
static size_t row_of(struct str name)
{
    size_t i = 0;

    while (i < ROWS && !str_is(name, table[i]->name))
        i++;
    return i;
}

static uint32_t bit_of(struct str name)
{
    size_t row = row_of(name);

    return row < ROWS ? UINT32_C(1) << row : 0;
}

/* Known mechanisms of a list as bits. */
static uint32_t bits_of(struct str list)
{
    uint32_t bits = 0;
    struct str word;

    while ((word = str_word(&list)).s)
        bits |= bit_of(word);
    return bits;
}

bool sasl_knows_any(struct str list)
{
    return bits_of(list) != 0;
}

/* ---- choosing --------------------------------------------------------- */

void sasl_offer_add(struct sasl_offer *offer, struct str name)
{
    offer->offered |= bit_of(name);
}

/* Whoever refuses a proof of the password does not get the password. */
void sasl_offer_refuse(struct sasl_offer *offer, const struct mechanism *m)
{
    offer->refused |= bit_of(str_of(m->name));
    if (m->is_mutual)
        offer->password_barred = true;
}

static bool is_barred(const struct mechanism *m, const struct sasl_offer *offer,
                      const struct credentials *credentials)
{
    return m->needs_tls &&
           (!credentials->encrypted || offer->password_barred);
}

static int why_not(uint32_t allowed, uint32_t possible,
                   const struct sasl_offer *offer, struct fault *fault)
{
    if (!offer->offered)
        return fault_set(fault, XMPP_LAYER_SASL, XMPP_EMECH,
                         "the server offers none that is known");
    if (!(offer->offered & allowed))
        return fault_set(fault, XMPP_LAYER_SASL, XMPP_EMECH,
                         "the server offers none that is allowed");
    if (!(offer->offered & allowed & possible))
        return fault_set(fault, XMPP_LAYER_SASL, XMPP_ECRED,
                         "what the server offers needs other credentials");
    if (offer->refused)
        return fault_set(fault, XMPP_LAYER_SASL, XMPP_EMECH,
                         "the server refused all that were tried");
    return fault_set(fault, XMPP_LAYER_SASL, XMPP_EMECH,
                     "the server only offers to take the password itself, "
                     "which is not done without TLS");
}

const struct mechanism *sasl_choose(const struct sasl_offer *offer,
                                    const struct credentials *credentials,
                                    struct fault *fault)
{
    uint32_t allowed =
        credentials->allowed.s ? bits_of(credentials->allowed) : UINT32_MAX;
    const struct mechanism *best = NULL;
    uint32_t possible = 0;

    for (size_t i = 0; i < ROWS; i++) {
        const struct mechanism *m = table[i];
        uint32_t bit = UINT32_C(1) << i;

        if (!m->is_possible(credentials))
            continue;
        possible |= bit;
        if (!(offer->offered & allowed & ~offer->refused & bit) ||
            is_barred(m, offer, credentials))
            continue;
        if (!best || m->strength > best->strength)
            best = m;
    }
    if (!best)
        why_not(allowed, possible, offer, fault);
    return best;
}

/* ---- a login ---------------------------------------------------------- */

struct sasl *sasl_new(const struct env *env, const struct mechanism *mechanism,
                      const struct credentials *credentials,
                      struct fault *fault)
{
    struct sasl *sasl = env_zalloc(env, sizeof(*sasl) + mechanism->size);

    if (!sasl)
        return NULL;
    sasl->env = env;
    sasl->mechanism = mechanism;
    sasl->credentials = credentials;
    sasl->fault = fault;
    sasl->state = sasl + 1;
    return sasl;
}

void sasl_free(struct sasl *sasl)
{
    if (!sasl)
        return;
    if (sasl->mechanism->wipe)
        sasl->mechanism->wipe(sasl);
    env_free(sasl->env, sasl);
}
