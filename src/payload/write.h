/* write.h - writes payloads into trees. */

#ifndef PAYLOAD_WRITE_H
#define PAYLOAD_WRITE_H

#include "payload/table.h"

/* Write a struct into an element that the table describes and that is empty.
 * Failures mark the tree as failed. */
void write_payload(xmpp_stanza_t *element, const xmpp_payload_t *payload,
                   const void *value);

#endif
