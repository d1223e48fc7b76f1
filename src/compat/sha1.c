/* sha1.c - SHA-1 as libstrophe offers it, at once and in pieces. */

#include <strophe.h>

#include <string.h>

#include "base/code.h"
#include "base/crypt.h"
#include "base/env.h"

/* `hash` is NULL from the end of a digest to the next piece. The digest is zero
 * until it has been ended once, and after a failure of the crypto library,
 * because the functions cannot report one. */
struct _xmpp_sha1_t {
    struct env *env;
    struct hash *hash;
    unsigned char digest[XMPP_SHA1_DIGEST_SIZE];
};

void xmpp_sha1_digest(const unsigned char *data, size_t len,
                      unsigned char *digest)
{
    if (!crypt_hash(DIGEST_SHA1, len ? data : NULL, len, digest))
        memset(digest, 0, XMPP_SHA1_DIGEST_SIZE);
}

static char *text_of(const struct env *env, const unsigned char *digest)
{
    char *text = env_alloc(env, HEX_SIZE(XMPP_SHA1_DIGEST_SIZE));

    if (text)
        hex_encode(text, digest, XMPP_SHA1_DIGEST_SIZE);
    return text;
}

char *xmpp_sha1(xmpp_ctx_t *ctx, const unsigned char *data, size_t len)
{
    unsigned char digest[XMPP_SHA1_DIGEST_SIZE];

    if (!ctx)
        return NULL;
    xmpp_sha1_digest(data, len, digest);
    return text_of(env_of(ctx), digest);
}

xmpp_sha1_t *xmpp_sha1_new(xmpp_ctx_t *ctx)
{
    struct env *env = env_of(ctx);
    xmpp_sha1_t *sha1 = ctx ? env_zalloc(env, sizeof(*sha1)) : NULL;

    if (!sha1)
        return NULL;
    sha1->env = env;
    sha1->hash = crypt_begin(DIGEST_SHA1);
    if (!sha1->hash) {
        env_free(env, sha1);
        return NULL;
    }
    /* The context stays until the digest is freed. */
    env_enter(env);
    return sha1;
}

void xmpp_sha1_free(xmpp_sha1_t *sha1)
{
    struct env *env = sha1 ? sha1->env : NULL;

    if (!sha1)
        return;
    crypt_end(sha1->hash, NULL);
    env_free(env, sha1);
    env_leave(env);
}

void xmpp_sha1_update(xmpp_sha1_t *sha1, const unsigned char *data, size_t len)
{
    if (!sha1)
        return;
    /* libstrophe's calls may continue after the end: that begins a new
     * digest. */
    if (!sha1->hash)
        sha1->hash = crypt_begin(DIGEST_SHA1);
    if (sha1->hash && !crypt_add(sha1->hash, data, len)) {
        crypt_end(sha1->hash, NULL);
        sha1->hash = NULL;
        memset(sha1->digest, 0, sizeof(sha1->digest));
    }
}

void xmpp_sha1_final(xmpp_sha1_t *sha1)
{
    if (!sha1)
        return;
    crypt_end(sha1->hash, sha1->digest);
    sha1->hash = NULL;
}

char *xmpp_sha1_to_string(xmpp_sha1_t *sha1, char *s, size_t slen)
{
    if (!sha1 || !s || slen < HEX_SIZE(XMPP_SHA1_DIGEST_SIZE))
        return NULL;
    hex_encode(s, sha1->digest, XMPP_SHA1_DIGEST_SIZE);
    return s;
}

char *xmpp_sha1_to_string_alloc(xmpp_sha1_t *sha1)
{
    return sha1 ? text_of(sha1->env, sha1->digest) : NULL;
}

void xmpp_sha1_to_digest(xmpp_sha1_t *sha1, unsigned char *digest)
{
    if (!sha1 || !digest)
        return;
    memcpy(digest, sha1->digest, XMPP_SHA1_DIGEST_SIZE);
}
