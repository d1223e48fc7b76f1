/* malformed.h - the end of a stream that cannot be understood. */

#ifndef STREAM_MALFORMED_H
#define STREAM_MALFORMED_H

#include "stream/core.h"

/* The reader gave up, if it did: so does the stream, with the stream error that
 * fits. */
void malformed_end(struct stream *s);

/* Bytes that begin like this, before the reader has them: if that is TLS where
 * TLS was not begun, the fault is set. */
void malformed_look_for_tls(struct stream *s, char first);

#endif
