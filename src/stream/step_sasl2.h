/* step_sasl2.h - SASL as XEP-0388 has it: with what else is wanted said in the
 * same breath. */

#ifndef STREAM_STEP_SASL2_H
#define STREAM_STEP_SASL2_H

#include "stream/engine.h"

/* The features are there, and nobody is logged in yet. False if this is not
 * offered, not wanted, or less than what RFC 6120's way offers: go that way. */
bool step_sasl2_begin(struct stream *s, xmpp_stanza_t *features);
void step_sasl2_receive(struct stream *s, xmpp_stanza_t *node);

#endif
