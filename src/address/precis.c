/* precis.c - the PRECIS profiles that addresses are prepared by (RFC 8265). */

#include "address/precis.h"

#include <stdlib.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include <xmpp/error.h>

#include "address/unicode.h"

/* A result that is not stable after so many rounds is refused. */
#define ROUNDS 4

struct text {
    uint32_t *c;
    size_t n;
};

/* ---- mapping -------------------------------------------------------------- */

/* Simple mappings one to one, as the RFC wants them: no final sigma. Only
 * U+0130 becomes two, and NFC leaves them so. */
static bool map_username(struct text *t)
{
    uint32_t *out = malloc((2 * t->n + 1) * sizeof(*out));
    size_t n = 0;

    if (!out)
        return false;
    for (size_t i = 0; i < t->n; i++) {
        uint32_t c = unicode_width_mapped(t->c[i]);

        if (c == 0x0130) {
            out[n++] = 'i';
            out[n++] = 0x0307;
        } else {
            out[n++] = uc_tolower(c);
        }
    }
    free(t->c);
    *t = (struct text){out, n};
    return true;
}

static bool map_opaque(struct text *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (uc_is_general_category_withtable(t->c[i], UC_CATEGORY_MASK_Zs))
            t->c[i] = ' ';
    return true;
}

static bool compose(struct text *t)
{
    size_t n = 0;
    uint32_t *out = u32_normalize(UNINORM_NFC, t->c, t->n, NULL, &n);

    if (!out)
        return false;
    free(t->c);
    *t = (struct text){out, n};
    return true;
}

/* ---- judging ---------------------------------------------------------------- */

static const char *wrong_with(const struct text *t, bool free_form)
{
    for (size_t i = 0; i < t->n; i++) {
        switch (unicode_precis(t->c[i])) {
        case DERIVED_PVALID:
            break;
        case DERIVED_CONTEXTJ:
        case DERIVED_CONTEXTO:
            if (!unicode_context_holds(t->c, t->n, i))
                return "it has a character that may not stand there";
            break;
        case DERIVED_FREE:
            if (!free_form)
                return "it has a character that is not allowed";
            break;
        case DERIVED_UNASSIGNED:
            return "it has a character that Unicode does not know yet";
        default:
            return "it has a character that is not allowed";
        }
    }
    return NULL;
}

static const char *wrong_username(const struct text *t)
{
    if (unicode_has_rtl(t->c, t->n) && !unicode_bidi_holds(t->c, t->n))
        return "it mixes directions of writing";
    return wrong_with(t, false);
}

static const char *wrong_opaque(const struct text *t)
{
    return wrong_with(t, true);
}

static const struct {
    bool (*map)(struct text *t);
    const char *(*wrong)(const struct text *t);
} profiles[] = {
    [PRECIS_USERNAME] = {map_username, wrong_username},
    [PRECIS_OPAQUE] = {map_opaque, wrong_opaque},
};

/* ---- both ---------------------------------------------------------------------- */

static bool is_same(const struct text *a, const uint32_t *c, size_t n)
{
    return a->n == n && memcmp(a->c, c, n * sizeof(*c)) == 0;
}

/* One round; *ret_stable if it changed nothing. False when memory is out. */
static bool round_of(enum precis_profile profile, struct text *t,
                     bool *ret_stable)
{
    size_t n = t->n;
    uint32_t *before = malloc((n + 1) * sizeof(*before));

    if (!before)
        return false;
    memcpy(before, t->c, n * sizeof(*before));
    if (!profiles[profile].map(t) || !compose(t)) {
        free(before);
        return false;
    }
    *ret_stable = is_same(t, before, n);
    free(before);
    return true;
}

static int finish(const struct env *env, const struct text *t, char **ret)
{
    size_t n = 0;
    uint8_t *utf8 = u32_to_u8(t->c, t->n, NULL, &n);

    if (!utf8)
        return XMPP_EMEM;
    *ret = env_strndup(env, (const char *)utf8, n);
    free(utf8);
    return *ret ? 0 : XMPP_EMEM;
}

static int enforce(const struct env *env, enum precis_profile profile,
                   struct str text, char **ret, const char **ret_why)
{
    struct text t = {NULL, 0};
    bool stable = false;
    int rc;

    t.c = u8_to_u32((const uint8_t *)text.s, text.n, NULL, &t.n);
    rc = t.c ? 0 : XMPP_EMEM;
    for (int i = 0; i < ROUNDS && !stable && rc == 0; i++)
        if (!round_of(profile, &t, &stable))
            rc = XMPP_EMEM;
    if (rc == 0) {
        *ret_why = t.n == 0 ? "it is empty"
                   : stable ? profiles[profile].wrong(&t)
                            : "it has no stable form";
        rc = *ret_why ? XMPP_EARG : finish(env, &t, ret);
    }
    free(t.c);
    return rc;
}

/* Printable ASCII is what most addresses are made of. */
static bool is_plain(struct str text, enum precis_profile profile)
{
    char least = profile == PRECIS_USERNAME ? 0x21 : 0x20;

    for (size_t i = 0; i < text.n; i++)
        if (text.s[i] < least || text.s[i] > 0x7E)
            return false;
    return true;
}

static int enforce_plain(const struct env *env, enum precis_profile profile,
                         struct str text, char **ret)
{
    *ret = env_strndup(env, text.s, text.n);
    if (!*ret)
        return XMPP_EMEM;
    for (char *c = *ret; *c && profile == PRECIS_USERNAME; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + ('a' - 'A'));
    return 0;
}

int precis_enforce(const struct env *env, enum precis_profile profile,
                   struct str text, char **ret, const char **ret_why)
{
    *ret = NULL;
    *ret_why = NULL;
    if (text.n == 0)
        *ret_why = "it is empty";
    else if (!str_is_utf8(text))
        *ret_why = "it is not UTF-8";
    if (*ret_why)
        return XMPP_EARG;
    if (is_plain(text, profile))
        return enforce_plain(env, profile, text, ret);
    return enforce(env, profile, text, ret, ret_why);
}
