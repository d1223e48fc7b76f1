/* idna.c - domain names and their labels (IDNA2008, RFC 5890 to 5895).
 *
 * Whether a label is allowed is decided here: from the derived property of its
 * characters, which libunistring knows, and the rules of RFC 5891 section 4.2.
 */

#include "address/idna.h"

#include "address/label.h"
#include "address/literal.h"
#include "address/text.h"
#include "address/unicode.h"

#define OTHER_CHARACTER "it has a character that is not allowed in a domain"
#define EDGE_HYPHEN "a label begins or ends with a hyphen"
#define LONG_LABEL "a label is too long"
#define EMPTY_LABEL "a label is empty"

/* A name that is being written, in two forms: the normal form in `out`, and
 * that with A-labels in `ascii`, whose length is the one that the DNS limits.
 */
struct name {
    char *out;   /* IDNA_PART_MOST octets */
    char *ascii; /* IDNA_NAME_MOST octets; NULL if only its length matters */
    size_t n, ascii_n;
    bool underscores;
    xmpp_text_error_t *wrong;
};

/* ---- ASCII ------------------------------------------------------- */

static bool idna_is_ldh(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* Whether it claims to be an A-label. Two hyphens at this place behind other
 * letters are accepted in ASCII labels: such hosts exist, "r3---sn-x" is one.
 */
static bool has_prefix(struct str label)
{
    return label.n >= LABEL_PREFIX_SIZE && label.s[2] == '-' &&
           label.s[3] == '-' && str_lower(label.s[0]) == 'x' &&
           str_lower(label.s[1]) == 'n';
}

static bool is_normal_label(const char *label, size_t n)
{
    return n > 0 && n <= LABEL_MOST && label[0] != '-' && label[n - 1] != '-' &&
           !has_prefix(str_n(label, n));
}

bool idna_is_normal(struct str domain)
{
    const char *at = domain.s, *end = domain.s + domain.n, *label;

    if (domain.n == 0 || domain.n > IDNA_NAME_MOST)
        return false;
    for (;;) {
        label = at;
        while (at < end && idna_is_ldh(*at))
            at++;
        if (!is_normal_label(label, (size_t)(at - label)))
            return false;
        if (at == end)
            return true;
        if (*at++ != '.')
            return false;
    }
}

/* ---- one label in Unicode ---------------------------------------- */

/* RFC 5891 section 4.2: 0 if it is a U-label; its length is not checked. */
static int idna_judge(const struct text *t, xmpp_text_error_t *wrong)
{
    const uint32_t *c = t->c;
    size_t n = t->n;
    int rc = 0;

    if (c[0] == '-' || c[n - 1] == '-')
        return text_wrong(wrong, EDGE_HYPHEN, -1);
    if (n >= 4 && c[2] == '-' && c[3] == '-')
        return text_wrong(wrong, "a label has \"--\" at the third place", -1);
    if (unicode_is_mark(c[0]))
        return text_wrong(wrong, "a label begins with a combining mark", c[0]);
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = text_judge(t, i, unicode_idna(c[i]), OTHER_CHARACTER, wrong);
    if (rc)
        return rc;
    rc = text_is_composed(t);
    if (rc == 0)
        return text_wrong(wrong, "it is not in NFC", -1);
    if (rc < 0)
        return rc;
    /* of this label alone; RFC 5893 would include its neighbours */
    if (unicode_has_rtl(c, n) && !unicode_bidi_holds(c, n))
        return text_wrong(wrong,
                          "it mixes left-to-right and right-to-left text", -1);
    return 0;
}

/* RFC 5895 section 2: lower case, width, NFC. UTS 46 would map more, and more
 * of it with each version. */
static int idna_map(struct text *t, xmpp_text_error_t *wrong)
{
    size_t n = 0;

    for (size_t i = 0; i < t->n; i++) {
        if (n + 2 > t->room) /* one may become two */
            return text_no_room(wrong);
        n = text_put_lower(t->spare, n, unicode_width_mapped(t->c[i]));
    }
    text_swap(t, n);
    return text_normalise(t, TEXT_NFC, wrong);
}

/* ---- labels ------------------------------------------------------ */

static int name_put(struct name *name, struct str unicode, struct str ascii)
{
    if (unicode.n > IDNA_PART_MOST - name->n ||
        ascii.n > IDNA_NAME_MOST - name->ascii_n)
        return text_no_room(name->wrong);
    memcpy(name->out + name->n, unicode.s, unicode.n);
    if (name->ascii)
        memcpy(name->ascii + name->ascii_n, ascii.s, ascii.n);
    name->n += unicode.n;
    name->ascii_n += ascii.n;
    return 0;
}

/* A U-label in UTF-8, and its A-label. */
struct spelling {
    char utf8[LABEL_UTF8_MOST], ascii[LABEL_MOST];
    size_t utf8_n, ascii_n;
};

static int spell(const struct text *t, struct spelling *ret,
                 xmpp_text_error_t *wrong)
{
    int rc = XMPP_ELIMIT;

    if (t->n <= PUNYCODE_MOST)
        rc = text_encode(t, ret->utf8, sizeof(ret->utf8), &ret->utf8_n, wrong);
    if (rc == 0)
        rc = label_to_ascii(str_n(ret->utf8, ret->utf8_n), ret->ascii);
    if (rc > 0) {
        ret->ascii_n = (size_t)rc;
        return 0;
    }
    if (rc == XMPP_EARG)
        return text_wrong(wrong, "libidn2 refuses a label", -1);
    return rc == XMPP_EMEM ? rc : text_wrong(wrong, LONG_LABEL, -1);
}

static int put_spelling(struct name *name, const struct spelling *label)
{
    return name_put(name, str_n(label->utf8, label->utf8_n),
                    str_n(label->ascii, label->ascii_n));
}

/* A U-label that idna_judge() has accepted. */
static int put_unicode(struct name *name, const struct text *t)
{
    struct spelling label;
    int rc = spell(t, &label, name->wrong);

    return rc ? rc : put_spelling(name, &label);
}

static bool is_all_ascii(const struct text *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->c[i] >= 0x80)
            return false;
    return true;
}

