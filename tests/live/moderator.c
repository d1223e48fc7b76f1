/* moderator.c - rooms for moderators, admins and owners, and what an account
 * keeps about rooms, on a real server, with slixmpp at the other end
 * (moderator.py).
 *
 * usage: moderator PORT CA-FILE JID PASSWORD COUNTERPART OTHER SERVICE */

#include "live/moderator.h"

#include <xmpp/xep/caps.h>
#include <xmpp/xep/presence.h>

/* Messages to our bare address come to us, and not to our other client. */
static void use_first(struct us *us)
{
    xmpp_presence_t own;

    is_int(xmpp_conn_use(us->conn, &xmpp_mod_caps), 0, "caps in use");
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_presence), 0, "presence in use");
    XMPP_INIT(xmpp_presence, own);
    own.priority = 10;
    is_int(xmpp_presence_set(us->conn, &own), 0, "we are available");
    use_nodes(us);
}

int main(int argc, char **argv)
{
    struct us us = {0};

    if (argc != 8)
        bail("usage");
    us.ctx = xmpp_ctx_new(NULL, NULL);
    us.bare = argv[3];
    us.peer = argv[5];
    us.domain = strchr(us.bare, '@') + 1;
    us_begin(&us, argv, "us", use_first);
    test_rooms(&us, argv[7]);
    test_bookmarks(&us, argv[6]);
    test_marks(&us, argv[6]);
    us_end(&us);
    xmpp_ctx_free(us.ctx);
    return done_testing();
}
