/* pct.c - percent-encoding, and the characters of an XMPP URI that need none.
 */

#include "address/pct.h"

#include "address/text.h"
#include "base/code.h"

/* By part, the ASCII characters that need no escape, in addition to the
 * unreserved ones: `plain` by RFC 5122, `lenient` those that URIs in general
 * may have there (RFC 3986 section 3). */
static const struct {
    const char *plain, *lenient;
} parts[] = {
    [PCT_NODE] = {"!$()*+,;=", ""},
    [PCT_HOST] = {"!$&'()*+,;=", ""},
    [PCT_RESOURCE] = {"!$&'()*+,:;=", "/@"},
    [PCT_QUERY] = {"", "!$&'()*+,/:=?@"},
    [PCT_FRAGMENT] = {"!$&'()*+,/:;=?@", ""},
};

static bool is_one_of(const char *list, uint32_t c)
{
    return c > 0 && c < 0x80 && strchr(list, (int)c);
}

bool pct_is_unreserved(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || is_one_of("-._~", c);
}

bool pct_is_plain(enum pct_part part, uint32_t c)
{
    return pct_is_unreserved(c) || is_one_of(parts[part].plain, c);
}

static bool is_bidi_format(uint32_t c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool pct_is_ucschar(uint32_t c)
{
    if (is_bidi_format(c))
        return false;
    if (c < 0x10000)
        return (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xF900 && c <= 0xFDCF) ||
               (c >= 0xFDF0 && c <= 0xFFEF);
    return c <= 0xEFFFD && (c & 0xFFFF) <= 0xFFFD &&
           (c < 0xE0000 || c >= 0xE1000);
}

bool pct_is_private(uint32_t c)
{
    return (c >= 0xE000 && c <= 0xF8FF) ||
           (c >= 0xF0000 && (c & 0xFFFF) <= 0xFFFD);
}

uint32_t pct_next(struct str *text)
{
    const unsigned char *p = (const unsigned char *)text->s;
    int more = *p < 0x80 ? 0 : *p < 0xE0 ? 1 : *p < 0xF0 ? 2 : 3;
    uint32_t c = more ? *p & (0x3Fu >> more) : *p;

    for (int i = 1; i <= more; i++)
        c = c << 6 | (p[i] & 0x3F);
    *text = str_n(text->s + 1 + more, text->n - 1 - (size_t)more);
    return c;
}

/* ---- escapes ----------------------------------------------------- */

int pct_octet(struct str text)
{
    int high, low;

    if (text.n < 3 || text.s[0] != '%')
        return -1;
    high = hex_value(text.s[1]);
    low = hex_value(text.s[2]);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

void pct_escape(struct buf *to, struct str octets)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < octets.n; i++) {
        unsigned char c = (unsigned char)octets.s[i];
        char escape[3] = {'%', digits[c >> 4], digits[c & 15]};

        buf_put(to, escape, sizeof(escape));
    }
}

void pct_encode(struct buf *to, struct str text, enum pct_part part)
{
    for (size_t i = 0; i < text.n; i++) {
        if (pct_is_plain(part, (unsigned char)text.s[i]))
            buf_putc(to, text.s[i]);
        else
            pct_escape(to, str_n(text.s + i, 1));
    }
}

/* Whether this character may be in the part without an escape. */
static bool is_itself(enum pct_part part, bool lenient, uint32_t c)
{
    if (c < 0x80)
        return pct_is_plain(part, c) ||
               (lenient && is_one_of(parts[part].lenient, c));
    return pct_is_ucschar(c) ||
           (lenient && part == PCT_QUERY && pct_is_private(c));
}

int pct_decode(struct str text, enum pct_part part, bool lenient, char **to,
               struct str *ret, xmpp_text_error_t *wrong)
{
    char *out = *to;

    while (text.n > 0) {
        struct str was = text;
        uint32_t c = pct_next(&text);
        int octet;

        if (c != '%') {
            if (!is_itself(part, lenient, c))
                return text_wrong(wrong, "a character must be percent-encoded",
                                  (long)c);
            memcpy(out, was.s, was.n - text.n);
            out += was.n - text.n;
            continue;
        }
        octet = pct_octet(was);
        if (octet < 0)
            return text_wrong(wrong, "two hexadecimal digits must follow", '%');
        if (octet == 0)
            return text_wrong(wrong, "%00 is not allowed", 0);
        *out++ = (char)octet;
        text = str_n(was.s + 3, was.n - 3);
    }
    *ret = str_n(*to, (size_t)(out - *to));
    if (!str_is_utf8(*ret))
        return text_wrong(wrong, "it is not UTF-8", -1);
    *out++ = '\0';
    *to = out;
    return 0;
}
