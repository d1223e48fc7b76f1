/* choice.c - chooses a mechanism of those offered, and the channel binding (RFC
 * 6120 section 6.3.3, RFC 5802 section 6, XEP-0440, XEP-0474). */

#include "sasl/choice.h"

/* An attacker can make a proof fail. It must not get the password for that, so
 * nothing that reveals it is tried any more. After a refused guess the same
 * hash is tried without binding. */
void choice_refuse(struct sasl_offer *offer, const struct sasl_choice *choice)
{
    if (choice->mechanism->is_mutual)
        offer->password_barred = true;
    if (choice->is_guess)
        offer->binding_failed = true;
    else
        offer->refused |= mechanism_bit(str_of(choice->mechanism->name));
}

/* ---- binding ----------------------------------------------------- */

/* The server does not list its types. Up to TLS 1.2 every server with channel
 * binding has tls-unique (RFC 5802 section 6.1). With TLS 1.3 one can only try:
 * ejabberd 23.01 announces -PLUS there and has no type that works. */
static enum binding guess_binding(const struct sasl_offer *offer, unsigned have,
                                  bool *is_guess)
{
    if (have & binding_bit(BINDING_UNIQUE))
        return BINDING_UNIQUE;
    *is_guess = true;
    return offer->binding_failed ? BINDING_NONE : binding_best(have);
}

/* The best type that both sides have; BINDING_NONE if there is none. Sets
 * `is_guess` where that is one. */
static enum binding choose_binding(const struct sasl_offer *offer,
                                   const struct credentials *c, bool *is_guess)
{
    unsigned have = binding_bits(c->channel);

    return offer->has_types ? binding_best(have & offer->bindings)
                            : guess_binding(offer, have, is_guess);
}

static uint32_t all_plus(void)
{
    uint32_t bits = 0;
    const struct mechanism *m;

    for (unsigned i = 0; (m = mechanism_at(i)); i++)
        if (m->is_plus)
            bits |= UINT32_C(1) << i;
    return bits;
}

/* The flag of SCRAM without channel binding (RFC 5802 section 6). 'y': we
 * could, but the server seems not to; a server that can will notice that its
 * offer was changed on the way. 'n': we cannot, or have no type in common. A
 * server that lists types without a mechanism for them, or has mechanisms of
 * which we can use none, is suspicious. XEP-0440 wants the login given up then;
 * it continues as XEP-0474 allows, with a server that proves its offer. */
static void choose_flag(const struct sasl_offer *offer,
                        const struct credentials *c, uint32_t allowed,
                        struct sasl_choice *choice)
{
    bool could = binding_bits(c->channel) && allowed & all_plus();

    choice->flag = could && !offer->has_plus ? 'y' : 'n';
    if (could && !offer->binding_failed)
        choice->needs_proof = offer->has_plus || offer->has_types;
}

/* ---- choosing ---------------------------------------------------- */

enum verdict {
    BARRED,    /* it would reveal the password, which is not allowed now */
    UNBOUND,   /* it needs channel binding, and there is no common type */
    FORBIDDEN, /* by policy */
    GOOD
};

/* Whether this mechanism may be used, and how. */
static enum verdict consider(const struct mechanism *m,
                             const struct sasl_offer *offer,
                             const struct credentials *c, uint32_t allowed,
                             struct sasl_choice *choice)
{
    *choice = (struct sasl_choice){.mechanism = m, .flag = 'n'};
    if (m->needs_tls && (!c->encrypted || offer->password_barred))
        return BARRED;
    if (m->is_plus) {
        choice->flag = 'p';
        choice->binding = choose_binding(offer, c, &choice->is_guess);
        if (!choice->binding)
            return c->needs_channel_binding ? FORBIDDEN : UNBOUND;
    } else if (m->is_scram) {
        choose_flag(offer, c, allowed, choice);
    }
    if (c->needs_channel_binding && !choice->binding && !m->is_bound_by_tls)
        return FORBIDDEN;
    /* SCRAM can still prove that the server offers nothing stronger */
    if (strength_is_above(&c->min_strength, m, choice->binding)) {
        choice->needs_proof = true;
        return m->is_scram ? GOOD : FORBIDDEN;
    }
    return GOOD;
}

/* Without a list of the application all mechanisms are allowed, except legacy
 * ones. */
