/* saslprep.c - user names and passwords, prepared for a login (RFC 4013).
 *
 * RFC 8265 has replaced it by OpaqueString, but servers verify SASLprep. */

#include "address/saslprep.h"

#include <xmpp/precis.h>

#include "address/text.h"
#include "address/unicode32.h"
#include "base/crypt.h"

struct range {
    uint32_t first, last;
};

/* RFC 3454 table B.1, mapped to nothing. U+200B is in table C.1.2 too. */
static const struct range nothing[] = {
    {0xAD, 0xAD},     {0x34F, 0x34F},   {0x1806, 0x1806}, {0x180B, 0x180D},
    {0x200B, 0x200D}, {0x2060, 0x2060}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF},
};

/* table C.1.2, mapped to space */
static const struct range spaces[] = {
    {0xA0, 0xA0},     {0x1680, 0x1680}, {0x2000, 0x200A},
    {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000},
};

/* tables C.2.1 to C.9, less the last two of every plane (C.4) */
static const struct range prohibited[] = {
    {0x0, 0x1F},          {0x7F, 0x9F},       {0x340, 0x341},
    {0x6DD, 0x6DD},       {0x70F, 0x70F},     {0x180E, 0x180E},
    {0x200E, 0x200F},     {0x2028, 0x202E},   {0x2061, 0x2063},
    {0x206A, 0x206F},     {0x2FF0, 0x2FFB},   {0xD800, 0xF8FF},
    {0xFDD0, 0xFDEF},     {0xFFF9, 0xFFFD},   {0x1D173, 0x1D17A},
    {0xE0001, 0xE0001},   {0xE0020, 0xE007F}, {0xF0000, 0xFFFFD},
    {0x100000, 0x10FFFD},
};

#define IS_IN(c, ranges)                                                       \
    saslprep_is_in((c), (ranges), sizeof(ranges) / sizeof((ranges)[0]))

static bool saslprep_is_in(uint32_t c, const struct range *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

static bool is_prohibited(uint32_t c)
{
    return (c & 0xFFFE) == 0xFFFE || IS_IN(c, prohibited);
}

/* ---- mapping and normalising ------------------------------------- */

/* Into `spare`; returns the new length. */
static size_t saslprep_map(struct text *t)
{
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++)
        if (!IS_IN(t->c[i], nothing))
            t->spare[n++] =
                IS_IN(t->c[i], spaces) ? ' ' : unicode32_decomposed(t->c[i]);
    return n;
}

/* The length of what Unicode 3.2 knows, from here. */
static size_t known_from(const struct text *t, size_t at)
{
    size_t n = 0;

    while (at + n < t->n && unicode32_is_assigned(t->c[at + n]))
        n++;
    return n;
}

/* Normalise only the `n` code points from `at` on. The rest is moved behind the
 * result, whose length becomes `n`. */
static int normalise_run(struct text *t, size_t at, size_t *n,
                         xmpp_text_error_t *wrong)
{
    uint32_t *c = t->c, *spare = t->spare;
    struct text run = {c + at, spare + at, *n, t->room - t->n + *n};
    size_t rest = t->n - at - *n;
    int rc = text_normalise(&run, TEXT_NFKC, wrong);

    if (rc == 0 && run.c == c + at)
        memcpy(spare + at, c + at, *n * sizeof(*c));
    if (rc == 0) {
        memcpy(spare, c, at * sizeof(*c));
        memcpy(spare + at + run.n, c + at + *n, rest * sizeof(*c));
        *n = run.n;
        text_swap(t, at + run.n + rest);
    }
    return rc;
}

/* NFKC as of Unicode 3.2 (RFC 3454 section 4): characters that are younger
 * neither change nor combine, so only the runs between them are normalised. */
static int normalise(struct text *t, xmpp_text_error_t *wrong)
{
    int rc = 0;

    for (size_t at = 0; at < t->n && rc == 0; at++) {
        size_t n = known_from(t, at);

        if (n)
            rc = normalise_run(t, at, &n, wrong);
        at += n;
    }
    return rc;
}

/* ---- judging ----------------------------------------------------- */

/* RFC 3454 section 6, which is stricter than the Bidi Rule of PRECIS. */
static bool is_bidi_sound(const struct text *t)
{
    bool left = false, right = false;

    for (size_t i = 0; i < t->n; i++) {
        left |= unicode32_is_ltr(t->c[i]);
        right |= unicode32_is_rtl(t->c[i]);
    }
    return !right || (!left && unicode32_is_rtl(t->c[0]) &&
                      unicode32_is_rtl(t->c[t->n - 1]));
}

static int saslprep_judge(const struct text *t, enum saslprep_kind kind,
                          xmpp_text_error_t *wrong)
{
    if (t->n == 0)
        return text_wrong(wrong, "it is empty", -1);
    for (size_t i = 0; i < t->n; i++) {
        if (is_prohibited(t->c[i]))
            return text_wrong(wrong, "it has a character that is not allowed",
                              t->c[i]);
        if (kind == SASLPREP_STORED && !unicode32_is_assigned(t->c[i]))
            return text_wrong(
                wrong, "it has a character that Unicode 3.2 does not know",
                t->c[i]);
    }
    return is_bidi_sound(t)
               ? 0
               : text_wrong(wrong,
                            "it mixes left-to-right and right-to-left text",
                            -1);
}

/* ---- all of it --------------------------------------------------- */

static int copy_out(const struct env *env, const struct text *t, char **ret,
                    xmpp_text_error_t *wrong)
{
    char utf8[XMPP_PRECIS_MAX];
    size_t n = 0;
    int rc = text_encode(t, utf8, sizeof(utf8), &n, wrong);

    if (rc == 0) {
        *ret = env_strndup(env, utf8, n);
        rc = *ret ? 0 : XMPP_EMEM;
    }
    crypt_wipe(utf8, n);
    return rc;
}

static int saslprep_prepare(const struct env *env, struct str text,
                            enum saslprep_kind kind, char **ret,
                            xmpp_text_error_t *wrong)
{
    uint32_t both[2 * TEXT_MOST];
    struct text t = {both, both + TEXT_MOST, 0, TEXT_MOST};
    int rc = text_decode(&t, text, wrong);

    if (rc == 0) {
        text_swap(&t, saslprep_map(&t));
        rc = normalise(&t, wrong);
    }
    if (rc == 0)
        rc = saslprep_judge(&t, kind, wrong);
    if (rc == 0)
        rc = copy_out(env, &t, ret, wrong);
    crypt_wipe(both, sizeof(both));
    return rc == XMPP_ELIMIT ? XMPP_EARG : rc;
}

/* Printable ASCII is its own prepared form. */
static bool saslprep_is_plain(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.s[i] < 0x20 || text.s[i] > 0x7E)
            return false;
    return text.n > 0;
}

int saslprep_as(const struct env *env, struct str text, enum saslprep_kind kind,
                char **ret, xmpp_text_error_t *wrong)
{
    *ret = NULL;
    if (text.n > XMPP_PRECIS_MAX)
        return text_wrong(wrong, "it is too long", -1);
    if (!saslprep_is_plain(text))
        return saslprep_prepare(env, text, kind, ret, wrong);
    *ret = env_strndup(env, text.s, text.n);
    return *ret ? 0 : XMPP_EMEM;
}

int saslprep(const struct env *env, struct str text, char **ret)
{
    xmpp_text_error_t ignored;

    return saslprep_as(env, text, SASLPREP_QUERY, ret, &ignored);
}
