/* step_inline.h - what is asked for together with a SASL2 login, and what comes
 * of it: resuming and enabling stream management (XEP-0198), Bind 2 (XEP-0386),
 * tokens (XEP-0484). */

#ifndef STREAM_STEP_INLINE_H
#define STREAM_STEP_INLINE_H

#include "stream/core.h"

/* What is offered inside of <authentication/>. */
void step_inline_read(struct stream *s, xmpp_stanza_t *authentication);

/* Ask inside of <authenticate/> for all that is wanted. */
void step_inline_put(struct stream *s, xmpp_stanza_t *node);

/* A token of the <success/>. 0 or XMPP_EMEM. */
int step_inline_token(struct stream *s, xmpp_stanza_t *success);

/* The rest of it, once nothing secret is needed any more; `id` is who we are.
 */
enum verdict step_inline_receive(struct stream *s, xmpp_stanza_t *success,
                                 struct str id);

/* No token stands any more. */
void step_inline_drop_token(struct stream *s);

#endif
