/* step_pipeline.h - a login sent together with the stream's header, by what the
 * server offered the last time (XEP-0509). */

#ifndef STREAM_STEP_PIPELINE_H
#define STREAM_STEP_PIPELINE_H

#include "stream/core.h"

#define OFFER_MOST 16384 /* bytes of an offer that is remembered */

/* Our header is out: read the remembered offer. 0 and FACT_PIPELINED, XMPP_EARG
 * if there is none to be used, XMPP_EMEM. */
int step_pipeline_open(struct stream *s);

/* Forget it, if it was opened. */
void step_pipeline_close(struct stream *s);

/* The version of the remembered offer, inside of <authenticate/>. */
void step_pipeline_put(struct stream *s, xmpp_stanza_t *node);

/* The features came: are they what the login was pipelined by? It is closed. */
void step_pipeline_compare(struct stream *s);

/* <failure/>: was it because the offer is another one by now? */
bool step_pipeline_mismatched(struct stream *s, xmpp_stanza_t *failure,
                              struct str condition);

#endif
