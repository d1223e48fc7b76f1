/* talk_holes.c - what a line of a talk leaves open, such as an id. */

#include "conn/talk_holes.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789"

/* The name of the hole that begins here, its length with both percent signs in
 * *ret_n; or none. */
static struct str hole_at(struct str line, size_t *ret_n)
{
    size_t n = 1;

    if (!line.n || line.s[0] != '%')
        return STR_NONE;
    if (line.n > 2 && line.s[1] == '*')
        n = 2;
    else
        while (n < line.n && strchr(NAME_LETTERS, line.s[n]))
            n++;
    if (n == 1 || n == line.n || line.s[n] != '%')
        return STR_NONE;
    *ret_n = n + 1;
    return str_n(line.s + 1, n - 1);
}

static const char *filled_text(const struct talk_holes *holes, struct str name)
{
    for (size_t i = 0; i < holes->count; i++)
        if (str_is(name, holes->filled[i].name))
            return holes->filled[i].text;
    return NULL;
}

static void take(struct talk_holes *holes, struct str name, struct str text)
{
    size_t i = 0;

    while (i < holes->count && !str_is(name, holes->filled[i].name))
        i++;
    if (i == HOLES_MOST || name.n >= sizeof(holes->filled[i].name) ||
        text.n >= sizeof(holes->filled[i].text))
        bail("a talk leaves too much open");
    snprintf(holes->filled[i].name, sizeof(holes->filled[i].name), "%.*s",
             STR_ARG(name));
    snprintf(holes->filled[i].text, sizeof(holes->filled[i].text), "%.*s",
             STR_ARG(text));
    if (i == holes->count)
        holes->count++;
}

void talk_holes_set(struct talk_holes *holes, const char *name, struct str text)
{
    take(holes, str_of(name), text);
}

/* How much of the text the hole stands for; `end` follows it in the line. */
static size_t match_hole(struct talk_holes *holes, struct str name,
                         struct str text, char end)
{
    const char *filled = filled_text(holes, name);
    size_t n = 0;

    if (filled) {
        n = strlen(filled);
        return text.n >= n && memcmp(text.s, filled, n) == 0 ? n : SIZE_MAX;
    }
    while (n < text.n && (!end || text.s[n] != end))
        n++;
    if (!str_is(name, "*"))
        take(holes, name, str_n(text.s, n));
    return n;
}

size_t talk_holes_match(struct talk_holes *holes, struct str text,
                        struct str line)
{
    size_t at = 0, i = 0, n;

    while (i < line.n) {
        struct str name = hole_at(str_n(line.s + i, line.n - i), &n);

        if (!name.s) {
            if (at == text.n || text.s[at++] != line.s[i++])
                return SIZE_MAX;
            continue;
        }
        i += n;
        n = match_hole(holes, name, str_n(text.s + at, text.n - at),
                       i < line.n ? line.s[i] : '\0');
        if (n == SIZE_MAX)
            return SIZE_MAX;
        at += n;
    }
    return at;
}

char *talk_holes_fill(const struct talk_holes *holes, struct str line,
                      size_t *ret_n)
{
    /* three bytes of a line become a text at most */
    char *out = malloc(line.n * sizeof(holes->filled[0].text) / 3 + 1);
    size_t at = 0, n = 0;

    for (size_t i = 0; i < line.n; i += n) {
        struct str name = hole_at(str_n(line.s + i, line.n - i), &n);
        const char *text = name.s ? filled_text(holes, name) : NULL;

        if (!text) {
            n = 1;
            out[at++] = line.s[i];
            continue;
        }
        memcpy(out + at, text, strlen(text));
        at += strlen(text);
    }
    out[at] = '\0';
    *ret_n = at;
    return out;
}
