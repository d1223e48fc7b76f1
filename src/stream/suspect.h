/* suspect.h - which of our stanzas the peer ends its streams over. */

#ifndef STREAM_SUSPECT_H
#define STREAM_SUSPECT_H

#include "stream/core.h"

/* The peer ends the stream with this condition. If that blames what we sent,
 * all that is on its way is suspected, and sent one by one in the next session;
 * what is found guilty is given up. Then nothing that waits is sent in this
 * one. */
void suspect_blame(struct stream *s, struct str condition);

/* Bytes of the outbox left: a suspect that is out is asked about. */
void suspect_sent(struct stream *s);

#endif
