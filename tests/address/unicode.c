/* unicode.c - derived properties, contexts and directions. */

#include "address/unicode.h"

#include <uninorm.h>
#include <unistr.h>

#include "address/text.h"
#include "tap.h"

static const char *const names[] = {"PVALID", "CONTEXTJ",   "CONTEXTO",
                                    "FREE",   "DISALLOWED", "UNASSIGNED"};

/* ---- properties -------------------------------------------------- */

static const struct {
    uint32_t c;
    enum derived precis, idna;
} rows[] = {
    {'a', DERIVED_PVALID, DERIVED_PVALID},
    {'A', DERIVED_PVALID, DERIVED_DISALLOWED},
    {'-', DERIVED_PVALID, DERIVED_PVALID},
    {'@', DERIVED_PVALID, DERIVED_DISALLOWED},
    {'~', DERIVED_PVALID, DERIVED_DISALLOWED},
    {' ', DERIVED_FREE, DERIVED_DISALLOWED},
    {0x00, DERIVED_DISALLOWED, DERIVED_DISALLOWED},
    {0x7F, DERIVED_DISALLOWED, DERIVED_DISALLOWED},
    {0x85, DERIVED_DISALLOWED, DERIVED_DISALLOWED},
    {0xA0, DERIVED_FREE, DERIVED_DISALLOWED},
    {0xAD, DERIVED_DISALLOWED, DERIVED_DISALLOWED}, /* soft hyphen */
    {0xB7, DERIVED_CONTEXTO, DERIVED_CONTEXTO},
    {0xDF, DERIVED_PVALID, DERIVED_PVALID}, /* sharp s */
    {0xE4, DERIVED_PVALID, DERIVED_PVALID},
    {0xC4, DERIVED_PVALID, DERIVED_DISALLOWED},
    {0x3C2, DERIVED_PVALID, DERIVED_PVALID},   /* final sigma */
    {0x131, DERIVED_PVALID, DERIVED_PVALID},   /* dotless i */
    {0x1C5, DERIVED_FREE, DERIVED_DISALLOWED}, /* a title case letter */
    {0x378, DERIVED_UNASSIGNED, DERIVED_UNASSIGNED},
    {0x640, DERIVED_DISALLOWED, DERIVED_DISALLOWED}, /* tatweel */
    {0x661, DERIVED_CONTEXTO, DERIVED_CONTEXTO},
    {0x1100, DERIVED_DISALLOWED, DERIVED_DISALLOWED}, /* conjoining jamo */
    {0x13A0, DERIVED_PVALID, DERIVED_PVALID},         /* Cherokee */
    {0xAB70, DERIVED_PVALID, DERIVED_DISALLOWED},
    {0x200B, DERIVED_DISALLOWED, DERIVED_DISALLOWED},
    {0x200C, DERIVED_CONTEXTJ, DERIVED_CONTEXTJ},
    {0x200D, DERIVED_CONTEXTJ, DERIVED_CONTEXTJ},
    {0x2028, DERIVED_DISALLOWED, DERIVED_DISALLOWED},
    {0x20DD, DERIVED_FREE, DERIVED_DISALLOWED},
    {0x2163, DERIVED_FREE, DERIVED_DISALLOWED}, /* Roman four */
    {0x265A, DERIVED_FREE, DERIVED_DISALLOWED}, /* black chess king */
    {0x3007, DERIVED_PVALID, DERIVED_PVALID},
    {0x30FB, DERIVED_CONTEXTO, DERIVED_CONTEXTO},
    {0x4E00, DERIVED_PVALID, DERIVED_PVALID},
    {0xAC00, DERIVED_PVALID, DERIVED_PVALID},
    {0xD800, DERIVED_DISALLOWED, DERIVED_DISALLOWED},
    {0xE000, DERIVED_DISALLOWED, DERIVED_DISALLOWED},
    {0xFB01, DERIVED_FREE, DERIVED_DISALLOWED}, /* a ligature */
    {0xFDD0, DERIVED_DISALLOWED, DERIVED_DISALLOWED},
    {0xFEFF, DERIVED_DISALLOWED, DERIVED_DISALLOWED},
    {0xFF21, DERIVED_FREE, DERIVED_DISALLOWED}, /* full-width A */
    {0xFFFF, DERIVED_DISALLOWED, DERIVED_DISALLOWED},
    {0x1F600, DERIVED_FREE, DERIVED_DISALLOWED},
    {0xE0001, DERIVED_DISALLOWED, DERIVED_DISALLOWED},
    {0x110000, DERIVED_DISALLOWED, DERIVED_DISALLOWED},
};

static void properties(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        is_str(names[unicode_precis(rows[i].c)], names[rows[i].precis],
               "U+%04X in PRECIS", (unsigned)rows[i].c);
        is_str(names[unicode_idna(rows[i].c)], names[rows[i].idna],
               "U+%04X in IDNA2008", (unsigned)rows[i].c);
    }
}

