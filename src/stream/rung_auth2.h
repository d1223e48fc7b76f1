/* rung_auth2.h - SASL as XEP-0388 has it: with what else is wanted said in the
 * same breath. */

#ifndef STREAM_RUNG_AUTH2_H
#define STREAM_RUNG_AUTH2_H

#include "stream/rung.h"

/* The features are there, and nobody is logged in yet. False if this is not
 * offered, not wanted, or less than what RFC 6120's way offers: go that way. */
bool rung_auth2_begin(struct stream *s, xmpp_stanza_t *features);
void rung_auth2_take(struct stream *s, xmpp_stanza_t *node);

#endif
