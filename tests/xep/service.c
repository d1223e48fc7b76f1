/* service.c - the requests of a search for a service. */

#include <xmpp/xep/service.h>
#include <xmpp/xmpp.h>

#include "tap.h"

/* A list of `n` services, each an item. Owned. */
static xmpp_disco_items_t *list_of(xmpp_ctx_t *ctx, int n)
{
    char text[4000] = "<query xmlns='http://jabber.org/protocol/disco#items'>";

    for (int i = 0; i < n; i++)
        sprintf(text + strlen(text), "<item jid='upload%d.example.org'/>", i);
    strcat(text, "</query>");
    return xmpp_payload_from_text(ctx, &xmpp_disco_items, text, (size_t)-1);
}

/* No more than fifty are looked at, and then the server itself. */
static void test_many(xmpp_conn_t *conn)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    xmpp_disco_items_t *listed = list_of(ctx, 51);
    xmpp_stanza_t *iq = xmpp_service_make_query(conn, listed, 49);

    is_str(xmpp_stanza_get_to(iq), "upload49.example.org", "the fiftieth");
    xmpp_stanza_release(iq);
    is_int(xmpp_service_next(listed, 49), 50, "there is one more");
    iq = xmpp_service_make_query(conn, listed, 50);
    ok(!xmpp_stanza_get_to(iq), "which is not in the list");
    xmpp_stanza_release(iq);
    is_int(xmpp_service_next(listed, 50), -1, "and that is all");
    xmpp_free(ctx, listed);
}

int main(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    xmpp_conn_t *conn = xmpp_conn_new(ctx);
    xmpp_disco_items_t *listed = list_of(ctx, 1);
    xmpp_stanza_t *iq = xmpp_service_make_query(conn, NULL, 0);

    ok(xmpp_stanza_next_tag(iq, NULL, "query", XMPP_NS_DISCO_ITEMS) != NULL,
       "the list comes first");
    xmpp_stanza_release(iq);
    iq = xmpp_service_make_query(conn, listed, 0);
    is_str(xmpp_stanza_get_to(iq), "upload0.example.org", "then an item of it");
    ok(xmpp_stanza_next_tag(iq, NULL, "query", XMPP_NS_DISCO_INFO) != NULL,
       "and what it is");
    xmpp_stanza_release(iq);
    iq = xmpp_service_make_query(conn, listed, -1);
    ok(!xmpp_stanza_get_to(iq), "no item is at a negative place");
    xmpp_stanza_release(iq);
    xmpp_free(ctx, listed);
    test_many(conn);
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return done_testing();
}
