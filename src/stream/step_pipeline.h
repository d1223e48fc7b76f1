/* step_pipeline.h - a login said together with the stream's header, by what the
 * server offered the last time (XEP-0509). */

#ifndef STREAM_STEP_PIPELINE_H
#define STREAM_STEP_PIPELINE_H

#include "stream/engine.h"

#define OFFER_MOST 16384 /* bytes of an offer that is remembered */

/* Our header is out. If an offer is remembered, and what it leads to reveals no
 * secret, log in by it. */
void step_pipeline_begin(struct stream *s);

/* The version of the remembered offer, inside of <authenticate/>. */
void step_pipeline_put(struct stream *s, xmpp_stanza_t *node);

/* The features, for which nobody waited: they count from here on. */
void step_pipeline_features(struct stream *s, xmpp_stanza_t *features);

/* <failure/>: was it for the offer's being another one by now? Then the login
 * begins anew, by the features that came. */
bool step_pipeline_failed(struct stream *s, xmpp_stanza_t *failure,
                          struct str condition);

/* Remember an offer, where the server gives its version. */
void step_pipeline_keep(struct stream *s, xmpp_stanza_t *features);

#endif
