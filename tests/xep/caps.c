/* caps.c - the capabilities of a crowd: how many are queried, how much is kept,
 * what a store has of it, and a connection that is released meanwhile. */

#include "xep/caps_testbed.h"

/* ---- a crowd ----------------------------------------------------- */

static void makes_five(void)
{
    char who[20];

    crowd_begin();
    crowd_use();
    crowd_log_in();
    for (int i = 0; i < 500; i++) {
        snprintf(who, sizeof(who), "p%d", i);
        crowd_hear(who, i % 5, 1);
    }
    is_int(crowd_queries(), 5,
           "500 presences with five hashes make five queries");
    for (int i = 0; i < 5; i++)
        crowd_answer(i, 1);
    is_int(crowd.known, 500, "and all are known");
    is_int(crowd_queries(), 0, "nobody else is queried");
    is_int(crowd.store.count, 5, "five answers are in the store");
    crowd_end("crowd");
}

/* What was learned is known in the next run. */
static void next_run(void)
{
    struct talk_store kept;

    crowd_begin();
    crowd_use();
    crowd_log_in();
    crowd_hear("a", 0, 1);
    crowd_turn();
    crowd_answer(0, 1);
    is_int(crowd.store.count, 1, "it is in the store");
    kept = crowd.store;
    testbed_free(&crowd.testbed, "first run");
    diary_begin(&crowd.testbed);
    crowd.store = kept;
    crowd.store.store.userdata = &crowd.store;
    crowd.known = 0;
    talk_store_put(&crowd.store, "", "caps", "ver:sha-1:AAAA",
                   "<query xmlns='http://jabber.org/protocol/disco#info'/>",
                   54);
    talk_store_put(&crowd.store, "", "caps", "nonsense", "<nonsense", 9);
    talk_store_put(&crowd.store, "", "caps", "jid:a@b:c", "<nonsense", 9);
    xmpp_conn_set_store(crowd.testbed.conn, &crowd.store.store);
    crowd_use();
    is_int(crowd.store.count, 1, "what does not fit is removed from it");
    crowd_log_in();
    crowd_hear("b", 0, 1);
    is_int(crowd_queries(), 0, "in the next run it is not queried");
    is_int(crowd.known, 1, "but known");
    crowd_end("next run");
}

static void failing_store(void)
{
    crowd_begin();
    crowd.store.fails = true;
    crowd_use();
    crowd_log_in();
    crowd_hear("a", 0, 1);
    crowd_turn();
    crowd_answer(0, 1);
    ok(crowd.known == 1 && crowd_has("a", 0),
       "a store that fails: it goes on without");
    crowd_end("failing store");
}

/* ---- limits ------------------------------------------------------ */

static void limited_queries(void)
{
    char who[20];

    crowd_begin();
    crowd_use();
    is_int(xmpp_conn_get_limit(crowd.testbed.conn, &xmpp_mod_caps, "queries"),
           20, "the usual limit");
    xmpp_conn_set_limit(crowd.testbed.conn, &xmpp_mod_caps, "queries", 2);
    crowd_log_in();
    for (int i = 0; i < 4; i++) {
        snprintf(who, sizeof(who), "p%d", i);
        crowd_hear(who, i, 1);
    }
    is_int(crowd_queries(), 2, "two queries are open, two wait");
    crowd_answer(0, 1);
    is_int(crowd_queries(), 2, "one is open yet, and the third");
    diary_hear(&crowd.testbed, "<presence from='p3@example.org/r' "
                               "type='unavailable'/>");
    crowd_answer(1, 1);
    crowd_answer(2, 1);
    is_int(crowd_queries(), 0, "who is gone is not queried");
    is_int(crowd.known, 3, "the others are known");
    crowd_end("limited queries");
}

/* The application has as many requests open as there may be. */
static void no_request(void)
{
    crowd_begin();
    crowd_use();
    xmpp_conn_set_option(crowd.testbed.conn, XMPP_OPT_MAX_REQUESTS, 1);
    crowd_log_in();
    crowd_hear("a", 0, 1);
    crowd_hear("b", 1, 1);
    is_int(crowd_queries(), 1, "one request can be open");
    crowd_answer(0, 1);
    crowd_hear("b", 1, 1);
    is_int(crowd_queries(), 1,
           "the other one is queried when it is heard again");
    crowd_answer(1, 1);
    is_int(crowd.known, 2, "both are known");
    crowd_end("no request");
}

static void limited_hashes(void)
{
    crowd_begin();
    crowd_use();
    xmpp_conn_set_limit(crowd.testbed.conn, &xmpp_mod_caps_cache, "hashes", 2);
    crowd_log_in();
    for (int i = 0; i < 3; i++) {
        char who[20];

        snprintf(who, sizeof(who), "p%d", i);
        crowd_hear(who, i, 1);
        crowd_turn();
        crowd_answer(i, 1);
    }
    ok(!crowd_has("p0", 0) && crowd_has("p1", 1) && crowd_has("p2", 2),
       "the oldest answer makes room");
    is_int(crowd.store.count, 2, "in the store, too");
    crowd_hear("p0", 0, 1);
    is_int(crowd_queries(), 1, "it is queried again");
    crowd_answer(0, 1);
    ok(crowd_has("p0", 0) && !crowd_has("p1", 1), "and known again");
    is_int(crowd.known, 3, "which is nothing new");
    is_int(crowd.changed, 0, "and no change");
    xmpp_conn_set_limit(crowd.testbed.conn, &xmpp_mod_caps_cache, "hashes", 1);
    crowd_hear("p1", 1, 1);
    crowd_turn();
    crowd_answer(1, 1);
    ok(!crowd_has("p0", 0) && crowd_has("p1", 1) && crowd.store.count == 1,
       "a lower limit holds from the next answer on");
    crowd_end("limited hashes");
}

