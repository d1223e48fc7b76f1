/* rung_sm.h - stream management over a stream (XEP-0198): what to say, and
 * what the answers mean. */

#ifndef STREAM_RUNG_SM_H
#define STREAM_RUNG_SM_H

#include "stream/rung.h"

/* ---- what to say, wherever it is said ---------------------------- */

/* Is there a session to continue? May a new one be managed? */
bool rung_sm_may_resume(const struct stream *s);
bool rung_sm_may_enable(const struct stream *s);

/* The element, as a child of `parent` or, for NULL, alone. NULL if memory is
 * out. */
xmpp_stanza_t *rung_sm_resume(struct stream *s, xmpp_stanza_t *parent);
xmpp_stanza_t *rung_sm_enable(struct stream *s, xmpp_stanza_t *parent);

/* <enable/> was said: from here on our stanzas count. */
void rung_sm_enabling(struct stream *s);

/* ---- what the answer means; the stream is failed where it is wrong ---- */

/* <resumed/>: the session goes on. */
void rung_sm_resumed(struct stream *s, const xmpp_stanza_t *node);

/* A new session begins although there is an earlier one, which is given up. */
void rung_sm_leave(struct stream *s);

/* <failed/> to <resume/>: the session is gone. */
void rung_sm_refused(struct stream *s, xmpp_stanza_t *node);

/* <enabled/>, or <failed/> to <enable/>. */
void rung_sm_enabled(struct stream *s, const xmpp_stanza_t *node);

bool rung_sm_is(const xmpp_stanza_t *node, const char *name);

/* ---- the rungs of the classic way -------------------------------- */

void rung_resume_begin(struct stream *s);
void rung_enable_begin(struct stream *s);
void rung_enable_take(struct stream *s, xmpp_stanza_t *node);

/* ---- while the stream is up -------------------------------------- */

/* A message, presence or iq of this stream? They are what is counted. */
bool rung_sm_counts(const struct stream *s, const xmpp_stanza_t *node);

/* An element of stream management. */
void rung_sm_take(struct stream *s, const xmpp_stanza_t *node);

/* Ask for an acknowledgement; ask if something is said that wants one and
 * nobody asked yet; `n` bytes of the outbox left, ask if that is much; tell how
 * much we handled. */
void rung_sm_ask(struct stream *s);
void rung_sm_said(struct stream *s);
void rung_sm_ask_between(struct stream *s, size_t n);
void rung_sm_tell(struct stream *s);

#endif
