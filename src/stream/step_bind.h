/* step_bind.h - getting an address: binding a resource (RFC 6120 section 7). */

#ifndef STREAM_STEP_BIND_H
#define STREAM_STEP_BIND_H

#include "stream/engine.h"

/* The features after the login. */
void step_bind_begin(struct stream *s, xmpp_stanza_t *features);
void step_bind_receive(struct stream *s, xmpp_stanza_t *node);
void step_session_receive(struct stream *s, xmpp_stanza_t *node);

/* Is the address one for us: of the account that logged in, if there is one,
 * and of its domain? Else the fault is told. `is_full`: it has to be a full
 * one. */
bool step_bind_is_ours(struct stream *s, struct str text, bool is_full);

/* It is ours from now on; false if memory is out. */
bool step_bind_keep(struct stream *s, struct str jid);

#endif
