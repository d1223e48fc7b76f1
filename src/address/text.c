/* text.c - a text as code points: decoding, encoding, normal forms. */

#include "address/text.h"

#include <stdlib.h>

#include <unicase.h>
#include <uninorm.h>

int text_wrong(xmpp_text_error_t *wrong, const char *reason, long character)
{
    wrong->reason = reason;
    wrong->character = character;
    return XMPP_EARG;
}

int text_judge(const struct text *t, size_t at, enum derived derived,
               const char *other, xmpp_text_error_t *wrong)
{
    const char *reason = other;

    switch (derived) {
    case DERIVED_PVALID:
        return 0;
    case DERIVED_CONTEXTJ:
    case DERIVED_CONTEXTO:
        if (unicode_context_holds(t->c, t->n, at))
            return 0;
        reason = "it has a character that is not allowed at that place";
        break;
    case DERIVED_UNASSIGNED:
        reason = "it has a character that the Unicode tables do not know";
        break;
    default:
        break;
    }
    return text_wrong(wrong, reason, t->c[at]);
}

int text_report(int rc, const xmpp_text_error_t *wrong,
                xmpp_text_error_t *ret_error)
{
    if (rc && ret_error)
        *ret_error = rc == XMPP_EARG
                         ? *wrong
                         : (xmpp_text_error_t){"", xmpp_strerror(rc), -1};
    return rc;
}

int text_no_room(xmpp_text_error_t *wrong)
{
    text_wrong(wrong, "it is too long", -1);
    return XMPP_ELIMIT;
}

void text_swap(struct text *t, size_t n)
{
    uint32_t *was = t->c;

    t->c = t->spare;
    t->spare = was;
    t->n = n;
}

size_t text_put_lower(uint32_t *out, size_t n, uint32_t c)
{
    if (c == 0x0130) {
        out[n++] = 'i';
        c = 0x0307;
    }
    out[n++] = uc_tolower(c);
    return n;
}

/* ---- UTF-8 ------------------------------------------------------- */

/* By the number of octets that follow the first: the bits of the first that
 * count, and the least code point that needs so many octets. */
static const struct {
    unsigned char mask;
    uint32_t least;
} lengths[] = {{0x7F, 0}, {0x1F, 0x80}, {0x0F, 0x800}, {0x07, 0x10000}};

static int more_after(unsigned char first)
{
    return first < 0x80   ? 0
           : first < 0xC0 ? -1
           : first < 0xE0 ? 1
           : first < 0xF0 ? 2
           : first < 0xF8 ? 3
                          : -1;
}

/* Decode one code point; *p moves behind it. False if it is not UTF-8. */
static bool decode_one(const unsigned char **p, const unsigned char *end,
                       uint32_t *ret)
{
    int more = more_after(**p);
    uint32_t c;

    if (more < 0 || end - *p <= more)
        return false;
    c = *(*p)++ & lengths[more].mask;
    for (int i = 0; i < more; i++) {
        if ((**p & 0xC0) != 0x80)
            return false;
        c = c << 6 | (*(*p)++ & 0x3F);
    }
    *ret = c;
    return c >= lengths[more].least && c <= 0x10FFFF &&
           (c < 0xD800 || c > 0xDFFF);
}

int text_decode(struct text *t, struct str utf8, xmpp_text_error_t *wrong)
{
    const unsigned char *p = (const unsigned char *)utf8.s;
    const unsigned char *end = p + utf8.n;
    size_t n = 0;

    while (p < end) {
        if (n == t->room)
            return text_no_room(wrong);
        if (!decode_one(&p, end, &t->c[n++]))
            return text_wrong(wrong, "it is not UTF-8", -1);
    }
    t->n = n;
    return 0;
}

void text_name_origin(xmpp_text_error_t *wrong, struct str utf8)
{
    const unsigned char *p = (const unsigned char *)utf8.s;
    const unsigned char *end = p + utf8.n;
    long origin = wrong->character;
    uint32_t c;

    while (wrong->character >= 0 && p < end && decode_one(&p, end, &c)) {
        if (c == (uint32_t)wrong->character)
            return;
        if (uc_tolower(unicode_width_mapped(c)) == (uint32_t)wrong->character)
            origin = c;
    }
    wrong->character = origin;
}

/* The first octet has as many leading ones as the character has octets. */
static unsigned char *encode_one(unsigned char *to, uint32_t c)
{
    int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;

    *to++ = (unsigned char)(more ? (0xF0 << (3 - more) | c >> 6 * more) : c);
    while (more--)
        *to++ = (unsigned char)(0x80 | (c >> 6 * more & 0x3F));
    return to;
}

int text_encode(const struct text *t, char *out, size_t room, size_t *ret_n,
                xmpp_text_error_t *wrong)
{
    unsigned char *to = (unsigned char *)out, one[4];

    for (size_t i = 0; i < t->n; i++) {
        size_t n = (size_t)(encode_one(one, t->c[i]) - one);

        if (n > room - (size_t)((char *)to - out))
            return text_no_room(wrong);
        memcpy(to, one, n);
        to += n;
    }
    *ret_n = (size_t)((char *)to - out);
    return 0;
}

/* ---- normal forms ------------------------------------------------ */

/* Whether a text of such code points alone is certainly in NFC, so that the
 * normaliser need not run. They are neither marks nor Jamo, and if they
 * decompose the parts compose into them again. Only old scripts are considered:
 * in them no later Unicode makes letters combine. */
static bool is_inert(uint32_t c)
{
    ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
    int n, tag;

    if (c < 0x300 || (c >= 0xAC00 && c <= 0xD7A3) ||
        (c >= 0x3400 && c <= 0x9FFF))
        return true;
    if ((c >= 0x1100 && c < 0x1E00) || (c >= 0x2C00 && c < 0x3041) ||
        (c >= 0x3400 && (c < 0x1F000 || c > 0x1FAFF)))
        return false;
    if (unicode_is_mark(c))
        return false;
    n = uc_decomposition(c, &tag, parts);
    return n < 0 || tag != UC_DECOMP_CANONICAL ||
           (n == 2 && uc_composition(parts[0], parts[1]) == c);
}

static bool is_all_inert(const struct text *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (!is_inert(t->c[i]))
            return false;
    return true;
}

/* u32_normalize() writes to `spare`, or to a block of its own if the result
 * does not fit. */
int text_normalise(struct text *t, enum text_form form,
                   xmpp_text_error_t *wrong)
{
    uninorm_t which = form == TEXT_NFC ? UNINORM_NFC : UNINORM_NFKC;
    size_t n = t->room;
    uint32_t *out;
    int rc = 0;

    if (t->n == 0 || (form == TEXT_NFC && is_all_inert(t)))
        return 0;
    out = u32_normalize(which, t->c, t->n, t->spare, &n);
    if (!out)
        return XMPP_EMEM;
    if (n > t->room)
        rc = text_no_room(wrong);
    else if (out != t->spare)
        memcpy(t->spare, out, n * sizeof(*out));
    if (out != t->spare)
        free(out);
    if (rc == 0)
        text_swap(t, n);
    return rc;
}

int text_is_composed(const struct text *t)
{
    size_t n = t->room;
    uint32_t *out;
    bool same;

    if (t->n == 0 || is_all_inert(t))
        return 1;
    out = u32_normalize(UNINORM_NFC, t->c, t->n, t->spare, &n);
    if (!out)
        return XMPP_EMEM;
    same = n == t->n && memcmp(out, t->c, n * sizeof(*out)) == 0;
    if (out != t->spare)
        free(out);
    return same;
}
