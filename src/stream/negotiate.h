/* negotiate.h - the walk along the table of steps, from a stream header to
 * being logged in. */

#ifndef STREAM_NEGOTIATE_H
#define STREAM_NEGOTIATE_H

#include "stream/core.h"

/* The transport is up: open the stream, and begin. */
void negotiate_begin(struct stream *s);

/* The peer's stream header, which is not taken. */
void negotiate_header(struct stream *s, xmpp_stanza_t *header);

/* An element before the stream is up, which is not taken either. */
void negotiate_element(struct stream *s, xmpp_stanza_t *node);

/* A stanza comes: if the step under way lets the server be ahead of its answer,
 * the session is up. */
void negotiate_overtake(struct stream *s);

/* Features that follow a login are taken: kept, if that is wanted. True if that
 * is an event: before UP it is not, because that comes with them. */
bool negotiate_late_features(struct stream *s, xmpp_stanza_t *node);

/* Is the session up, and may be reported? It waits for features that follow the
 * login, if they are to be kept; but not for long, and neither a stanza nor the
 * end has to wait. */
bool negotiate_is_up(struct stream *s);

/* What the step wanted is there: TLS, compression; a password (STR_NONE: there
 * will be none); its turn. Without effect if it is not wanted. */
void negotiate_secured(struct stream *s);
void negotiate_compressed(struct stream *s);
void negotiate_password(struct stream *s, struct str password);
void negotiate_turn(struct stream *s);

#endif
