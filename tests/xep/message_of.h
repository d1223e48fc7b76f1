/* message_of.h - a message that a server could have sent, out of XML. */

#ifndef TESTS_XEP_MESSAGE_OF_H
#define TESTS_XEP_MESSAGE_OF_H

#include <xmpp/stanza.h>

/* <message ATTRIBUTES>INSIDE</message> in the namespace of clients. Owned. NULL
 * when out of memory, and if it is not XML. */
xmpp_stanza_t *message_of(xmpp_ctx_t *ctx, const char *attributes,
                          const char *inside);

#endif
