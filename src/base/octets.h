/* octets.h - octets, several at a time. */

#ifndef BASE_OCTETS_H
#define BASE_OCTETS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Sixteen octets, which compilers compare at once. */
#define OCTETS_BLOCK 16
typedef unsigned char octets_block __attribute__((vector_size(OCTETS_BLOCK)));

/* As memcpy(). Most texts of a stanza are short, and for those a call costs
 * more than the copy: the two halves of one overlap instead. */
#define OCTETS_COPY_HALVES(type)                                               \
    do {                                                                       \
        type head, tail;                                                       \
                                                                               \
        memcpy(&head, from, sizeof(head));                                     \
        memcpy(&tail, from + n - sizeof(tail), sizeof(tail));                  \
        memcpy(to, &head, sizeof(head));                                       \
        memcpy(to + n - sizeof(tail), &tail, sizeof(tail));                    \
    } while (0)

static inline void octets_copy(char *to, const char *from, size_t n)
{
    if (n > 2 * OCTETS_BLOCK)
        memcpy(to, from, n);
    else if (n >= OCTETS_BLOCK)
        OCTETS_COPY_HALVES(octets_block);
    else if (n >= 8)
        OCTETS_COPY_HALVES(uint64_t);
    else if (n >= 4)
        OCTETS_COPY_HALVES(uint32_t);
    else if (n >= 2)
        OCTETS_COPY_HALVES(uint16_t);
    else if (n)
        *to = *from;
}

/* A word that has each of `n` octets at least once, and no other; n is 1 to 8.
 * What holds for all octets of the word holds for all of the text. */
static inline uint64_t octets_word(const char *s, size_t n)
{
    uint64_t word = 0;

    if (n >= 8) {
        memcpy(&word, s, sizeof(word));
    } else if (n >= 4) {
        uint32_t head, tail;

        memcpy(&head, s, sizeof(head));
        memcpy(&tail, s + n - sizeof(tail), sizeof(tail));
        word = head | (uint64_t)tail << 32;
    } else {
        uint64_t first = (unsigned char)s[0], middle = (unsigned char)s[n / 2],
                 last = (unsigned char)s[n - 1];

        word = first | middle << 8 | last << 16 | last << 24;
        word |= word << 32;
    }
    return word;
}

#endif
