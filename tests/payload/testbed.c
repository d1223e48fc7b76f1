/* testbed.c - payloads from and to XML, for the tests of tables. */

#include "payload/testbed.h"

struct failmem payload_memory;
xmpp_ctx_t *payload_ctx;
static xmpp_stanza_t *tree;

void payload_begin(void)
{
    failmem_init(&payload_memory);
    payload_ctx = xmpp_ctx_new(&payload_memory.mem, NULL);
}

int payload_end(void)
{
    xmpp_stanza_release(tree);
    xmpp_ctx_free(payload_ctx);
    is_int(payload_memory.held, 0, "no memory is left");
    return done_testing();
}

const void *payload_value(const xmpp_payload_t *table, const char *xml)
{
    const void *value = NULL;

    xmpp_stanza_release(tree);
    tree = xmpp_stanza_new_from_string(payload_ctx, xml);
    if (!tree)
        printf("# not XML: %s\n", xml);
    xmpp_payload_read(tree, table, &value);
    return value;
}

xmpp_stanza_t *payload_tree(void)
{
    return tree;
}

void payload_is_xml(const xmpp_payload_t *table, const void *value,
                    const char *want, const char *name)
{
    xmpp_stanza_t *top = xmpp_stanza_new_tag(payload_ctx, "top", "urn:top");
    xmpp_stanza_t *element = xmpp_payload_add(top, table, value);
    char *got = NULL;
    size_t n;

    is_int(xmpp_stanza_get_status(top), 0, "%s: written", name);
    xmpp_stanza_to_text(element, &got, &n);
    is_str(got, want, "%s: as XML", name);
    xmpp_free(payload_ctx, got);
    xmpp_stanza_release(top);
}
