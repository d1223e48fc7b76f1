/* quote.c - text of a peer, made safe for a log line or an error text. */

#include "base/quote.h"

#include <stdio.h>

static const char more[] = "...";

/* Characters that are invisible or turn the text after them around: the C1
 * controls, U+200B to U+200F, U+2028 to U+202E, U+2060 to U+206F, U+FEFF. */
static bool is_unseen(const unsigned char *p, size_t n)
{
    if (n == 2)
        return p[0] == 0xc2 && p[1] < 0xa0;
    if (n != 3)
        return false;
    if (p[0] == 0xe2 && p[1] == 0x80)
        return (p[2] >= 0x8b && p[2] <= 0x8f) || (p[2] >= 0xa8 && p[2] <= 0xae);
    if (p[0] == 0xe2 && p[1] == 0x81)
        return p[2] >= 0xa0 && p[2] <= 0xaf;
    return p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf;
}

/* The number of octets of the first character, 0 if it has to be escaped. */
static size_t plain(struct str text)
{
    const unsigned char *p = (const unsigned char *)text.s;
    size_t n = str_utf8_first(text);

    /* callers put the text between '"', and '\\' begins our own escapes */
    if (n == 1)
        return *p >= 0x20 && *p != 0x7f && *p != '"' && *p != '\\';
    return is_unseen(p, n) ? 0 : n;
}

const char *quote(struct quote *room, struct str text)
{
    size_t used = 0;

    while (text.n) {
        char escaped[8];
        size_t n = plain(text), put = n;
        const char *from = text.s;

        if (!n) {
            put = (size_t)snprintf(escaped, sizeof(escaped), "\\x%02X",
                                   (unsigned)(unsigned char)*text.s);
            from = escaped;
            n = 1;
        }
        /* cut before an escape or a character, never within */
        if (used + put + sizeof(more) > QUOTE_SIZE) {
            memcpy(room->s + used, more, sizeof(more));
            return room->s;
        }
        memcpy(room->s + used, from, put);
        used += put;
        text = str_n(text.s + n, text.n - n);
    }
    room->s[used] = '\0';
    return room->s;
}

void quote_append(char *out, size_t size, const char *sentence)
{
    struct str text = str_of(sentence);
    size_t used = strlen(out);

    while (text.n) {
        size_t n = str_utf8_first(text), put;
        struct quote room;

        n = n ? n : 1;
        quote(&room, str_n(text.s, n));
        if (*text.s == '"' || *text.s == '\\')
            memcpy(room.s, (char[]){*text.s, '\0'}, 2);
        put = strlen(room.s);
        if (used + put >= size)
            return;
        memcpy(out + used, room.s, put + 1);
        used += put;
        text = str_n(text.s + n, text.n - n);
    }
}
