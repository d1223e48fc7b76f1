/* step_compress.h - stream compression (XEP-0138), where it is wanted. */

#ifndef STREAM_STEP_COMPRESS_H
#define STREAM_STEP_COMPRESS_H

#include "stream/engine.h"

/* Is it wanted, offered by these features, and not agreed on or refused? */
bool step_compress_may_begin(const struct stream *s,
                             const xmpp_stanza_t *features);

/* Ask for it; the features are kept for what comes after a refusal. */
void step_compress_begin(struct stream *s, xmpp_stanza_t *features);

/* The answer. The features, owned, if it was a refusal: then the login goes on
 * with them; else NULL. */
xmpp_stanza_t *step_compress_receive(struct stream *s,
                                     const xmpp_stanza_t *node);

#endif
