/* message_of.c - a message that a server could have sent, out of XML. */

#include "xep/message_of.h"

#include <stdio.h>

xmpp_stanza_t *message_of(xmpp_ctx_t *ctx, const char *attributes,
                          const char *inside)
{
    char xml[8000];

    snprintf(xml, sizeof(xml), "<message xmlns='jabber:client' %s>%s</message>",
             attributes, inside);
    return xmpp_stanza_new_from_string(ctx, xml);
}