static uint32_t allowed_bits(const struct credentials *c)
{
    const struct mechanism *m;
    uint32_t bits = 0;

    if (c->allowed.s)
        return mechanism_bits(c->allowed);
    for (unsigned i = 0; (m = mechanism_at(i)); i++)
        if (!m->is_legacy || c->allow_legacy)
            bits |= UINT32_C(1) << i;
    return bits;
}

/* What the account's credentials suffice for. */
static uint32_t possible_bits(const struct credentials *c)
{
    const struct mechanism *m;
    uint32_t bits = 0;

    for (unsigned i = 0; (m = mechanism_at(i)); i++)
        if (m->is_possible(m, c))
            bits |= UINT32_C(1) << i;
    return bits;
}

/* Name the rule that every mechanism of the offer breaks. */
static void report_policy(const struct credentials *c, struct fault *fault)
{
    char line[STRENGTH_SIZE] = "1 ";

    if (c->min_strength.mechanism)
        strength_write(&c->min_strength, line, sizeof(line));
    if (c->needs_channel_binding)
        fault_set(fault, XMPP_LAYER_SASL, XMPP_EPOLICY,
                  "channel binding is required, but not available here");
    else if (c->min_strength.is_set)
        fault_set(fault, XMPP_LAYER_SASL, XMPP_EPOLICY,
                  "it would be weaker than the least allowed, %s", line + 2);
    else
        fault_set(fault, XMPP_LAYER_SASL, XMPP_EPOLICY,
                  "this connection has proved the password before (SCRAM), so "
                  "it does not send the password itself now");
}

/* The credential that the account lacks for what the server offers. */
static const char *missing_credential(const struct credentials *c)
{
    if (c->anonymous)
        return "the account has no user name, so it can log in by ANONYMOUS "
               "only";
    if (c->password.s || c->can_get_password || c->keys || c->oauth_token.s)
        return "the offered mechanisms need other credentials";
    return c->external ? "no password was set, and the server does not offer a "
                         "login by the client certificate"
                       : "no password was set";
}

static void report_reason(uint32_t allowed, uint32_t possible,
                          enum verdict best, const struct sasl_offer *offer,
                          const struct credentials *credentials,
                          struct fault *fault)
{
    const char *why;
    int code = XMPP_EMECH;

    if (!offer->known) {
        why = "the server offers no mechanism that this library knows";
    } else if (!(offer->known & allowed)) {
        why = "the server offers no mechanism that is allowed";
    } else if (!(offer->known & allowed & possible)) {
        why = missing_credential(credentials);
        code = XMPP_ECRED;
    } else if (offer->refused || offer->password_barred) {
        why = "the server refused every mechanism that was tried";
    } else if (best == UNBOUND) {
        why = "the server demands channel binding of a type that is not "
              "available";
    } else {
        why = "the server only accepts the password itself, which is not sent "
              "without TLS";
    }
    fault_set(fault, XMPP_LAYER_SASL, code, "%s", why);
}

void choice_report_offer(const struct sasl_offer *offer,
                         const struct mechanism *tried, struct fault *fault)
{
    char names[160];

    if (tried)
        fault_add(fault, "tried: %s", tried->name);
    offer_describe(offer, names, sizeof(names));
    fault_add(fault, "offered: %s", names);
}

bool choice_make(const struct sasl_offer *offer,
                 const struct credentials *credentials, struct sasl_choice *ret,
                 struct fault *fault)
{
    uint32_t allowed = allowed_bits(credentials);
    uint32_t possible = possible_bits(credentials);
    uint32_t open = offer->known & allowed & possible & ~offer->refused;
    const struct mechanism *m;
    enum verdict best = BARRED;

    for (unsigned i = 0; (m = mechanism_at(i)); i++) {
        struct sasl_choice choice;
        enum verdict verdict;

        if (!(open & UINT32_C(1) << i))
            continue; /* the table begins with the strongest */
        verdict = consider(m, offer, credentials, allowed, &choice);
        if (verdict == GOOD) {
            *ret = choice;
            return true;
        }
        if (verdict > best)
            best = verdict;
    }
    if (fault_is_set(fault))
        return false;
    if (best == FORBIDDEN)
        report_policy(credentials, fault);
    else
        report_reason(allowed, possible, best, offer, credentials, fault);
    choice_report_offer(offer, NULL, fault);
    return false;
}
