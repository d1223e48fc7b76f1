/* precis.c - the PRECIS profiles: user names, opaque strings, nicknames. */

#include "address/precis.h"

#include "address/text.h"
#include "address/unicode.h"
#include "base/crypt.h"
#include "base/env.h"

/* A text that still changes after so many rounds is refused (RFC 8264 section
 * 7). */
#define ROUNDS 4

/* ---- mapping ----------------------------------------------------- */

/* Each of these writes the mapped text to `spare`, which has room for it, and
 * returns its length. Case is mapped by toLowerCase (RFC 8265 section 3.3.1),
 * never folded: sharp s and final sigma are letters of names. */

static size_t map_case_mapped(struct text *t)
{
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++)
        n = text_put_lower(t->spare, n, unicode_width_mapped(t->c[i]));
    return n;
}

static size_t map_case_preserved(struct text *t)
{
    for (size_t i = 0; i < t->n; i++)
        t->spare[i] = unicode_width_mapped(t->c[i]);
    return t->n;
}

static uint32_t space_mapped(uint32_t c)
{
    return c > 0x7E && unicode_is_space(c) ? ' ' : c;
}

static size_t map_opaque(struct text *t)
{
    for (size_t i = 0; i < t->n; i++)
        t->spare[i] = space_mapped(t->c[i]);
    return t->n;
}

/* Without spaces at the ends, and with single ones between (RFC 8266 section
 * 2.1). */
static size_t map_spaces(struct text *t, bool lower)
{
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++) {
        uint32_t c = space_mapped(t->c[i]);

        if (c == ' ' && (n == 0 || t->spare[n - 1] == ' '))
            continue;
        if (lower)
            n = text_put_lower(t->spare, n, c);
        else
            t->spare[n++] = c;
    }
    return n > 0 && t->spare[n - 1] == ' ' ? n - 1 : n;
}

static size_t map_nickname(struct text *t)
{
    return map_spaces(t, false);
}

static size_t map_nickname_compared(struct text *t)
{
    return map_spaces(t, true);
}

/* ---- profiles ---------------------------------------------------- */

static const struct profile {
    size_t (*map)(struct text *t);
    enum text_form form;
    bool identifier; /* IdentifierClass and Bidi Rule, else FreeformClass */
    bool spaces;     /* ASCII spaces are allowed */
    bool capitals;   /* ASCII capitals stay */
    bool plain;      /* for printable ASCII these two are all that matters */
} profiles[] = {
    [XMPP_PRECIS_USERNAME_CASE_MAPPED] = {map_case_mapped, TEXT_NFC, true,
                                          false, false, true},
    [XMPP_PRECIS_USERNAME_CASE_PRESERVED] = {map_case_preserved, TEXT_NFC, true,
                                             false, true, true},
    [XMPP_PRECIS_OPAQUE_STRING] = {map_opaque, TEXT_NFC, false, true, true,
                                   true},
    [XMPP_PRECIS_NICKNAME] = {map_nickname, TEXT_NFKC, false, false, true,
                              false},
    [XMPP_PRECIS_NICKNAME_KEY] = {map_nickname_compared, TEXT_NFKC, false,
                                  false, false, false},
};

#define PROFILES (sizeof(profiles) / sizeof(profiles[0]))

/* ---- judging ----------------------------------------------------- */

static int judge_one(const struct text *t, size_t at, bool identifier,
                     xmpp_text_error_t *wrong)
{
    enum derived derived = unicode_precis(t->c[at]);

    if (derived == DERIVED_FREE && !identifier)
        return 0;
    return text_judge(t, at, derived,
                      derived == DERIVED_FREE
                          ? "it has a character that is not allowed in a name"
                          : "it has a character that is not allowed",
                      wrong);
}

/* The Bidi Rule is for strings that have right-to-left characters (RFC 8265
 * section 3.3.1); applied to all it would refuse "\u00e9!". */
static int precis_judge(const struct text *t, bool identifier,
                        xmpp_text_error_t *wrong)
{
    int rc = 0;

    if (t->n == 0)
        return text_wrong(wrong, "it is empty", -1);
    if (identifier && unicode_has_rtl(t->c, t->n) &&
        !unicode_bidi_holds(t->c, t->n))
        return text_wrong(wrong,
                          "it mixes left-to-right and right-to-left text", -1);
    for (size_t i = 0; i < t->n && rc == 0; i++)
        rc = judge_one(t, i, identifier, wrong);
    return rc;
}

