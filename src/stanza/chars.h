/* chars.h - the characters that XML 1.0 allows. */

#ifndef STANZA_CHARS_H
#define STANZA_CHARS_H

#include "base/str.h"

/* Whether it is UTF-8 and has only characters that XML allows (section 2.2). */
bool chars_are_text(struct str text);

/* What a text is like. A clean one is printable ASCII, and none of it is
 * written as a reference; nearly all are. */
enum chars_look { CHARS_WRONG, CHARS_ODD, CHARS_CLEAN };

/* The second look at one that is not clean. */
static inline enum chars_look chars_look(struct str text)
{
    return chars_are_text(text) ? CHARS_ODD : CHARS_WRONG;
}

/* ---- eight octets at once ---------------------------------------- */

#define CHARS_EACH(octet) ((uint64_t)0x0101010101010101U * (octet))

/* Not 0 if an octet is 0; others may be marked with it. */
static inline uint64_t chars_have_zero(uint64_t eight)
{
    return (eight - CHARS_EACH(0x01)) & ~eight & CHARS_EACH(0x80);
}

/* Not 0 if one of them is '"', '&', '<' or '>': the first two differ in one
 * bit, the others in another. */
static inline uint64_t chars_have_marks(uint64_t eight)
{
    return chars_have_zero((eight | CHARS_EACH(0x04)) ^ CHARS_EACH('&')) |
           chars_have_zero((eight | CHARS_EACH(0x02)) ^ CHARS_EACH('>'));
}

/* Not 0 if one of them is not printable ASCII: below 0x20 (it borrows from the
 * highest bit), 0x7f (it carries into it), or above. */
static inline uint64_t chars_have_strangers(uint64_t eight)
{
    return (eight | (eight - CHARS_EACH(0x20)) | (eight + CHARS_EACH(0x01))) &
           CHARS_EACH(0x80);
}

/* ---- copying ----------------------------------------------------- */

enum chars_look chars_copy_slow(char *to, struct str text);

/* Copy a text and look at it in passing. Two words cover a short one. */
static inline enum chars_look chars_copy(char *to, struct str text)
{
    uint64_t head, tail;

    if (text.n < 8 || text.n > 16)
        return chars_copy_slow(to, text);
    head = octets_word(text.s, 8);
    tail = octets_word(text.s + text.n - 8, 8);
    memcpy(to, &head, sizeof(head));
    memcpy(to + text.n - sizeof(tail), &tail, sizeof(tail));
    if (!(chars_have_strangers(head) | chars_have_strangers(tail) |
          chars_have_marks(head) | chars_have_marks(tail)))
        return CHARS_CLEAN;
    return chars_look(text);
}

/* Write why a text is not allowed, or not a name: the character, and the octet
 * where it is, counted from 0. */
void chars_explain(struct str text, bool is_name, char *out, size_t size);

/* Whether it can be the name of an element or attribute. Beyond ASCII every
 * character is accepted: to tell letters apart would need the tables of
 * Unicode. */
bool chars_are_name(struct str name);

#endif
