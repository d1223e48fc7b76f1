/* digest.c - the public functions on hashes, base64, hex and random octets. */

#include <xmpp/digest.h>

#include <stdint.h>

#include <xmpp/error.h>

#include "base/code.h"
#include "base/crypt.h"
#include "base/env.h"

_Static_assert(XMPP_DIGEST_MOST == DIGEST_MOST,
               "one length inside and outside");

static const struct digest_name {
    const char *name;
    enum digest digest;
} digest_names[] = {{"sha-1", DIGEST_SHA1},       {"sha-224", DIGEST_SHA224},
                    {"sha-256", DIGEST_SHA256},   {"sha-384", DIGEST_SHA384},
                    {"sha-512", DIGEST_SHA512},   {"sha3-256", DIGEST_SHA3_256},
                    {"sha3-512", DIGEST_SHA3_512}};

static const struct digest_name *digest_named(struct str name)
{
    for (size_t i = 0; i < sizeof(digest_names) / sizeof(digest_names[0]); i++)
        if (str_is(name, digest_names[i].name))
            return &digest_names[i];
    return NULL;
}

int xmpp_digest(const char *name, const void *data, size_t size,
                unsigned char ret[XMPP_DIGEST_MOST], size_t *ret_size)
{
    const struct digest_name *row = digest_named(str_of(name));

    if (!row || !ret || !ret_size || (!data && size))
        return XMPP_EARG;
    if (!crypt_hash(row->digest, data ? data : "", size, ret))
        return XMPP_EINT;
    *ret_size = digest_size(row->digest);
    return 0;
}

int xmpp_digest_hex(const char *name, const void *data, size_t size,
                    char ret[XMPP_DIGEST_HEX_SIZE])
{
    unsigned char octets[XMPP_DIGEST_MOST];
    size_t n = 0;
    int rc = ret ? xmpp_digest(name, data, size, octets, &n) : XMPP_EARG;

    if (rc == 0)
        hex_encode(ret, octets, n);
    return rc;
}

/* ---- octets as text ---------------------------------------------- */

static bool is_writable(const xmpp_ctx_t *ctx, const void *data, size_t size)
{
    return ctx && (data || !size) && size < SIZE_MAX / 4;
}

char *xmpp_base64(xmpp_ctx_t *ctx, const void *data, size_t size)
{
    char *text = is_writable(ctx, data, size)
                     ? env_alloc(env_of(ctx), BASE64_SIZE(size))
                     : NULL;

    if (text)
        base64_encode(text, data, size);
    return text;
}

char *xmpp_hex(xmpp_ctx_t *ctx, const void *data, size_t size)
{
    char *text = is_writable(ctx, data, size)
                     ? env_alloc(env_of(ctx), HEX_SIZE(size))
                     : NULL;

    if (text)
        hex_encode(text, data, size);
    return text;
}

/* White space of XML. */
static size_t without_spaces(char *to, const char *text)
{
    char *at = to;

    for (; *text; text++)
        if (!strchr(" \t\r\n", *text))
            *at++ = *text;
    return (size_t)(at - to);
}

/* The octets take the place of the characters: three for each four, so nothing
 * is overwritten before it is read. */
unsigned char *xmpp_unbase64(xmpp_ctx_t *ctx, const char *text,
                             size_t *ret_size)
{
    char *room = ctx && text && ret_size
                     ? env_alloc(env_of(ctx), strlen(text) + 1)
                     : NULL;
    size_t n, size;

    if (!room)
        return NULL;
    n = without_spaces(room, text);
    if (!base64_decode_sloppy(room, &size, str_n(room, n))) {
        env_free(env_of(ctx), room);
        return NULL;
    }
    room[size] = '\0';
    *ret_size = size;
    return (unsigned char *)room;
}

/* ---- random octets ----------------------------------------------- */

int xmpp_random(void *buf, size_t size)
{
    if (!buf)
        return XMPP_EARG;
    return crypt_random(buf, size) ? 0 : XMPP_EINT;
}

char *xmpp_random_id(xmpp_ctx_t *ctx)
{
    unsigned char octets[16];

    return crypt_random_id(octets, sizeof(octets))
               ? xmpp_hex(ctx, octets, sizeof(octets))
               : NULL;
}
