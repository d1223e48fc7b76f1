/* rung_auth.h - SASL over a stream (RFC 6120 section 6). */

#ifndef STREAM_RUNG_AUTH_H
#define STREAM_RUNG_AUTH_H

#include "stream/rung.h"

/* The features are there, and nobody is logged in yet. */
void rung_auth_begin(struct stream *s, xmpp_stanza_t *features);
void rung_auth_take(struct stream *s, xmpp_stanza_t *node);

#endif
