/* writer.h - trees to bytes in one pass. */

#ifndef STANZA_WRITER_H
#define STANZA_WRITER_H

#include "base/buf.h"
#include "stanza/node.h"

enum writer_mode {
    WRITE_PLAIN,
    WRITE_SCRUBBED /* secrets replaced, for the log: the text of SASL
                      elements, passwords, digests, handshakes */
};

/* Append one tree. `ns` is the namespace around it: an xmlns equal to it is
 * left out (jabber:client for xmpp_stanza_to_text, the stream's own
 * otherwise). Elements in the streams namespace get the prefix "stream:",
 * which the stream header declares. 0; XMPP_EMEM when the buffer failed,
 * XMPP_EINVOP for a node without a name, XMPP_EARG for a name or text that
 * XML cannot carry; the buffer is then as it was before. */
int writer_write(struct buf *out, const xmpp_stanza_t *node, struct str ns,
                 enum writer_mode mode);

/* Append the start tag of an element alone, as that of a stream header: all
 * attributes but xmlns. */
void writer_start_tag(struct buf *out, const xmpp_stanza_t *node);

/* Append text escaped as character data or inside an attribute. */
void writer_escape(struct buf *out, struct str text);

#endif
