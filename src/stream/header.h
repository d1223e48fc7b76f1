/* header.h - the peer's stream header (RFC 6120 section 4.7). */

#ifndef STREAM_HEADER_H
#define STREAM_HEADER_H

#include "stream/core.h"

/* Read it; false if it cannot be the beginning of our stream: then that has
 * failed. */
bool header_read(struct stream *s, xmpp_stanza_t *header);

/* Is it from RFC 3920 or later, so that features follow? */
bool header_is_version_1(const xmpp_stanza_t *header);

#endif
