/* reader.h - bytes to trees: one reader reads one stream after another.
 *
 * Bytes go in by reader_feed(), what they meant comes out by reader_next().
 * Inside, libxml2 only builds; nobody is called. */

#ifndef STANZA_READER_H
#define STANZA_READER_H

#include "base/error.h"
#include "stanza/node.h"

/* Borrowed by the reader and read at every use, so they may change. */
struct reader_limits {
    size_t depth;      /* levels below the stream element */
    size_t stanza;     /* bytes of one element at level 1, from its '<'; and of
                          the stream's start tag with all that is before it */
    size_t tree;       /* bytes of memory for its tree and its last text */
    size_t gap;        /* bytes of one tag, from the event before it */
    size_t attributes; /* of one element, namespace declarations included */
    size_t names;      /* in the parser's dictionary; then it is renewed */
    size_t name_bytes; /* of them; then too */
    size_t more_names; /* that one element at level 1 may add to `names` */
    size_t skipped;    /* bytes of a stanza that is above another limit and for
                          that only passed over; 0: then reading fails */
    enum name_id
        content; /* the namespace of stanzas: nothing else is skipped */
};

/* What there may be too much of. */
enum reader_limit {
    READER_GAP,
    READER_ATTRIBUTES,
    READER_DEPTH,
    READER_NAMES,
    READER_STANZA_SIZE,
    READER_MEMORY
};

/* Why a stanza was skipped: so much is allowed, and so much there
 * was when it was noticed (of the depth: in the end). */
struct reader_excess {
    enum reader_limit which;
    const char *what; /* in words */
    uint64_t limit, reached;
    uint64_t bytes; /* of all of it */
};

enum reader_event {
    READER_NONE,    /* nothing more: feed */
    READER_HEADER,  /* the stream's start tag: a node without children */
    READER_STANZA,  /* a whole element of level 1 */
    READER_SKIPPED, /* what there was of a stanza above a limit, see
                       reader_excess */
    READER_END      /* the stream's end tag */
};

struct reader;

/* NULL when memory is out. */
struct reader *reader_new(struct env *env, const struct reader_limits *limits);
void reader_free(struct reader *reader);

/* Forget everything and expect a new stream. What was not fetched yet is
 * gone. Cannot fail: a parser is made when the first byte comes. */
void reader_restart(struct reader *reader);

/* In exact mode feeding stops right behind the '>' that completes an event,
 * so that whoever asks knows which bytes belong to what follows: needed
 * while the meaning of the next byte depends on the answer to this one.
 * Otherwise it takes all it gets. */
void reader_set_exact(struct reader *reader, bool exact);

/* Read bytes; *ret_used tells how many were taken (all of them, unless in
 * exact mode an event is complete). 0, or the code told to `fault` with layer
 * XMPP_LAYER_XML: XMPP_EXML, XMPP_ERESTRICTED, XMPP_EPREFIX, XMPP_EENCODING,
 * XMPP_ELIMIT, XMPP_EPROTO; or XMPP_EMEM. After a failure only restart and free
 * are valid, and events completed before it can still be fetched. Behind the
 * end tag of the stream nothing is read any more, and behind what was skipped
 * nothing before that is fetched. */
int reader_feed(struct reader *reader, const char *bytes, size_t n,
                size_t *ret_used, struct fault *fault);

/* The default namespace that the stream's start tag declares, to be shown and
 * compared: what is very long is cut. NULL if it declares none. */
const char *reader_content(const struct reader *reader);

/* The next event. *ret_node is owned, and set for HEADER, STANZA and SKIPPED;
 * of what was skipped it has the name, the namespace and, as far as they are
 * not too long themselves, id, type, from and to. */
enum reader_event reader_next(struct reader *reader, xmpp_stanza_t **ret_node);

/* Why it was skipped; valid until something is fed. */
const struct reader_excess *reader_excess(const struct reader *reader);

/* Nothing is expected for a while: between two elements, give back what only
 * reading needs. Feeding goes on as if nothing had been. */
void reader_rest(struct reader *reader);

/* Is an element begun and not complete? (Then the peer owes us bytes.) */
bool reader_is_inside(const struct reader *reader);

#endif
