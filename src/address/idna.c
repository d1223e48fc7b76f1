/* idna.c - domain names between Unicode and ASCII (IDNA2008, RFC 5890).
 *
 * What a label may be is decided here, from the derived property and the rules
 * of RFC 5891 section 4.2; libidn2 only converts what has passed. */

#include "address/idna.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <stdlib.h>

#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

#include <xmpp/error.h>

#include "address/unicode.h"
#include "base/buf.h"

#define NAME_MOST 253 /* octets of a domain name in ASCII */
#define LABEL_MOST 63
#define PART_MOST 1023 /* octets of a domainpart */

#define OTHER_CHARACTER "it has a character that no domain has"
#define OTHER_HYPHEN "it has a hyphen in the wrong place"

/* ---- ASCII ---------------------------------------------------------------- */

static bool is_ascii(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.s[i] >= 0x80)
            return false;
    return true;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_ldh(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_'; /* not of the standard, but found in every network */
}

static bool is_literal(const char *host)
{
    unsigned char address[16];

    return inet_pton(AF_INET, host, address) == 1 ||
           inet_pton(AF_INET6, host, address) == 1;
}

/* ---- one label in Unicode --------------------------------------------------- */

static const char *wrong_character(const uint32_t *c, size_t n, size_t at)
{
    switch (unicode_idna(c[at])) {
    case DERIVED_PVALID:
        return NULL;
    case DERIVED_CONTEXTJ:
    case DERIVED_CONTEXTO:
        return unicode_context_holds(c, n, at)
                   ? NULL
                   : "it has a character that may not stand there";
    case DERIVED_UNASSIGNED:
        return "it has a character that Unicode does not know yet";
    default:
        return OTHER_CHARACTER;
    }
}

static bool is_composed(const uint32_t *c, size_t n)
{
    size_t m = 0;
    uint32_t *out = u32_normalize(UNINORM_NFC, c, n, NULL, &m);
    bool same = out && m == n && u32_cmp(out, c, n) == 0;

    free(out);
    return same;
}

/* RFC 5891 section 4.2; NULL if it is a U-label. */
static const char *wrong_label(const uint32_t *c, size_t n)
{
    if (c[0] == '-' || c[n - 1] == '-' ||
        (n >= 4 && c[2] == '-' && c[3] == '-'))
        return OTHER_HYPHEN;
    if (uc_is_general_category_withtable(c[0], UC_CATEGORY_MASK_M))
        return "it begins with a mark";
    for (size_t i = 0; i < n; i++) {
        const char *wrong = wrong_character(c, n, i);

        if (wrong)
            return wrong;
    }
    if (!is_composed(c, n))
        return "it is not composed";
    if (unicode_has_rtl(c, n) && !unicode_bidi_holds(c, n))
        return "it mixes directions of writing";
    return NULL;
}

/* RFC 5895: lower case, width, composition. Owned: free. */
static uint32_t *map_label(const uint32_t *c, size_t n, size_t *ret_n)
{
    uint32_t *mapped = malloc(n * sizeof(*mapped)), *out;

    if (!mapped)
        return NULL;
    for (size_t i = 0; i < n; i++)
        mapped[i] = uc_tolower(unicode_width_mapped(c[i]));
    *ret_n = 0;
    out = u32_normalize(UNINORM_NFC, mapped, n, NULL, ret_n);
    free(mapped);
    return out;
}

/* ---- to A-labels and back ------------------------------------------------------ */

/* Owned by libidn2's allocator: idn2_free. NULL, and XMPP_EARG or EMEM. */
static char *encode(const char *label, int *ret_rc)
{
    uint8_t *ascii = NULL;
    int rc = idn2_lookup_u8((const uint8_t *)label, &ascii,
                            IDN2_NFC_INPUT | IDN2_NO_TR46);

    *ret_rc = rc == IDN2_OK ? 0 : rc == IDN2_MALLOC ? XMPP_EMEM : XMPP_EARG;
    return (char *)ascii;
}

static int put_unicode(struct buf *out, const uint32_t *c, size_t n)
{
    size_t length = 0;
    uint8_t *utf8 = u32_to_u8(c, n, NULL, &length);

    if (!utf8)
        return XMPP_EMEM;
    buf_put(out, (const char *)utf8, length);
    free(utf8);
    return 0;
}

