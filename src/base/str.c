/* str.c - functions that read text without copying it. */

#include "base/str.h"

/* Of ASCII only, whatever the locale: a domain must not equal another one in
 * Turkish. */
bool str_eq_nocase(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (str_lower(a.s[i]) != str_lower(b.s[i]))
            return false;
    return true;
}

bool str_starts(struct str a, struct str prefix)
{
    return a.n >= prefix.n &&
           (prefix.n == 0 || memcmp(a.s, prefix.s, prefix.n) == 0);
}

struct str str_cut(struct str a, char c, struct str *head)
{
    const char *at = a.n ? memchr(a.s, c, a.n) : NULL;

    if (!at) {
        *head = a;
        return STR_NONE;
    }
    *head = str_n(a.s, (size_t)(at - a.s));
    return str_n(at + 1, a.n - head->n - 1);
}

/* The white space of XML 1.0 section 2.3, whatever the locale. */
static bool str_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

struct str str_word(struct str *list)
{
    struct str word;

    while (list->n && str_is_space(*list->s))
        list->s++, list->n--;
    word = str_n(list->s, 0);
    while (list->n && !str_is_space(*list->s))
        list->s++, list->n--, word.n++;
    return word.n ? word : STR_NONE;
}

/* The division keeps the product from overflowing, whatever `most` is. */
bool str_number(struct str a, unsigned long most, unsigned long *ret)
{
    unsigned long value = 0;

    if (a.n == 0)
        return false;
    for (size_t i = 0; i < a.n; i++) {
        unsigned long digit = (unsigned long)(a.s[i] - '0');

        if (a.s[i] < '0' || a.s[i] > '9' || digit > most ||
            value > (most - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *ret = value;
    return true;
}

bool str_is_ascii(struct str a)
{
    for (size_t i = 0; i < a.n; i++)
        if ((unsigned char)a.s[i] >= 0x80)
            return false;
    return true;
}

/* The rows of the grammar in RFC 3629 section 4: the range of the first byte,
 * how many bytes follow, the range of the second. It excludes overlong forms,
 * surrogates and everything above U+10FFFF. */
static const struct form {
    unsigned char first, last, more, low, high;
} forms[] = {
    {0x00, 0x7f, 0, 0, 0},       {0xc2, 0xdf, 1, 0x80, 0xbf},
    {0xe0, 0xe0, 2, 0xa0, 0xbf}, {0xe1, 0xec, 2, 0x80, 0xbf},
    {0xed, 0xed, 2, 0x80, 0x9f}, {0xee, 0xef, 2, 0x80, 0xbf},
    {0xf0, 0xf0, 3, 0x90, 0xbf}, {0xf1, 0xf3, 3, 0x80, 0xbf},
    {0xf4, 0xf4, 3, 0x80, 0x8f},
};

static const struct form *form_of(unsigned char c)
{
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
        if (c >= forms[i].first && c <= forms[i].last)
            return &forms[i];
    return NULL;
}

size_t str_utf8_first(struct str a)
{
    const unsigned char *p = (const unsigned char *)a.s;
    const struct form *f = a.n ? form_of(*p) : NULL;

    if (!f || a.n <= f->more)
        return 0;
    if (f->more && (p[1] < f->low || p[1] > f->high))
        return 0;
    for (int i = 2; i <= f->more; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return 1 + (size_t)f->more;
}

/* ASCII is not looked up: nearly all text is nothing else. */
size_t str_utf8_span(struct str a)
{
    size_t at = 0, n = 1;

    while (at < a.n && n) {
        n = (unsigned char)a.s[at] < 0x80
                ? 1
                : str_utf8_first(str_n(a.s + at, a.n - at));
        at += n;
    }
    return at;
}

bool str_is_utf8(struct str a)
{
    return str_utf8_span(a) == a.n;
}
