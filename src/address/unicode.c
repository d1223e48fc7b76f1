/* unicode.c - the properties of code points that PRECIS and IDNA2008 define. */

#include "address/unicode.h"

#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unictype.h>
#include <unigbrk.h>
#include <uninorm.h>

#define ZWNJ 0x200C
#define ZWJ 0x200D
#define MIDDLE_DOT 0x00B7
#define KERAIA 0x0375
#define GERESH 0x05F3
#define GERSHAYIM 0x05F4
#define KATAKANA_DOT 0x30FB

/* ---- exceptions (RFC 5892 section 2.6, RFC 8264 section 9.6) ----- */

static const struct {
    uint32_t first, last;
    enum derived derived;
} exceptions[] = {
    {0x00B7, 0x00B7, DERIVED_CONTEXTO},   {0x00DF, 0x00DF, DERIVED_PVALID},
    {0x0375, 0x0375, DERIVED_CONTEXTO},   {0x03C2, 0x03C2, DERIVED_PVALID},
    {0x05F3, 0x05F4, DERIVED_CONTEXTO},   {0x0640, 0x0640, DERIVED_DISALLOWED},
    {0x0660, 0x0669, DERIVED_CONTEXTO},   {0x06F0, 0x06F9, DERIVED_CONTEXTO},
    {0x06FD, 0x06FE, DERIVED_PVALID},     {0x07FA, 0x07FA, DERIVED_DISALLOWED},
    {0x0F0B, 0x0F0B, DERIVED_PVALID},     {0x3007, 0x3007, DERIVED_PVALID},
    {0x302E, 0x302F, DERIVED_DISALLOWED}, {0x3031, 0x3035, DERIVED_DISALLOWED},
    {0x303B, 0x303B, DERIVED_DISALLOWED}, {0x30FB, 0x30FB, DERIVED_CONTEXTO},
};

static bool is_exception(uint32_t c, enum derived *ret)
{
    for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++) {
        if (c < exceptions[i].first) /* they are in order */
            return false;
        if (c <= exceptions[i].last) {
            *ret = exceptions[i].derived;
            return true;
        }
    }
    return false;
}

/* ---- categories -------------------------------------------------- */

#define LETTER_DIGITS                                                          \
    (UC_CATEGORY_MASK_Ll | UC_CATEGORY_MASK_Lu | UC_CATEGORY_MASK_Lo |         \
     UC_CATEGORY_MASK_Nd | UC_CATEGORY_MASK_Lm | UC_CATEGORY_MASK_Mn |         \
     UC_CATEGORY_MASK_Mc)
#define FREE_FORM                                                              \
    (UC_CATEGORY_MASK_Lt | UC_CATEGORY_MASK_Nl | UC_CATEGORY_MASK_No |         \
     UC_CATEGORY_MASK_Me | UC_CATEGORY_MASK_Zs | UC_CATEGORY_MASK_S |          \
     UC_CATEGORY_MASK_P)

static uint32_t category_of(uint32_t c)
{
    return uc_general_category(c).bitmask;
}

bool unicode_is_mark(uint32_t c)
{
    return c >= 0x300 &&
           uc_is_general_category_withtable(c, UC_CATEGORY_MASK_M);
}

bool unicode_is_space(uint32_t c)
{
    return uc_is_general_category_withtable(c, UC_CATEGORY_MASK_Zs);
}

#define HIDDEN (UC_CATEGORY_MASK_C | UC_CATEGORY_MASK_Z)

bool unicode_is_visible(uint32_t c)
{
    return !uc_is_general_category_withtable(c, HIDDEN) &&
           !uc_is_property_default_ignorable_code_point(c);
}

/* The category Cn includes the noncharacters, which are never to be assigned.
 */
static bool is_unassigned(uint32_t c, uint32_t category)
{
    return category & UC_CATEGORY_MASK_Cn && !uc_is_property_not_a_character(c);
}

/* OldHangulJamo (RFC 8264 section 9.9) is Hangul_Syllable_Type L, V or T, which
 * libunistring does not offer; the classes of grapheme breaks are the same. */
static bool is_old_jamo(uint32_t c)
{
    int class;

    if (c < 0x1100)
        return false;
    class = uc_graphemeclusterbreak_property(c);
    return class == GBP_L || class == GBP_V || class == GBP_T;
}

static bool is_ignorable(uint32_t c, uint32_t category)
{
    return uc_is_property_default_ignorable_code_point(c) ||
           category & UC_CATEGORY_MASK_Cn; /* noncharacters: see above */
}

/* ---- stability --------------------------------------------------- */

/* code points that NFKC makes of one; the longest known are 18 */
#define MAPPED_MOST 64

static bool unicode_is_same(const uint32_t *text, size_t n, uint32_t c)
{
    return n == 1 && text[0] == c;
}

