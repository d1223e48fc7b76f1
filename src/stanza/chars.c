/* chars.c - the characters that XML 1.0 allows. */

#include "stanza/chars.h"

#include <stdint.h>
#include <stdio.h>

#include "base/octets.h"

/* The last eight octets overlap those before. */
static bool chars_are_plain(struct str text)
{
    size_t i = 0;

    if (text.n < 8)
        return !text.n || !chars_have_strangers(octets_word(text.s, text.n));
    for (; i + 8 < text.n; i += 8)
        if (chars_have_strangers(octets_word(text.s + i, 8)))
            return false;
    return !chars_have_strangers(octets_word(text.s + text.n - 8, 8));
}

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

/* Of valid UTF-8, XML 1.0 section 2.2 forbids only control characters, U+FFFE
 * and U+FFFF. */
static bool is_nonchar(struct str rest)
{
    return rest.n >= 3 && memcmp(rest.s, "\xef\xbf", 2) == 0 &&
           (unsigned char)rest.s[2] >= 0xbe;
}

/* The length of the longest prefix that XML allows. */
static size_t text_span(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (is_control(text.s[i]) || is_nonchar(str_n(text.s + i, text.n - i)))
            return str_utf8_span(str_n(text.s, i));
    return str_utf8_span(text);
}

bool chars_are_text(struct str text)
{
    return chars_are_plain(text) || text_span(text) == text.n;
}

/* Marks what is not clean in a block. By their addresses: where there are no
 * vectors, how one is passed by value is no part of the ABI. */
static inline void mark_odd(octets_block *odd, const octets_block *at)
{
    *odd |= (octets_block)(*at - 0x20 > 0x7e - 0x20) |
            (octets_block)((*at | 0x04) == '&') |
            (octets_block)((*at | 0x02) == '>');
}

/* A block or more; the last one overlaps the one before. */
static bool copy_is_clean(char *to, struct str text)
{
    size_t last = text.n - OCTETS_BLOCK;
    octets_block octets, odd = {0};
    uint64_t half[2];

    memcpy(&octets, text.s + last, sizeof(octets));
    memcpy(to + last, &octets, sizeof(octets));
    mark_odd(&odd, &octets);
    for (size_t i = 0; i < last; i += OCTETS_BLOCK) {
        memcpy(&octets, text.s + i, sizeof(octets));
        memcpy(to + i, &octets, sizeof(octets));
        mark_odd(&odd, &octets);
    }
    memcpy(half, &odd, sizeof(half));
    return !(half[0] | half[1]);
}

enum chars_look chars_copy_slow(char *to, struct str text)
{
    bool is_clean;

    if (text.n >= OCTETS_BLOCK) {
        is_clean = copy_is_clean(to, text);
    } else {
        uint64_t word = text.n ? octets_word(text.s, text.n) : CHARS_EACH(' ');

        octets_copy(to, text.s, text.n);
        is_clean = text.n <= 8 && !chars_have_strangers(word) &&
                   !chars_have_marks(word);
    }
    if (is_clean)
        return CHARS_CLEAN;
    return chars_look(text);
}

#define FIRST 1  /* may begin a name */
#define INSIDE 2 /* may follow in one */

/* XML 1.0 section 2.3, with all characters beyond ASCII (see chars.h), which
 * are no octets of this table. */
static const unsigned char in_names[256] = {
    ['A' ... 'Z'] = FIRST | INSIDE,
    ['a' ... 'z'] = FIRST | INSIDE,
    ['_'] = FIRST | INSIDE,
    [':'] = FIRST | INSIDE,
    ['0' ... '9'] = INSIDE,
    ['-'] = INSIDE,
    ['.'] = INSIDE,
};

static bool is_name_char(char c, unsigned place)
{
    return (unsigned char)c >= 0x80 || in_names[(unsigned char)c] & place;
}

static size_t name_span(struct str name)
{
    size_t i = name.n && is_name_char(name.s[0], FIRST);

    while (i && i < name.n && is_name_char(name.s[i], INSIDE))
        i++;
    return text_span(str_n(name.s, i));
}

/* Nearly all are of ASCII alone. */
static bool is_plain_name(struct str name)
{
    unsigned all = INSIDE;

    for (size_t i = 0; i < name.n; i++)
        all &= in_names[(unsigned char)name.s[i]];
    return all && name.n && in_names[(unsigned char)name.s[0]] & FIRST;
}

bool chars_are_name(struct str name)
{
    return is_plain_name(name) || (name.n && name_span(name) == name.n);
}

/* ---- what is wrong ----------------------------------------------- */

static unsigned long code_point(const unsigned char *p, size_t n)
{
    unsigned long c = n == 1 ? *p : *p & (0xffU >> (n + 1));

    for (size_t i = 1; i < n; i++)
        c = c << 6 | (p[i] & 0x3fU);
    return c;
}

void chars_explain(struct str text, bool is_name, char *out, size_t size)
{
    size_t at = is_name ? name_span(text) : text_span(text);
    const unsigned char *p = (const unsigned char *)text.s + at;
    size_t n = str_utf8_first(str_n(text.s + at, text.n - at));

    if (at == text.n)
        snprintf(out, size, "it is empty");
    else if (n == 0)
        snprintf(out, size, "the byte 0x%02X at offset %zu is not UTF-8",
                 (unsigned)*p, at);
    else
        snprintf(out, size,
                 "the character U+%04lX at offset %zu is not allowed in %s",
                 code_point(p, n), at, is_name ? "a name of XML" : "XML");
}
