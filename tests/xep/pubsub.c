/* pubsub.c - events of nodes, as rows of modules get them: whose, in which
 * order, and what becomes of the rest if the connection goes meanwhile. */

#include <xmpp/xep/pep.h>

#include "conn/diary.h"

#define OWN "guest@example.org"
#define EVENT(from, content)                                                   \
    "<message from='" from "' id='1'><event "                                  \
    "xmlns='http://jabber.org/protocol/pubsub#event'>" content                 \
    "</event></message>"
#define ITEM(id) "<item id='" id "'><n xmlns='urn:n' n='" id "'/></item>"

static struct testbed testbed;
static bool releases; /* the next row does */

/* ---- a module with rows for nodes -------------------------------- */

struct number {
    size_t size;
    long n;
};

static const xmpp_field_t number_fields[] = {
    XMPP_ATTR_MUST(struct number, n, NUMBER, "n")};
static XMPP_PAYLOAD(number, struct number, "n", "urn:n", number_fields);

static int on_node(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    static const char *const events[] = {"published", "retracted", "purged",
                                         "deleted"};
    const struct number *value = in->value;

    (void)state;
    diary_add("%s(%s %s %ld)", events[in->item_event], in->node,
              in->item ? in->item : "-", value ? value->n : -1);
    if (releases && testbed.conn) {
        testbed.conn = NULL;
        xmpp_conn_release(conn);
    }
    return 0;
}

static int on_own(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    (void)state;
    diary_add("own(%s)", in->item);
    return 0;
}

/* As the module of the roster does. */
static int is_contact(xmpp_conn_t *conn, const xmpp_jid_t *jid, void *state)
{
    char buffer[XMPP_JID_BUFFER_SIZE];

    (void)conn;
    (void)state;
    snprintf(buffer, sizeof(buffer), "%.*s", (int)jid->local_size, jid->text);
    return !strcmp(buffer, "friend");
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_pep),
    XMPP_NODE(XMPP_SENDER_ANYONE, XMPP_NOTIFY, "urn:n", &number, on_node),
    XMPP_NODE(XMPP_SENDER_ACCOUNT, 0, "urn:n", NULL, on_own),
    XMPP_KNOWS(XMPP_SENDER_SEEN, is_contact), XMPP_ROWS_END};
static XMPP_MODULE(reader, "reader", 0, rows);

static void on_event(xmpp_conn_t *conn, const xmpp_event_t *event,
                     void *userdata)
{
    const xmpp_pubsub_event_t *value = event->value;

    (void)conn;
    (void)userdata;
    is_int(event->payload == &xmpp_pubsub_event, 1, "  by its table");
    diary_add("%s(%s)", event->name, value->id ? value->id : "-");
}

static void begin(void)
{
    diary_begin(&testbed);
    releases = false;
    is_int(xmpp_conn_use(testbed.conn, &reader), 0, "in use");
    is_int(xmpp_conn_watch(testbed.conn, &xmpp_mod_pubsub, on_event, NULL), 0,
           "watched");
    diary_login(&testbed);
}

/* ---- whose events, and which ------------------------------------- */

static const struct {
    const char *what, *text, *heard;
} events[] = {
    {"of our account", EVENT(OWN, "<items node='urn:n'>" ITEM("1") "</items>"),
     "published(urn:n 1 1) own(1) published(1)"},
    {"of a contact",
     EVENT("friend@b.example", "<items node='urn:n'>" ITEM("2") "</items>"),
     "published(urn:n 2 2) published(2)"},
    {"of a stranger",
     EVENT("foe@b.example", "<items node='urn:n'>" ITEM("3") "</items>"), ""},
    {"of another node",
     EVENT(OWN, "<items node='urn:other'>" ITEM("4") "</items>"),
     "published(4)"},
    {"two, one of them gone",
     EVENT("friend@b.example",
           "<items node='urn:n'>" ITEM("5") "<retract id='6'/></items>"),
     "published(urn:n 5 5) published(5) retracted(urn:n 6 -1) retracted(6)"},
    {"purged", EVENT("friend@b.example", "<purge node='urn:n'/>"),
     "purged(urn:n - -1) purged(-)"},
    {"deleted", EVENT("friend@b.example", "<delete node='urn:n'/>"),
     "deleted(urn:n - -1) deleted(-)"},
    {"with a content that is not what the row reads",
     EVENT(
         "friend@b.example",
         "<items node='urn:n'><item id='7'><n xmlns='urn:n'/></item></items>"),
     "published(7)"},
    {"without a content",
     EVENT("friend@b.example", "<items node='urn:n'><item id='8'/></items>"),
     "published(urn:n 8 -1) published(8)"},
};

static void delivered(void)
{
    begin();
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        diary_hear(&testbed, events[i].text);
        diary_is(events[i].heard, events[i].what);
    }
    diary_cut(&testbed);
    testbed_free(&testbed, "events");
}

/* What is left of the message is delivered to nobody. */
static void released(void)
{
    begin();
    releases = true;
    diary_hear(&testbed, EVENT("friend@b.example",
                               "<items node='urn:n'>" ITEM("1")
                                   ITEM("2") "</items><purge node='urn:n'/>"));
    ok(!testbed.conn, "the connection is released in a row");
    diary_is("published(urn:n 1 1)", "nobody gets the rest");
    testbed_free(&testbed, "released");
}

/* A component subscribes as the address that speaks. */
static void of_a_component(void)
{
    static const char *const script[] = {
        "C <stream:stream",
        "C >",
        "S <?xml version='1.0'?><stream:stream "
        "xmlns='jabber:component:accept' "
        "xmlns:stream='http://etherx.jabber.org/streams' id='s1' "
        "from='d.example'>",
        "C </handshake>",
        "S <handshake/>",
        "C from=\"bot@d.example\"",
        "C <subscribe node=\"n\" jid=\"bot@d.example\"/></pubsub></iq>",
        "S <message from='p.example' to='bot@d.example'><event "
        "xmlns='http://jabber.org/protocol/pubsub#event'>"
        "<items node='urn:n'>" ITEM("1") "</items></event></message>",
        "eof",
        NULL};

    testbed_make_virtual(&testbed);
    releases = false;
    xmpp_conn_use(testbed.conn, &reader);
    xmpp_conn_set_jid(testbed.conn, "d.example");
    xmpp_conn_set_pass(testbed.conn, "secret");
    testbed_serve(&testbed, script);
    xmpp_connect_component(testbed.conn, "127.0.0.1", 5347, testbed_handler,
                           &testbed);
    testbed_until(&testbed, &testbed.ups, 1, "a component");
    xmpp_conn_send_as(testbed.conn, "bot@d.example");
    is_int(xmpp_pubsub_subscribe(testbed.conn, "p.example", "n", NULL, NULL,
                                 NULL, NULL),
           0, "subscribes");
    for (int i = 0; i < 20; i++)
        xmpp_run_once(testbed.ctx, 0);
    diary_is("published(urn:n 1 1)", "and gets the events");
    xmpp_conn_drop(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "a component");
    testbed_free(&testbed, "a component");
}

int main(void)
{
    delivered();
    released();
    of_a_component();
    return done_testing();
}