/* An A-label has to stand for a U-label that becomes the same again (RFC 5891
 * section 5.3). */
static int put_decoded(struct name *name, struct str label)
{
    uint32_t c[PUNYCODE_MOST], spare[PUNYCODE_MOST];
    struct text t = {c, spare, 0, PUNYCODE_MOST};
    struct spelling again;
    xmpp_text_error_t ignored;
    int rc = label_to_unicode(label, c);

    if (rc > 0) {
        t.n = (size_t)rc;
        rc = is_all_ascii(&t) ? XMPP_EARG : idna_judge(&t, &ignored);
        if (rc == 0)
            rc = spell(&t, &again, &ignored);
        if (rc == 0 && str_eq(label, str_n(again.ascii, again.ascii_n)))
            return put_spelling(name, &again);
    }
    if (rc == XMPP_EMEM)
        return rc;
    return text_wrong(name->wrong, "a label with xn-- is not a valid A-label",
                      -1);
}

static int put_ascii(struct name *name, struct str label)
{
    char text[LABEL_MOST];

    if (label.n == 0 || label.n > sizeof(text))
        return text_wrong(name->wrong, label.n ? LONG_LABEL : EMPTY_LABEL, -1);
    if (label.s[0] == '-' || label.s[label.n - 1] == '-')
        return text_wrong(name->wrong, EDGE_HYPHEN, -1);
    for (size_t i = 0; i < label.n; i++) {
        text[i] = str_lower(label.s[i]);
        if (!idna_is_ldh(text[i]) && !(text[i] == '_' && name->underscores))
            return text_wrong(name->wrong, OTHER_CHARACTER,
                              (unsigned char)text[i]);
    }
    label.s = text;
    return has_prefix(label) ? put_decoded(name, label)
                             : name_put(name, label, label);
}

/* The mapping of width may have turned the whole label into ASCII. */
static int put_mapped(struct name *name, const struct text *t)
{
    char text[LABEL_MOST + 1];
    int rc;

    if (is_all_ascii(t)) {
        size_t n = t->n < sizeof(text) ? t->n : sizeof(text);

        for (size_t i = 0; i < n; i++)
            text[i] = (char)t->c[i];
        return put_ascii(name, str_n(text, n));
    }
    rc = idna_judge(t, name->wrong);
    return rc ? rc : put_unicode(name, t);
}

/* A valid U-label is not mapped: lower case would make some of them invalid,
 * such as Cherokee, whose capitals are the letters that IDNA2008 allows. */
