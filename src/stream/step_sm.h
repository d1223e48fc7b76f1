/* step_sm.h - how a session of stream management begins (XEP-0198), by itself
 * or inside of SASL2: the requests, and what the answers mean. */

#ifndef STREAM_STEP_SM_H
#define STREAM_STEP_SM_H

#include "stream/core.h"

/* ---- requests ------------------------------------------------- */

/* Is the stream to be managed, if that is offered? Is there a session to be
 * continued? */
bool step_sm_is_wanted(const struct stream *s);
bool step_sm_has_session(const struct stream *s);

/* The element, as a child of `parent` or, for NULL, alone. NULL when memory is
 * out. */
xmpp_stanza_t *step_sm_put_resume(struct stream *s, xmpp_stanza_t *parent);
xmpp_stanza_t *step_sm_put_enable(struct stream *s, xmpp_stanza_t *parent);

/* May <enable/> follow the request for an address at once? A server handles the
 * two in their order (RFC 6120 section 10.1), so that the address is bound when
 * it comes to the second. It saves a round trip. */
bool step_sm_may_hurry(const struct stream *s);

/* <enable/> is sent: from here on our stanzas count. 0 or XMPP_EMEM. */
int step_sm_enabling(struct stream *s);

/* ---- answers --------------------------------------- */

/* <resumed/>: the session goes on. STEP_SKIP_REST. */
enum verdict step_sm_resumed(struct stream *s, const xmpp_stanza_t *node);

/* <failed/> to <resume/>: the session is gone. STEP_DONE. */
enum verdict step_sm_refused(struct stream *s, xmpp_stanza_t *node);

#endif
