/* codes.c - SHA-1, base64, random numbers, UUIDs, strings. */

#define XMPP_NO_DEPRECATED
#include "show.h"

static const unsigned char *bytes(const char *s)
{
    return (const unsigned char *)s;
}

static void sha1(xmpp_ctx_t *ctx)
{
    unsigned char digest[XMPP_SHA1_DIGEST_SIZE];
    char hex[41];
    xmpp_sha1_t *s = xmpp_sha1_new(ctx);

    show_owned(ctx, "sha1", xmpp_sha1(ctx, bytes("abc"), 3));
    show_owned(ctx, "of nothing", xmpp_sha1(ctx, bytes(""), 0));
    show_str("too early", xmpp_sha1_to_string(s, hex, sizeof(hex)));
    xmpp_sha1_update(s, bytes("ab"), 2);
    xmpp_sha1_update(s, bytes("c"), 1);
    show_str("before the end", xmpp_sha1_to_string(s, hex, sizeof(hex)));
    xmpp_sha1_final(s);
    show_str("in pieces", xmpp_sha1_to_string(s, hex, sizeof(hex)));
    show_str("no room", xmpp_sha1_to_string(s, hex, 40));
    show_owned(ctx, "allocated", xmpp_sha1_to_string_alloc(s));
    xmpp_sha1_to_digest(s, digest);
    printf("bytes: %02x %02x\n", digest[0], digest[19]);
    xmpp_sha1_digest(bytes("abc"), 3, digest);
    printf("bytes: %02x %02x\n", digest[0], digest[19]);
    xmpp_sha1_free(s);
}

static void base64(xmpp_ctx_t *ctx)
{
    static const char *const all[] = {
        "",     "AP8=", "YWJj", "YW Jj",    "YWJ",      "YWJj=",    "YWI=",
        "YWJ=", "Y===", "====", "AAAA",     "YWJjZA==", "YWJjZB==", "YWJj\n",
        "!!!!", "YW==", "YX==", "YWJj====", NULL};

    show_owned(ctx, "encode", xmpp_base64_encode(ctx, bytes("\0\xff\x10"), 3));
    show_owned(ctx, "two", xmpp_base64_encode(ctx, bytes("ab"), 2));
    show_owned(ctx, "one", xmpp_base64_encode(ctx, bytes("a"), 1));
    show_owned(ctx, "none", xmpp_base64_encode(ctx, bytes(""), 0));
    for (int i = 0; all[i]; i++) {
        unsigned char *out = NULL;
        size_t n = 77;

        show_str("decode", all[i]);
        show_owned(ctx, "text",
                   xmpp_base64_decode_str(ctx, all[i], strlen(all[i])));
        xmpp_base64_decode_bin(ctx, all[i], strlen(all[i]), &out, &n);
        printf("bytes: %s %lu\n", out ? "some" : "none", (unsigned long)n);
        if (out)
            xmpp_free(ctx, out);
    }
    show_owned(ctx, "a part", xmpp_base64_decode_str(ctx, "YWJjYWJj", 4));
}

static void random_things(xmpp_ctx_t *ctx)
{
    xmpp_rand_t *rand = xmpp_rand_new(ctx);
    char nonce[12], *uuid = xmpp_uuid_gen(ctx);
    unsigned char a[16], b[16];

    memset(nonce, '#', sizeof(nonce));
    xmpp_rand_nonce(rand, nonce, 10);
    printf("nonce: %lu, hex %lu, behind %c\n", (unsigned long)strlen(nonce),
           (unsigned long)strspn(nonce, "0123456789ABCDEF"), nonce[10]);
    xmpp_rand_nonce(rand, nonce, 1);
    show_str("an empty one", nonce);
    strcpy(nonce, "#");
    xmpp_rand_nonce(rand, nonce, 0);
    show_str("no room", nonce);
    xmpp_rand_bytes(rand, a, sizeof(a));
    xmpp_rand_bytes(rand, b, sizeof(b));
    show_int("the same", memcmp(a, b, sizeof(a)) == 0);
    show_int("numbers", xmpp_rand(rand) != xmpp_rand(rand));
    printf("uuid: %lu %c%c%c%c version %c\n", (unsigned long)strlen(uuid),
           uuid[8], uuid[13], uuid[18], uuid[23], uuid[14]);
    show_int("lower case", strspn(uuid, "0123456789abcdef-") == 36);
    xmpp_free(ctx, uuid);
    xmpp_rand_free(ctx, rand);
}

static void strings(xmpp_ctx_t *ctx)
{
    char words[] = ",a,,b", text[64], *rest = NULL, *w;

    for (w = xmpp_strtok_r(words, ",", &rest); w;
         w = xmpp_strtok_r(NULL, ",", &rest))
        show_str("word", w);
    show_int("snprintf", xmpp_snprintf(text, 5, "%s %d", "hello", 7));
    show_str("cut", text);
    show_int("snprintf",
             xmpp_snprintf(text, sizeof(text), "%05d|%-5s|%ld|%#x|%c", 42, "ab",
                           123456789012L, 255, 'x'));
    show_str("all", text);
    show_int("no room", xmpp_snprintf(text, 0, "abc"));
    show_owned(ctx, "strdup", xmpp_strdup(ctx, "abc"));
    show_owned(ctx, "strndup", xmpp_strndup(ctx, "abc", 2));
    show_owned(ctx, "strndup more", xmpp_strndup(ctx, "abc", 9));
    w = xmpp_realloc(ctx, xmpp_alloc(ctx, 3), 100);
    xmpp_free(ctx, w);
}

int main(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(&show_mem, NULL);

    sha1(ctx);
    base64(ctx);
    random_things(ctx);
    strings(ctx);
    xmpp_ctx_free(ctx);
    show_held();
    return 0;
}
