/* reader_inside.h - a reader from inside: what its two halves share. */

#ifndef STANZA_READER_INSIDE_H
#define STANZA_READER_INSIDE_H

#include "base/buf.h"
#include "stanza/parser.h"
#include "stanza/reader.h"
#include "stanza/skip.h"
#include "stanza/step.h"

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
enum skipping {
    SKIP_NOT,
    SKIP_DUE,   /* with the next tag; until then nothing is built */
    SKIP_BEGUN, /* the rest is none of the parser's business */
    SKIP_STUB,  /* the parser is shown the start tag, as far as it was kept */
    SKIP_DONE   /* and can be fetched */
};

/* An element of level 1 that is above a limit. */
struct skipping_of {
    enum skipping how;
    struct skip scan;
    struct reader_excess excess;
    xmpp_stanza_t *stub; /* owned: what is left of it */
};

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
    bool has_content;
    char content[64]; /* the default namespace of the start tag */
    struct skipping_of skip;
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

/* A start tag: does an attribute count at the top, and does it survive? */
struct tag {
    struct str name, ns;
    int n;
    const xmlChar **attributes;
};

/* Give back what was built of the open stanza. */
void reader_drop_tree(struct reader *r);

/* There is more of something than the limit says: the element of level 1 that
 * is open, or begins, is skipped from the next tag on; anywhere else reading
 * fails. */
void reader_exceed(struct reader *r, enum reader_limit which, uint64_t reached);

/* What is due begins: at the end of a start tag whose '>' is still to come,
 * behind an end tag, or at a token that has not come to its end. */
void reader_skip_at_start(struct reader *r, const struct tag *tag);
void reader_skip_at_end(struct reader *r);
void reader_skip_at_token(struct reader *r);

/* It was begun while the parser had all of these bytes: take back what it was
 * not to see. Returns how many are read. */
size_t reader_skip_rest(struct reader *r, const char *bytes, size_t n);

/* Go on with it; returns how many bytes were read. */
size_t reader_skip(struct reader *r, const char *bytes, size_t n);

/* Is it too long even for that? */
void reader_skip_check(struct reader *r);

/* What is left of a stanza whose start tag this is. */
xmpp_stanza_t *reader_stub(struct reader *r, const struct tag *tag);

/* A new parser that knows what the stream's start tag said. */
bool reader_renew(struct reader *r);

bool reader_is_space(const char *text, size_t n);

#endif
