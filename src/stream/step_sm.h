/* step_sm.h - stream management over a stream (XEP-0198): what to say, and
 * what the answers mean. */

#ifndef STREAM_STEP_SM_H
#define STREAM_STEP_SM_H

#include "stream/engine.h"

/* ---- what to say, wherever it is said ---------------------------- */

/* Is there a session to continue? May a new one be managed? */
bool step_sm_may_resume(const struct stream *s);
bool step_sm_may_enable(const struct stream *s);

/* The element, as a child of `parent` or, for NULL, alone. NULL if memory is
 * out. */
xmpp_stanza_t *step_sm_resume(struct stream *s, xmpp_stanza_t *parent);
xmpp_stanza_t *step_sm_enable(struct stream *s, xmpp_stanza_t *parent);

/* <enable/> was said: from here on our stanzas count. */
void step_sm_enabling(struct stream *s);

/* ---- what the answer means; the stream is failed where it is wrong ---- */

/* <resumed/>: the session goes on. */
void step_sm_resumed(struct stream *s, const xmpp_stanza_t *node);

/* A new session begins although there is an earlier one, which is given up. */
void step_sm_leave(struct stream *s);

/* <failed/> to <resume/>: the session is gone. */
void step_sm_refused(struct stream *s, xmpp_stanza_t *node);

/* <enabled/>, or <failed/> to <enable/>. */
void step_sm_enabled(struct stream *s, const xmpp_stanza_t *node);

bool step_sm_is(const xmpp_stanza_t *node, const char *name);

/* ---- the steps of the classic way -------------------------------- */

void step_resume_begin(struct stream *s);
void step_enable_begin(struct stream *s);
void step_enable_receive(struct stream *s, xmpp_stanza_t *node);

/* ---- while the stream is up -------------------------------------- */

/* A message, presence or iq of this stream? They are what is counted. */
bool step_sm_counts(const struct stream *s, const xmpp_stanza_t *node);

/* An element of stream management. */
void step_sm_receive(struct stream *s, const xmpp_stanza_t *node);

/* Ask for an acknowledgement; ask if something is said that wants one and
 * nobody asked yet; `n` bytes of the outbox left, ask if that is much; tell how
 * much we handled. */
void step_sm_request(struct stream *s);
void step_sm_request_due(struct stream *s);
void step_sm_request_between(struct stream *s, size_t n);
void step_sm_answer(struct stream *s);

#endif
