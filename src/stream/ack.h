/* ack.h - stream management while a session lasts: counting, and asking for and
 * giving acknowledgements (XEP-0198 sections 4 and 6). How a session begins is
 * in step_sm.c. */

#ifndef STREAM_ACK_H
#define STREAM_ACK_H

#include "stream/core.h"

/* An element of stream management of this name? */
bool ack_is(const xmpp_stanza_t *node, const char *name);

/* A message, presence or iq of this stream? They are what is counted. */
bool ack_counts(const struct stream *s, const xmpp_stanza_t *node);

/* A count as an attribute. */
void ack_set_count(xmpp_stanza_t *node, const char *name, uint32_t count);

/* ---- requests: the stream fails if memory is out ----------------- */

/* Request an acknowledgement. */
void ack_request(struct stream *s);

/* Request one if something is sent that wants one, and none is to come. */
void ack_request_due(struct stream *s);

/* `n` bytes of the outbox left: request one if that is much. */
void ack_request_between(struct stream *s, size_t n);

/* Acknowledge what we handled. */
void ack_answer(struct stream *s);

/* ---- what the peer sends ----------------------------------------- */

/* The count of an element that has to have one. 0, or the code that the fault
 * has; then *ret_error is the stream error to be sent, owned, or NULL when
 * memory is out. */
int ack_read(struct stream *s, const xmpp_stanza_t *node,
             xmpp_stanza_t **ret_error);

/* The same code and error for what is malformed in another way. */
int ack_malformed(struct stream *s, const char *detail,
                  xmpp_stanza_t **ret_error);

/* <enabled/>, or <failed/> to <enable/>. 0 or XMPP_EMEM. */
int ack_enabled(struct stream *s, const xmpp_stanza_t *node);

/* An element of stream management while the session is up. */
void ack_receive(struct stream *s, const xmpp_stanza_t *node);

#endif
