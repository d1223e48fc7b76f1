/* base64.c - libstrophe's base64 functions. */

#include <strophe.h>

#include <string.h>

#include "base/code.h"
#include "base/env.h"

char *xmpp_base64_encode(xmpp_ctx_t *ctx, const unsigned char *data, size_t len)
{
    char *text = ctx && len < SIZE_MAX / 2
                     ? env_alloc(env_of(ctx), BASE64_SIZE(len))
                     : NULL;

    if (text)
        base64_encode(text, data, len);
    return text;
}

/* Sloppy as libstrophe: the unused bits of the last character need not be zero.
 * A NUL stands behind the bytes; NULL if it is not base64 or memory is out. */
static char *decode(const struct env *env, const char *base64, size_t len,
                    size_t *ret_n)
{
    char *bytes = env_alloc(env, BASE64_MOST(len) + 1);

    if (!bytes)
        return NULL;
    if (!base64_decode_sloppy(bytes, ret_n, str_n(base64, len))) {
        env_free(env, bytes);
        return NULL;
    }
    bytes[*ret_n] = '\0';
    return bytes;
}

char *xmpp_base64_decode_str(xmpp_ctx_t *ctx, const char *base64, size_t len)
{
    size_t n;
    char *text = ctx ? decode(env_of(ctx), base64, len, &n) : NULL;

    /* A NUL inside would cut the text short without anybody noticing. */
    if (text && strlen(text) != n) {
        env_free(env_of(ctx), text);
        return NULL;
    }
    return text;
}

void xmpp_base64_decode_bin(xmpp_ctx_t *ctx, const char *base64, size_t len,
                            unsigned char **out, size_t *outlen)
{
    size_t n = 0;
    char *bytes;

    if (!out || !outlen)
        return;
    bytes = ctx && len ? decode(env_of(ctx), base64, len, &n) : NULL;
    *out = (unsigned char *)bytes;
    *outlen = bytes ? n : 0;
}
