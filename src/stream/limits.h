/* limits.h - the limits of the reader, how much it reads at once, and the
 * warning about a stanza above a limit. */

#ifndef STREAM_LIMITS_H
#define STREAM_LIMITS_H

#include "stream/core.h"

/* Set those of the reader: the options may have changed, and the phase. */
void limits_set(struct stream *s);

/* How much of so many bytes is to be read before events are fetched. */
size_t limits_piece(struct stream *s, size_t n);

/* A warning: something was skipped, `stub` being left of it. */
void limits_log_skipped(struct stream *s, const xmpp_stanza_t *stub,
                        const struct reader_excess *excess);

#endif