/* Not HasCompat (RFC 8264 section 9.17), NFKC(c) == c: it does not decompose,
 * or its parts compose into it again, and so do theirs. */
static bool is_compatible(uint32_t c)
{
    ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
    ucs4_t ignored[UC_DECOMPOSITION_MAX_LENGTH];
    int tag, n = uc_decomposition(c, &tag, parts);

    return n < 0 ||
           (n == 2 && tag == UC_DECOMP_CANONICAL &&
            uc_decomposition(parts[1], &tag, ignored) < 0 &&
            uc_composition(parts[0], parts[1]) == c && is_compatible(parts[0]));
}

/* NFKC(casefold(NFKC(c))) != c, to the letter */
bool unicode_folds_away(uint32_t c)
{
    uint32_t first[MAPPED_MOST], out[MAPPED_MOST];
    size_t n = MAPPED_MOST, m = MAPPED_MOST;
    uint32_t *a = u32_normalize(UNINORM_NFKC, &c, 1, first, &n);
    uint32_t *b = a ? u32_casefold(a, n, NULL, UNINORM_NFKC, out, &m) : NULL;
    bool same = b && unicode_is_same(b, m, c);

    if (b != out)
        free(b);
    if (a != first)
        free(a);
    return !same;
}

/* Only Cherokee folds from small letters to capitals. */
static bool is_cherokee(uint32_t c)
{
    return (c >= 0x13A0 && c <= 0x13FF) || (c >= 0xAB70 && c <= 0xABBF);
}

/* Folding turns a combining iota below into the letter, and nothing turns it
 * back. */
static bool has_iota_below(uint32_t c)
{
    ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
    int tag;

    return c >= 0x1F80 && c <= 0x1FFF &&
           uc_decomposition(c, &tag, parts) == 2 && parts[1] == 0x0345;
}

/* The same as unicode_folds_away(), by look-ups for nearly all: a character
 * with a small letter is unstable, and one that is the small letter of its own
 * capital folds to itself. */
static bool is_unstable(uint32_t c)
{
    if (is_cherokee(c))
        return unicode_folds_away(c);
    if (uc_tolower(c) != c)
        return true;
    return (uc_tolower(uc_toupper(c)) != c || !is_compatible(c) ||
            has_iota_below(c)) &&
           unicode_folds_away(c);
}

static bool is_ignorable_block(uint32_t c)
{
    return (c >= 0x20D0 && c <= 0x20FF) || (c >= 0x1D100 && c <= 0x1D24F);
}

/* ---- derived properties: the order is normative ------------------ */

enum derived unicode_precis(uint32_t c)
{
    enum derived derived;
    uint32_t category;

    if (c > 0x10FFFF)
        return DERIVED_DISALLOWED;
    if (c >= 0x21 && c <= 0x7E)
        return DERIVED_PVALID;
    if (is_exception(c, &derived))
        return derived;
    category = category_of(c);
    if (is_unassigned(c, category))
        return DERIVED_UNASSIGNED;
    if (c == ZWNJ || c == ZWJ) /* JoinControl */
        return DERIVED_CONTEXTJ;
    if (is_old_jamo(c) || is_ignorable(c, category) ||
        category & UC_CATEGORY_MASK_Cc)
        return DERIVED_DISALLOWED;
    if (!is_compatible(c)) /* HasCompat */
        return DERIVED_FREE;
    if (category & LETTER_DIGITS)
        return DERIVED_PVALID;
    return category & FREE_FORM ? DERIVED_FREE : DERIVED_DISALLOWED;
}

static bool unicode_is_ldh(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

enum derived unicode_idna(uint32_t c)
{
    enum derived derived;
    uint32_t category;

    if (c > 0x10FFFF)
        return DERIVED_DISALLOWED;
    if (unicode_is_ldh(c))
        return DERIVED_PVALID;
    if (is_exception(c, &derived))
        return derived;
    category = category_of(c);
    if (is_unassigned(c, category))
        return DERIVED_UNASSIGNED;
    if (c == ZWNJ || c == ZWJ)
        return DERIVED_CONTEXTJ;
    if (!(category & LETTER_DIGITS)) /* no rule below allows another */
        return DERIVED_DISALLOWED;
    if (is_unstable(c) || is_ignorable(c, category) || is_ignorable_block(c) ||
        is_old_jamo(c))
        return DERIVED_DISALLOWED;
    return DERIVED_PVALID;
}

/* ---- context (RFC 5892 appendix A) ------------------------------- */

static bool is_virama(const uint32_t *text, size_t at)
{
    return at > 0 && uc_combining_class(text[at - 1]) == UC_CCC_VR;
}

/* (L or D) T* ZWNJ T* (R or D) */
static bool joins_around(const uint32_t *text, size_t n, size_t at)
{
    size_t before = at, after = at + 1;
    int left, right;

    while (before > 0 && uc_joining_type(text[before - 1]) == UC_JOINING_TYPE_T)
        before--;
    while (after < n && uc_joining_type(text[after]) == UC_JOINING_TYPE_T)
        after++;
    if (before == 0 || after == n)
        return false;
    left = uc_joining_type(text[before - 1]);
    right = uc_joining_type(text[after]);
    return (left == UC_JOINING_TYPE_L || left == UC_JOINING_TYPE_D) &&
           (right == UC_JOINING_TYPE_R || right == UC_JOINING_TYPE_D);
}

static bool is_script(uint32_t c, const char *name)
{
    const uc_script_t *script = uc_script(c);

    return script && strcmp(script->name, name) == 0;
}

static bool has_japanese(const uint32_t *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_script(text[i], "Hiragana") || is_script(text[i], "Katakana") ||
            is_script(text[i], "Han"))
            return true;
    return false;
}

