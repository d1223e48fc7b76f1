/* crypt.c - digests, HMAC, PBKDF2 and random bytes, by GnuTLS. */

#include "base/crypt.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

static const struct {
    gnutls_digest_algorithm_t hash;
    gnutls_mac_algorithm_t mac;
    size_t size;
} kinds[] = {
    [DIGEST_SHA1] = {GNUTLS_DIG_SHA1, GNUTLS_MAC_SHA1, 20},
    [DIGEST_SHA224] = {GNUTLS_DIG_SHA224, GNUTLS_MAC_SHA224, 28},
    [DIGEST_SHA256] = {GNUTLS_DIG_SHA256, GNUTLS_MAC_SHA256, 32},
    [DIGEST_SHA384] = {GNUTLS_DIG_SHA384, GNUTLS_MAC_SHA384, 48},
    [DIGEST_SHA512] = {GNUTLS_DIG_SHA512, GNUTLS_MAC_SHA512, 64},
    [DIGEST_SHA3_256] = {GNUTLS_DIG_SHA3_256, GNUTLS_MAC_UNKNOWN, 32},
    [DIGEST_SHA3_512] = {GNUTLS_DIG_SHA3_512, GNUTLS_MAC_UNKNOWN, 64},
    [DIGEST_MD5] = {GNUTLS_DIG_MD5, GNUTLS_MAC_MD5, 16},
};

size_t digest_size(enum digest digest)
{
    return kinds[digest].size;
}

bool crypt_hash(enum digest digest, const void *data, size_t n,
                unsigned char *out)
{
    return gnutls_hash_fast(kinds[digest].hash, data, n, out) == 0;
}

bool crypt_hmac(enum digest digest, const void *key, size_t key_n,
                const void *data, size_t n, unsigned char *out)
{
    return gnutls_hmac_fast(kinds[digest].mac, key, key_n, data, n, out) == 0;
}

/* struct hash is never defined: it stands for the handle of GnuTLS, whose type
 * must not appear in the header. */
struct hash *crypt_begin(enum digest digest)
{
    gnutls_hash_hd_t handle;

    return gnutls_hash_init(&handle, kinds[digest].hash)
               ? NULL
               : (struct hash *)(void *)handle;
}

bool crypt_add(struct hash *hash, const void *data, size_t n)
{
    return gnutls_hash((gnutls_hash_hd_t)(void *)hash, data, n) == 0;
}

void crypt_end(struct hash *hash, unsigned char *out)
{
    if (hash)
        gnutls_hash_deinit((gnutls_hash_hd_t)(void *)hash, out);
}

/* U1 = HMAC(password, salt || INT(1)), and the result begins with it. The
 * handle keeps the key, so that the iterations need not hash the password
 * again. */
bool crypt_stretch_begin(struct crypt_stretch *stretch, enum digest digest,
                         struct str password, struct str salt,
                         unsigned iterations)
{
    static const unsigned char first_block[] = {0, 0, 0, 1}; /* INT(1) */
    gnutls_hmac_hd_t hmac;

    if (iterations == 0 ||
        gnutls_hmac_init(&hmac, kinds[digest].mac, password.s, password.n))
        return false;
    *stretch = (struct crypt_stretch){
        .digest = digest, .left = iterations - 1, .hmac = hmac};
    if (gnutls_hmac(hmac, salt.s, salt.n) ||
        gnutls_hmac(hmac, first_block, sizeof(first_block)))
        return false;
    gnutls_hmac_output(hmac, stretch->last);
    memcpy(stretch->out, stretch->last, DIGEST_MOST);
    return true;
}

/* U[i + 1] = HMAC(password, U[i]), and the result is the XOR of all. Reading
 * the output resets the handle for the next one. */
bool crypt_stretch_go(struct crypt_stretch *stretch, unsigned most)
{
    size_t n = kinds[stretch->digest].size;

    for (; stretch->left && most; stretch->left--, most--) {
        if (gnutls_hmac(stretch->hmac, stretch->last, n))
            return false;
        gnutls_hmac_output(stretch->hmac, stretch->last);
        for (size_t i = 0; i < n; i++)
            stretch->out[i] ^= stretch->last[i];
    }
    return true;
}

void crypt_stretch_end(struct crypt_stretch *stretch)
{
    if (stretch->hmac)
        gnutls_hmac_deinit(stretch->hmac, NULL);
    crypt_wipe(stretch, sizeof(*stretch));
}

bool crypt_random(void *out, size_t n)
{
    return gnutls_rnd(GNUTLS_RND_KEY, out, n) == 0; /* the strongest level */
}

bool crypt_random_id(void *out, size_t n)
{
    return gnutls_rnd(GNUTLS_RND_RANDOM, out, n) == 0;
}

bool crypt_equal(const void *a, const void *b, size_t n)
{
    return gnutls_memcmp(a, b, n) == 0;
}

void crypt_wipe(void *p, size_t n)
{
    gnutls_memset(p, 0, n);
}
