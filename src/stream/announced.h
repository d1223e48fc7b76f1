/* announced.h - what the server announces of its own limits (XEP-0478). */

#ifndef STREAM_ANNOUNCED_H
#define STREAM_ANNOUNCED_H

#include "stream/core.h"

/* A server that announces less is wrong, or wants to make us work: RFC 6120
 * section 13.12 has the bytes, and nobody has to send more often. */
#define ANNOUNCED_BYTES 10000
#define ANNOUNCED_IDLE 20 /* seconds */

/* Features have come. What they do not announce is not limited. */
void announced_read(struct stream *s, xmpp_stanza_t *features);

/* Those of the login do not hold any more, and others are to follow. */
void announced_forget(struct stream *s);

/* May an element of so many bytes be sent? 0, or XMPP_ELIMIT and words about
 * it. */
int announced_check(const struct stream *s, size_t n);

#endif