static bool has_between(const uint32_t *text, size_t n, uint32_t first,
                        uint32_t last)
{
    for (size_t i = 0; i < n; i++)
        if (text[i] >= first && text[i] <= last)
            return true;
    return false;
}

bool unicode_context_holds(const uint32_t *text, size_t n, size_t at)
{
    uint32_t c = text[at];

    if (c >= 0x0660 && c <= 0x0669)
        return !has_between(text, n, 0x06F0, 0x06F9);
    if (c >= 0x06F0 && c <= 0x06F9)
        return !has_between(text, n, 0x0660, 0x0669);
    switch (c) {
    case ZWNJ:
        return is_virama(text, at) || joins_around(text, n, at);
    case ZWJ:
        return is_virama(text, at);
    case MIDDLE_DOT:
        return at > 0 && at + 1 < n && text[at - 1] == 'l' &&
               text[at + 1] == 'l';
    case KERAIA:
        return at + 1 < n && is_script(text[at + 1], "Greek");
    case GERESH:
    case GERSHAYIM:
        return at > 0 && is_script(text[at - 1], "Hebrew");
    case KATAKANA_DOT:
        return has_japanese(text, n);
    default:
        return true;
    }
}

/* ---- direction (RFC 5893 section 2) ------------------------------ */

#define BIT(class) (1UL << (class))
#define ALWAYS                                                                 \
    (BIT(UC_BIDI_EN) | BIT(UC_BIDI_ES) | BIT(UC_BIDI_CS) | BIT(UC_BIDI_ET) |   \
     BIT(UC_BIDI_ON) | BIT(UC_BIDI_BN) | BIT(UC_BIDI_NSM))
#define RTL (BIT(UC_BIDI_R) | BIT(UC_BIDI_AL))

/* libunistring 1.0 has no names for the classes of isolates: they become a
 * class that is never allowed. */
static unsigned long class_of(uint32_t c)
{
    int class = uc_bidi_class(c);

    return class >= 0 && class < 31 ? BIT(class) : BIT(31);
}

#define FIRST_RTL 0x0590 /* the first script from right to left: Hebrew */

bool unicode_has_rtl(const uint32_t *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (text[i] >= FIRST_RTL &&
            (class_of(text[i]) & (RTL | BIT(UC_BIDI_AN))))
            return true;
    return false;
}

/* The numbers are those of the conditions in RFC 5893 section 2. */
bool unicode_bidi_holds(const uint32_t *text, size_t n)
{
    unsigned long seen = 0, first = n ? class_of(text[0]) : 0, last;
    bool rtl = (first & RTL) != 0;
    size_t end = n;

    if (!rtl && first != BIT(UC_BIDI_L)) /* 1 */
        return false;
    for (size_t i = 0; i < n; i++)
        seen |= class_of(text[i]);
    while (end > 1 && class_of(text[end - 1]) == BIT(UC_BIDI_NSM))
        end--;
    last = class_of(text[end - 1]);
    if (!rtl) /* 5 and 6 */
        return !(seen & ~(ALWAYS | BIT(UC_BIDI_L))) &&
               (last & (BIT(UC_BIDI_L) | BIT(UC_BIDI_EN)));
    if ((seen & BIT(UC_BIDI_EN)) && (seen & BIT(UC_BIDI_AN))) /* 4 */
        return false;
    /* 2 and 3 */
    return !(seen & ~(ALWAYS | RTL | BIT(UC_BIDI_AN))) &&
           (last & (RTL | BIT(UC_BIDI_EN) | BIT(UC_BIDI_AN)));
}

/* ---- width ------------------------------------------------------- */

uint32_t unicode_width_mapped(uint32_t c)
{
    ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
    int tag, n;

    if (c < 0x3000 || (c > 0x3000 && c < 0xFF00))
        return c; /* no such forms there: spares the look-up */
    n = uc_decomposition(c, &tag, parts);
    return n == 1 && (tag == UC_DECOMP_WIDE || tag == UC_DECOMP_NARROW)
               ? parts[0]
               : c;
}
