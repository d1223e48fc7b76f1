/* jid.c - addresses taken apart and put together. */

#include "show.h"

static void apart(xmpp_ctx_t *ctx, const char *jid)
{
    show_str("jid", jid);
    show_owned(ctx, "  bare", xmpp_jid_bare(ctx, jid));
    show_owned(ctx, "  node", xmpp_jid_node(ctx, jid));
    show_owned(ctx, "  domain", xmpp_jid_domain(ctx, jid));
    show_owned(ctx, "  resource", xmpp_jid_resource(ctx, jid));
}

int main(void)
{
    static const char *const jids[] = {"romeo@example.org/orchard",
                                       "romeo@example.org",
                                       "example.org",
                                       "example.org/x",
                                       "romeo@example.org/a/b",
                                       "a@example.org/x@y",
                                       "example.org/x@y",
                                       "",
                                       "@",
                                       "/",
                                       "a@",
                                       "@example.org",
                                       "example.org/",
                                       "A@Example.ORG/X",
                                       "a@b@c/d",
                                       NULL};
    xmpp_ctx_t *ctx = xmpp_ctx_new(&show_mem, NULL);

    for (int i = 0; jids[i]; i++)
        apart(ctx, jids[i]);
    show_owned(ctx, "new", xmpp_jid_new(ctx, "a", "example.org", "r"));
    show_owned(ctx, "no node", xmpp_jid_new(ctx, NULL, "example.org", "r"));
    show_owned(ctx, "no resource", xmpp_jid_new(ctx, "a", "example.org", NULL));
    show_owned(ctx, "domain", xmpp_jid_new(ctx, NULL, "example.org", NULL));
    show_owned(ctx, "no domain", xmpp_jid_new(ctx, "a", NULL, "r"));
    show_owned(ctx, "empty node", xmpp_jid_new(ctx, "", "example.org", NULL));
    show_owned(ctx, "empty resource",
               xmpp_jid_new(ctx, "a", "example.org", ""));
    xmpp_ctx_free(ctx);
    show_held();
    return 0;
}
