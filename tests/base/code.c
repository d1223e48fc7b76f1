/* code.c - base64 by the vectors of RFC 4648, and what is none; hex. */

#include "base/code.h"

#include "tap.h"

static void test_vectors(void)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[16], back[16];
        size_t n = 99;

        base64_encode(text, rows[i][0], strlen(rows[i][0]));
        is_str(text, rows[i][1], "of \"%s\"", rows[i][0]);
        ok(base64_decode(back, &n, str_of(rows[i][1])) &&
               n == strlen(rows[i][0]) && memcmp(back, rows[i][0], n) == 0,
           "and back");
    }
}

static void test_all_bytes(void)
{
    unsigned char all[256], back[256];
    char text[BASE64_SIZE(256)];
    size_t n;

    for (int i = 0; i < 256; i++)
        all[i] = (unsigned char)i;
    is_int(base64_encode(text, all, 256), 344, "256 bytes are 344 characters");
    ok(base64_decode(back, &n, str_of(text)) && n == 256 &&
           memcmp(all, back, 256) == 0,
       "every byte comes back");
}

static void test_refused(void)
{
    static const char *const bad[] = {
        "Zg",    "Zg=",    "Z===",  "====",     "Zg==Zg==",   "Zh==", "Zm9=",
        "Z g==", "Zg==\n", "Zm9v-", "Zm9v_w==", "\xc3\xa4==", "=Zg=", "Zm\0v",
    };
    char out[16];
    size_t n;

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ok(!base64_decode(out, &n, str_of(bad[i])), "\"%s\" is not base64",
           i == 8 ? "a line end" : bad[i]);
}

static void test_hex(void)
{
    char text[HEX_SIZE(4)];

    is_int(hex_encode(text, "\x00\x0f\xa5\xff", 4), 8, "hex: its length");
    is_str(text, "000fa5ff", "in lower case");
}

int main(void)
{
    test_vectors();
    test_all_bytes();
    test_refused();
    test_hex();
    is_int(hex_value('0') + hex_value('9') + hex_value('a') + hex_value('F'),
           0 + 9 + 10 + 15, "hexadecimal digits in either case");
    is_int(hex_value('g') + hex_value('@') + hex_value('`') + hex_value(':'),
           -4, "and strangers");
    return done_testing();
}
