/* ht.h - the mechanisms of hashed tokens, HT-* (draft-ietf-kitten-sasl-ht,
 * XEP-0484): one message each way, in which both sides prove that they know the
 * token. They are not in the table of mechanisms: servers offer them
 * separately, and they work with FAST tokens only. */

#ifndef SASL_HT_H
#define SASL_HT_H

#include "sasl/binding.h"
#include "sasl/mechanisms.h"

/* NULL for an unknown name. */
const struct mechanism *ht_find(struct str name);

/* Its channel binding; BINDING_NONE for HT-*-NONE. */
enum binding ht_binding(const struct mechanism *mechanism);

/* A mechanism as a bit, 0 for an unknown name. */
unsigned ht_bit(struct str name);

/* Whether we may log in by this one: TLS is verified, the application allows
 * it, and its channel binding is as good as policy and min_strength demand. */
bool ht_may(const struct mechanism *mechanism, const struct credentials *c);

/* The best of a set that we may use, or NULL. During a login by password a
 * token for it is requested, for the next login. */
const struct mechanism *ht_best(unsigned bits, const struct credentials *c);

#endif
