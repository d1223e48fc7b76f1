/* code.h - base64 (RFC 4648 section 4) and hex. */

#ifndef BASE_CODE_H
#define BASE_CODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

/* Bytes needed for the text of `n` bytes, with its NUL. */
#define BASE64_SIZE(n) (((n) + 2) / 3 * 4 + 1)
#define HEX_SIZE(n) ((n)*2 + 1)

/* Write the text and its NUL to `out`; returns its length. */
size_t base64_encode(char *out, const void *data, size_t n);
size_t hex_encode(char *out, const void *data, size_t n); /* lower case */

/* The value of a hexadecimal digit in either case, -1 for any other character.
 */
int hex_value(char c);

/* The largest number of bytes that a text of `n` characters can encode. */
#define BASE64_MOST(n) ((n) / 4 * 3)

/* Strict: the text is padded and canonical, and has no character outside the
 * alphabet (RFC 6120 section 6.4.2 demands it of SASL data). Writes at most
 * BASE64_MOST bytes; false if the text is not base64. */
bool base64_decode(void *out, size_t *ret_n, struct str text);

/* The same, but the unused bits of the last character need not be zero, as
 * libstrophe accepts them. */
bool base64_decode_sloppy(void *out, size_t *ret_n, struct str text);

#endif