static void limited_octets(void)
{
    crowd_begin();
    crowd_use();
    xmpp_conn_set_limit(crowd.testbed.conn, &xmpp_mod_caps_cache, "octets",
                        1000);
    crowd_log_in();
    crowd_hear("a", 0, 800);
    crowd_turn();
    crowd_answer(0, 800);
    ok(crowd_has("a", 0), "an answer of up to 1000 octets");
    crowd_hear("b", 0, 1001);
    crowd_turn();
    crowd_answer(0, 1001);
    ok(!crowd_has("b", 0), "and not of more");
    crowd_end("limited octets");
}

static void limited_contacts(void)
{
    crowd_begin();
    crowd_use();
    xmpp_conn_set_limit(crowd.testbed.conn, &xmpp_mod_caps, "contacts", 2);
    crowd_log_in();
    crowd_hear("a", 0, 1);
    crowd_turn();
    crowd_answer(0, 1);
    crowd_hear("b", 0, 1);
    crowd_hear("a", 0, 1);
    crowd_hear("c", 0, 1);
    is_int(crowd_queries(), 0, "nobody is queried");
    ok(crowd_has("a", 0) && !crowd_has("b", 0) && crowd_has("c", 0),
       "the one of whom nothing was heard is forgotten");
    crowd_end("limited contacts");
}

/* ---- the server -------------------------------------------------- */

#define SERVER_HASH "BWh2vvI7VzPaZFoQWLsh53vnmCB3Fk4/B/KmQPZzJ5E="

/* In the stream features, by both specifications: queried once. */
static void server(void)
{
    static const char *const login[] = {
        "C <stream:stream",
        "C >",
        "S " PEER_HEADER PEER_SASL,
        "C ANONYMOUS",
        "C >",
        "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        "C <stream:stream",
        "C >",
        "S " PEER_HEADER "<stream:features>"
        "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
        "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:s' "
        "ver='SeGolBEtL4Hd3bS2SQ7B27sFUOg='/><c xmlns='urn:xmpp:caps'>"
        "<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>" SERVER_HASH
        "</hash></c></stream:features>",
        "C </iq>",
        "S <iq type='result' id='%id%'><bind "
        "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
        "<jid>guest@example.org/r</jid></bind></iq>",
        NULL};
    char buffer[XMPP_JID_BUFFER_SIZE], sent[1000], id[100], text[1000];
    xmpp_jid_t jid;

    crowd_begin();
    crowd_use();
    testbed_connect_again(&crowd.testbed);
    diary_obey(&crowd.testbed, login);
    snprintf(sent, sizeof(sent), "%.*s",
             STR_ARG(memory_server_sent(crowd.testbed.server)));
    is_int(crowd_queries(), 1, "the server's features have its hash");
    ok(strstr(sent, "to=\"example.org\"") &&
           strstr(sent, "node=\"urn:xmpp:caps#sha-256." SERVER_HASH "\""),
       "the server is queried");
    crowd_attribute(sent, " id=\"", id);
    snprintf(text, sizeof(text),
             "<iq type='result' id='%s' from='example.org'><query "
             "xmlns='http://jabber.org/protocol/disco#info'><identity "
             "category='server' type='im' name='S'/><feature var='urn:s'/>"
             "</query></iq>",
             id);
    diary_hear(&crowd.testbed, text);
    xmpp_jid_parse("example.org", (size_t)-1, XMPP_JID_STRICT, buffer, &jid,
                   NULL);
    ok(xmpp_caps_has(crowd.testbed.conn, &jid, "urn:s"),
       "and known by its domain");
    crowd_end("server");
}

/* ---- the end ----------------------------------------------------- */

static void released(void)
{
    crowd_begin();
    crowd_use();
    crowd_log_in();
    crowd_hear("a", 0, 1);
    crowd_hear("b", 0, 1);
    crowd_hear("c", 0, 1);
    crowd_turn();
    crowd.releases = true;
    crowd_answer(0, 1);
    is_int(crowd.known, 1, "the connection is released in the first event");
    crowd_end("released");
}

/* Queries are open when the connection goes. */
static void cut_off(void)
{
    crowd_begin();
    crowd_use();
    crowd_log_in();
    crowd_hear("a", 0, 1);
    crowd_hear("b", 0, 1);
    crowd_turn();
    diary_cut(&crowd.testbed);
    ok(!crowd_has("a", 0), "nothing is known");
    crowd_log_in();
    crowd_hear("b", 0, 1);
    is_int(crowd_queries(), 1, "the next session begins anew");
    crowd_end("cut off");
}

int main(void)
{
    makes_five();
    next_run();
    failing_store();
    limited_queries();
    no_request();
    limited_hashes();
    limited_octets();
    limited_contacts();
    server();
    released();
    cut_off();
    return done_testing();
}
