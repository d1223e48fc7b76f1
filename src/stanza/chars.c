/* chars.c - what XML 1.0 can carry. */

#include "stanza/chars.h"

static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.s[i] < 0x20 || (unsigned char)text.s[i] > 0x7e)
            return false;
    return true;
}

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

/* U+FFFE and U+FFFF are the only others that are forbidden. */
static bool is_nonchar(struct str rest)
{
    return rest.n >= 3 && memcmp(rest.s, "\xef\xbf", 2) == 0 &&
           (unsigned char)rest.s[2] >= 0xbe;
}

bool chars_are_text(struct str text)
{
    if (is_plain(text))
        return true;
    for (size_t i = 0; i < text.n; i++)
        if (is_control(text.s[i]) ||
            is_nonchar(str_n(text.s + i, text.n - i)))
            return false;
    return str_is_utf8(text);
}

static bool is_name_char(char c, bool first)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
        c == ':' || (unsigned char)c >= 0x80)
        return true;
    return !first && ((c >= '0' && c <= '9') || c == '-' || c == '.');
}

bool chars_are_name(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!is_name_char(name.s[i], i == 0))
            return false;
    return name.n > 0 && chars_are_text(name);
}
