/* negotiate.h - the steps from a stream header to being up. */

#ifndef STREAM_NEGOTIATE_H
#define STREAM_NEGOTIATE_H

#include "stream/engine.h"

/* The peer's stream header, which is not taken. */
void negotiate_header(struct stream *s, xmpp_stanza_t *header);

/* An element before the stream is up, which is not taken either. */
void negotiate_element(struct stream *s, xmpp_stanza_t *node);

#endif
