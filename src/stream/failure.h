/* failure.h - what went wrong with a stream, in words for a person.
 *
 * These fill in the fault and move nothing. A step then returns STEP_FAIL; all
 * other code calls engine_give_up(). */

#ifndef STREAM_FAILURE_H
#define STREAM_FAILURE_H

#include "stream/core.h"

/* At which point of the conversation: "during the session". */
const char *failure_when(const struct stream *s);

/* This code, in the layer of the phase or step; `detail` may be NULL. */
void failure_set(struct stream *s, int code, const char *detail);

/* An answer did not come in time. */
void failure_late(struct stream *s);

/* The peer ended the stream. */
void failure_ended(struct stream *s);

/* The transport has ended. If nothing came before, that may be the reason. */
void failure_cut(struct stream *s);

/* An element that is not what is waited for. */
void failure_unexpected(struct stream *s, const xmpp_stanza_t *node);

/* If the last password was refused, that is why it ends. */
void failure_refused(struct stream *s);

/* If something of the application's was not taken by the peer, that is a
 * failure: XMPP_EEOF or XMPP_ETIMEOUT. */
void failure_owed(struct stream *s, int code);

#endif