/* An A-label has to stand for a U-label that becomes the same again. */
static int put_decoded(struct buf *out, const char *label,
                       const char **ret_why)
{
    char *unicode = NULL, *again = NULL;
    uint32_t c[LABEL_MOST + 1];
    size_t n = LABEL_MOST;
    int rc = XMPP_EARG;

    *ret_why = "it has xn-- before what is no name";
    if (idn2_to_unicode_8z8z(label, &unicode, 0) == IDN2_OK &&
        u8_to_u32((uint8_t *)unicode, strlen(unicode), c, &n) == c && n > 0 &&
        !is_ascii(str_of(unicode)) && !wrong_label(c, n))
        again = encode(unicode, &rc);
    if (again && strcmp(again, label) == 0) {
        buf_puts(out, str_of(unicode));
        *ret_why = NULL;
        rc = 0;
    } else if (again) {
        rc = XMPP_EARG;
    }
    idn2_free(again);
    idn2_free(unicode);
    return rc;
}

/* ---- labels -------------------------------------------------------------------- */

static int put_ascii_label(struct buf *out, struct str label,
                           const char **ret_why)
{
    char text[LABEL_MOST + 1];

    *ret_why = label.n == 0           ? "it has an empty label"
               : label.n > LABEL_MOST ? "it has a label that is too long"
               : label.s[0] == '-' || label.s[label.n - 1] == '-'
                   ? OTHER_HYPHEN
                   : NULL;
    for (size_t i = 0; i < label.n && !*ret_why; i++) {
        text[i] = lower(label.s[i]);
        if (!is_ldh(text[i]))
            *ret_why = OTHER_CHARACTER;
    }
    if (*ret_why)
        return XMPP_EARG;
    text[label.n] = '\0';
    if (strncmp(text, "xn--", 4) == 0)
        return put_decoded(out, text, ret_why);
    buf_puts(out, str_of(text));
    return 0;
}

/* One that is a U-label already is not mapped: lower case would spoil some. */
static int put_wide_label(struct buf *out, const uint32_t *c, size_t n,
                          const char **ret_why)
{
    uint32_t *mapped;
    size_t m;
    int rc;

    *ret_why = wrong_label(c, n);
    if (!*ret_why)
        return put_unicode(out, c, n);
    mapped = map_label(c, n, &m);
    if (!mapped)
        return XMPP_EMEM;
    *ret_why = m ? wrong_label(mapped, m) : "it has an empty label";
    rc = *ret_why ? XMPP_EARG : put_unicode(out, mapped, m);
    free(mapped);
    return rc;
}

static int put_label(struct buf *out, const uint32_t *c, size_t n,
                     const char **ret_why)
{
    char text[LABEL_MOST + 2];

    for (size_t i = 0; i < n; i++)
        if (c[i] >= 0x80)
            return put_wide_label(out, c, n, ret_why);
    if (n > LABEL_MOST)
        n = LABEL_MOST + 1; /* and refused as too long */
    for (size_t i = 0; i < n; i++)
        text[i] = (char)c[i];
    return put_ascii_label(out, str_n(text, n), ret_why);
}

static bool is_dot(uint32_t c)
{
    return c == '.' || c == 0x3002 || c == 0xFF0E || c == 0xFF61;
}

static int put_wide(struct buf *out, const uint32_t *c, size_t n,
                    const char **ret_why)
{
    int rc = 0;

    for (size_t start = 0, i = 0; i <= n && rc == 0; i++)
        if (i == n || is_dot(c[i])) {
            if (start)
                buf_putc(out, '.');
            rc = put_label(out, c + start, i - start, ret_why);
            start = i + 1;
        }
    return rc;
}

static int put_plain(struct buf *out, struct str domain, const char **ret_why)
{
    int rc = 0;

    while (domain.s && rc == 0) {
        struct str label;

        domain = str_cut(domain, '.', &label);
        rc = put_ascii_label(out, label, ret_why);
        if (domain.s)
            buf_putc(out, '.');
    }
    return rc;
}

