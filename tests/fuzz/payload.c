/* payload.c - fuzz target: any attributes and children as an element of each
 * payload table.
 *
 * The first line of the input becomes the attributes, the rest the content.
 * What can be read has to be the same after it was written and read again. */

#include <xmpp/build.h>
#include <xmpp/ctx.h>

#include <string.h>

#include "base/arena.h"
#include "fuzz/fuzz.h"
#include "payload/all_tables.h"

const char fuzz_corpus[] = "payload";

#define INPUT_MOST 8192

static void check_again(xmpp_ctx_t *ctx, const xmpp_payload_t *table,
                        const void *value)
{
    xmpp_stanza_t *top = xmpp_stanza_new_tag(ctx, "top", "urn:example:top");
    const void *again;
    void *copy;
    char *text;
    size_t n;

    xmpp_payload_add(top, table, value);
    MUST(xmpp_stanza_get_status(top) == 0);
    again = xmpp_payload_find(top, table);
    MUST(again && xmpp_payload_equal(table, value, again));
    copy = xmpp_payload_copy(ctx, table, value);
    MUST(copy && xmpp_payload_equal(table, copy, again));
    xmpp_free(ctx, copy);
    text = xmpp_payload_to_text(ctx, table, value, &n);
    MUST(text != NULL);
    copy = xmpp_payload_from_text(ctx, table, text, n);
    MUST(copy && xmpp_payload_equal(table, copy, value));
    MUST(xmpp_payload_print(table, copy, NULL, 0) ==
         xmpp_payload_print(table, value, NULL, 0));
    xmpp_free(ctx, copy);
    xmpp_free(ctx, text);
    xmpp_stanza_release(top);
}

static void check_table(xmpp_ctx_t *ctx, const xmpp_payload_t *table,
                        const char *attributes, const char *content)
{
    static char xml[2 * INPUT_MOST];
    xmpp_stanza_t *tree;
    const void *value;
    int rc;

    snprintf(xml, sizeof(xml), "<%s xmlns='%s' %s>%s</%s>", table->name,
             table->ns ? table->ns : "jabber:client", attributes, content,
             table->name);
    tree = xmpp_stanza_new_from_string(ctx, xml);
    if (!tree)
        return;
    rc = xmpp_payload_read(tree, table, &value);
    MUST(rc == 0 || rc == XMPP_EARG);
    if (rc == 0)
        check_again(ctx, table, value);
    xmpp_stanza_release(tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char attributes[INPUT_MOST + 1];
    const struct named_table *t;
    struct env env;
    char *content;

    if (size > INPUT_MOST)
        return 0;
    env_init(&env, NULL, NULL);
    memcpy(attributes, data, size);
    attributes[size] = '\0';
    content = strchr(attributes, '\n');
    if (content)
        *content++ = '\0';
    for (size_t i = 0; (t = table_at(i)); i++)
        check_table(env_ctx(&env), t->table, attributes,
                    content ? content : "");
    arena_drain(&env);
    return 0;
}
