/* build.h - builds trees by known names, for the folders above. */

#ifndef STANZA_BUILD_H
#define STANZA_BUILD_H

#include <xmpp/build.h>

#include "stanza/node.h"

/* A new root element. NAME_NONE as `ns` leaves the namespace out. */
xmpp_stanza_t *build_root(struct env *env, enum name_id name, enum name_id ns);

/* A child element. NULL `parent` gives NULL; a failure marks the tree as
 * failed. */
xmpp_stanza_t *build_child(xmpp_stanza_t *parent, enum name_id name,
                           enum name_id ns);

/* Set an address that was received. It may be sent back, valid or not: else we
 * could not answer. */
void build_received(xmpp_stanza_t *node, enum name_id name, struct str jid);

/* Append text; STR_NONE or empty does nothing. */
int build_text(xmpp_stanza_t *parent, struct str text);

/* Append a copy of a tree. Out of memory marks the parent as failed. */
void build_copy(xmpp_stanza_t *parent, const xmpp_stanza_t *child);

#endif
