/* upgrade.h - gives a server the salted password for a stronger hash of SCRAM,
 * which it can offer from then on (XEP-0480). */

#ifndef SASL_UPGRADE_H
#define SASL_UPGRADE_H

#include "sasl/sasl.h"

/* A task as a bit, 0 for an unknown name; and the name of the n-th bit, NULL
 * behind the last. */
unsigned upgrade_bit(struct str task);
const char *upgrade_name(unsigned n);

/* Which of the offered tasks this login may perform: those for a stronger hash
 * that is allowed, in a login in which both sides prove that they know the
 * password. An attacker in between could get the password salted with a salt of
 * his choice, so the channel must be bound too, unless `unbound` allows less.
 */
unsigned upgrade_wanted(unsigned offered, const struct sasl *sasl,
                        bool unbound);

/* One task in progress; zeroed before. */
struct upgrade {
    enum digest digest;
    struct crypt_stretch stretch;
};

/* Begin, then go on as long as that returns SASL_BUSY. At 0 the salted password
 * is ready. Other codes are recorded in the fault of `sasl`. `salt` is base64.
 */
int upgrade_begin(struct upgrade *upgrade, struct sasl *sasl, unsigned bit,
                  struct str salt, struct str iterations);
int upgrade_go(struct upgrade *upgrade, struct sasl *sasl);

/* The salted password: borrowed until upgrade_end(), which wipes it. */
struct str upgrade_result(const struct upgrade *upgrade);
void upgrade_end(struct upgrade *upgrade);

#endif
