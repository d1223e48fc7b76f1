/* extensions_disco.c - service discovery and capabilities, both ways. */

#include "live/extensions.h"

#ifdef XMPP_HAVE_DISCO
#include <xmpp/xep/disco.h>

/* jabberd2 answers itself what is asked of its clients. */
static void between_clients(struct us *us)
{
    struct outcome o = {0};

    us_ends(us, &o,
            xmpp_disco_get_info(us->conn, us->peer, NULL, on_outcome, &o), 0,
            "\"urn:xmpp:ping\"", "the counterpart says what it can do");
    us_ends(
        us, &o,
        xmpp_disco_get_info(us->conn, us->peer, "no-such-node", on_outcome, &o),
        XMPP_ESTANZA, NULL, "it has no such node");
    us_order_until(us, "urn:example:us", "features");
    ok(strncmp(us_order(us, "features no-such-node"), "error ", 6) == 0,
       "we have no such node either: %s", us->answer);
}

static void disco(struct us *us)
{
    struct outcome o = {0};
    xmpp_disco_item_t item;

    is_int(xmpp_conn_use(us->conn, &xmpp_mod_disco), 0, "disco in use");
    us_ends(us, &o,
            xmpp_disco_get_info(us->conn, us->domain, NULL, on_outcome, &o), 0,
            "category: \"server\"", "the server says what it is");
    us_ends(
        us, &o,
        xmpp_disco_get_items(us->conn, us->domain, NULL, NULL, on_outcome, &o),
        0, NULL, "and what it has");
    is_int(xmpp_disco_add_feature(us->conn, "urn:example:us"), 0, "a feature");
    XMPP_INIT(xmpp_disco_item, item);
    xmpp_jid_parse(us->domain, (size_t)-1, XMPP_JID_STRICT,
                   (char[XMPP_JID_BUFFER_SIZE]){0}, &item.jid, NULL);
    item.node = "heating";
    is_int(xmpp_disco_add_item(us->conn, &item), 0, "an item");
    is_str(us_order(us, "items"), "heating", "which the counterpart gets");
    if (!us->is_poor)
        between_clients(us);
}
#endif

#ifdef XMPP_HAVE_CAPS
#include <xmpp/xep/caps.h>

static void on_caps(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    struct us *us = userdata;
    const xmpp_caps_contact_t *contact = event->value;
    size_t n;
    const char *full;

    (void)conn;
    full = xmpp_jid_view(&contact->jid, XMPP_JID_FULL, &n);
    if (n == strlen(us->peer) && memcmp(full, us->peer, n) == 0)
        us->caps++;
}

static void caps(struct us *us)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t peer;

    xmpp_jid_parse(us->peer, (size_t)-1, XMPP_JID_STRICT, room, &peer, NULL);
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_caps), 0, "caps in use");
    xmpp_conn_watch(us->conn, &xmpp_mod_caps, on_caps, us);
    /* it sends its presence to us alone, and so do we to it */
    is_str(us_order(us, "greet"), "ok", "the counterpart sends its presence");
    us_await(us, &us->caps, 1, "whose hash is looked up");
    ok(xmpp_caps_has(us->conn, &peer, "urn:xmpp:ping"), "it knows pings");
    ok(!xmpp_caps_has(us->conn, &peer, "urn:example:us"), "but not us");
    xmpp_conn_unwatch(us->conn, &xmpp_mod_caps, on_caps, us);
}
#endif

void test_disco(struct us *us)
{
#ifdef XMPP_HAVE_DISCO
    disco(us);
#endif
#ifdef XMPP_HAVE_CAPS
    if (!us->is_poor)
        caps(us);
#endif
    (void)us;
}
