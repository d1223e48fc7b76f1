/* limits.h - the limits of the reader, and the warning about a stanza above
 * one. */

#ifndef STREAM_LIMITS_H
#define STREAM_LIMITS_H

#include "stream/core.h"

/* Set those of the reader: the options may have changed, and the phase. */
void limits_set(struct stream *s);

/* A warning: something was skipped, `stub` being left of it. */
void limits_log_skipped(struct stream *s, const xmpp_stanza_t *stub,
                        const struct reader_excess *excess);

#endif
