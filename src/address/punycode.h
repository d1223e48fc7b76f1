/* punycode.h - labels of domain names in ASCII (RFC 3492), for address/label
 * where libidn2 is too old. */

#ifndef ADDRESS_PUNYCODE_H
#define ADDRESS_PUNYCODE_H

#include <stdint.h>

#include "base/str.h"

#define PUNYCODE_MOST 59 /* octets: a label of 63 behind its xn-- */

/* Encode a label, without the xn--. Returns the length, 0 if it would be more
 * than PUNYCODE_MOST. Whether it is a valid label is not checked. */
size_t punycode_encode(const uint32_t *c, size_t n, char out[PUNYCODE_MOST]);

#endif
