/* alive.h - is the peer still there? */

#ifndef STREAM_ALIVE_H
#define STREAM_ALIVE_H

#include "stream/rung.h"

/* Something was heard. */
static inline void alive_heard(struct stream *s)
{
    s->alive.heard = s->now;
}

/* Something left: waiting is only fair from when the question is out. */
static inline void alive_sent(struct stream *s)
{
    if (s->alive.waits)
        s->alive.asked = s->now;
}

/* The peer was asked for something that it has to answer; it did. */
void alive_asked(struct stream *s, int waits);
void alive_answered(struct stream *s);

/* Is it the answer to our ping? Then nobody else needs to see it. */
bool alive_is_pong(struct stream *s, const xmpp_stanza_t *node);

/* When to look next, and looking: true if after a silence the peer has to be
 * asked. If that did not help the stream ends with XMPP_ETIMEOUT, without a
 * word: the session may still be resumed. */
uint64_t alive_deadline(const struct stream *s);
bool alive_tick(struct stream *s);

/* Ask by XEP-0199, where there is no stream management. */
void alive_ping(struct stream *s);

#endif
