/* crypt.h - the one door to digests, HMAC, PBKDF2 and random bytes. */

#ifndef BASE_CRYPT_H
#define BASE_CRYPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum digest { DIGEST_SHA1, DIGEST_SHA256, DIGEST_SHA512, DIGEST_MD5 };

#define DIGEST_MOST 64 /* bytes of the longest */

size_t digest_size(enum digest digest);

/* Each writes digest_size() bytes; false if the crypto library fails. */
bool crypt_hash(enum digest digest, const void *data, size_t n,
                unsigned char *out);

bool crypt_hmac(enum digest digest, const void *key, size_t key_n,
                const void *data, size_t n, unsigned char *out);

/* PBKDF2 in portions, for those who may not stay away long. Zeroed: not begun.
 * When `left` is 0 after it began, `out` has the result. */
struct crypt_stretch {
    enum digest digest;
    unsigned left; /* iterations */
    void *hmac;    /* NULL before and after */
    unsigned char last[DIGEST_MOST], out[DIGEST_MOST];
};
bool crypt_stretch_begin(struct crypt_stretch *stretch, enum digest digest,
                         struct str password, struct str salt,
                         unsigned iterations);
bool crypt_stretch_go(struct crypt_stretch *stretch, unsigned most);
void crypt_stretch_end(struct crypt_stretch *stretch); /* wipes */

/* A digest in pieces. NULL or false if the crypto library fails; the end
 * writes the digest, or only forgets everything where `out` is NULL. */
struct hash;
struct hash *crypt_begin(enum digest digest);
bool crypt_add(struct hash *hash, const void *data, size_t n);
void crypt_end(struct hash *hash, unsigned char *out);

/* From the operating system's generator; false if it fails. */
bool crypt_random(void *out, size_t n);

/* Equal? In a time that depends on `n` only. */
bool crypt_equal(const void *a, const void *b, size_t n);

/* Overwrite, in a way that no compiler removes. */
void crypt_wipe(void *p, size_t n);

#endif
