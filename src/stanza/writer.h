/* writer.h - trees to bytes in one pass. */

#ifndef STANZA_WRITER_H
#define STANZA_WRITER_H

#include "base/buf.h"
#include "stanza/node.h"

/* What a log must not show: the text of an element, or one of its attributes.
 * The writer knows no protocol: whoever logs describes it, in static data. */
struct hidden_part {
    const char *ns; /* NULL: whatever it is */
    const char *name;
    const char *attr; /* NULL: the text */
};

struct hidden_parts {
    const struct hidden_part *rows;
    size_t count;
};

/* Append one tree. `ns` is the namespace around it: an xmlns equal to it is
 * left out (jabber:client for xmpp_stanza_to_text(), the stream's own
 * otherwise). Elements in the streams namespace get the prefix "stream:",
 * which the stream header declares. 0; XMPP_EMEM when the buffer failed,
 * XMPP_EINVOP for a node without a name, XMPP_EARG for a name or text that
 * XML cannot carry; the buffer is then as it was before. */
int writer_write(struct buf *out, const xmpp_stanza_t *node, struct str ns);

/* The same with "***" in the place of what is hidden. */
int writer_write_scrubbed(struct buf *out, const xmpp_stanza_t *node,
                          struct str ns, const struct hidden_parts *hidden);

/* Append the start tag of an element alone, as that of a stream header: all
 * attributes but xmlns. */
void writer_start_tag(struct buf *out, const xmpp_stanza_t *node);

/* Append an attribute, with the space before it. */
void writer_attr(struct buf *out, struct str name, struct str value);

/* Append text escaped as character data or inside an attribute. */
void writer_escape(struct buf *out, struct str text);

#endif
