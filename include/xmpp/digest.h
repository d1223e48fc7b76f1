/* digest.h - hashes by their names in XMPP, base64, hex, random octets. */

#ifndef XMPP_DIGEST_H
#define XMPP_DIGEST_H

#include <xmpp/types.h>

XMPP_BEGIN

/* The octets of the longest hash. */
#define XMPP_DIGEST_MOST 64

/* Hash `size` octets by the function of this name (XEP-0300 section 2): sha-1,
 * sha-224, sha-256, sha-384, sha-512, sha3-256 or sha3-512. Writes *ret_size
 * octets to `ret`. 0; XMPP_EARG for another name, and without data; XMPP_EINT
 * if the crypto library fails, for example because a policy of the system
 * forbids that function. */
XMPP_API int xmpp_digest(const char *name, const void *data, size_t size,
                         unsigned char ret[XMPP_DIGEST_MOST], size_t *ret_size);

/* The same as hexadecimal digits in lower case, NUL-terminated. 0, or a code as
 * above. */
#define XMPP_DIGEST_HEX_SIZE (2 * XMPP_DIGEST_MOST + 1)
XMPP_API int xmpp_digest_hex(const char *name, const void *data, size_t size,
                             char ret[XMPP_DIGEST_HEX_SIZE]);

/* Octets as base64 (RFC 4648 section 4) and as hexadecimal digits in lower
 * case. NUL-terminated, owned: xmpp_free(). NULL when out of memory. */
XMPP_API char *xmpp_base64(xmpp_ctx_t *ctx, const void *data, size_t size);
XMPP_API char *xmpp_hex(xmpp_ctx_t *ctx, const void *data, size_t size);

/* The octets of a base64 text: *ret_size of them, and a NUL behind, which does
 * not count. White space in the text is skipped, as XML may bring it; bits
 * behind the last octet are not looked at. Owned: xmpp_free(). NULL if it is
 * not base64, or when out of memory. */
XMPP_API unsigned char *xmpp_unbase64(xmpp_ctx_t *ctx, const char *text,
                                      size_t *ret_size);

/* Fill `buf` with octets from the generator of the operating system, which
 * nobody can guess. 0; XMPP_EARG without a buffer; XMPP_EINT if the generator
 * fails. */
XMPP_API int xmpp_random(void *buf, size_t size);

/* A text of 32 characters, a to f and digits, that is different each time and
 * cannot be guessed: an id of a stanza or an item. Owned: xmpp_free(). NULL
 * when out of memory, or if the generator fails. */
XMPP_API char *xmpp_random_id(xmpp_ctx_t *ctx);

XMPP_END

#endif /* XMPP_DIGEST_H */
