/* step_component.h - the handshake of a component (XEP-0114). */

#ifndef STREAM_STEP_COMPONENT_H
#define STREAM_STEP_COMPONENT_H

#include "stream/engine.h"

/* The header of a component's stream. */
void step_component_begin(struct stream *s);
void step_component_receive(struct stream *s, xmpp_stanza_t *node);

#endif
