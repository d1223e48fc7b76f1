/* saslprep.c - preparing user names and passwords for login (RFC 4013). */

#include "address/saslprep.h"

#include <stdint.h>
#include <stdlib.h>

#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include <xmpp/error.h>

#include "base/crypt.h"

struct range {
    uint32_t first, last;
};

/* RFC 3454 table B.1, mapped to nothing */
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
    {0x0, 0x1F},         {0x7F, 0x9F},         {0x340, 0x341},
    {0x6DD, 0x6DD},      {0x70F, 0x70F},       {0x180E, 0x180E},
    {0x200E, 0x200F},    {0x2028, 0x202E},     {0x2061, 0x2063},
    {0x206A, 0x206F},    {0x2FF0, 0x2FFB},     {0xD800, 0xF8FF},
    {0xFDD0, 0xFDEF},    {0xFFF9, 0xFFFD},     {0x1D173, 0x1D17A},
    {0xE0001, 0xE0001},  {0xE0020, 0xE007F},   {0xF0000, 0xFFFFD},
    {0x100000, 0x10FFFD},
};

#define IS_IN(c, ranges)                                                       \
    is_in((c), (ranges), sizeof(ranges) / sizeof((ranges)[0]))

static bool is_in(uint32_t c, const struct range *ranges, size_t n)
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

/* Returns the new length. */
static size_t map(uint32_t *text, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (!IS_IN(text[i], nothing))
            text[kept++] = IS_IN(text[i], spaces) ? ' ' : text[i];
    return kept;
}

static bool is_right_to_left(uint32_t c)
{
    int class = uc_bidi_class(c);

    return class == UC_BIDI_R || class == UC_BIDI_AL;
}

/* RFC 3454 section 6 */
static bool is_bidi_sound(const uint32_t *text, size_t n)
{
    bool left = false, right = false;

    for (size_t i = 0; i < n; i++) {
        left |= uc_bidi_class(text[i]) == UC_BIDI_L;
        right |= is_right_to_left(text[i]);
    }
    return !right || (!left && is_right_to_left(text[0]) &&
                      is_right_to_left(text[n - 1]));
}

static bool is_sound(const uint32_t *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (is_prohibited(text[i]))
            return false;
    return n > 0 && is_bidi_sound(text, n);
}

static void drop(void *p, size_t n)
{
    if (p)
        crypt_wipe(p, n);
    free(p);
}

static int finish(const struct env *env, const uint32_t *text, size_t n,
                  char **ret)
{
    size_t length = 0;
    uint8_t *utf8;

    if (!is_sound(text, n))
        return XMPP_EARG;
    utf8 = u32_to_u8(text, n, NULL, &length);
    if (!utf8)
        return XMPP_EMEM;
    *ret = env_strndup(env, (const char *)utf8, length);
    drop(utf8, length);
    return *ret ? 0 : XMPP_EMEM;
}

static int prepare(const struct env *env, struct str text, char **ret)
{
    size_t n = 0, room, normal_n = 0;
    uint32_t *wide = u8_to_u32((const uint8_t *)text.s, text.n, NULL, &n);
    uint32_t *normal = NULL;
    int rc;

    if (!wide)
        return XMPP_EMEM;
    room = n * sizeof(*wide);
    n = map(wide, n);
    rc = n ? XMPP_EMEM : XMPP_EARG;
    if (n)
        normal = u32_normalize(UNINORM_NFKC, wide, n, NULL, &normal_n);
    if (normal)
        rc = finish(env, normal, normal_n, ret);
    drop(normal, normal_n * sizeof(*normal));
    drop(wide, room);
    return rc;
}

/* Printable ASCII is prepared already. */
static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.s[i] < 0x20 || text.s[i] > 0x7E)
            return false;
    return true;
}

int saslprep(const struct env *env, struct str text, char **ret)
{
    *ret = NULL;
    if (text.n == 0 || !str_is_utf8(text))
        return XMPP_EARG;
    if (!is_plain(text))
        return prepare(env, text, ret);
    *ret = env_strndup(env, text.s, text.n);
    return *ret ? 0 : XMPP_EMEM;
}