/* ---- both -------------------------------------------------------- */

/* Returns whether the mapping changed anything. */
static bool precis_map(const struct profile *p, struct text *t)
{
    size_t was = t->n;

    text_swap(t, p->map(t));
    return t->n != was || memcmp(t->c, t->spare, was * sizeof(*t->c)) != 0;
}

/* Whether there is room for the mapped text: U+0130 becomes two (see
 * text_put_lower). */
static bool has_room(const struct text *t)
{
    size_t n = t->n;

    for (size_t i = 0; i < t->n; i++)
        n += t->c[i] == 0x0130;
    return n <= t->room;
}

/* Map and normalise until nothing changes. */
static int precis_settle(const struct profile *p, struct text *t,
                         xmpp_text_error_t *wrong)
{
    for (int i = 0; i < ROUNDS; i++) {
        int rc;

        if (!has_room(t))
            return text_no_room(wrong);
        if (!precis_map(p, t) && i > 0)
            return 0;
        rc = text_normalise(t, p->form, wrong);
        if (rc)
            return rc;
    }
    return !has_room(t) || precis_map(p, t)
               ? text_wrong(wrong, "it has no stable form", -1)
               : 0;
}

/* The class is judged last, after width, case and normalisation: the order of
 * RFC 8264 section 7. RFC 8265 section 3.3.2 has it earlier for names, and
 * would refuse some 1100 characters that NFC makes valid. */
static int enforce_in(const struct profile *p, uint32_t *room, size_t size,
                      struct str text, char *out, size_t out_room,
                      size_t *ret_n, xmpp_text_error_t *wrong)
{
    struct text t = {room, room + size, 0, size};
    int rc = text_decode(&t, text, wrong);

    if (rc == 0)
        rc = precis_settle(p, &t, wrong);
    if (rc == 0)
        rc = precis_judge(&t, p->identifier, wrong);
    if (rc == 0)
        rc = text_encode(&t, out, out_room, ret_n, wrong);
    return rc;
}

/* Two functions, so that a short text does not cost 32 kB of stack. */
static int enforce_small(const struct profile *p, struct str text, char *out,
                         size_t room, size_t *ret_n, xmpp_text_error_t *wrong)
{
    uint32_t both[2 * TEXT_SMALL];
    int rc = enforce_in(p, both, TEXT_SMALL, text, out, room, ret_n, wrong);

    crypt_wipe(both, sizeof(both));
    return rc;
}

static int enforce_large(const struct profile *p, struct str text, char *out,
                         size_t room, size_t *ret_n, xmpp_text_error_t *wrong)
{
    uint32_t both[2 * TEXT_MOST];
    int rc = enforce_in(p, both, TEXT_MOST, text, out, room, ret_n, wrong);

    crypt_wipe(both, sizeof(both));
    return rc;
}

/* Most texts are printable ASCII. Returns the length of the result, 0 if the
 * text is something else or has no room. */
static size_t put_plain(const struct profile *p, struct str text, char *out,
                        size_t room)
{
    char least = p->spaces ? 0x20 : 0x21;

    if (!p->plain || text.n > room)
        return 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.s[i];

        if (c < least || c > 0x7E)
            return 0;
        out[i] = p->capitals ? c : str_lower(c);
    }
    return text.n;
}

int precis_enforce(unsigned profile, struct str text, char *out, size_t room,
                   size_t *ret_n, xmpp_text_error_t *wrong)
{
    const struct profile *p;
    int rc = XMPP_ELIMIT;
    size_t n;

    if (profile >= PROFILES)
        return text_wrong(wrong, "there is no such profile", -1);
    p = &profiles[profile];
    n = put_plain(p, text, out, room);
    if (n) {
        *ret_n = n;
        return 0;
    }
    if (text.n <= TEXT_SMALL)
        rc = enforce_small(p, text, out, room, ret_n, wrong);
    if (rc == XMPP_ELIMIT)
        rc = enforce_large(p, text, out, room, ret_n, wrong);
    if (rc == XMPP_EARG)
        text_name_origin(wrong, text);
    return rc == XMPP_ELIMIT ? XMPP_EARG : rc;
}
