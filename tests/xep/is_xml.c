/* is_xml.c - an assertion: a tree is this XML. */

#include "xep/is_xml.h"

#include <xmpp/ctx.h>

#include "tap.h"

void is_xml(xmpp_stanza_t *stanza, const char *want, const char *what)
{
    xmpp_ctx_t *ctx = stanza ? xmpp_stanza_get_context(stanza) : NULL;
    char *text = NULL;
    size_t n;

    xmpp_stanza_to_text(stanza, &text, &n);
    is_str(text, want, "%s", what);
    if (text)
        xmpp_free(ctx, text);
}
