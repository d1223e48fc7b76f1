/* reader_inside.h - a reader from inside: what its two halves share. */

#ifndef STANZA_READER_INSIDE_H
#define STANZA_READER_INSIDE_H

#include "base/buf.h"
#include "stanza/parser.h"
#include "stanza/reader.h"

/* `depth` counts open elements, the stream's included. `current` is the open
 * element of the stanza that is being built, NULL between stanzas. `ready`
 * holds whole stanzas, linked by `next`. `text` gathers what belongs into one
 * text node. `header` is the start tag with its namespaces only: what a fresh
 * parser has to hear first.
 *
 * Bytes have numbers, from the first of the stream on: `fed` is the next one,
 * `event` is behind the last thing the parser told, `stanza` is where the open
 * element of level 1 begins. `tag` gathers the rest of a very long start tag,
 * in which `quote` is open or '\0'. */
struct reader {
    struct parser_self self;
    struct env *env;
    const struct reader_limits *limits;
    struct buf text, header, tag;
    xmpp_stanza_t *stream, *current, *ready, *ready_last;
    uint64_t fed, event, stanza;
    size_t depth;
    bool exact, muted, ended, in_tag;
    bool over; /* the end tag was read: whatever follows is nothing */
    char quote;
    int code; /* of the failure, 0 if none */
    char what[128];
};

/* What the parser reports to: trees grow from it. The reader is `at`. */
extern const struct parser_calls reader_calls;

/* Only the first failure counts, and none while a start tag is replayed. */
void reader_fail(void *at, int code, const char *what);

/* The parser has told something: up to where it has read. */
uint64_t reader_position(const struct reader *r);

/* Is the open stanza, which ends or has come as far as here, too large? */
void reader_check_size(struct reader *r, uint64_t end);

bool reader_is_space(const char *text, size_t n);

#endif
