/* hash.h - a hash of octets that strangers cannot make collide. */

#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

#include "base/str.h"

#define HASH_KEY_SIZE 16

/* SipHash-2-4 */
uint64_t hash_sip(const unsigned char key[HASH_KEY_SIZE], struct str text);

#endif
