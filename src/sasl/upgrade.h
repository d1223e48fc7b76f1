/* upgrade.h - helping a server to a stronger SCRAM: it learns the salted
 * password of another hash, from which it can offer that (XEP-0480). */

#ifndef SASL_UPGRADE_H
#define SASL_UPGRADE_H

#include "sasl/sasl.h"

/* The task of this name as a bit, 0 for a stranger; the name of the n-th bit,
 * NULL past the end. */
unsigned upgrade_bit(struct str task);
const char *upgrade_name(unsigned n);

/* Which of the offered tasks this login may end with: those for a stronger
 * hash that is allowed, where both sides are going to prove that they know the
 * password. Whoever is in between could have it told for a salt of his choice,
 * so the channel has to be bound too, unless `unbound` will do. */
unsigned upgrade_wanted(unsigned offered, const struct sasl *sasl,
                        bool unbound);

/* One task in progress; zeroed before. */
struct upgrade {
    enum digest digest;
    struct crypt_stretch stretch;
};

/* `salt` is base64. 0; SASL_BUSY: go on later; the code told to the fault of
 * `sasl`. At 0 the salted password is ready. */
int upgrade_begin(struct upgrade *upgrade, struct sasl *sasl, unsigned bit,
                  struct str salt, struct str iterations);
int upgrade_go(struct upgrade *upgrade, struct sasl *sasl);

/* The salted password: borrowed, until it is wiped. */
struct str upgrade_result(const struct upgrade *upgrade);
void upgrade_end(struct upgrade *upgrade);

#endif