static int put_wide(struct name *name, struct str label)
{
    uint32_t c[TEXT_SMALL], spare[TEXT_SMALL];
    struct text t = {c, spare, 0, TEXT_SMALL};
    int rc = text_decode(&t, label, name->wrong);

    if (rc)
        return rc;
    rc = idna_judge(&t, name->wrong);
    if (rc == 0)
        return put_unicode(name, &t);
    if (rc == XMPP_EARG)
        rc = idna_map(&t, name->wrong);
    if (rc == 0)
        rc = put_mapped(name, &t);
    if (rc == XMPP_EARG)
        text_name_origin(name->wrong, label);
    return rc;
}

static int put_label(struct name *name, struct str label)
{
    return str_is_ascii(label) ? put_ascii(name, label) : put_wide(name, label);
}

/* ---- the whole --------------------------------------------------- */

/* The number of octets of the dot at this place, 0 if there is no dot. U+3002
 * separates labels too, and so do the two characters that the mapping of width
 * turns into a dot or into U+3002 (RFC 5895 section 2). */
static size_t dot_at(struct str text, size_t at)
{
    static const struct str dots[] = {
        {".", 1},
        {"\xe3\x80\x82", 3},
        {"\xef\xbc\x8e", 3},
        {"\xef\xbd\xa1", 3},
    };
    struct str rest = str_n(text.s + at, text.n - at);

    if (*rest.s != '.' && *rest.s != '\xe3' && *rest.s != '\xef')
        return 0;
    for (size_t i = 0; i < sizeof(dots) / sizeof(dots[0]); i++)
        if (str_starts(rest, dots[i]))
            return dots[i].n;
    return 0;
}

static int put_labels(struct name *name, struct str domain)
{
    size_t start = 0, i = 0;
    int rc = 0;

    while (i <= domain.n && rc == 0) {
        size_t dot = i < domain.n ? dot_at(domain, i) : 1;

        if (!dot) {
            i++;
            continue;
        }
        rc = put_label(name, str_n(domain.s + start, i - start));
        if (rc == 0 && i < domain.n)
            rc = name_put(name, STR("."), STR("."));
        start = i = i + dot;
    }
    return rc;
}

/* RFC 7622 section 3.2: one final dot is removed before anything else. */
static struct str without_dot(struct str domain)
{
    if (domain.n > 0 && domain.s[domain.n - 1] == '.')
        domain.n--;
    return domain;
}

static int name_put_literal(struct str domain, struct name *name)
{
    if (!literal_is_valid(domain))
        return text_wrong(name->wrong,
                          "it is not a valid IP address in brackets", -1);
    if (domain.n > IDNA_NAME_MOST + 2) /* by its zone; 2: the brackets */
        return text_no_room(name->wrong);
    literal_lower(domain, name->out);
    name->n = domain.n;
    return 0;
}

static int name_prepare(struct str domain, struct name *name)
{
    int rc;

    domain = without_dot(domain);
    if (domain.n == 0)
        return text_wrong(name->wrong, "it is empty", -1);
    rc = literal_is_meant(domain) ? name_put_literal(domain, name)
                                  : put_labels(name, domain);
    return rc == XMPP_ELIMIT ? XMPP_EARG : rc;
}

int idna_prepare(struct str domain, bool underscores, char *out, size_t *ret_n,
                 xmpp_text_error_t *wrong)
{
    struct name name = {out, NULL, 0, 0, underscores, wrong};
    int rc = name_prepare(domain, &name);

    if (rc == 0)
        *ret_n = name.n;
    return rc;
}

/* An IP address without its brackets. */
static int literal_to_ascii(struct name *name)
{
    /* a version to come (RFC 3986): without brackets it would be a name */
    if (name->out[1] == 'v')
        return text_wrong(name->wrong,
                          "it is an IP address of an unknown version", -1);
    /* certificates have no zones */
    if (memchr(name->out, '%', name->n))
        return text_wrong(
            name->wrong,
            "it has a zone, which has a meaning on one machine only", '%');
    name->ascii_n = name->n - 2;
    memcpy(name->ascii, name->out + 1, name->ascii_n);
    return 0;
}

int idna_to_ascii(struct str domain, char out[IDNA_NAME_MOST + 1],
                  xmpp_text_error_t *wrong)
{
    char prepared[IDNA_PART_MOST], ascii[IDNA_NAME_MOST];
    struct name name = {prepared, ascii, 0, 0, true, wrong};
    int rc = name_prepare(domain, &name);

    if (rc == 0 && literal_is_meant(str_n(prepared, name.n)))
        rc = literal_to_ascii(&name);
    if (rc)
        return rc;
    memcpy(out, ascii, name.ascii_n);
    out[name.ascii_n] = '\0';
    return 0;
}
