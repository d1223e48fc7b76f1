/* iri.c - IRIs (RFC 3987): encoding a part, converting from and to URIs.
 *
 * Text that could be misread stays encoded: characters that cannot be seen,
 * that NFKC turns into ASCII, or that look like a delimiter; marks that nothing
 * carries; and whole components that the Bidi Rule would not allow beside
 * delimiters. This also encodes the joiners inside emoji. Escapes that are not
 * UTF-8 stay as they are (section 3.2), because nothing is decoded here. */

#include "address/iri.h"

#include "address/text.h"
#include "address/unicode.h"

/* ---- what can be read -------------------------------------------- */

/* Characters that look like a delimiter or a space. Those that Unicode itself
 * maps to ASCII are not listed: hides_ascii() finds them. */
static const uint32_t lookalikes[] = {0x1735, 0x2044, 0x2215, 0x2236, 0x2571,
                                      0x2800, 0x29F8, 0xA789, 0xA78A};

static bool is_lookalike(uint32_t c)
{
    for (size_t i = 0; i < sizeof(lookalikes) / sizeof(lookalikes[0]); i++)
        if (c == lookalikes[i])
            return true;
    return false;
}

/* Whether NFKC turns it into ASCII, such as U+FF0F into a slash: a program that
 * normalises the IRI would read another one. True also if there is no memory to
 * find out. */
static bool hides_ascii(uint32_t c)
{
    uint32_t room[32], spare[32];
    struct text form = {room, spare, 1, 32};
    xmpp_text_error_t ignored;
    bool hides;

    room[0] = c;
    hides = text_normalise(&form, TEXT_NFKC, &ignored) != 0;
    for (size_t i = 0; i < form.n && !hides; i++)
        hides = form.c[i] < 0x80;
    return hides;
}

static bool is_readable(uint32_t c)
{
    return pct_is_ucschar(c) && unicode_is_visible(c) && !is_lookalike(c) &&
           !hides_ascii(c);
}

/* ---- writing ----------------------------------------------------- */

/* A component that is being written. Invariant: its text so far is what `to`
 * has from `start` on. */
struct writer {
    struct buf *to;
    size_t start;
    bool ascii;   /* everything else is to be escaped */
    bool unicode; /* it has characters outside ASCII */
    bool base;    /* a combining mark may follow the last character */
};

static void writer_begin(struct writer *w, struct buf *to, bool ascii)
{
    *w = (struct writer){.to = to, .start = buf_size(to), .ascii = ascii};
}

static void writer_plain(struct writer *w, char c)
{
    buf_putc(w->to, c);
    w->base = !strchr("-._~", c) && pct_is_unreserved((unsigned char)c);
}

static void writer_put_escape(struct writer *w, struct str octets)
{
    pct_escape(w->to, octets);
    w->base = false;
}

/* A character outside ASCII. A mark is escaped unless it follows a letter or
 * digit: on a delimiter it would hide it. */
static void writer_character(struct writer *w, uint32_t c, struct str octets)
{
    if (w->ascii || !is_readable(c) || (unicode_is_mark(c) && !w->base)) {
        writer_put_escape(w, octets);
        return;
    }
    buf_puts(w->to, octets);
    w->base = w->unicode = true;
}

/* Whether the component is displayed in the order of its characters (RFC 3987
 * section 4.2). If not, it is removed again, and the caller writes it in ASCII.
 * True also if there is no memory: then `to` has failed. */
static bool writer_is_ordered(struct writer *w)
{
    struct str text = buf_view(w->to);
    uint32_t *c;
    size_t n = 0;
    bool good;

    if (!w->unicode || w->to->failed)
        return true;
    text = str_n(text.s + w->start, text.n - w->start);
    c = env_alloc(w->to->env, text.n * sizeof(*c));
    if (!c) {
        w->to->failed = true;
        return true;
    }
    while (text.n > 0)
        c[n++] = pct_next(&text);
    good = !unicode_has_rtl(c, n) || unicode_bidi_holds(c, n);
    env_free(w->to->env, c);
    if (!good)
        buf_cut(w->to, w->start);
    return good;
}

/* ---- from decoded text ------------------------------------------- */

static void write_part(struct writer *w, struct str text, enum pct_part part)
{
    while (text.n > 0) {
        struct str was = text;
        uint32_t c = pct_next(&text);
        struct str octets = str_n(was.s, was.n - text.n);

        if (c >= 0x80)
            writer_character(w, c, octets);
        else if (pct_is_plain(part, c))
            writer_plain(w, (char)c);
        else
            writer_put_escape(w, octets);
    }
}

