/* reader_inside.h - a reader from inside, for the files that implement it. */

#ifndef STANZA_READER_INSIDE_H
#define STANZA_READER_INSIDE_H

#include "base/buf.h"
#include "stanza/interned.h"
#include "stanza/parser.h"
#include "stanza/reader.h"
#include "stanza/skip.h"
#include "stanza/lexer.h"

/* The states of skipping, in this order. */
enum skipping {
    SKIP_NOT,
    SKIP_DUE,   /* begins with the next tag; until then nothing is built */
    SKIP_BEGUN, /* struct skip reads the bytes, the parser does not */
    SKIP_STUB,  /* the parser reads the start tag, as far as it was kept */
    SKIP_DONE   /* the stub can be fetched */
};

/* An element of level 1 that is above a limit. */
struct skipping_of {
    enum skipping how;
    struct reader_excess excess;
    xmpp_stanza_t *stub; /* owned: its start tag */
};

/* What only a reader at work needs: `names` is what is known of the parser's
 * dictionary, `text` gathers the pieces of one text node, `tag` the rest of a
 * very long start tag, `scan` reads what is skipped, `what` describes the
 * failure, `content` is the default namespace of the stream's start tag. */
struct reader_work {
    struct interned_table names;
    struct buf text, tag;
    struct skip scan;
    char what[128], content[64];
    bool has_content;
};

/* `depth` counts open elements, the stream's included. `current` is the
 * innermost open element of the stanza that is being built, NULL between
 * stanzas. `ready` are complete stanzas, linked by `next`. `fresh` is the text
 * node that was made last, while nothing else was; it stands behind `before`
 * (NULL: it is the first child). If more of that text comes, the node is undone
 * and work->text gathers the pieces. `header` is the start tag of the stream,
 * with its namespaces only: it is replayed to every new parser. `work` is there
 * whenever a parser is, and while something is skipped; a reader that rests has
 * neither.
 *
 * Bytes are numbered from the first one of the stream: `fed` is the next one,
 * `event` the one behind the last event of the parser, `stanza` the first one
 * of the open element of level 1. In a very long start tag `quote` is the
 * quotation mark that is open, or '\0', `equals` how many attributes there are
 * so far. */
struct reader {
    struct parser_self self;
    struct reader_work *work;
    struct env *env;
    const struct reader_limits *limits;
    xmpp_stanza_t *stream, *current, *ready, *ready_last;
    xmpp_stanza_t *fresh, *before;
    uint64_t fed, event, stanza;
    size_t depth;
    size_t declared; /* namespaces, by the stream's start tag */
    int code;        /* of the failure, 0 if none */
    bool exact, muted, ended, in_tag;
    bool over; /* the end tag was read: bytes behind it are ignored */
    char quote;
    size_t equals;
    struct buf header;
    struct skipping_of skip;
};

/* The functions that the parser calls; `at` is the reader. */
extern const struct parser_calls reader_calls;

/* Record a failure. Only the first counts, and none while a start tag is
 * replayed. */
void reader_fail(void *at, int code, const char *what);

/* Inside of a call of the parser: the number of the byte up to which it has
 * read. */
static inline uint64_t reader_position(const struct reader *r)
{
    return r->fed - parser_unread(r->self.parser).n;
}

/* A start tag, with the attributes as libxml2 has them: five pointers each.
 * `ns.key` is NULL if there is no namespace. `has_prefixes` is that of
 * reader_has_prefixes(). */
struct tag {
    struct interned name, ns;
    int n;
    const xmlChar **attributes;
    bool has_prefixes;
};

/* NULL becomes STR_NONE: no prefix, no namespace. */
static inline struct str reader_view(const xmlChar *s)
{
    return str_of((const char *)s);
}

/* Whether one of these attributes has a prefix. */
static inline bool reader_has_prefixes(int n, const xmlChar **attributes)
{
    bool has = false;

    for (int i = 0; i < n; i++)
        has |= attributes[5 * (size_t)i + 1] != NULL;
    return has;
}

/* An element with its attributes, added to the open one or the first of a new
 * tree. NULL if there is no memory; then reading has failed. */
xmpp_stanza_t *reader_make_element(struct reader *r, const struct tag *tag);

/* Free the tree of the open stanza. */
void reader_drop_tree(struct reader *r);

/* A limit is exceeded. The element of level 1 that is open, or begins, is
 * skipped from the next tag on; anywhere else reading fails. */
void reader_exceed(struct reader *r, enum reader_limit which, uint64_t reached);

/* Check the size of the open stanza, of which `end` is the last byte so far. */
static inline void reader_check_size(struct reader *r, uint64_t end)
{
    if (end - r->stanza > r->limits->stanza)
        reader_exceed(r, READER_STANZA_SIZE, end - r->stanza);
}

/* Skipping, which is due, begins: at the end of a start tag whose '>' is still
 * to come, behind an end tag, or at a token that is not complete. */
void reader_skip_at_start(struct reader *r, const struct tag *tag);
void reader_skip_at_end(struct reader *r);
void reader_skip_at_token(struct reader *r);

/* Skipping has begun inside of the parser, which was given all of these bytes:
 * hand those behind the last event to the skipper. Returns how many were read.
 */
size_t reader_skip_rest(struct reader *r, const char *bytes, size_t n);

/* Skip more bytes; returns how many were read. */
size_t reader_skip(struct reader *r, const char *bytes, size_t n);

/* Fail if the stanza is too long even to be skipped. */
void reader_skip_check(struct reader *r);

/* The stub of a stanza with this start tag. */
xmpp_stanza_t *reader_stub(struct reader *r, const struct tag *tag);

/* Replace the parser by a new one that knows the stream's namespaces. */
bool reader_renew(struct reader *r);

bool reader_is_space(const char *text, size_t n);

#endif
