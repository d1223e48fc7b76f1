/* caps_c.c - the hashes in presence, and the cache, where they are called
 * wrongly. */

#include <xmpp/xep/caps.h>

#include <xmpp/xep/caps_c.h>

#include "conn/testbed.h"

static void found(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    xmpp_stanza_t *presence = xmpp_stanza_new_from_string(
        ctx, "<presence><c xmlns='http://jabber.org/protocol/caps' "
             "node='urn:a' ver='0.9'/></presence>");
    xmpp_jid_t *jid = xmpp_jid_from_string(ctx, "a@b/c", NULL);
    const xmpp_caps_sent_t *sent = xmpp_caps_find(presence, jid);

    is_str(sent ? sent->hash : NULL, "jid:5:a@b/c:urn:a#0.9", "an old hash");
    is_str(sent ? sent->node : NULL, "urn:a#0.9", "and where it is queried");
    ok(!xmpp_caps_find(presence, NULL) && !xmpp_caps_find(NULL, jid),
       "of nobody there is none");
    xmpp_free(ctx, jid);
    xmpp_stanza_release(presence);
    xmpp_ctx_free(ctx);
}

static void nothing(void)
{
    struct testbed testbed;
    xmpp_disco_info_t info;

    XMPP_INIT(xmpp_disco_info, info);
    testbed_make_virtual(&testbed);
    ok(!xmpp_caps_get(testbed.conn, NULL) &&
           !xmpp_caps_has(testbed.conn, NULL, "x") &&
           !xmpp_caps_cache_get(testbed.conn, "ver:sha-1:x"),
       "not in use: nothing is known");
    is_int(xmpp_caps_cache_put(testbed.conn, "ver:sha-1:x", &info), XMPP_EINVOP,
           "or kept");
    is_int(xmpp_caps_set_node(testbed.conn, "x"), XMPP_EINVOP, "or set");
    is_int(xmpp_conn_use(testbed.conn, &xmpp_mod_caps), 0, "in use");
    is_int(xmpp_caps_cache_put(testbed.conn, "x", &info), XMPP_EARG, "no hash");
    is_int(xmpp_caps_cache_put(testbed.conn, NULL, &info), XMPP_EARG, "none");
    is_int(xmpp_caps_cache_put(testbed.conn, "ver:sha-1:x", NULL), XMPP_EARG,
           "no answer");
    is_int(xmpp_caps_cache_put(testbed.conn, "ver:sha-1", &info), XMPP_EPROTO,
           "no value");
    is_int(xmpp_caps_cache_put(testbed.conn, "ver:sha-1:x", &info), XMPP_EPROTO,
           "another");
    is_int(xmpp_caps_cache_put(testbed.conn, "jid:x", &info), 0,
           "one that cannot be checked");
    ok(xmpp_caps_cache_get(testbed.conn, "jid:x") != NULL, "is there");
    testbed_free(&testbed, "nothing");
}

int main(void)
{
    found();
    nothing();
    return done_testing();
}
