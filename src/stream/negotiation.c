/* negotiation.c - what a login in progress has to remember, and to forget. */

#include "stream/negotiation.h"

#include "base/crypt.h"

struct negotiation *negotiation_new(struct env *env,
                                    const struct step *const *table)
{
    struct negotiation *n = env_zalloc(env, sizeof(*n));

    if (n)
        n->table = table;
    return n;
}

static void forget_challenge(struct env *env, struct negotiation *n)
{
    env_free(env, n->request.challenge);
    n->request.challenge = NULL;
}

/* The mechanism is called again with the same challenge, so it is kept until
 * then. */
bool negotiation_keep_challenge(struct env *env, struct negotiation *n,
                                struct str challenge)
{
    forget_challenge(env, n);
    n->request.has_challenge = challenge.s != NULL;
    n->request.challenge_n = challenge.n;
    if (challenge.s)
        n->request.challenge = env_strndup(env, challenge.s, challenge.n);
    return !challenge.s || n->request.challenge;
}

/* Who we are stays, and what was requested together with the login: the answer
 * is read by it. */
void negotiation_forget(struct env *env, struct negotiation *n)
{
    upgrade_end(&n->tasks.work);
    sasl_free(n->sasl);
    n->sasl = NULL;
    offer_free(&n->offer);
    forget_challenge(env, n);
    env_free_secret(env, n->request.password);
    n->request.password = NULL;
    n->credentials = (struct credentials){0};
    xmpp_stanza_release(n->features);
    n->features = NULL;
}

/* It is wiped as a whole, so that no member can be forgotten. */
void negotiation_free(struct env *env, struct negotiation *n)
{
    if (!n)
        return;
    negotiation_forget(env, n);
    xmpp_stanza_release(n->pipelined);
    xmpp_stanza_release(n->reply);
    xmpp_stanza_release(n->behind);
    crypt_wipe(n, sizeof(*n));
    env_free(env, n);
}
