/* scan.c - finds the ends of elements in raw XML. */

#include "stanza/scan.h"

/* The place behind the next `mark`, or the end of the text. */
static size_t behind(struct str xml, size_t at, struct str mark)
{
    for (; at + mark.n <= xml.n; at++)
        if (memcmp(xml.s + at, mark.s, mark.n) == 0)
            return at + mark.n;
    return xml.n;
}

/* Move behind the '>' of a tag. *ret_empty is true for <x/>. False if the tag
 * is not complete. */
static bool skip_tag(struct str xml, size_t *at, bool *ret_empty)
{
    char quote = '\0';

    for (; *at < xml.n; ++*at) {
        char c = xml.s[*at];

        if (quote) {
            if (c == quote)
                quote = '\0';
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            *ret_empty = xml.s[*at - 1] == '/';
            ++*at;
            return true;
        }
    }
    return false;
}

static bool scan_is_stanza(struct str xml, size_t at)
{
    size_t end = at;

    while (end < xml.n && !strchr(" \t\r\n/>", xml.s[end]))
        end++;
    return str_is(str_n(xml.s + at, end - at), "message") ||
           str_is(str_n(xml.s + at, end - at), "presence") ||
           str_is(str_n(xml.s + at, end - at), "iq");
}

/* Skip a comment, CDATA section or instruction; false if it is something else.
 */
static bool skip_other(struct str xml, size_t *at)
{
    /* in this order: the last row would fit the first two as well */
    static const struct {
        struct str start, end;
    } rows[] = {
        {{"<!--", 4}, {"-->", 3}},
        {{"<![CDATA[", 9}, {"]]>", 3}},
        {{"<?", 2}, {"?>", 2}},
        {{"<!", 2}, {">", 1}},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (str_starts(str_n(xml.s + *at, xml.n - *at), rows[i].start)) {
            *at = behind(xml, *at + rows[i].start.n, rows[i].end);
            return true;
        }
    return false;
}

static size_t next_tag(struct str xml, size_t at)
{
    while (at < xml.n && xml.s[at] != '<')
        at++;
    return at;
}

/* Only tags count, and quotes in them: what is sent is trusted to be XML, and
 * read again by the server. */
size_t scan_element(struct str xml, bool *ret_stanza)
{
    size_t depth = 0, at = 0;

    *ret_stanza = false;
    while ((at = next_tag(xml, at)) < xml.n) {
        bool ends = at + 1 < xml.n && xml.s[at + 1] == '/';
        bool empty = false;

        if (skip_other(xml, &at))
            continue;
        if (!ends && depth == 0)
            *ret_stanza |= scan_is_stanza(xml, at + 1);
        if (!skip_tag(xml, &at, &empty))
            return xml.n;
        if (!ends && !empty)
            depth++;
        if (ends && depth == 0)
            continue; /* its start tag was in an earlier piece */
        if (ends)
            depth--;
        if (depth == 0)
            return next_tag(xml, at);
    }
    return xml.n;
}

struct str scan_start_tag(struct str xml)
{
    size_t at = 0;

    while ((at = next_tag(xml, at)) < xml.n) {
        size_t start = at;
        bool ends = at + 1 < xml.n && xml.s[at + 1] == '/', empty;

        if (skip_other(xml, &at))
            continue;
        if (!skip_tag(xml, &at, &empty))
            break;
        if (!ends)
            return str_n(xml.s + start, at - start);
    }
    return STR_NONE;
}
