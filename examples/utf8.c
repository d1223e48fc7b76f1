/* utf8.c - characters of UTF-8, and what XML cannot carry. */

#include "utf8.h"

#include <stdlib.h>
#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */

int utf8_read(const char *text, unsigned long *character)
{
    static const unsigned long least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *s = (const unsigned char *)text;
    int n = *s < 0x80 ? 1 : *s < 0xC2 ? 0 : *s < 0xE0 ? 2 : *s < 0xF0 ? 3 : 4;
    unsigned long c = n < 2 ? *s : *s & (0xFFU >> (n + 1));

    if (*s > 0xF4)
        return 0;
    for (int i = 1; i < n; i++) {
        if ((s[i] & 0xC0) != 0x80)
            return 0;
        c = c << 6 | (s[i] & 0x3F);
    }
    if (n == 0 || c < least[n] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        return 0;
    *character = c;
    return n;
}

/* XML 1.0 section 2.2; surrogates are not UTF-8. */
static int is_of_xml(unsigned long c)
{
    return c >= 0x20 ? c != 0xFFFE && c != 0xFFFF
                     : c == '\t' || c == '\n' || c == '\r';
}

char *utf8_mend(const char *text, size_t n, size_t *count)
{
    static const size_t longer = sizeof(REPLACEMENT) - 1;
    const char *past = text + n;
    char *mended = malloc(n * longer + 1), *to = mended;

    *count = 0;
    while (mended && text < past) {
        unsigned long c;
        int length = utf8_read(text, &c);
        int is_good = length && is_of_xml(c);
        const char *from = is_good ? text : REPLACEMENT;
        size_t size = is_good ? (size_t)length : longer;

        memcpy(to, from, size);
        to += size;
        *count += !is_good;
        text += length ? length : 1;
    }
    if (mended)
        *to = '\0';
    return mended;
}
