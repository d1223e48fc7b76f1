/* ht.h - the mechanisms of hashed tokens, HT-* (draft-ietf-kitten-sasl-ht,
 * XEP-0484): one message each way, and both sides prove that they know the
 * token. They stand apart from the table of mechanisms, for they are offered
 * apart and serve for tokens only. */

#ifndef SASL_HT_H
#define SASL_HT_H

#include "sasl/binding.h"
#include "sasl/mechanisms.h"

/* NULL for a stranger. */
const struct mechanism *ht_find(struct str name);

/* What it binds; BINDING_NONE for HT-*-NONE. */
enum binding ht_binding(const struct mechanism *mechanism);

/* As a bit, 0 for a stranger. */
unsigned ht_bit(struct str name);

/* May we log in by this one? It takes verified TLS, what the application
 * allows, and no less binding than policy or min_strength demands. */
bool ht_may(const struct mechanism *mechanism, const struct credentials *c);

/* The best of a set that we may use, or NULL: it is asked for with the
 * password, for the next time. */
const struct mechanism *ht_best(unsigned bits, const struct credentials *c);

#endif
