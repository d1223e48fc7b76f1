/* crypt.c - digests, HMAC and PBKDF2 by published vectors. */

#include "base/crypt.h"

#include "base/code.h"
#include "tap.h"

static const char *hex(const unsigned char *data, size_t n)
{
    static char text[HEX_SIZE(DIGEST_MOST)];

    hex_encode(text, data, n);
    return text;
}

/* FIPS 180 for "abc". */
static void test_hash(void)
{
    unsigned char out[DIGEST_MOST];

    ok(crypt_hash(DIGEST_SHA1, "abc", 3, out), "SHA-1");
    is_str(hex(out, 20), "a9993e364706816aba3e25717850c26c9cd0d89d", "is");
    ok(crypt_hash(DIGEST_SHA256, "abc", 3, out), "SHA-256");
    is_str(hex(out, 32),
           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
           "is");
    ok(crypt_hash(DIGEST_SHA512, "abc", 3, out), "SHA-512");
    ok(strncmp(hex(out, 64), "ddaf35a193617abacc417349ae204131", 32) == 0,
       "is");
    is_int(digest_size(DIGEST_SHA1), 20, "20 bytes");
    is_int(digest_size(DIGEST_SHA256), 32, "32 bytes");
    is_int(digest_size(DIGEST_SHA512), 64, "64 bytes");
}

/* RFC 2202 and RFC 4231, case 2. */
static void test_hmac(void)
{
    static const char text[] = "what do ya want for nothing?";
    unsigned char out[DIGEST_MOST];

    ok(crypt_hmac(DIGEST_SHA1, "Jefe", 4, text, 28, out), "HMAC-SHA-1");
    is_str(hex(out, 20), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", "is");
    ok(crypt_hmac(DIGEST_SHA256, "Jefe", 4, text, 28, out), "HMAC-SHA-256");
    is_str(hex(out, 32),
           "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
           "is");
}

/* RFC 6070. */
static void test_pbkdf2(void)
{
    unsigned char out[DIGEST_MOST];

    ok(crypt_pbkdf2(DIGEST_SHA1, STR("password"), STR("salt"), 1, out),
       "PBKDF2, once");
    is_str(hex(out, 20), "0c60c80f961f0e71f3a9b524af6012062fe037a6", "is");
    ok(crypt_pbkdf2(DIGEST_SHA1, STR("password"), STR("salt"), 4096, out),
       "4096 times");
    is_str(hex(out, 20), "4b007901b765489abead49d926f721d065a429c1", "is");
}

static void test_rest(void)
{
    unsigned char a[32] = {0}, b[32] = {0};

    ok(crypt_random(a, 32) && crypt_random(b, 32), "random bytes");
    ok(memcmp(a, b, 32) != 0, "differ");
    memcpy(b, a, 32);
    ok(crypt_equal(a, b, 32), "equal");
    b[31] ^= 1;
    ok(!crypt_equal(a, b, 32), "and not");
    crypt_wipe(a, 32);
    memset(b, 0, 32);
    ok(memcmp(a, b, 32) == 0, "wiped");
}

int main(void)
{
    test_hash();
    test_hmac();
    test_pbkdf2();
    test_rest();
    return done_testing();
}
