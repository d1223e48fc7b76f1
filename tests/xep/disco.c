/* disco.c - service discovery where a function of the application answers,
 * where rows of modules declare, and on a component with many addresses. */

#include <xmpp/xep/disco.h>

#include "conn/diary.h"

static struct testbed testbed;
static bool releases, removes;
static char first[] = "first", second[] = "second";

#define ASK(id, to, ns, node)                                                  \
    "<iq type='get' id='" id "' from='juliet@example.org/r' to='" to           \
    "'><query xmlns='http://jabber.org/protocol/disco#" ns "'" node "/></iq>"
#define ANSWER(id, ns, rest)                                                   \
    "<iq type=\"result\" id=\"" id "\" to=\"juliet@example.org/r\">"           \
    "<query xmlns=\"http://jabber.org/protocol/disco#" ns "\"" rest "</iq>"
#define ME "guest@example.org/r"

/* ---- an application that answers --------------------------------- */

static int on_node(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                   xmpp_stanza_t *query, void *userdata)
{
    xmpp_disco_item_t item;
    char buffer[XMPP_JID_BUFFER_SIZE];

    diary_add("%s:%d", (const char *)userdata,
              in->from && in->from->local_size == 6);
    if (releases) {
        xmpp_conn_release(conn);
        testbed.conn = NULL;
        return 1;
    }
    if (removes)
        xmpp_disco_remove_node(conn, "n");
    if (strcmp(xmpp_stanza_get_ns(query), XMPP_NS_DISCO_ITEMS) != 0)
        return 0;
    XMPP_INIT(xmpp_disco_item, item);
    xmpp_jid_parse("a.example.org", (size_t)-1, XMPP_JID_STRICT, buffer,
                   &item.jid, NULL);
    xmpp_payload_add(query, &xmpp_disco_item, &item);
    return 1;
}

static void begin(void)
{
    releases = removes = false;
    diary_begin(&testbed);
    is_int(xmpp_conn_use(testbed.conn, &xmpp_mod_disco), 0, "in use");
}

static void log_in(void)
{
    diary_login(&testbed);
    memory_server_take(testbed.server, memory_server_sent(testbed.server).n);
}

static void nodes(void)
{
    begin();
    is_int(xmpp_disco_add_node(testbed.conn, "n", on_node, first), 0, "add");
    is_int(xmpp_disco_add_node(testbed.conn, "n", on_node, second), 0,
           "in its place");
    is_int(xmpp_disco_add_node(testbed.conn, "n", NULL, NULL), XMPP_EARG,
           "nobody answers");
    log_in();
    diary_hear(&testbed, ASK("1", ME, "items", " node='n'"));
    diary_said(&testbed,
               ANSWER("1", "items",
                      " node=\"n\"><item jid=\"a.example.org\"/>"
                      "</query>"),
               "the application answers");
    diary_is("second:1", "by the second function");
    diary_hear(&testbed, ASK("2", ME, "info", " node='n'"));
    diary_said_part(&testbed, "<item-not-found", "or does not");
    is_int(xmpp_disco_remove_node(testbed.conn, "x"), 0, "no such node");
    removes = true;
    diary_hear(&testbed, ASK("3", ME, "items", " node='n'"));
    diary_said_part(&testbed, "a.example.org", "a node removes itself");
    diary_forget();
    diary_hear(&testbed, ASK("4", ME, "items", " node='n'"));
    diary_said_part(&testbed, "<item-not-found", "and is gone");
    diary_is("", "nobody is called");
    testbed_free(&testbed, "nodes");
}

static void released(void)
{
    begin();
    xmpp_disco_add_node(testbed.conn, "n", on_node, first);
    log_in();
    releases = true;
    diary_hear(&testbed, ASK("1", ME, "info", " node='n'"));
    diary_is("first:1", "the connection is released while a node answers");
    testbed_free(&testbed, "released");
}

static void not_in_use(void)
{
    xmpp_disco_identity_t identity;

    XMPP_INIT(xmpp_disco_identity, identity);
    identity.category = identity.type = "x";
    testbed_make_virtual(&testbed);
    is_int(xmpp_disco_add_feature(testbed.conn, "x"), XMPP_EINVOP, "feature");
    is_int(xmpp_disco_add_identity(testbed.conn, &identity), XMPP_EINVOP,
           "identity");
    is_int(xmpp_disco_add_node(testbed.conn, "x", on_node, NULL), XMPP_EINVOP,
           "node");
    is_int(xmpp_disco_remove_node(testbed.conn, "x"), XMPP_EINVOP, "removed");
    ok(!xmpp_disco_get_own(testbed.conn) &&
           !xmpp_disco_get_own_items(testbed.conn, NULL),
       "nothing is there");
    xmpp_disco_changed(testbed.conn);
    testbed_free(&testbed, "not in use");
}

/* ---- rows of modules --------------------------------------------- */

static void add_form(xmpp_conn_t *conn, xmpp_stanza_t *query, void *state)
{
    xmpp_stanza_t *form = xmpp_form_new(conn, XMPP_FORM_RESULT, NULL);

    xmpp_form_set_form_type(form, "urn:x");
    if (*(int *)state)
        xmpp_form_set(form, "os", "Linux");
    xmpp_stanza_add_child_ex(query, form, 0);
}

static int on_item(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    (void)in;
    (void)state;
    return 0;
}

