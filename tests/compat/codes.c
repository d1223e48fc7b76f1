/* codes.c - libstrophe's SHA-1, base64, random numbers and UUIDs. */

#include <strophe.h>

#include <ctype.h>

#include "failmem.h"
#include "tap.h"

#define BYTES(s) (const unsigned char *)(s)

/* ---- SHA-1: the examples of RFC 3174 and the empty text ---------- */

static const char million[] = "34aa973cd4c4daa4f61eeb2bdbad27316534016f";

static void sha1_whole(xmpp_ctx_t *ctx)
{
    static const struct {
        const char *text, *digest;
    } rows[] = {
        {"", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
        {"abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *hex = xmpp_sha1(ctx, BYTES(rows[i].text), strlen(rows[i].text));

        is_str(hex, rows[i].digest, "SHA-1 of \"%s\"", rows[i].text);
        xmpp_free(ctx, hex);
    }
}

static void sha1_pieces(xmpp_ctx_t *ctx)
{
    unsigned char thousand[1000], a[XMPP_SHA1_DIGEST_SIZE], b[sizeof(a)];
    char hex[41] = "";
    xmpp_sha1_t *sha1 = xmpp_sha1_new(ctx);
    char *copy;

    memset(thousand, 'a', sizeof(thousand));
    for (int i = 0; i < 1000; i++)
        xmpp_sha1_update(sha1, thousand, sizeof(thousand));
    xmpp_sha1_final(sha1);
    is_str(xmpp_sha1_to_string(sha1, hex, sizeof(hex)), million,
           "a million of a, in pieces");
    ok(!xmpp_sha1_to_string(sha1, hex, sizeof(hex) - 1), "no room for it");
    xmpp_sha1_final(sha1);
    copy = xmpp_sha1_to_string_alloc(sha1);
    is_str(copy, million, "the end is said twice");
    xmpp_free(ctx, copy);
    xmpp_sha1_update(sha1, BYTES("abc"), 3);
    xmpp_sha1_final(sha1);
    xmpp_sha1_to_digest(sha1, a);
    xmpp_sha1_digest(BYTES("abc"), 3, b);
    is_mem(a, sizeof(a), b, sizeof(b), "and another digest begins");
    xmpp_sha1_free(sha1);
    sha1 = xmpp_sha1_new(ctx);
    xmpp_sha1_update(sha1, BYTES("abc"), 3);
    xmpp_sha1_free(sha1);
    xmpp_sha1_free(NULL);
}

/* ---- base64 ------------------------------------------------------ */

static void base64(xmpp_ctx_t *ctx)
{
    /* NULL `text` of an answer with `n` > 0: bytes, but no text. */
    static const struct {
        const char *in, *text;
        size_t n;
    } rows[] = {
        {"", "", 0},
        {"Zg==", "f", 1},
        {"Zm8=", "fo", 2},
        {"Zm9v", "foo", 3},
        {"Zm9vYmFy", "foobar", 6},
        {"AP8=", NULL, 2},
        {"Zh==", "f", 1},
        {"Zm9=", "fo", 2},
        {"Zm9", NULL, 0},
        {"Zg", NULL, 0},
        {"Z", NULL, 0},
        {"Z===", NULL, 0},
        {"====", NULL, 0},
        {"Zm 9v", NULL, 0},
        {"Zm9v\n", NULL, 0},
        {"Zg==Zm9v", NULL, 0},
        {"Zm9-", NULL, 0},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t len = strlen(rows[i].in), n = 77;
        unsigned char *bytes = NULL;
        char *text = xmpp_base64_decode_str(ctx, rows[i].in, len);

        is_str(text, rows[i].text, "base64 \"%s\" as text", rows[i].in);
        xmpp_base64_decode_bin(ctx, rows[i].in, len, &bytes, &n);
        is_int(n, rows[i].n, "as bytes");
        ok(!bytes == !n, "which are there, or not");
        if (text && n)
            is_mem(bytes, n, text, strlen(text), "the same");
        xmpp_free(ctx, text);
        xmpp_free(ctx, bytes);
    }
}

static void base64_back(xmpp_ctx_t *ctx)
{
    unsigned char bytes[256], *back;
    size_t n;
    bool same = true;

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)(i * 37);
    for (size_t i = 0; i <= sizeof(bytes); i++) {
        char *text = xmpp_base64_encode(ctx, bytes, i);

        xmpp_base64_decode_bin(ctx, text, strlen(text), &back, &n);
        same = same && n == i && (i == 0 || memcmp(back, bytes, i) == 0);
        xmpp_free(ctx, text);
        xmpp_free(ctx, back);
    }
    ok(same, "bytes of every length come back");
}

/* ---- random ------------------------------------------------------ */

static void random_numbers(xmpp_ctx_t *ctx)
{
    xmpp_rand_t *rand = xmpp_rand_new(ctx);
    unsigned char a[32], b[32];
    char nonce[18];
    int ones = 0, least = 0;

    for (int i = 0; i < 100; i++) {
        int n = xmpp_rand(rand);

        ones |= n;
        least = n < least ? n : least;
    }
    is_int(ones, 0x7fffffff, "every bit is sometimes set");
    is_int(least, 0, "but never the sign");
    xmpp_rand_bytes(rand, a, sizeof(a));
    xmpp_rand_bytes(rand, b, sizeof(b));
    ok(memcmp(a, b, sizeof(a)) != 0, "bytes differ");
    memset(nonce, '#', sizeof(nonce));
    xmpp_rand_nonce(rand, nonce, sizeof(nonce) - 1);
    is_int(strlen(nonce), sizeof(nonce) - 2, "a nonce of the length");
    is_int(strspn(nonce, "0123456789ABCDEF"), sizeof(nonce) - 2, "in hex");
    is_int(nonce[sizeof(nonce) - 1], '#', "and nothing behind");
    xmpp_rand_nonce(rand, nonce, 1);
    is_str(nonce, "", "an empty one");
    xmpp_rand_nonce(rand, NULL, 0);
    xmpp_rand_free(ctx, rand);
}

static void uuids(xmpp_ctx_t *ctx)
{
    char *a = xmpp_uuid_gen(ctx), *b = xmpp_uuid_gen(ctx);
    bool shaped = a && strlen(a) == 36;

    for (int i = 0; shaped && i < 36; i++)
        shaped =
            strchr("\010\015\022\027", i) && i
                ? a[i] == '-'
                : isdigit((unsigned char)a[i]) || (a[i] >= 'a' && a[i] <= 'f');
    ok(shaped, "a UUID looks like one");
    ok(a && a[14] == '4' && strchr("89ab", a[19]), "of version 4");
    ok(a && b && strcmp(a, b) != 0, "the next is another");
    xmpp_free(ctx, a);
    xmpp_free(ctx, b);
}

/* ---- no memory --------------------------------------------------- */

static void no_memory(xmpp_ctx_t *ctx, struct failmem *memory)
{
    unsigned char some = 0, *bytes = &some;
    size_t n = 1;

    failmem_arm(memory, 1, 1);
    ok(!xmpp_sha1(ctx, BYTES("abc"), 3), "no memory for a digest");
    ok(!xmpp_sha1_new(ctx), "nor for an object");
    ok(!xmpp_base64_encode(ctx, BYTES("abc"), 3), "nor for base64");
    ok(!xmpp_base64_decode_str(ctx, "Zm9v", 4), "nor for its text");
    xmpp_base64_decode_bin(ctx, "Zm9v", 4, &bytes, &n);
    ok(!bytes && n == 0, "nor for its bytes");
    ok(!xmpp_rand_new(ctx), "nor for random numbers");
    ok(!xmpp_uuid_gen(ctx), "nor for a UUID");
    failmem_arm(memory, 0, 0);
}

int main(void)
{
    struct failmem memory;
    xmpp_ctx_t *ctx;

    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    sha1_whole(ctx);
    sha1_pieces(ctx);
    base64(ctx);
    base64_back(ctx);
    random_numbers(ctx);
    uuids(ctx);
    no_memory(ctx, &memory);
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
