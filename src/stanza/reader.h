/* reader.h - turns the bytes of a stream into trees.
 *
 * Bytes go in by reader_feed(), events come out by reader_next(); the reader
 * calls nobody. One reader reads one stream after another. */

#ifndef STANZA_READER_H
#define STANZA_READER_H

#include "base/error.h"
#include "stanza/node.h"

/* Borrowed by the reader, and read at every use: they may change at any time.
 */
struct reader_limits {
    size_t depth;      /* levels below the stream element */
    size_t stanza;     /* bytes of one element at level 1, from its '<'; and of
                          the stream's start tag with all that is before it */
    size_t tree;       /* bytes of memory for its tree and its last text */
    size_t gap;        /* bytes of one tag, from the event before it */
    size_t attributes; /* of one element, with the namespaces declared in it,
                          and around it up to the stanza */
    size_t names;      /* in the parser's dictionary; above, it is renewed */
    size_t name_bytes; /* of these names; above, it is renewed too */
    size_t more_names; /* that one element at level 1 may add to `names` */
    size_t skipped;    /* bytes of a stanza that is skipped, because it is above
                          another limit; 0: reading fails instead */
    enum name_id content; /* the namespace of stanzas; only they are skipped */
};

/* The limits that a stanza can exceed. */
enum reader_limit {
    READER_GAP,
    READER_ATTRIBUTES,
    READER_DEPTH,
    READER_NAMES,
    READER_STANZA_SIZE,
    READER_MEMORY
};

/* Why a stanza was skipped. `reached` is the value when the excess was noticed;
 * of the depth it is the final one. */
struct reader_excess {
    enum reader_limit which;
    const char *what; /* in words */
    uint64_t limit, reached;
    uint64_t bytes; /* of the whole stanza */
};

enum reader_event {
    READER_NONE,    /* no event: feed more bytes */
    READER_HEADER,  /* the stream's start tag: a node without children */
    READER_STANZA,  /* a whole element of level 1 */
    READER_SKIPPED, /* a stanza above a limit, without its content: see
                       reader_excess() */
    READER_END      /* the stream's end tag */
};

struct reader;

/* NULL if there is no memory. */
struct reader *reader_new(struct env *env, const struct reader_limits *limits);
void reader_free(struct reader *reader);

/* Forget everything, events that were not fetched included, and expect a new
 * stream. Cannot fail: the parser is created with the first byte. */
void reader_restart(struct reader *reader);

/* In exact mode feeding stops behind the '>' that completes an event. That is
 * needed as long as the meaning of the next byte depends on the event: behind
 * <proceed/> begins TLS, behind <success/> a new stream. Otherwise all bytes
 * are taken. */
void reader_set_exact(struct reader *reader, bool exact);

/* Read bytes. *ret_used is how many were taken: all, unless an event is
 * complete and the mode is exact, or a stanza was skipped and has to be fetched
 * first. 0, or the code recorded in `fault`, in the layer XMPP_LAYER_XML:
 * XMPP_EXML, XMPP_ERESTRICTED, XMPP_EPREFIX, XMPP_EENCODING, XMPP_ELIMIT,
 * XMPP_EPROTO; or XMPP_EMEM. After a failure events that were complete before
 * can still be fetched; feeding is only valid after reader_restart(). Bytes
 * behind the end tag of the stream are ignored. */
int reader_feed(struct reader *reader, const char *bytes, size_t n,
                size_t *ret_used, struct fault *fault);

/* The default namespace that the stream's start tag declares, NULL if it
 * declares none. A very long one is cut, which does not make it equal to a
 * known one. Borrowed until more is fed. */
const char *reader_content(const struct reader *reader);

/* The next event. For HEADER, STANZA and SKIPPED *ret_node is an owned tree,
 * else NULL. Of a skipped stanza it has the name, the namespace, and id, type,
 * from and to unless they are too long themselves. */
enum reader_event reader_next(struct reader *reader, xmpp_stanza_t **ret_node);

/* Why the stanza was skipped; valid until the next reader_feed(). */
const struct reader_excess *reader_excess(const struct reader *reader);

/* Free the memory that only reading needs, if the stream is between two
 * stanzas. For idle streams. Feeding may go on at any time. A reader does the
 * same to another one when more than ENV_WARM of an environment are read. */
void reader_rest(struct reader *reader);

/* Whether an element has begun and is not complete, so that more bytes must
 * come. */
bool reader_is_inside(const struct reader *reader);

#endif
