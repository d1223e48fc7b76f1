/* idna.c - domain names in Unicode and ASCII (IDNA2008, RFC 5890 to 5895).
 *
 * What a label may be is decided from the derived property and the rules of
 * RFC 5891 section 4.2; libunistring knows the characters. */

#include "address/idna.h"

#include "address/label.h"
#include "address/literal.h"
#include "address/text.h"
#include "address/unicode.h"

#define OTHER_CHARACTER "it has a character that no domain has"
#define OTHER_HYPHEN "it has a hyphen in the wrong place"
#define LONG_LABEL "it has a label that is too long"
#define EMPTY_LABEL "it has an empty label"

/* A name that is being written: its normal form in `out`, and the form with
 * A-labels in `ascii`, whose length is the one that is limited. */
struct name {
    char *out, *ascii; /* IDNA_PART_MOST and IDNA_NAME_MOST octets */
    size_t n, ascii_n;
    bool underscores;
    xmpp_text_error_t *wrong;
};

/* ---- ASCII ------------------------------------------------------- */

static bool is_ldh(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

/* Is there an A-label, or what looks like one? */
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
    size_t start = 0;

    if (domain.n == 0 || domain.n > IDNA_NAME_MOST)
        return false;
    for (size_t i = 0; i < domain.n; i++) {
        if (is_ldh(domain.s[i]))
            continue;
        if (domain.s[i] != '.' || !is_normal_label(domain.s + start, i - start))
            return false;
        start = i + 1;
    }
    return is_normal_label(domain.s + start, domain.n - start);
}

/* ---- one label in Unicode ---------------------------------------- */

/* RFC 5891 section 4.2: 0 if it is a U-label, but for its length. */
static int judge(const struct text *t, xmpp_text_error_t *wrong)
{
    const uint32_t *c = t->c;
    size_t n = t->n;
    int rc = 0;

    if (c[0] == '-' || c[n - 1] == '-' ||
        (n >= 4 && c[2] == '-' && c[3] == '-'))
        return text_wrong(wrong, OTHER_HYPHEN, -1);
    if (unicode_is_mark(c[0]))
        return text_wrong(wrong, "it begins with a mark", c[0]);
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = text_judge(t, i, unicode_idna(c[i]), OTHER_CHARACTER, wrong);
    if (rc)
        return rc;
    rc = text_is_composed(t);
    if (rc == 0)
        return text_wrong(wrong, "it is not composed", -1);
    if (rc < 0)
        return rc;
    if (unicode_has_rtl(c, n) && !unicode_bidi_holds(c, n))
        return text_wrong(wrong, "it mixes directions of writing", -1);
    return 0;
}

/* RFC 5895: lower case, width, composition. */
static int map(struct text *t, xmpp_text_error_t *wrong)
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

static int put(struct name *name, struct str unicode, struct str ascii)
{
    if (unicode.n > IDNA_PART_MOST - name->n ||
        ascii.n > IDNA_NAME_MOST - name->ascii_n)
        return text_no_room(name->wrong);
    memcpy(name->out + name->n, unicode.s, unicode.n);
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
        return text_wrong(wrong, "it has a label that libidn2 refuses", -1);
    return rc == XMPP_EMEM ? rc : text_wrong(wrong, LONG_LABEL, -1);
}

static int put_spelling(struct name *name, const struct spelling *label)
{
    return put(name, str_n(label->utf8, label->utf8_n),
               str_n(label->ascii, label->ascii_n));
}

/* A U-label that has been judged. */
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
        rc = is_all_ascii(&t) ? XMPP_EARG : judge(&t, &ignored);
        if (rc == 0)
            rc = spell(&t, &again, &ignored);
        if (rc == 0 && str_eq(label, str_n(again.ascii, again.ascii_n)))
            return put_spelling(name, &again);
    }
    if (rc == XMPP_EMEM)
        return rc;
    return text_wrong(name->wrong,
                      "it has a label with xn-- that is not a "
                      "valid A-label",
                      -1);
}

