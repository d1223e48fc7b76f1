/* rung_bind.h - getting an address: binding, and what components do instead. */

#ifndef STREAM_RUNG_BIND_H
#define STREAM_RUNG_BIND_H

#include "stream/rung.h"

/* The features after the login. */
void rung_bind_begin(struct stream *s, xmpp_stanza_t *features);
void rung_bind_take(struct stream *s, xmpp_stanza_t *node);
void rung_session_take(struct stream *s, xmpp_stanza_t *node);

/* Is the address one for us: of the account that logged in, if there is one,
 * and of its domain? Else the fault is told. `is_full`: it has to be a full
 * one. */
bool rung_bind_is_ours(struct stream *s, struct str text, bool is_full);

/* It is ours from now on; false if memory is out. */
bool rung_bind_keep(struct stream *s, struct str jid);

/* The header of a component's stream. */
void rung_component_begin(struct stream *s);
void rung_component_take(struct stream *s, xmpp_stanza_t *node);

#endif
