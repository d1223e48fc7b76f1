/* ladder.h - the rungs from a stream header to being up. */

#ifndef STREAM_LADDER_H
#define STREAM_LADDER_H

#include "stream/rung.h"

/* The peer's stream header, which is not taken. */
void ladder_header(struct stream *s, xmpp_stanza_t *header);

/* An element before the stream is up, which is not taken either. */
void ladder_element(struct stream *s, xmpp_stanza_t *node);

#endif
