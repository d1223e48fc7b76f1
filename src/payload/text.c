/* text.c - payloads as texts, for a store. */

#include <xmpp/payload.h>

#include <xmpp/build.h>

#include "base/env.h"
#include "base/error.h"
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

int xmpp_payload_parse(xmpp_ctx_t *ctx, const xmpp_payload_t *payload,
                       const char *text, size_t size, void **ret)
{
    const void *value = NULL;
    xmpp_stanza_t *tree;
    int rc;

    if (ret)
        *ret = NULL;
    if (!ctx || !payload || !text || !ret)
        return XMPP_EINVOP;
    if (size == (size_t)-1)
        size = strlen(text);
    rc = parse_view(env_of(ctx), str_n(text, size), &tree);
    if (rc == 0)
        rc = xmpp_payload_read(tree, payload, &value);
    if (rc == 0) {
        *ret = xmpp_payload_copy(ctx, payload, value);
        rc = *ret ? 0 : XMPP_EMEM;
    }
    xmpp_stanza_release(tree);
    return rc == 0 || rc == XMPP_EMEM ? rc : XMPP_EARG;
}

void *xmpp_payload_from_text(xmpp_ctx_t *ctx, const xmpp_payload_t *payload,
                             const char *text, size_t size)
{
    void *copy;

    xmpp_payload_parse(ctx, payload, text, size, &copy);
    return copy;
}
