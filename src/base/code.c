/* code.c - bytes as text. */

#include "base/code.h"

#include <stdint.h>

/* RFC 4648 section 4 */
static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t base64_encode(char *out, const void *data, size_t n)
{
    const unsigned char *p = data;
    char *o = out;

    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i;
        uint32_t v = (uint32_t)p[i] << 16;

        if (left > 1)
            v |= (uint32_t)p[i + 1] << 8;
        if (left > 2)
            v |= p[i + 2];
        *o++ = alphabet[v >> 18];
        *o++ = alphabet[v >> 12 & 63];
        *o++ = left > 1 ? alphabet[v >> 6 & 63] : '=';
        *o++ = left > 2 ? alphabet[v & 63] : '=';
    }
    *o = '\0';
    return (size_t)(o - out);
}

/* The value of a character, 64 or more if it is not in the alphabet. There is
 * no table lookup and no branch, because the time must not depend on the data:
 * it may be a password or a key. Each line turns a condition into a mask of all
 * ones or zeros, under which `v` is replaced. */
static uint32_t value_of(char ch)
{
    uint32_t c = (unsigned char)ch;
    uint32_t v = 64;

    v ^= (v ^ (c - 'A')) & (0u - (uint32_t)(c - 'A' < 26));
    v ^= (v ^ (c - 'a' + 26)) & (0u - (uint32_t)(c - 'a' < 26));
    v ^= (v ^ (c - '0' + 52)) & (0u - (uint32_t)(c - '0' < 10));
    v ^= (v ^ 62) & (0u - (uint32_t)(c == '+'));
    v ^= (v ^ 63) & (0u - (uint32_t)(c == '/'));
    return v;
}

/* The last group, which may be padded. */
static bool decode_last(unsigned char **out, const char *s, bool canonical)
{
    size_t pad = s[3] == '=' ? (s[2] == '=' ? 2 : 1) : 0;
    uint32_t a = value_of(s[0]), b = value_of(s[1]);
    uint32_t c = pad < 2 ? value_of(s[2]) : 0;
    uint32_t d = pad < 1 ? value_of(s[3]) : 0;

    if ((a | b | c | d) > 63)
        return false;
    /* the bits behind the last byte; an encoder leaves them zero */
    if (canonical && ((pad == 2 && (b & 15)) || (pad == 1 && (c & 3))))
        return false;
    *(*out)++ = (unsigned char)(a << 2 | b >> 4);
    if (pad < 2)
        *(*out)++ = (unsigned char)(b << 4 | c >> 2);
    if (pad < 1)
        *(*out)++ = (unsigned char)(c << 6 | d);
    return true;
}

static bool base64_decode_text(void *out, size_t *ret_n, struct str text,
                               bool canonical)
{
    unsigned char *o = out;
    size_t n = text.n;

    if (n % 4)
        return false;
    if (n == 0) {
        *ret_n = 0;
        return true;
    }
    for (size_t i = 0; i < n - 4; i += 4) {
        uint32_t a = value_of(text.s[i]), b = value_of(text.s[i + 1]);
        uint32_t c = value_of(text.s[i + 2]), d = value_of(text.s[i + 3]);

        if ((a | b | c | d) > 63)
            return false;
        *o++ = (unsigned char)(a << 2 | b >> 4);
        *o++ = (unsigned char)(b << 4 | c >> 2);
        *o++ = (unsigned char)(c << 6 | d);
    }
    if (!decode_last(&o, text.s + n - 4, canonical))
        return false;
    *ret_n = (size_t)(o - (unsigned char *)out);
    return true;
}

bool base64_decode(void *out, size_t *ret_n, struct str text)
{
    return base64_decode_text(out, ret_n, text, true);
}

bool base64_decode_sloppy(void *out, size_t *ret_n, struct str text)
{
    return base64_decode_text(out, ret_n, text, false);
}

int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = str_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t hex_encode(char *out, const void *data, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *p = data;

    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[p[i] >> 4];
        out[2 * i + 1] = digits[p[i] & 15];
    }
    out[2 * n] = '\0';
    return 2 * n;
}