static int put_domain(struct buf *out, struct str domain, const char **ret_why)
{
    uint32_t *c;
    size_t n = 0;
    int rc;

    if (is_ascii(domain))
        return put_plain(out, domain, ret_why);
    c = u8_to_u32((const uint8_t *)domain.s, domain.n, NULL, &n);
    if (!c)
        return XMPP_EMEM;
    rc = put_wide(out, c, n, ret_why);
    free(c);
    return rc;
}

/* ---- the whole ------------------------------------------------------------------- */

static struct str without_dot(struct str domain)
{
    if (domain.n > 1 && domain.s[domain.n - 1] == '.')
        domain.n--;
    return domain;
}

/* Is it an address, with brackets or without? Then a copy, lower case. */
static char *literal_of(const struct env *env, struct str domain)
{
    bool bracketed = domain.n > 2 && domain.s[0] == '[' &&
                     domain.s[domain.n - 1] == ']';
    struct str bare =
        bracketed ? str_n(domain.s + 1, domain.n - 2) : domain;
    char text[INET6_ADDRSTRLEN + 1];

    if (bare.n >= sizeof(text) || memchr(bare.s, '\0', bare.n))
        return NULL;
    for (size_t i = 0; i < bare.n; i++)
        text[i] = lower(bare.s[i]);
    text[bare.n] = '\0';
    return is_literal(text) ? env_strdup(env, text) : NULL;
}

int idna_prepare(const struct env *env, struct str domain, char **ret,
                 const char **ret_why)
{
    struct buf out;
    char *literal;
    int rc;

    *ret = NULL;
    *ret_why = NULL;
    domain = without_dot(domain);
    if (!str_is_utf8(domain)) {
        *ret_why = "it is not UTF-8";
        return XMPP_EARG;
    }
    literal = literal_of(env, domain);
    buf_init(&out, env, PART_MOST + 1);
    if (literal) {
        bool is_v6 = strchr(literal, ':') != NULL;

        rc = 0;
        buf_puts(&out, is_v6 ? STR("[") : STR(""));
        buf_puts(&out, str_of(literal));
        buf_puts(&out, is_v6 ? STR("]") : STR(""));
        env_free(env, literal);
    } else {
        rc = put_domain(&out, domain, ret_why);
    }
    if (rc == 0) {
        *ret = buf_take(&out);
        rc = *ret ? 0 : XMPP_EMEM;
    }
    buf_free(&out);
    return rc;
}

/* Every label of a prepared name to ASCII. */
static int to_labels(struct str name, struct buf *out)
{
    int rc = 0;

    while (name.s && rc == 0) {
        struct str label;
        char *text, *ascii;

        name = str_cut(name, '.', &label);
        text = strndup(label.s, label.n);
        if (!text)
            return XMPP_EMEM;
        ascii = is_ascii(label) ? NULL : encode(text, &rc);
        buf_puts(out, str_of(ascii ? ascii : text));
        if (name.s)
            buf_putc(out, '.');
        idn2_free(ascii);
        free(text);
    }
    return rc;
}

int idna_to_ascii(const struct env *env, struct str domain, char **ret)
{
    const char *why;
    struct buf out;
    char *name;
    int rc;

    *ret = literal_of(env, without_dot(domain));
    if (*ret)
        return 0;
    rc = idna_prepare(env, domain, &name, &why);
    if (rc)
        return rc;
    buf_init(&out, env, PART_MOST + 1);
    rc = to_labels(str_of(name), &out);
    if (rc == 0 && buf_size(&out) > NAME_MOST)
        rc = XMPP_EARG;
    if (rc == 0) {
        *ret = buf_take(&out);
        rc = *ret ? 0 : XMPP_EMEM;
    }
    buf_free(&out);
    env_free(env, name);
    return rc;
}

int idna_equal(const struct env *env, struct str a, struct str b)
{
    char *x = NULL, *y = NULL;
    int rc;

    if (str_eq_nocase(a, b))
        return 1;
    rc = idna_to_ascii(env, a, &x);
    if (rc == 0)
        rc = idna_to_ascii(env, b, &y);
    if (rc == 0)
        rc = strcmp(x, y) == 0;
    env_free(env, x);
    env_free(env, y);
    return rc == XMPP_EARG ? 0 : rc;
}