static const xmpp_row_t heating_rows[] = {
    XMPP_FEATURE("urn:x"),
    XMPP_FEATURE(XMPP_NS_DISCO_INFO),
    XMPP_IDENTITY("automation", "thermostat", "Heating"),
    XMPP_IDENTITY("automation", "thermostat", NULL),
    XMPP_FORM(add_form),
    XMPP_NODE(XMPP_SENDER_ANYONE, XMPP_NOTIFY, "urn:n", NULL, on_item),
    XMPP_NODE(XMPP_SENDER_ANYONE, 0, "urn:m", NULL, on_item),
    XMPP_ROWS_END};
static XMPP_MODULE(heating, "heating", sizeof(int), heating_rows);

static void on_changed(xmpp_conn_t *conn, const xmpp_event_t *event,
                       void *userdata)
{
    (void)userdata;
    diary_add("%s", event->name);
    if (releases) {
        xmpp_conn_release(conn);
        testbed.conn = NULL;
    }
}

static void rows(void)
{
    const xmpp_disco_info_t *own;

    begin();
    xmpp_conn_watch(testbed.conn, &xmpp_mod_disco_own, on_changed, NULL);
    xmpp_conn_use(testbed.conn, &heating);
    diary_is("changed", "a module that comes into use");
    own = xmpp_disco_get_own(testbed.conn);
    ok(xmpp_disco_get_own(testbed.conn) == own, "it is made once");
    is_int(own->identity_count, 1, "an identity is there once");
    ok(xmpp_disco_has_identity(own, "automation", "thermostat") &&
           xmpp_disco_has_identity(own, "automation", NULL) &&
           !xmpp_disco_has_identity(own, "automation", "x") &&
           !xmpp_disco_has_identity(own, "client", NULL),
       "that of the module");
    is_int(own->feature_count, 5, "a feature, too");
    ok(xmpp_disco_has_feature(own, "urn:x") &&
           xmpp_disco_has_feature(own, "urn:n+notify") &&
           !xmpp_disco_has_feature(own, "urn:n") &&
           !xmpp_disco_has_feature(own, "urn:m+notify"),
       "those of nodes");
    ok(xmpp_disco_get_form(own, "urn:x") && !xmpp_disco_get_form(own, "urn:y"),
       "a form");
    ok(!xmpp_form_get_text(xmpp_disco_get_form(own, "urn:x"), "os"),
       "without a value");
    *(int *)xmpp_conn_get_state(testbed.conn, &heating) = 1;
    xmpp_disco_changed(testbed.conn);
    diary_is("changed", "the form has changed");
    own = xmpp_disco_get_own(testbed.conn);
    is_str(xmpp_form_get_text(xmpp_disco_get_form(own, "urn:x"), "os"), "Linux",
           "it has one now");
    releases = true;
    is_int(xmpp_disco_add_feature(testbed.conn, "urn:z"), 0,
           "the connection is released by who watches");
    diary_is("changed", "who was called");
    testbed_free(&testbed, "rows");
}

static void nothing(void)
{
    ok(!xmpp_disco_has_feature(NULL, "x") &&
           !xmpp_disco_has_identity(NULL, "x", NULL) &&
           !xmpp_disco_get_form(NULL, "x"),
       "nothing has nothing");
}

/* ---- a component ------------------------------------------------- */

static int on_address(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                      xmpp_stanza_t *query, void *userdata)
{
    (void)conn;
    (void)userdata;
    if (in->to && in->to->local_size == strlen("room"))
        xmpp_stanza_put(xmpp_stanza_add_tag(query, "feature", NULL), "var",
                        "urn:room");
    return !in->to || in->to->local_size != strlen("nobody");
}

static void component(void)
{
    static const char *const login[] = {
        "C <stream:stream",
        "S <stream:stream xmlns='jabber:component:accept' id='s1' "
        "xmlns:stream='http://etherx.jabber.org/streams' from='c.example.org'>",
        "C <handshake>", "S <handshake/>", NULL};

    begin();
    xmpp_disco_add_node(testbed.conn, NULL, on_address, NULL);
    xmpp_conn_set_lang(testbed.conn, "de");
    xmpp_conn_set_jid(testbed.conn, "c.example.org");
    xmpp_conn_set_pass(testbed.conn, "secret");
    is_int(xmpp_connect_component(testbed.conn, "127.0.0.1", 5347,
                                  testbed_handler, &testbed),
           0, "a component");
    diary_obey(&testbed, login);
    memory_server_take(testbed.server, memory_server_sent(testbed.server).n);
    diary_hear(&testbed, ASK("1", "c.example.org", "info", ""));
    diary_said_part(&testbed,
                    "from=\"c.example.org\"><query xmlns=\"http://jabber.org/"
                    "protocol/disco#info\"><identity category=\"component\" "
                    "type=\"generic\" xml:lang=\"de\"/>",
                    "is one");
    diary_hear(&testbed, ASK("2", "room@c.example.org", "info", ""));
    diary_said_part(&testbed, "<feature var=\"urn:room\"/>", "a room is more");
    diary_hear(&testbed, ASK("3", "nobody@c.example.org", "info", ""));
    diary_said_part(&testbed, "<item-not-found", "and nobody is nobody");
    testbed_free(&testbed, "component");
}

int main(void)
{
    nodes();
    released();
    not_in_use();
    rows();
    nothing();
    component();
    return done_testing();
}
