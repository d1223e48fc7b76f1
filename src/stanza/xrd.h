/* xrd.h - the links of an XRD document (XRD 1.0 section 2.5; RFC 6415). */

#ifndef STANZA_XRD_H
#define STANZA_XRD_H

#include "base/str.h"

/* Called for each link that has both; the views are valid in the call. */
typedef void (*xrd_link)(void *userdata, struct str rel, struct str href);

/* Read a whole document. 0; XMPP_EMEM; another code: it is not a valid XRD
 * document, and links that were delivered before do not count. A document type
 * is refused, so there are no entities, and nothing is fetched. */
int xrd_read(struct str document, xrd_link link, void *userdata);

#endif
