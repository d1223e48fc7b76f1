/* rung_auth.h - SASL over a stream (RFC 6120 section 6). */

#ifndef STREAM_RUNG_AUTH_H
#define STREAM_RUNG_AUTH_H

#include "stream/rung.h"

/* The features are there, and nobody is logged in yet. */
void rung_auth_begin(struct stream *s, xmpp_stanza_t *features);
void rung_auth_take(struct stream *s, xmpp_stanza_t *node);

/* The password that was asked for is there. */
void rung_auth_resume(struct stream *s);

/* What the login may be based on, from what is wanted and agreed. */
void rung_auth_credentials(struct stream *s);

#endif
