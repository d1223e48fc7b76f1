/* digest.c - hashes by name, base64, hex and random octets. */

#include <xmpp/digest.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>

#include "failmem.h"
#include "tap.h"

/* FIPS 180-4 and FIPS 202: "abc". */
static void test_digests(xmpp_ctx_t *ctx)
{
    static const struct {
        const char *name, *hex;
    } rows[] = {
        {"sha-1", "a9993e364706816aba3e25717850c26c9cd0d89d"},
        {"sha-224", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
        {"sha-256",
         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"sha-384",
         "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
         "8086072ba1e7cc2358baeca134c825a7"},
        {"sha-512",
         "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
         "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
        {"sha3-256",
         "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"},
        {"sha3-512",
         "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
         "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0"},
    };
    unsigned char out[XMPP_DIGEST_MOST];
    char digits[XMPP_DIGEST_HEX_SIZE];
    size_t n = 99;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *hex;

        is_int(xmpp_digest(rows[i].name, "abc", 3, out, &n), 0, "%s",
               rows[i].name);
        hex = xmpp_hex(ctx, out, n);
        is_str(hex, rows[i].hex, "  is right");
        xmpp_free(ctx, hex);
    }
    n = 99;
    is_int(xmpp_digest("md5", "abc", 3, out, &n), XMPP_EARG, "not MD5");
    is_int(xmpp_digest("SHA-1", "abc", 3, out, &n), XMPP_EARG, "nor SHA-1");
    is_int(xmpp_digest(NULL, "abc", 3, out, &n), XMPP_EARG, "nor nothing");
    is_int(xmpp_digest("sha-1", NULL, 3, out, &n), XMPP_EARG, "no data");
    is_int(n, 99, "the size is left alone");
    is_int(xmpp_digest("sha-1", NULL, 0, out, &n), 0, "of an empty text");
    is_int(xmpp_digest_hex("sha-1", "abc", 3, digits), 0, "as digits");
    is_str(digits, "a9993e364706816aba3e25717850c26c9cd0d89d", "of SHA-1");
    is_int(xmpp_digest_hex("md5", "abc", 3, digits), XMPP_EARG,
           "but not of MD5");
    is_int(xmpp_digest_hex("sha-1", "abc", 3, NULL), XMPP_EARG, "nowhere");
}

static void test_base64(xmpp_ctx_t *ctx)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"Zg==", "f"},
        {"Zm9v", "foo"},
        {"Zm9vYg==", "foob"},
        {" Zm\n9v\tYmFy\r\n", "foobar"},
        {"Zh==", "f"},
    };
    static const char *const bad[] = {
        "Zg=", "Zg", "Z===", "Zg==Zg==", "Zm9_", "Zm\v9v"};
    size_t n = 99;
    char *text;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        unsigned char *data = xmpp_unbase64(ctx, rows[i][0], &n);

        is_str((char *)data, rows[i][1], "'%s'", rows[i][0]);
        is_int(n, strlen(rows[i][1]), "  has a length");
        xmpp_free(ctx, data);
    }
    n = 99;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ok(!xmpp_unbase64(ctx, bad[i], &n) && n == 99, "not '%s'", bad[i]);
    text = xmpp_base64(ctx, "\0\377", 2);
    is_str(text, "AP8=", "and back");
    xmpp_free(ctx, text);
    text = xmpp_base64(ctx, NULL, 0);
    is_str(text, "", "of nothing");
    xmpp_free(ctx, text);
}

static void test_random(xmpp_ctx_t *ctx)
{
    char a[20] = "", b[20] = "";
    char *id = xmpp_random_id(ctx), *other = xmpp_random_id(ctx);

    ok(!xmpp_random(a, sizeof(a)) && !xmpp_random(b, sizeof(b)), "random");
    ok(memcmp(a, b, sizeof(a)) != 0, "octets");
    is_int(xmpp_random(NULL, 1), XMPP_EARG, "somewhere");
    is_int(strspn(id, "0123456789abcdef"), 32, "an id of 32 characters");
    ok(strcmp(id, other) != 0, "another each time");
    xmpp_free(ctx, id);
    xmpp_free(ctx, other);
}

static void test_memory(void)
{
    struct failmem memory;
    xmpp_ctx_t *ctx;
    size_t n;

    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    failmem_arm(&memory, 1, 1);
    ok(!xmpp_base64(ctx, "a", 1) && !xmpp_hex(ctx, "a", 1) &&
           !xmpp_unbase64(ctx, "Zg==", &n) && !xmpp_random_id(ctx) &&
           !xmpp_zalloc(ctx, 1) && !xmpp_copy_text(ctx, "a"),
       "no memory");
    failmem_arm(&memory, 0, 0);
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "nothing leaks");
}

/* ctx.h: the memory that modules work with. */
static void test_blocks(xmpp_ctx_t *ctx)
{
    char *text = xmpp_copy_text(ctx, "text"), *zeros = xmpp_zalloc(ctx, 4);

    is_str(text, "text", "a copy");
    ok(zeros && !memcmp(zeros, "\0\0\0\0", 4), "zeros");
    ok(!xmpp_copy_text(ctx, NULL) && !xmpp_copy_text(NULL, "a") &&
           !xmpp_zalloc(NULL, 1),
       "nothing of nothing");
    xmpp_free(ctx, text);
    xmpp_free(ctx, zeros);
}

int main(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);

    test_digests(ctx);
    test_base64(ctx);
    test_random(ctx);
    test_memory();
    test_blocks(ctx);
    xmpp_ctx_free(ctx);
    return done_testing();
}
