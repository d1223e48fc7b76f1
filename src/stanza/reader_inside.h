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
 * parser has to hear first. */
struct reader {
    struct parser_self self;
    struct env *env;
    const struct reader_limits *limits;
    struct buf text, header;
    xmpp_stanza_t *stream, *current, *ready, *ready_last;
    size_t depth, stanza_size, gap;
    bool exact, muted, ended;
    int code; /* of the failure, 0 if none */
    char what[128];
};

/* What the parser reports to: trees grow from it. The reader is `at`. */
extern const struct parser_calls reader_calls;

/* Only the first failure counts, and none while a start tag is replayed. */
void reader_fail(void *at, int code, const char *what);

bool reader_is_space(const char *text, size_t n);

#endif
