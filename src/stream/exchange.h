/* exchange.h - a SASL exchange, however it is wrapped: by RFC 6120 section 6 or
 * by XEP-0388. */

#ifndef STREAM_EXCHANGE_H
#define STREAM_EXCHANGE_H

#include "stream/core.h"

/* ---- before ------------------------------------------------------ */

/* What the login may be based on, from what is wanted and agreed. */
void exchange_set_credentials(struct stream *s);

/* Read the mechanisms of SASL or SASL2, and the types of channel binding
 * (XEP-0440). A list in several pieces counts as one. 0 or XMPP_EMEM. */
int exchange_read_offer(struct sasl_offer *offer, struct env *env,
                        enum name_id ns, xmpp_stanza_t *features);

/* ---- the exchange ------------------------------------------------ */

/* Log in by this, in the present profile. */
enum verdict exchange_start(struct stream *s, const struct sasl_choice *choice);

/* An element with a challenge. */
enum verdict exchange_challenge(struct stream *s, xmpp_stanza_t *node);

/* The password that was asked for is there, or our turn to go on. */
enum verdict exchange_wake(struct stream *s);

/* The server sent <success/>; `data` is the element with the last message of
 * the mechanism, or NULL. STEP_DONE if that is true. */
enum verdict exchange_success(struct stream *s, xmpp_stanza_t *data);

/* It refused: try what else there is, or fail. */
enum verdict exchange_refused(struct stream *s, struct str condition,
                              struct str text);

/* ---- messages ---------------------------------------------------- */

/* A message as base64 in an element; where it is empty, `empty` instead. */
void exchange_put(struct stream *s, xmpp_stanza_t *node, struct str bytes,
                  struct str empty);

/* A text without the white space around it. */
struct str exchange_trim(struct str text);

#endif
