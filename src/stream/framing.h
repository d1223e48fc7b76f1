/* framing.h - how a stream is opened and ended, and what its elements stand in.
 *
 * Over TCP a stream is one XML document (RFC 6120 section 4.2): a start tag
 * opens it, an end tag ends it, and elements inherit its namespace. Over
 * WebSocket that is turned into messages, and back, where the bytes pass
 * (stream/messages.h): the stream itself does not differ. */

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
