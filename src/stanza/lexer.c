/* lexer.c - reads the characters and references of XML octet by octet. */

#include "stanza/lexer.h"

#include <xmpp/error.h>

/* ---- characters -------------------------------------------------- */

bool lexer_begins_name(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c >= 0x80;
}

bool lexer_continues_name(unsigned char c)
{
    return lexer_begins_name(c) || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
}

/* XML 1.0 section 2.2 */
static bool is_char(uint32_t code)
{
    return code < 0x20 ? code == '\t' || code == '\n' || code == '\r'
                       : code < 0xd800 || (code > 0xdfff && code < 0xfffe) ||
                             (code > 0xffff && code <= 0x10ffff);
}

/* 0xC0 and 0xC1 can only begin an overlong form, and what is above 0xF4 a
 * number beyond U+10FFFF (RFC 3629 section 4). */
static int begin_sequence(struct character *k, unsigned char c)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    unsigned more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;

    if (c < 0xc2 || c > 0xf4)
        return XMPP_EENCODING;
    k->more = more;
    k->least = least[more];
    k->code = c & (0x3fu >> more);
    return 0;
}

int lexer_character(struct character *k, unsigned char c)
{
    if (!k->more && c >= 0x80)
        return begin_sequence(k, c);
    if (!k->more)
        return is_char(c) ? 0 : XMPP_EXML;
    k->code = k->code << 6 | (c & 0x3f);
    if ((c & 0xc0) != 0x80)
        return XMPP_EENCODING;
    if (--k->more)
        return 0;
    if (k->code < k->least || k->code > 0x10ffff ||
        (k->code >= 0xd800 && k->code <= 0xdfff))
        return XMPP_EENCODING;
    return is_char(k->code) ? 0 : XMPP_EXML;
}

/* ---- references -------------------------------------------------- */

/* Any other name is an entity that no DTD has declared, and DTDs are forbidden
 * (RFC 6120 section 11.1). */
static int name_step(struct reference *f, unsigned char c)
{
    static const char *const known[] = {"amp", "apos", "gt", "lt", "quot"};

    if (c != ';') {
        if (f->n ? !lexer_continues_name(c) && c != ':'
                 : !lexer_begins_name(c) && c != ':')
            return XMPP_EXML;
        if (f->n == sizeof(f->name))
            return XMPP_ERESTRICTED;
        f->name[f->n++] = (char)c;
        return 0;
    }
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (str_is(str_n(f->name, f->n), known[i]))
            return 1;
    return f->n ? XMPP_ERESTRICTED : XMPP_EXML;
}

static int digit_of(unsigned char c, bool is_hex)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return is_hex && c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int number_step(struct reference *f, unsigned char c)
{
    int digit = digit_of(c, f->is_hex);

    if (c == ';')
        return f->has_digits && is_char(f->value) ? 1 : XMPP_EXML;
    if (c == 'x' && !f->is_hex && !f->has_digits) {
        f->is_hex = true;
        return 0;
    }
    if (digit < 0)
        return XMPP_EXML;
    f->has_digits = true;
    f->value = f->value * (f->is_hex ? 16 : 10) + (uint32_t)digit;
    if (f->value > 0x10ffff)
        f->value = 0x110000; /* not a character, whatever follows */
    return 0;
}

int lexer_reference(struct reference *f, unsigned char c)
{
    if (f->is_number)
        return number_step(f, c);
    if (c != '#' || f->n)
        return name_step(f, c);
    f->is_number = true;
    return 0;
}
