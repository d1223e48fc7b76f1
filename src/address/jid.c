/* jid.c - makes addresses in normal form (RFC 7622) from a text or from parts.
 *
 * Nearly all addresses are in normal form already: one pass over the octets
 * decides that, and the result is a view of the input. */

#include "address/jid.h"

#include <stdint.h>

#include "address/idna.h"
#include "address/precis.h"
#include "address/text.h"

/* ---- in one pass ------------------------------------------------- */

#define BIT(c) (1ULL << (63 & (c)))
#define FROM(c) (~0ULL << (63 & (c)))

/* The ASCII characters that are in normal form in a part, one bit each. */
struct set {
    uint64_t low, high;
};

/* RFC 7622 section 3.3.1: 0x21 to 0x7E less  " & ' / : < > @  , and less the
 * capitals, which are not in normal form. */
static const struct set local_set = {
    FROM(0x21) & ~(BIT('"') | BIT('&') | BIT('\'') | BIT('/') | BIT(':') |
                   BIT('<') | BIT('>')),
    FROM('Z' + 1) & ~BIT(0x7F), /* '@' comes before 'Z' */
};

static const struct set resource_set = {FROM(0x20), ~BIT(0x7F)};

static bool is_all_in(struct str part, const struct set *set)
{
    for (size_t i = 0; i < part.n; i++) {
        unsigned char c = (unsigned char)part.s[i];

        if (c >= 0x80 || !((c < 64 ? set->low : set->high) >> (c & 63) & 1))
            return false;
    }
    return part.n <= JID_PART_MOST;
}

/* ---- parts ------------------------------------------------------- */

/* An address that is being written into `room`. */
struct draft {
    xmpp_jid_mode_t mode;
    char *room;
    size_t n;
    unsigned unprepared;
    xmpp_text_error_t *wrong;
};

static int prepare_local(struct draft *d, struct str part, size_t *n)
{
    char *out = d->room + d->n;
    int rc = precis_enforce(XMPP_PRECIS_USERNAME_CASE_MAPPED, part, out,
                            JID_PART_MOST, n, d->wrong);

    for (size_t i = 0; rc == 0 && i < *n; i++)
        if (out[i] && strchr("\"&'/:<>@", out[i]))
            rc = text_wrong(d->wrong,
                            "it has a character that is not allowed in a "
                            "localpart",
                            out[i]);
    return rc;
}

static int prepare_domain(struct draft *d, struct str part, size_t *n)
{
    return idna_prepare(part, d->mode == XMPP_JID_LENIENT, d->room + d->n, n,
                        d->wrong);
}

/* A leading space is accepted, as in OpaqueString. Example 18 of RFC 7622 says
 * otherwise; an erratum takes it back, and no peer refuses it. */
static int prepare_resource(struct draft *d, struct str part, size_t *n)
{
    return precis_enforce(XMPP_PRECIS_OPAQUE_STRING, part, d->room + d->n,
                          JID_PART_MOST, n, d->wrong);
}

static const struct kind {
    xmpp_jid_part_t part;
    const char *name;
    const char *cuts; /* with one of these an unprepared part would be parsed
                       * as something else, in the address or by itself */
    int (*prepare)(struct draft *d, struct str part, size_t *n);
} kinds[] = {
    {XMPP_JID_LOCAL, "localpart", "@/", prepare_local},
    {XMPP_JID_DOMAIN, "domainpart", "@/", prepare_domain},
    {XMPP_JID_RESOURCE, "resourcepart", "", prepare_resource},
};

/* A control character: U+0000 to U+001F, U+007F to U+009F. */
static bool is_control_at(struct str part, size_t at)
{
    unsigned char c = (unsigned char)part.s[at];

    return c < 0x20 || c == 0x7F ||
           (c == 0xC2 && at + 1 < part.n &&
            (unsigned char)part.s[at + 1] < 0xA0);
}

/* Whether it is kept although it cannot be prepared. Servers still prepare by
 * stringprep, or know another version of Unicode, and a stanza that was dropped
 * for one nickname would return at every resumption. */
static bool part_is_harmless(struct str part, const struct kind *kind)
{
    for (size_t i = 0; i < part.n; i++)
        if (is_control_at(part, i) || strchr(kind->cuts, part.s[i]))
            return false;
    return part.n > 0 && part.n <= JID_PART_MOST && str_is_utf8(part);
}

/* Append a part. *ret_n is its length, 0 if it is absent. */
static int put_part(struct draft *d, const struct kind *kind, struct str part,
                    unsigned short *ret_n)
{
    size_t n = 0;
    int rc;

    *ret_n = 0;
    if (!part.s)
        return 0;
    d->wrong->part = kind->name;
    rc = kind->prepare(d, part, &n);
    if (rc == XMPP_EARG && d->mode == XMPP_JID_LENIENT &&
        part_is_harmless(part, kind)) {
        memcpy(d->room + d->n, part.s, part.n);
        n = part.n;
        d->unprepared |= kind->part;
        rc = 0;
    }
    d->n += n;
    *ret_n = (unsigned short)n;
    return rc;
}

