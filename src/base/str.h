/* str.h - counted views of text: pointer and length, owning nothing. */

#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/octets.h"

struct str {
    const char *s; /* NULL if there is no text; an empty text is not NULL */
    size_t n;
};

#define STR(literal) ((struct str){"" literal, sizeof(literal) - 1})
#define STR_NONE ((struct str){NULL, 0})

/* For printf: "%.*s", STR_ARG(s) */
#define STR_ARG(v) (int)(v).n, ((v).s ? (v).s : "")

static inline struct str str_of(const char *s)
{
    return (struct str){s, s ? strlen(s) : 0};
}

static inline struct str str_n(const char *s, size_t n)
{
    return (struct str){s, n};
}

/* Copy a text to a place with room for it and its NUL; returns the place. */
static inline char *str_put(char *to, struct str text)
{
    octets_copy(to, text.s, text.n);
    to[text.n] = '\0';
    return to;
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.s, b.s, a.n) == 0);
}

/* Whether the view equals this NUL-terminated string. */
static inline bool str_is(struct str a, const char *s)
{
    return a.s && a.n == strlen(s) && memcmp(a.s, s, a.n) == 0;
}

/* ASCII case only. */
static inline char str_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_eq_nocase(struct str a, struct str b);

bool str_starts(struct str a, struct str prefix);

/* Cut at the first `c`: *head is the part before it, the result the part behind
 * it. Without a `c` the whole text is the head and the result is STR_NONE. */
struct str str_cut(struct str a, char c, struct str *head);

/* The next word of a list separated by spaces, or STR_NONE; *list moves on. */
struct str str_word(struct str *list);

/* A decimal number without sign, at most `most`; false if it is not one. */
bool str_number(struct str a, unsigned long most, unsigned long *ret);

bool str_is_ascii(struct str a);

/* The number of octets of the first character; 0 if the text is empty or does
 * not begin with a character of UTF-8 (RFC 3629). */
size_t str_utf8_first(struct str a);

/* The length of the longest prefix that is UTF-8. */
size_t str_utf8_span(struct str a);

bool str_is_utf8(struct str a);

#endif
