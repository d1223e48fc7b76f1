/* step_legacy.h - logging in without SASL (XEP-0078). */

#ifndef STREAM_STEP_LEGACY_H
#define STREAM_STEP_LEGACY_H

#include "stream/engine.h"

/* The stream is open, and there is no SASL in it. */
void step_legacy_begin(struct stream *s);
void step_legacy_receive(struct stream *s, xmpp_stanza_t *node);

/* The password that was asked for is there. */
void step_legacy_wake(struct stream *s);

#endif
