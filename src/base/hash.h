/* hash.h - a keyed hash of octets, for keys that a peer may choose. */

#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

#include "base/str.h"

#define HASH_KEY_SIZE 16

/* SipHash-2-4: without the key nobody can choose texts that collide, and so
 * turn a hash table into a list. */
uint64_t hash_sip(const unsigned char key[HASH_KEY_SIZE], struct str text);

#endif
