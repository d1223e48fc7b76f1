/* text.c - payloads as texts, for a store. */

#include <xmpp/payload.h>

#include <xmpp/build.h>

#include "base/env.h"
#include "stanza/parse.h"

char *xmpp_payload_to_text(xmpp_ctx_t *ctx, const xmpp_payload_t *payload,
                           const void *value, size_t *ret_size)
{
    xmpp_stanza_t *tree;
    char *text = NULL;
    size_t size = 0;

    if (!ctx || !payload || !value)
        return NULL;
    tree = xmpp_payload_new(ctx, payload, value);
    if (xmpp_stanza_get_status(tree) == 0)
        xmpp_stanza_to_text(tree, &text, &size);
    xmpp_stanza_release(tree);
    if (text && ret_size)
        *ret_size = size;
    return text;
}

void *xmpp_payload_from_text(xmpp_ctx_t *ctx, const xmpp_payload_t *payload,
                             const char *text, size_t size)
{
    const void *value = NULL;
    xmpp_stanza_t *tree;
    void *copy = NULL;

    if (!ctx || !payload || !text)
        return NULL;
    if (size == (size_t)-1)
        size = strlen(text);
    if (parse_view(env_of(ctx), str_n(text, size), &tree) == 0 &&
        xmpp_payload_read(tree, payload, &value) == 0)
        copy = xmpp_payload_copy(ctx, payload, value);
    xmpp_stanza_release(tree);
    return copy;
}
