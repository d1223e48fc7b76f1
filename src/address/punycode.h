/* punycode.h - labels of domain names in ASCII (RFC 3492). */

#ifndef ADDRESS_PUNYCODE_H
#define ADDRESS_PUNYCODE_H

#include <stdint.h>

#include "base/str.h"

#define PUNYCODE_MOST 59 /* octets: a label of 63 behind its xn-- */

/* To ASCII, without the xn--. Returns the length, 0 if it is longer than
 * PUNYCODE_MOST. Does not judge what it encodes. */
size_t punycode_encode(const uint32_t *c, size_t n, char out[PUNYCODE_MOST]);

/* And back; at most PUNYCODE_MOST code points. Returns how many there are, 0
 * if it is none. Judges only that they are code points. */
size_t punycode_decode(struct str ascii, uint32_t out[PUNYCODE_MOST]);

#endif
