/* lexer.c - characters, names and references: every code point, and all that is
 * no UTF-8. */

#include "stanza/lexer.h"

#include <stdio.h>
#include <string.h>
#include <xmpp/error.h>

#include "tap.h"

/* ---- characters -------------------------------------------------- */

/* Read them until there is a result; how many octets were needed is in *ret. */
static int read_octets(const unsigned char *s, size_t n, size_t *ret)
{
    struct character k = {0};
    int rc = 0;

    for (*ret = 0; *ret < n && rc == 0; ++*ret) {
        rc = lexer_character(&k, s[*ret]);
        if (rc == 0 && !k.more)
            return ++*ret, 0;
    }
    return rc ? rc : XMPP_EENCODING;
}

static size_t encode(unsigned char to[4], uint32_t code)
{
    size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (size_t i = n; i > 1; i--, code >>= 6)
        to[i - 1] = (unsigned char)(0x80 | (code & 0x3f));
    to[0] = (unsigned char)(first[n] | code);
    return n;
}

/* The table of XML 1.0 section 2.2. */
static bool is_of_xml(uint32_t code)
{
    static const struct {
        uint32_t from, to;
    } ranges[] = {{0x9, 0xa},
                  {0xd, 0xd},
                  {0x20, 0xd7ff},
                  {0xe000, 0xfffd},
                  {0x10000, 0x10ffff}};

    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (code >= ranges[i].from && code <= ranges[i].to)
            return true;
    return false;
}

static bool is_surrogate(uint32_t code)
{
    return code >= 0xd800 && code <= 0xdfff;
}

static int want_of(uint32_t code)
{
    if (is_surrogate(code) || code > 0x10ffff)
        return XMPP_EENCODING;
    return is_of_xml(code) ? 0 : XMPP_EXML;
}

static void every_character(void)
{
    size_t wrong = 0;

    for (uint32_t code = 0; code < 0x140000; code++) {
        unsigned char s[4];
        size_t n = encode(s, code), used;
        int rc = read_octets(s, n, &used);

        if (rc != want_of(code) || (rc == 0 && used != n)) {
            printf("# U+%04X: %d\n", (unsigned)code, rc);
            wrong++;
        }
    }
    is_int(wrong, 0, "each character, and each number that is none");
}

/* A code point in more octets than it needs. */
static void overlong(void)
{
    static const struct {
        const char *octets;
        size_t n;
    } rows[] = {{"\xc0\x80", 2},         {"\xc1\xbf", 2},
                {"\xe0\x80\x80", 3},     {"\xe0\x9f\xbf", 3},
                {"\xf0\x80\x80\x80", 4}, {"\xf0\x8f\xbf\xbf", 4}};
    size_t used;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        is_int(read_octets((const unsigned char *)rows[i].octets, rows[i].n,
                           &used),
               XMPP_EENCODING, "overlong form %zu", i);
}

/* What begins no sequence, and what does not continue one, is noticed at that
 * octet. */
static void every_octet(void)
{
    unsigned wrong = 0;

    for (unsigned c = 0x80; c < 0x100; c++) {
        unsigned char s[] = {(unsigned char)c, 0x41};
        bool begins = c >= 0xc2 && c <= 0xf4;
        size_t used;

        wrong += read_octets(s, 2, &used) != XMPP_EENCODING ||
                 used != (begins ? 2u : 1u);
    }
    for (unsigned c = 0; c < 0x100; c++) {
        unsigned char s[] = {0xe2, (unsigned char)c, 0xac};
        size_t used;
        int rc = read_octets(s, 3, &used);

        wrong +=
            (c & 0xc0) == 0x80 ? rc != 0 : rc != XMPP_EENCODING || used != 2;
    }
    is_int(wrong, 0, "each octet in a place that is not its own");
}

/* ---- names ------------------------------------------------------- */

