/* rand.c - libstrophe's random numbers and UUIDs. */

#include <strophe.h>

#include <limits.h>
#include <stdlib.h>

#include "base/code.h"
#include "base/crypt.h"
#include "base/env.h"

#define UUID_SIZE 37 /* with its NUL */

/* The system's generator needs no state; the object is libstrophe's. */
struct _xmpp_rand_t {
    char unused;
};

xmpp_rand_t *xmpp_rand_new(xmpp_ctx_t *ctx)
{
    return ctx ? env_zalloc(env_of(ctx), sizeof(xmpp_rand_t)) : NULL;
}

void xmpp_rand_free(xmpp_ctx_t *ctx, xmpp_rand_t *rand)
{
    if (ctx)
        env_free(env_of(ctx), rand);
}

/* These functions cannot report anything, and what they give away may be used
 * as a secret: without a generator there is no way on. */
static void get(void *out, size_t n)
{
    if (!crypt_random(out, n))
        abort();
}

int xmpp_rand(xmpp_rand_t *rand)
{
    unsigned n;

    (void)rand;
    get(&n, sizeof(n));
    /* Never negative, like rand(). */
    return (int)(n & INT_MAX);
}

void xmpp_rand_bytes(xmpp_rand_t *rand, unsigned char *output, size_t len)
{
    (void)rand;
    get(output, len);
}

void xmpp_rand_nonce(xmpp_rand_t *rand, char *output, size_t len)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t i;

    (void)rand;
    if (len == 0)
        return;
    get(output, len - 1);
    for (i = 0; i < len - 1; i++)
        output[i] = digits[output[i] & 15];
    output[i] = '\0';
}

/* RFC 9562 section 4. */
static void write_uuid(char *uuid, const unsigned char bytes[16])
{
    static const unsigned char octets[] = {4, 2, 2, 2, 6}; /* of its parts */

    for (size_t i = 0; i < sizeof(octets); i++) {
        uuid += hex_encode(uuid, bytes, octets[i]);
        bytes += octets[i];
        if (i + 1 < sizeof(octets))
            *uuid++ = '-';
    }
}

char *xmpp_uuid_gen(xmpp_ctx_t *ctx)
{
    unsigned char bytes[16];
    char *uuid = ctx ? env_alloc(env_of(ctx), UUID_SIZE) : NULL;

    if (!uuid)
        return NULL;
    if (!crypt_random_id(bytes, sizeof(bytes))) {
        env_free(env_of(ctx), uuid);
        return NULL;
    }
    bytes[6] = (unsigned char)(0x40 | (bytes[6] & 0x0f)); /* version 4 */
    bytes[8] = (unsigned char)(0x80 | (bytes[8] & 0x3f)); /* of RFC 9562 */
    write_uuid(uuid, bytes);
    return uuid;
}