/* ---- the whole --------------------------------------------------- */

static int draft_prepare(struct draft *d, const struct str part[3],
                         xmpp_jid_t *ret)
{
    unsigned short size[3];

    for (int i = 0; i < 3; i++) {
        int rc;

        if (i == 2 && part[i].s)
            d->room[d->n++] = '/';
        rc = put_part(d, &kinds[i], part[i], &size[i]);
        if (rc)
            return rc;
        if (i == 0 && part[i].s)
            d->room[d->n++] = '@';
    }
    d->room[d->n] = '\0';
    *ret = (xmpp_jid_t){d->room, size[0], size[1], size[2],
                        (unsigned short)d->unprepared};
    return 0;
}

/* A missing domain is reported before anything else: that is what is wrong with
 * most texts that are not addresses. */
static int prepare_all(const struct str part[3], xmpp_jid_mode_t mode,
                       char *room, xmpp_jid_t *ret,
                       xmpp_text_error_t *ret_error)
{
    xmpp_text_error_t wrong = {"domainpart", "it is missing", -1};
    struct draft d = {mode, room, 0, 0, &wrong};
    int rc = part[1].n ? draft_prepare(&d, part, ret) : XMPP_EARG;

    return text_report(rc, &wrong, ret_error);
}

/* RFC 7622 section 3.2: the first '/' ends the bare address, and only then the
 * first '@' is looked for, so that a resourcepart may have either. */
static void jid_split(struct str text, struct str part[3])
{
    struct str bare, rest, head;

    part[2] = str_cut(text, '/', &bare);
    rest = str_cut(bare, '@', &head);
    part[0] = rest.s ? head : STR_NONE;
    part[1] = rest.s ? rest : head;
}

/* An absent part is in normal form, an empty one is not. */
static bool parts_are_normal(const struct str part[3])
{
    return idna_is_normal(part[1]) &&
           (!part[0].s || (part[0].n && is_all_in(part[0], &local_set))) &&
           (!part[2].s || (part[2].n && is_all_in(part[2], &resource_set)));
}

int jid_parse(struct str text, xmpp_jid_mode_t mode, char *room,
              xmpp_jid_t *ret, xmpp_text_error_t *ret_error)
{
    struct str part[3];

    jid_split(text, part);
    if (!parts_are_normal(part))
        return prepare_all(part, mode, room, ret, ret_error);
    *ret =
        (xmpp_jid_t){text.s, (unsigned short)part[0].n,
                     (unsigned short)part[1].n, (unsigned short)part[2].n, 0};
    return 0;
}

int jid_join(struct str local, struct str domain, struct str resource,
             xmpp_jid_mode_t mode, char *room, xmpp_jid_t *ret,
             xmpp_text_error_t *ret_error)
{
    const struct str part[3] = {local, domain, resource};

    return prepare_all(part, mode, room, ret, ret_error);
}

int jid_set_resource(const xmpp_jid_t *jid, struct str resource,
                     xmpp_jid_mode_t mode, char *room, xmpp_jid_t *ret,
                     xmpp_text_error_t *ret_error)
{
    struct str bare = jid_view(jid, XMPP_JID_BARE);
    xmpp_text_error_t wrong;
    struct draft d = {mode, room, bare.n, jid->unprepared & XMPP_JID_BARE,
                      &wrong};
    unsigned short size;
    int rc;

    memmove(room, bare.s, bare.n);
    if (resource.s)
        room[d.n++] = '/';
    rc = put_part(&d, &kinds[2], resource, &size);
    if (rc)
        return text_report(rc, &wrong, ret_error);
    room[d.n] = '\0';
    *ret = (xmpp_jid_t){room, jid->local_size, jid->domain_size, size,
                        (unsigned short)d.unprepared};
    return 0;
}

/* ---- looking at it ----------------------------------------------- */

static size_t domain_at(const xmpp_jid_t *jid)
{
    return jid->local_size ? jid->local_size + 1u : 0;
}

struct str jid_view(const xmpp_jid_t *jid, xmpp_jid_part_t part)
{
    size_t domain = domain_at(jid), end = domain + jid->domain_size;

    switch (part) {
    case XMPP_JID_LOCAL:
        return jid->local_size ? str_n(jid->text, jid->local_size) : STR_NONE;
    case XMPP_JID_RESOURCE:
        return jid->resource_size
                   ? str_n(jid->text + end + 1, jid->resource_size)
                   : STR_NONE;
    case XMPP_JID_DOMAIN:
        return str_n(jid->text + domain, jid->domain_size);
    case XMPP_JID_BARE:
        return str_n(jid->text, end);
    default:
        return str_n(jid->text,
                     end + (jid->resource_size ? jid->resource_size + 1u : 0));
    }
}