static int put_ascii(struct name *name, struct str label)
{
    char text[LABEL_MOST];

    if (label.n == 0 || label.n > sizeof(text))
        return text_wrong(name->wrong, label.n ? LONG_LABEL : EMPTY_LABEL, -1);
    if (label.s[0] == '-' || label.s[label.n - 1] == '-')
        return text_wrong(name->wrong, OTHER_HYPHEN, -1);
    for (size_t i = 0; i < label.n; i++) {
        text[i] = str_lower(label.s[i]);
        if (!is_ldh(text[i]) && !(text[i] == '_' && name->underscores))
            return text_wrong(name->wrong, OTHER_CHARACTER,
                              (unsigned char)text[i]);
    }
    label.s = text;
    return has_prefix(label) ? put_decoded(name, label)
                             : put(name, label, label);
}

/* Width may have turned all of it into ASCII. */
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
    rc = judge(t, name->wrong);
    return rc ? rc : put_unicode(name, t);
}

/* One that is a U-label already is not mapped: lower case would spoil some. */
static int put_wide(struct name *name, struct str label)
{
    uint32_t c[TEXT_SMALL], spare[TEXT_SMALL];
    struct text t = {c, spare, 0, TEXT_SMALL};
    int rc = text_decode(&t, label, name->wrong);

    if (rc)
        return rc;
    rc = judge(&t, name->wrong);
    if (rc == 0)
        return put_unicode(name, &t);
    if (rc == XMPP_EARG)
        rc = map(&t, name->wrong);
    if (rc == 0)
        rc = put_mapped(name, &t);
    if (rc == XMPP_EARG)
        text_blame(name->wrong, label);
    return rc;
}

static int put_label(struct name *name, struct str label)
{
    return str_is_ascii(label) ? put_ascii(name, label) : put_wide(name, label);
}

/* ---- the whole --------------------------------------------------- */

/* How many octets of a dot stand here: '.', or U+3002, or one of the two that
 * width maps to them (RFC 5895 section 2); 0 for none. */
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
            rc = put(name, STR("."), STR("."));
        start = i = i + dot;
    }
    return rc;
}

static struct str without_dot(struct str domain)
{
    if (domain.n > 0 && domain.s[domain.n - 1] == '.')
        domain.n--;
    return domain;
}

static int put_literal(struct str domain, struct name *name)
{
    if (!literal_is_valid(domain))
        return text_wrong(name->wrong, "it is no IP address in brackets", -1);
    if (domain.n > IDNA_NAME_MOST + 2) /* a zone may be of any length */
        return text_no_room(name->wrong);
    literal_lower(domain, name->out);
    name->n = domain.n;
    return 0;
}

static int prepare(struct str domain, struct name *name)
{
    int rc;

    domain = without_dot(domain);
    if (domain.n == 0)
        return text_wrong(name->wrong, "it is empty", -1);
    rc = literal_is_meant(domain) ? put_literal(domain, name)
                                  : put_labels(name, domain);
    return rc == XMPP_ELIMIT ? XMPP_EARG : rc;
}

int idna_prepare(struct str domain, bool underscores, char *out, size_t *ret_n,
                 xmpp_text_error_t *wrong)
{
    char ascii[IDNA_NAME_MOST];
    struct name name = {out, ascii, 0, 0, underscores, wrong};
    int rc = prepare(domain, &name);

    if (rc == 0)
        *ret_n = name.n;
    return rc;
}

/* An IP address without its brackets, for those who connect to it. */
static int literal_to_ascii(struct name *name)
{
    if (name->out[1] == 'v') /* it would be taken for a name */
        return text_wrong(name->wrong, "such IP addresses are not known yet",
                          -1);
    if (memchr(name->out, '%', name->n)) /* no certificate names one */
        return text_wrong(name->wrong, "its zone is known to one machine only",
                          '%');
    name->ascii_n = name->n - 2;
    memcpy(name->ascii, name->out + 1, name->ascii_n);
    return 0;
}

int idna_to_ascii(struct str domain, char out[IDNA_NAME_MOST + 1],
                  xmpp_text_error_t *wrong)
{
    char prepared[IDNA_PART_MOST], ascii[IDNA_NAME_MOST];
    struct name name = {prepared, ascii, 0, 0, true, wrong};
    int rc = prepare(domain, &name);

    if (rc == 0 && literal_is_meant(str_n(prepared, name.n)))
        rc = literal_to_ascii(&name);
    if (rc)
        return rc;
    memcpy(out, ascii, name.ascii_n);
    out[name.ascii_n] = '\0';
    return 0;
}
