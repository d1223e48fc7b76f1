/* muc_info.c - queries to rooms, and addresses for new ones. */

#include <xmpp/xep/muc_info.h>

#include <string.h>

#include "conn/testbed.h"

static void addresses(void)
{
    struct testbed testbed;
    xmpp_jid_t *service, *room;
    char *one, *two;

    testbed_make_virtual(&testbed);
    service = xmpp_jid_from_string(testbed.ctx, "chat.example.org", NULL);
    one = xmpp_muc_new_address(testbed.conn, service);
    two = xmpp_muc_new_address(testbed.conn, service);
    ok(one && two && strcmp(one, two) != 0, "two addresses differ: %s", one);
    room = xmpp_jid_from_string(testbed.ctx, one, NULL);
    ok(xmpp_jid_equal(room, service, XMPP_JID_DOMAIN), "at the service");
    ok(room->local_size >= 16 && !room->resource_size, "with a localpart");
    ok(!xmpp_muc_new_address(testbed.conn, NULL), "none without a service");
    ok(!xmpp_muc_new_address(NULL, service), "nor without a connection");
    xmpp_free(testbed.ctx, room);
    xmpp_free(testbed.ctx, one);
    xmpp_free(testbed.ctx, two);
    xmpp_free(testbed.ctx, service);
    testbed_free(&testbed, "addresses");
}

static void queries(void)
{
    struct testbed testbed;
    xmpp_jid_t *occupant;
    xmpp_stanza_t *iq;

    testbed_make_virtual(&testbed);
    occupant = xmpp_jid_from_string(testbed.ctx, "cave@chat.example/me", NULL);
    iq = xmpp_muc_make_query(testbed.conn, occupant, "get", "urn:q");
    is_str(xmpp_stanza_get_to(iq), "cave@chat.example", "a query to a room");
    is_str(xmpp_stanza_get_ns(xmpp_stanza_get_children(iq)), "urn:q",
           "with an element of this namespace");
    xmpp_stanza_release(iq);
    iq = xmpp_muc_make_query(testbed.conn, NULL, "set", "urn:q");
    is_str(xmpp_stanza_get_to(iq), "", "without a room it is not to us");
    xmpp_stanza_release(iq);
    iq = xmpp_muc_make_iq(testbed.conn, occupant, "set");
    ok(!xmpp_stanza_get_children(iq), "one without content");
    xmpp_stanza_release(iq);
    ok(!xmpp_muc_make_query(NULL, occupant, "get", "urn:q"), "nor by nobody");
    xmpp_free(testbed.ctx, occupant);
    testbed_free(&testbed, "queries");
}

int main(void)
{
    queries();
    addresses();
    return done_testing();
}
