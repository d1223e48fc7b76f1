/* idna.c - domain names in Unicode and ASCII (IDNA2008, RFC 5890 to 5895).
 *
 * What a label may be is decided from the derived property and the rules of
 * RFC 5891 section 4.2; libunistring knows the characters. */

#include "address/idna.h"

#include "address/literal.h"
#include "address/punycode.h"
#include "address/text.h"
#include "address/unicode.h"

#define PREFIX "xn--"
#define PREFIX_SIZE 4

#define OTHER_CHARACTER "it has a character that no domain has"
#define OTHER_HYPHEN "it has a hyphen in the wrong place"
#define LONG_LABEL "it has a label that is too long"
#define EMPTY_LABEL "it has an empty label"

/* A name that is being written: its normal form, and how long it is in
 * ASCII. */
struct name {
    char *out;
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
    return label.n >= PREFIX_SIZE && label.s[2] == '-' && label.s[3] == '-' &&
           str_lower(label.s[0]) == 'x' && str_lower(label.s[1]) == 'n';
}

static bool is_normal_label(const char *label, size_t n)
{
    return n > 0 && n <= IDNA_LABEL_MOST && label[0] != '-' &&
           label[n - 1] != '-' && !has_prefix(str_n(label, n));
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

static int put(struct name *name, const char *s, size_t n, size_t ascii_n)
{
    if (n > IDNA_PART_MOST - name->n)
        return text_no_room(name->wrong);
    memcpy(name->out + name->n, s, n);
    name->n += n;
    name->ascii_n += ascii_n;
    return 0;
}

/* A U-label that has been judged. */
static int put_unicode(struct name *name, const struct text *t)
{
    char ascii[PUNYCODE_MOST], utf8[4 * PUNYCODE_MOST];
    size_t ascii_n = punycode_encode(t->c, t->n, ascii), n;
    int rc;

    if (!ascii_n)
        return text_wrong(name->wrong, LONG_LABEL, -1);
    rc = text_encode(t, utf8, sizeof(utf8), &n, name->wrong);
    return rc ? rc : put(name, utf8, n, PREFIX_SIZE + ascii_n);
}

static bool is_all_ascii(const struct text *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->c[i] >= 0x80)
            return false;
    return true;
}

/* An A-label has to stand for a U-label that becomes the same again. */
static int put_decoded(struct name *name, struct str label)
{
    static const char no_name[] = "it has xn-- before what is no name";
    uint32_t c[PUNYCODE_MOST], spare[PUNYCODE_MOST];
    struct text t = {c, spare, 0, PUNYCODE_MOST};
    struct str code = str_n(label.s + PREFIX_SIZE, label.n - PREFIX_SIZE);
    char again[PUNYCODE_MOST];
    xmpp_text_error_t ignored;
    int rc;

    t.n = punycode_decode(code, c);
    if (t.n == 0 || is_all_ascii(&t))
        return text_wrong(name->wrong, no_name, -1);
    rc = judge(&t, &ignored);
    if (rc == XMPP_EMEM)
        return rc;
    if (rc || !str_eq(code, str_n(again, punycode_encode(t.c, t.n, again))))
        return text_wrong(name->wrong, no_name, -1);
    return put_unicode(name, &t);
}

static int put_ascii(struct name *name, struct str label)
{
    char text[IDNA_LABEL_MOST];

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
                             : put(name, text, label.n, label.n);
}

/* Width may have turned all of it into ASCII. */
static int put_mapped(struct name *name, const struct text *t)
{
    char text[IDNA_LABEL_MOST + 1];
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
            rc = put(name, ".", 1, 1);
        start = i = i + dot;
    }
    if (rc == 0 && name->ascii_n > IDNA_NAME_MOST)
        rc = text_no_room(name->wrong);
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

int idna_prepare(struct str domain, bool underscores, char *out, size_t *ret_n,
                 xmpp_text_error_t *wrong)
{
    struct name name = {out, 0, 0, underscores, wrong};
    int rc;

    domain = without_dot(domain);
    if (domain.n == 0)
        return text_wrong(wrong, "it is empty", -1);
    rc = literal_is_meant(domain) ? put_literal(domain, &name)
                                  : put_labels(&name, domain);
    if (rc == 0)
        *ret_n = name.n;
    return rc == XMPP_ELIMIT ? XMPP_EARG : rc;
}

/* ---- to A-labels ------------------------------------------------- */

/* A label of a prepared name. Returns how many octets were written. */
static size_t put_a_label(char *out, struct str label)
{
    uint32_t c[PUNYCODE_MOST];
    struct text t = {c, c, 0, PUNYCODE_MOST};
    xmpp_text_error_t ignored;

    if (str_is_ascii(label) || text_decode(&t, label, &ignored)) {
        memcpy(out, label.s, label.n);
        return label.n;
    }
    memcpy(out, PREFIX, PREFIX_SIZE);
    return PREFIX_SIZE + punycode_encode(c, t.n, out + PREFIX_SIZE);
}

int idna_to_ascii(struct str domain, char out[IDNA_NAME_MOST + 1],
                  xmpp_text_error_t *wrong)
{
    char prepared[IDNA_PART_MOST];
    struct str name = str_n(prepared, 0);
    size_t n = 0;
    int rc = idna_prepare(domain, true, prepared, &name.n, wrong);

    if (rc)
        return rc;
    if (literal_is_meant(name)) {
        if (name.s[1] == 'v') /* it would be taken for a name */
            return text_wrong(wrong, "such IP addresses are not known yet", -1);
        if (memchr(name.s, '%', name.n)) /* no certificate names one */
            return text_wrong(wrong, "its zone is known to one machine only",
                              '%');
        n = name.n - 2;
        memcpy(out, prepared + 1, n);
        name = STR_NONE;
    }
    while (name.s) {
        struct str label;

        name = str_cut(name, '.', &label);
        n += put_a_label(out + n, label);
        if (name.s)
            out[n++] = '.';
    }
    out[n] = '\0';
    return 0;
}
