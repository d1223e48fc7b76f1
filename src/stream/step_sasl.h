/* step_sasl.h - SASL over a stream (RFC 6120 section 6). */

#ifndef STREAM_STEP_SASL_H
#define STREAM_STEP_SASL_H

#include "stream/engine.h"

/* The features are there, and nobody is logged in yet. */
void step_sasl_begin(struct stream *s, xmpp_stanza_t *features);
void step_sasl_receive(struct stream *s, xmpp_stanza_t *node);

/* The password that was asked for is there. */
void step_sasl_wake(struct stream *s);

/* What the login may be based on, from what is wanted and agreed. */
void step_sasl_credentials(struct stream *s);

/* ---- what both profiles use -------------------------------------- */

/* Read the mechanisms of SASL or SASL2, and the types of channel binding
 * (XEP-0440). Whoever offers twice offers all of it. 0 or XMPP_EMEM. */
int step_sasl_offer(struct sasl_offer *offer, struct env *env, enum name_id ns,
                    xmpp_stanza_t *features);

/* Log in by this, in the present profile. */
void step_sasl_start(struct stream *s, const struct sasl_choice *choice);

/* Answer a challenge. */
void step_sasl_answer(struct stream *s, struct str challenge);

/* The server says success; `data` is the mechanism's. False if that is not
 * true, and the login is over. */
bool step_sasl_believe(struct stream *s, struct str data);

/* It refused: try what else there is, or fail. */
void step_sasl_refused(struct stream *s, struct str condition, struct str text);

/* A message as base64 in an element; where it is empty, `empty` instead. */
void step_sasl_put(struct stream *s, xmpp_stanza_t *node, struct str bytes,
                   struct str empty);

/* Say a tree, and wipe the text of `holder`, a node of it. */
void step_sasl_send(struct stream *s, xmpp_stanza_t *node,
                    const xmpp_stanza_t *holder);

/* A text without the white space around it. */
struct str step_sasl_trim(struct str text);

/* What the peer's element carries. *ret is owned, NULL where there is no
 * message at all. 0, XMPP_EMEM or XMPP_ECHALLENGE. */
int step_sasl_read(struct stream *s, xmpp_stanza_t *node, char **ret,
                   struct str *ret_view);

#endif
