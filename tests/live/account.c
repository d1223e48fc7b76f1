/* account.c - what surrounds an account, on a real server, with slixmpp at the
 * other end (account.py): uploads, what the server keeps for us.
 *
 * usage: account PORT CA-FILE JID PASSWORD COUNTERPART */

#include "live/account.h"

#ifdef XMPP_HAVE_CAPS
#include <xmpp/xep/caps.h>
#endif
#ifdef XMPP_HAVE_PRESENCE
#include <xmpp/xep/presence.h>
#endif

static void use_at_first(struct us *us)
{
    (void)us;
#ifdef XMPP_HAVE_CAPS
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_caps), 0, "caps in use");
#endif
#ifdef XMPP_HAVE_PRESENCE
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_presence), 0, "presence in use");
#endif
}

int main(int argc, char **argv)
{
    struct us us = {0};

    if (argc != 6)
        bail("usage");
    us.ctx = xmpp_ctx_new(NULL, NULL);
    us.bare = argv[3];
    us.peer = argv[5];
    us.domain = strchr(us.bare, '@') + 1;
    us_begin(&us, argv, "us", use_at_first);
    xmpp_send_take(us.conn, xmpp_presence_new(us.ctx));
    test_uploads(&us, argv[2]);
    test_private(&us);
    test_profile(&us);
    test_social(&us);
    test_machines(&us);
    test_services(&us);
    test_registration(&us, argv);
    us_end(&us);
    xmpp_ctx_free(us.ctx);
    return done_testing();
}