/* What IDNA allows PRECIS allows; everything has a property. */
static void relations(void)
{
    int strange = 0, valid = 0;

    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        enum derived p = unicode_precis(c), d = unicode_idna(c);

        valid += d == DERIVED_PVALID;
        strange += d == DERIVED_PVALID && p != DERIVED_PVALID;
        strange += (d == DERIVED_UNASSIGNED) != (p == DERIVED_UNASSIGNED);
        strange += (d == DERIVED_CONTEXTJ) != (p == DERIVED_CONTEXTJ);
        strange += (d == DERIVED_CONTEXTO) != (p == DERIVED_CONTEXTO);
        strange += d == DERIVED_FREE;
    }
    is_int(strange, 0, "IDNA2008 allows less than PRECIS, of every code point");
    ok(valid > 90000, "%d are valid in domains", valid);
}

/* ---- strings ----------------------------------------------------- */

static size_t decode(const char *text, uint32_t *to)
{
    size_t n = 100;

    u8_to_u32((const uint8_t *)text, strlen(text), to, &n);
    return n;
}

static void context(const char *text, bool want, const char *what)
{
    uint32_t c[100];
    size_t n = decode(text, c);
    bool holds = true;

    for (size_t i = 0; i < n; i++)
        holds = holds && unicode_context_holds(c, n, i);
    ok(holds == want, "context: %s", what);
}

static void contexts(void)
{
    context("l\xc2\xb7l", true, "a middle dot between two l");
    context("a\xc2\xb7l", false, "but not elsewhere");
    context("\xc2\xb7", false, "nor alone");
    context("\xcd\xb5\xce\xb1", true, "a keraia before Greek");
    context("\xcd\xb5"
            "a",
            false, "but not before Latin");
    context("\xd7\x90\xd7\xb3", true, "a geresh behind Hebrew");
    context("a\xd7\xb3", false, "but not behind Latin");
    context("\xe3\x83\xbb\xe3\x82\xab", true, "a katakana dot with Katakana");
    context("a\xe3\x83\xbb", false, "but not without");
    context("\xd9\xa1\xd9\xa2", true, "Arabic digits");
    context("\xd9\xa1\xdb\xb2", false, "not of two kinds");
    context("\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8d\xe0\xa4\xb7", true,
            "a joiner behind a virama");
    context("a\xe2\x80\x8d"
            "b",
            false, "but not between letters");
    context("\xd9\x86\xe2\x80\x8c\xd9\x87", true,
            "a non-joiner between joining letters");
    context("a\xe2\x80\x8c"
            "b",
            false, "but not between others");
}

static void bidi(const char *text, bool want, const char *what)
{
    uint32_t c[100];
    size_t n = decode(text, c);

    ok(unicode_bidi_holds(c, n) == want, "direction: %s", what);
}

static void directions(void)
{
    uint32_t c[4];

    bidi("abc", true, "left to right");
    bidi("a1", true, "with a digit");
    bidi("1a", false, "not beginning with one");
    bidi("\xd7\x90\xd7\x91", true, "Hebrew");
    bidi("\xd7\x90"
         "1",
         true, "Hebrew with a digit");
    bidi("\xd7\x90"
         "a",
         false, "Hebrew with Latin");
    bidi("a\xd7\x90", false, "Latin with Hebrew");
    bidi("\xd7\x90-", false, "Hebrew that ends with a hyphen");
    bidi("\xd7\x90\xd9\xa1"
         "1",
         false, "two kinds of digits");
    bidi("\xd7\x90\xd6\xb0", true, "Hebrew that ends with a point");
    bidi("", false, "nothing");
    ok(!unicode_has_rtl(c, decode("abc1", c)),
       "Latin has no direction to check");
    ok(unicode_has_rtl(c, decode("\xd9\xa1", c)), "an Arabic digit has");
}

/* ---- normal form ------------------------------------------------- */

/* Does our short way come to the same as libunistring's long one? */
static bool normalises(const uint32_t *c, size_t n)
{
    uint32_t both[2][64], want[64];
    struct text t = {both[0], both[1], n, 64};
    xmpp_text_error_t wrong;
    size_t want_n = 64;
    bool composed;

    u32_normalize(UNINORM_NFC, c, n, want, &want_n);
    memcpy(both[0], c, n * sizeof(*c));
    composed = text_is_composed(&t) == 1;
    return text_normalise(&t, TEXT_NFC, &wrong) == 0 && t.n == want_n &&
           memcmp(t.c, want, want_n * sizeof(*want)) == 0 &&
           composed == (n == want_n && !memcmp(c, want, n * sizeof(*c)));
}

/* Every code point alone, behind a letter, and taken apart: all pairs that
 * compose are among these. */
static void normal_form(void)
{
    int broken = 0;

    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        uint32_t text[2 + UC_DECOMPOSITION_MAX_LENGTH] = {c};
        int tag, n;

        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        broken += !normalises(text, 1);
        text[0] = 'a';
        text[1] = c;
        broken += !normalises(text, 2);
        n = uc_decomposition(c, &tag, text);
        if (n > 0)
            broken += !normalises(text, (size_t)n);
    }
    is_int(broken, 0, "NFC of every code point, and of its parts");
}

int main(void)
{
    properties();
    relations();
    contexts();
    directions();
    is_int(unicode_width_mapped(0xFF21), 'A', "full-width A");
    is_int(unicode_width_mapped(0xFF76), 0x30AB, "half-width ka");
    is_int(unicode_width_mapped(0x3000), ' ', "ideographic space");
    is_int(unicode_width_mapped(0xFB01), 0xFB01, "a ligature is no width");
    normal_form();
    return done_testing();
}