static void names(void)
{
    static const char begins[] = "abcdefghijklmnopqrstuvwxyz"
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ_",
                      continues[] = "0123456789-.";
    unsigned wrong = 0;

    for (unsigned c = 1; c < 0x100; c++) {
        bool first = c >= 0x80 || strchr(begins, (int)c),
             later = first || strchr(continues, (int)c);

        wrong += lexer_begins_name((unsigned char)c) != first ||
                 lexer_continues_name((unsigned char)c) != later;
    }
    is_int(wrong, 0, "each octet in a name");
    ok(!lexer_begins_name(0) && !lexer_continues_name(0), "but NUL");
}

/* ---- references -------------------------------------------------- */

/* The first result that is not 0; 0 if more must come. */
static int read_reference(const char *s, size_t n, size_t *ret_used)
{
    struct reference f = {0};
    int rc = 0;
    size_t i = 0;

    while (i < n && rc == 0)
        rc = lexer_reference(&f, (unsigned char)s[i++]);
    *ret_used = i;
    return rc;
}

static const struct {
    const char *text;
    int want;
} reference_rows[] = {
    {"amp;", 1},
    {"apos;", 1},
    {"gt;", 1},
    {"lt;", 1},
    {"quot;", 1},
    {"am", 0},
    {"amp", 0},
    {"am;", XMPP_ERESTRICTED},
    {"AMP;", XMPP_ERESTRICTED},
    {"nbsp;", XMPP_ERESTRICTED},
    {"a:b;", XMPP_ERESTRICTED},
    {":a;", XMPP_ERESTRICTED},
    {"_0-.;", XMPP_ERESTRICTED},
    {"a1234", XMPP_ERESTRICTED},
    {"a123", 0},
    {"a123;", XMPP_ERESTRICTED},
    {";", XMPP_EXML},
    {" ", XMPP_EXML},
    {"-", XMPP_EXML},
    {"0", XMPP_EXML},
    {"a ", XMPP_EXML},
    {"a#", XMPP_EXML},
    {"#;", XMPP_EXML},
    {"#x;", XMPP_EXML},
    {"#-", XMPP_EXML},
    {"#/", XMPP_EXML},
    {"#:", XMPP_EXML},
    {"#X", XMPP_EXML},
    {"##", XMPP_EXML},
    {"#xx", XMPP_EXML},
    {"#1x", XMPP_EXML},
    {"#x1x", XMPP_EXML},
    {"#a", XMPP_EXML},
    {"#xg", XMPP_EXML},
    {"#xG", XMPP_EXML},
    {"#x`", XMPP_EXML},
    {"#x@", XMPP_EXML},
    {"#x0aF", 0},
    {"#xaF;", 1},
    {"#65;", 1},
    {"#0065;", 1},
    {"#9;", 1},
    {"#19;", XMPP_EXML},
    {"#x19;", XMPP_EXML},
    {"#x20;", 1},
    {"#0;", XMPP_EXML},
    {"#8;", XMPP_EXML},
    {"#x1f;", XMPP_EXML},
    {"#xd7ff;", 1},
    {"#xd800;", XMPP_EXML},
    {"#xDFFF;", XMPP_EXML},
    {"#xe000;", 1},
    {"#xfffd;", 1},
    {"#xfffe;", XMPP_EXML},
    {"#xffff;", XMPP_EXML},
    {"#x10000;", 1},
    {"#x10ffff;", 1},
    {"#1114111;", 1},
    {"#x110000;", XMPP_EXML},
    {"#1114112;", XMPP_EXML},
    {"#4294967361;", XMPP_EXML},
    {"#x100000041;", XMPP_EXML},
    {"#99999999999999999999;", XMPP_EXML},
    {"#x1000000000000000041;", XMPP_EXML},
};

static void references(void)
{
    for (size_t i = 0; i < sizeof(reference_rows) / sizeof(reference_rows[0]);
         i++) {
        size_t n = strlen(reference_rows[i].text), used;

        is_int(read_reference(reference_rows[i].text, n, &used),
               reference_rows[i].want, "&%s", reference_rows[i].text);
        is_int(used, n, "  told at its end");
    }
}

int main(void)
{
    every_character();
    overlong();
    every_octet();
    names();
    references();
    return done_testing();
}
