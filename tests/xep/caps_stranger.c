/* caps_stranger.c - the capabilities of strangers: how many are queried, and
 * whom they push out. */

#include "xep/caps_testbed.h"

/* The list of contacts has everybody whose name begins with "c". */
static int is_contact(xmpp_conn_t *conn, const xmpp_jid_t *jid, void *state)
{
    (void)conn;
    (void)state;
    return jid->local_size && *jid->text == 'c';
}

static const xmpp_row_t list_rows[] = {
    XMPP_KNOWS(XMPP_SENDER_CONTACT, is_contact), XMPP_ROWS_END};
static XMPP_MODULE(list, "list", 0, list_rows);

static void begin_with_list(void)
{
    crowd_begin();
    crowd_use();
    xmpp_conn_use(crowd.testbed.conn, &list);
    crowd_log_in();
}

static void hear_crowd(char first, int from, int to, int programs)
{
    char who[20];

    for (int i = from; i < to; i++) {
        snprintf(who, sizeof(who), "%c%d", first, i);
        crowd_hear(who, i % programs, 1);
    }
}

/* Strangers, too, make five queries; but not as many as they like. */
static void crowd_of_strangers(void)
{
    begin_with_list();
    hear_crowd('s', 0, 500, 5);
    is_int(crowd_queries(), 5,
           "500 strangers with five hashes make five queries");
    for (int i = 0; i < 5; i++)
        crowd_answer(i, 1);
    is_int(crowd.known, 500, "and all are known");
    hear_crowd('s', 505, 520, 600);
    is_int(crowd_queries(), 5, "ten queries to strangers in a minute");
    hear_crowd('c', 600, 610, 700);
    is_int(crowd_queries(), 15, "contacts do not count");
    crowd_end("strangers");
}

/* One of a contact and one of a stranger: the contact is queried. */
static void contact_first(void)
{
    begin_with_list();
    xmpp_conn_set_limit(crowd.testbed.conn, &xmpp_mod_caps, "queries", 1);
    crowd_hear("s0", 0, 1);
    crowd_turn();
    crowd_hear("c1", 1, 1);
    crowd_hear("s1", 1, 1);
    crowd_forget();
    crowd_turn();
    diary_hear(&crowd.testbed, "<presence from='s0@example.org/r' "
                               "type='unavailable'/>");
    xmpp_conn_set_limit(crowd.testbed.conn, &xmpp_mod_caps, "queries", 20);
    crowd_hear("s1", 1, 1);
    crowd_turn();
    ok(strstr(memory_server_sent(crowd.testbed.server).s,
              "to=\"c1@example.org/r"),
       "a contact is queried rather than a stranger");
    crowd_end("contact first");
}

/* They push nobody out. */
static void many_strangers(void)
{
    begin_with_list();
    xmpp_conn_set_limit(crowd.testbed.conn, &xmpp_mod_caps, "contacts", 3);
    xmpp_conn_set_limit(crowd.testbed.conn, &xmpp_mod_caps, "strangers", 2);
    xmpp_conn_set_limit(crowd.testbed.conn, &xmpp_mod_caps_cache, "hashes", 1);
    crowd_hear("c0", 0, 1);
    crowd_turn();
    crowd_answer(0, 1);
    hear_crowd('s', 0, 9, 1);
    crowd_turn();
    is_int(crowd.known, 3, "as many strangers as there may be");
    ok(crowd_has("c0", 0) && crowd_has("s1", 0) && !crowd_has("s2", 0),
       "the first ones");
    ok(!xmpp_caps_cache_has_room(crowd.testbed.conn), "the cache is full");
    crowd_hear("s0", 1, 1);
    is_int(crowd_queries(), 1, "another program of a stranger");
    crowd_answer(1, 1);
    ok(crowd_has("c0", 0) && !crowd_has("s0", 1), "pushes out no answer");
    crowd_hear("c1", 0, 1);
    crowd_hear("c2", 0, 1);
    crowd_turn();
    ok(crowd_has("c1", 0) && crowd_has("c2", 0), "contacts find room");
    crowd_end("many strangers");
}

static void no_strangers(void)
{
    begin_with_list();
    xmpp_conn_set_limit(crowd.testbed.conn, &xmpp_mod_caps_stranger, "queries",
                        0);
    crowd_hear("s0", 0, 1);
    is_int(crowd_queries(), 0, "strangers are not queried");
    crowd_hear("c0", 0, 1);
    crowd_turn();
    crowd_answer(0, 1);
    ok(crowd_has("s0", 0), "but known, where the answer is");
    crowd_end("no strangers");
}

int main(void)
{
    crowd_of_strangers();
    contact_first();
    many_strangers();
    no_strangers();
    return done_testing();
}
