/* extensions.c - the extensions on a real server, with a client that nobody of
 * this library wrote at the other end (counterpart.py).
 *
 * usage: extensions PORT CA-FILE JID PASSWORD COUNTERPART PUBSUB-SERVICE
 *                   [COMPONENT-PORT COMPONENT-SECRET] */

#include "live/extensions.h"

#ifdef XMPP_HAVE_PRESENCE
#include <xmpp/xep/presence.h>
#endif

/* What a module wants to know of the login has to be in use before it. */
static void use_at_first(struct us *us)
{
    use_csi(us);
#ifdef XMPP_HAVE_PRESENCE
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_presence), 0, "presence in use");
#endif
}

int main(int argc, char **argv)
{
    struct us us = {0};

    if (argc != 7 && argc != 9)
        bail("usage");
    us.ctx = xmpp_ctx_new(NULL, NULL);
    us.bare = argv[3];
    us.peer = argv[5];
    us.domain = strchr(us.bare, '@') + 1;
    us.nodes = argv[6];
    us.is_poor = strcmp(us.nodes, "none") == 0;
    us_begin(&us, argv, "us", use_at_first);
#ifndef XMPP_HAVE_PRESENCE
    xmpp_send_take(us.conn, xmpp_presence_new(us.ctx));
#endif
    test_queries(&us);
    test_disco(&us);
    test_people(&us);
    test_idleness(&us);
    test_commands(&us);
    test_component(&us, argv);
    test_nodes(&us);
    test_carbons(&us, argv);
    test_talks(&us, argv);
    test_csi(&us);
    test_parting(&us);
    us_end(&us);
    xmpp_ctx_free(us.ctx);
    return done_testing();
}
