/* engine.h - the verbs of a stream: moving, sending, failing. */

#ifndef STREAM_ENGINE_H
#define STREAM_ENGINE_H

#include "stream/core.h"

/* Go to a phase; its patience begins. */
void engine_to(struct stream *s, enum phase phase);

/* ---- sending ----------------------------------------------------- */

/* Where our own elements go: behind the outbox, or past one that must not
 * leave. */
struct buf *engine_out(struct stream *s);

/* What of the outbox may leave now. Nothing does until a session is known to
 * be managed or not: what is lost before could neither be resumed nor counted,
 * and would be sent twice. */
struct str engine_ready(const struct stream *s);

/* A session begins: what waits in the outbox is sent in it from now on, and
 * kept if it is to be acknowledged. 0 or XMPP_EMEM. */
int engine_flow(struct stream *s, bool keeps);

/* Send an element of our own, which is taken; NULL is memory that was out. The
 * stream fails if it cannot be written. */
void engine_send(struct stream *s, xmpp_stanza_t *node);

/* Open our stream, for the first time or anew. */
void engine_open(struct stream *s);

/* The same by attributes of the application (name, value, ...). 0 or
 * XMPP_EMEM. */
int engine_open_with(struct stream *s, char **attributes, size_t n);

/* Append the end tag of our stream to `out`. */
void engine_send_end(struct stream *s, struct buf *out);

/* ---- the end ----------------------------------------------------- */

/* Over. */
void engine_down(struct stream *s);

/* Over, for what is in the fault; our end tag is sent where the peer would read
 * it. */
void engine_give_up(struct stream *s);

/* Set the fault, in the layer of the phase or step, and give up. `detail` may
 * be NULL. */
void engine_fail(struct stream *s, int code, const char *detail);

/* The same with a stream error for the peer, which is taken. */
void engine_fail_sending(struct stream *s, int code, xmpp_stanza_t *error,
                         const char *detail);

/* Forget the keys, or the token, of a login; they are wiped. */
void engine_forget_keys(struct stream *s);
void engine_forget_token(struct stream *s);

#endif
