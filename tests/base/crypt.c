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

/* RFC 6070, and the same for the other hashes. */
static void test_stretch(void)
{
    static const struct {
        enum digest digest;
        const char *password, *salt;
        unsigned iterations;
        const char *want;
    } rows[] = {
        {DIGEST_SHA1, "password", "salt", 1,
         "0c60c80f961f0e71f3a9b524af6012062fe037a6"},
        {DIGEST_SHA1, "password", "salt", 2,
         "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"},
        {DIGEST_SHA1, "password", "salt", 4096,
         "4b007901b765489abead49d926f721d065a429c1"},
        {DIGEST_SHA256, "password", "salt", 4096,
         "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a"},
        {DIGEST_SHA512, "password", "salt", 4096,
         "d197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5"
         "143f30602641b3d55cd335988cb36b84376060ecd532e039b742a239434af2d5"},
    };
    static const unsigned portions[] = {1, 1000, 4096, 1000000};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (size_t k = 0; k < sizeof(portions) / sizeof(portions[0]); k++) {
            struct crypt_stretch s = {0};
            unsigned turns = 0;

            ok(crypt_stretch_begin(&s, rows[i].digest, str_of(rows[i].password),
                                   str_of(rows[i].salt), rows[i].iterations),
               "PBKDF2, %u times", rows[i].iterations);
            for (; s.left; turns++)
                if (!crypt_stretch_go(&s, portions[k]))
                    bail("it failed");
            is_str(hex(s.out, digest_size(rows[i].digest)), rows[i].want,
                   "is, in portions of %u", portions[k]);
            is_int(turns,
                   (rows[i].iterations - 1 + portions[k] - 1) / portions[k],
                   "in so many turns");
            crypt_stretch_end(&s);
            crypt_stretch_end(&s);
        }
    ok(!crypt_stretch_begin(&(struct crypt_stretch){0}, DIGEST_SHA1,
                            STR("password"), STR("salt"), 0),
       "not at all is no way");
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
    test_stretch();
    test_rest();
    return done_testing();
}
