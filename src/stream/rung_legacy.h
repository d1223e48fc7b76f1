/* rung_legacy.h - logging in without SASL (XEP-0078). */

#ifndef STREAM_RUNG_LEGACY_H
#define STREAM_RUNG_LEGACY_H

#include "stream/rung.h"

/* The stream is open, and there is no SASL in it. */
void rung_legacy_begin(struct stream *s);
void rung_legacy_take(struct stream *s, xmpp_stanza_t *node);

/* The password that was asked for is there. */
void rung_legacy_resume(struct stream *s);

#endif