static void encode_component(struct buf *to, struct str text,
                             enum pct_part part)
{
    struct writer w;

    writer_begin(&w, to, false);
    write_part(&w, text, part);
    if (writer_is_ordered(&w))
        return;
    writer_begin(&w, to, true);
    write_part(&w, text, part);
}

void iri_encode(struct buf *to, struct str text, enum pct_part part)
{
    struct str label;

    /* Each label of a domain is a component by itself. */
    while (part == PCT_HOST && text.s && memchr(text.s, '.', text.n)) {
        text = str_cut(text, '.', &label);
        encode_component(to, label, part);
        buf_putc(to, '.');
    }
    encode_component(to, text, part);
}

/* ---- from a URI -------------------------------------------------- */

/* Private characters belong into queries only, but this is not checked here. */
static bool is_iri_character(uint32_t c)
{
    return pct_is_ucschar(c) || pct_is_private(c);
}

static bool is_reserved(char c)
{
    return c && strchr(":/?#[]@!$&'()*+,;=", c);
}

/* Decode the character whose escapes `text` begins with. Returns its number of
 * octets, 1 to 4; 0 if the escapes are not UTF-8. */
static size_t escaped_character(struct str text, char *octets)
{
    for (size_t n = 1; n <= 4; n++) {
        int octet = pct_octet(text);

        if (octet < 0)
            return 0;
        octets[n - 1] = (char)octet;
        if (str_is_utf8(str_n(octets, n)))
            return n;
        text = str_n(text.s + 3, text.n - 3);
    }
    return 0;
}

static void write_escapes(struct writer *w, struct str *text)
{
    char octets[4] = {(char)pct_octet(*text)};
    size_t n = escaped_character(*text, octets);
    struct str character = str_n(octets, n);

    *text = str_n(text->s + 3 * (n ? n : 1), text->n - 3 * (n ? n : 1));
    if (n == 1 && pct_is_unreserved((unsigned char)octets[0]))
        writer_plain(w, octets[0]);
    else if (n <= 1)
        writer_put_escape(w, str_n(octets, 1));
    else
        writer_character(w, pct_next(&character), str_n(octets, n));
}

/* A run is what lies between two reserved characters. */
static int write_run(struct writer *w, struct str run, xmpp_text_error_t *wrong)
{
    while (run.n > 0) {
        struct str was = run;
        uint32_t c;

        if (pct_octet(run) >= 0) {
            write_escapes(w, &run);
            continue;
        }
        c = pct_next(&run);
        if (c == '%')
            return text_wrong(wrong, "two hexadecimal digits must follow", '%');
        if (c >= 0x80 ? !is_iri_character(c) : !pct_is_unreserved(c))
            return text_wrong(wrong, "a character must be percent-encoded",
                              (long)c);
        if (c < 0x80)
            writer_plain(w, (char)c);
        else
            writer_character(w, c, str_n(was.s, was.n - run.n));
    }
    return 0;
}

int iri_from_uri(struct buf *to, struct str uri, xmpp_text_error_t *wrong)
{
    while (uri.n > 0) {
        struct writer w;
        struct str run = {uri.s, 0};
        int rc;

        while (run.n < uri.n && !is_reserved(uri.s[run.n]))
            run.n++;
        writer_begin(&w, to, false);
        rc = write_run(&w, run, wrong);
        if (rc)
            return rc;
        if (!writer_is_ordered(&w)) {
            writer_begin(&w, to, true);
            write_run(&w, run, wrong);
        }
        uri = str_n(uri.s + run.n, uri.n - run.n);
        if (uri.n > 0) {
            buf_putc(to, uri.s[0]);
            uri = str_n(uri.s + 1, uri.n - 1);
        }
    }
    return 0;
}

int iri_to_uri(struct buf *to, struct str iri, xmpp_text_error_t *wrong)
{
    while (iri.n > 0) {
        struct str was = iri;
        uint32_t c = pct_next(&iri);
        struct str octets = str_n(was.s, was.n - iri.n);

        if (c == '%' && pct_octet(was) < 0)
            return text_wrong(wrong, "two hexadecimal digits must follow", '%');
        if (c == '%' || pct_is_unreserved(c) ||
            (c < 0x80 && is_reserved((char)c)))
            buf_putc(to, (char)c);
        else if (c >= 0x80 && is_iri_character(c))
            pct_escape(to, octets);
        else
            return text_wrong(wrong, "a character must be percent-encoded",
                              (long)c);
    }
    return 0;
}
