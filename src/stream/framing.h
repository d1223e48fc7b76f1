/* framing.h - how a stream is opened and ended, and what its elements stand in.
 *
 * Over TCP a stream is one XML document (RFC 6120 section 4.2): a start tag
 * opens it, an end tag ends it, and elements inherit its namespace. Over
 * WebSocket every element is a document of its own in a message of its own (RFC
 * 7395 section 3.3): <open/> and <close/> stand for the tags, a restart is
 * another <open/>, and each element declares all that it uses. The rest of a
 * stream does not differ, and knows only these operations.
 *
 * There is no row for RFC 7395 yet. Beside `open` and `end` it needs: a
 * `content` of STR_NONE, and elements of our own that name their namespace; an
 * `expect` that makes the reader take each message for a document, the header
 * being <open/>; and a stream_peek() that hands out one element at a time, for
 * which outbox_whole() knows where each item ends. stream_new() would choose
 * it. */

#ifndef STREAM_FRAMING_H
#define STREAM_FRAMING_H

#include "stream/core.h"

struct framing {
    const char *name;

    /* A stream begins, or begins anew: the reader waits for the peer's header,
     * and what it had not handed out is gone. */
    void (*expect)(struct stream *s);

    /* Append our header, with what is wanted and agreed. */
    void (*open)(const struct stream *s, struct buf *out);

    /* The same with these attributes (name, value, ...), in raw mode. */
    void (*open_with)(struct buf *out, char **attributes, size_t n);

    /* The end of our stream, or of the peer's. */
    struct str end;

    /* The namespace that an element inherits where it stands; STR_NONE: none.
     */
    struct str (*content)(const struct stream *s);
};

extern const struct framing framing_tcp;

#endif
