/* rung_zlib.h - stream compression (XEP-0138), where it is wanted. */

#ifndef STREAM_RUNG_ZLIB_H
#define STREAM_RUNG_ZLIB_H

#include "stream/rung.h"

/* Is it wanted, offered by these features, and not agreed on or refused? */
bool rung_zlib_may_begin(const struct stream *s, const xmpp_stanza_t *features);

/* Ask for it; the features are kept for what comes after a refusal. */
void rung_zlib_begin(struct stream *s, xmpp_stanza_t *features);

/* The answer. The features, owned, if it was a refusal: then the login goes on
 * with them; else NULL. */
xmpp_stanza_t *rung_zlib_take(struct stream *s, const xmpp_stanza_t *node);

#endif
