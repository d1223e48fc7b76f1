/* closing.h - our end of a stream. */

#ifndef STREAM_CLOSING_H
#define STREAM_CLOSING_H

#include "stream/core.h"

/* Send our end tag, while the peer's end is waited for: nothing of ours stands
 * in the way of it any more. */
void closing_end(struct stream *s);

#endif
