/* crypt.h - digests, HMAC, PBKDF2 and random bytes; the only door to them. */

#ifndef BASE_CRYPT_H
#define BASE_CRYPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum digest {
    DIGEST_SHA1,
    DIGEST_SHA224,
    DIGEST_SHA256,
    DIGEST_SHA384,
    DIGEST_SHA512,
    DIGEST_SHA3_256, /* these two not as HMAC */
    DIGEST_SHA3_512,
    DIGEST_MD5
};

#define DIGEST_MOST 64 /* bytes of the longest */

size_t digest_size(enum digest digest);

/* Each writes digest_size() bytes; false if the crypto library fails. */
bool crypt_hash(enum digest digest, const void *data, size_t n,
                unsigned char *out);

bool crypt_hmac(enum digest digest, const void *key, size_t key_n,
                const void *data, size_t n, unsigned char *out);

/* PBKDF2 (RFC 8018 section 5.2) in portions, so that a login with a million
 * iterations does not block the other connections of the loop. One block of
 * output is enough for SCRAM. Zeroed means not begun; the result is in `out`
 * once `left` is 0. */
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

/* A digest of data that comes in pieces. crypt_begin() returns NULL and
 * crypt_add() false if the crypto library fails. crypt_end() frees it, and
 * writes the digest to `out` unless that is NULL. */
struct hash;
struct hash *crypt_begin(enum digest digest);
bool crypt_add(struct hash *hash, const void *data, size_t n);
void crypt_end(struct hash *hash, unsigned char *out);

/* From the operating system's generator; false if it fails. */
bool crypt_random(void *out, size_t n);

/* The same for what is not secret for long, such as ids: as hard to predict, at
 * half the cost. But who reads our memory later may find out what it was. */
bool crypt_random_id(void *out, size_t n);

/* Compares in a time that depends on `n` only, so that it reveals nothing. */
bool crypt_equal(const void *a, const void *b, size_t n);

/* Overwrite with zeros; the compiler cannot remove it as it could memset(). */
void crypt_wipe(void *p, size_t n);

#endif
