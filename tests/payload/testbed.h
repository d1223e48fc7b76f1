/* testbed.h - payloads from and to XML, for the tests of tables. */

#ifndef TESTS_PAYLOAD_TESTBED_H
#define TESTS_PAYLOAD_TESTBED_H

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/payload.h>

#include "failmem.h"
#include "tap.h"

#define NS "urn:example:payload"
#define OTHER "urn:example:other"

/* From payload_begin() to payload_end(). */
extern struct failmem payload_memory;
extern xmpp_ctx_t *payload_ctx;

void payload_begin(void);

/* Nothing is left; returns what main() does. */
int payload_end(void);

/* The struct in an element, and that element: they live until the next call.
 * NULL if it cannot be read. */
const void *payload_value(const xmpp_payload_t *table, const char *xml);
xmpp_stanza_t *payload_tree(void);

/* A test: written below an element of the namespace "urn:top" it is this. */
void payload_is_xml(const xmpp_payload_t *table, const void *value,
                    const char *want, const char *name);

#endif
