/* modules_unwrap.c - who sent it, as rows see it; and what is in envelopes and
 * nodes. */

#include "conn/diary.h"

#define OWN "guest@example.org"

static struct testbed testbed;

/* ---- the modules under test -------------------------------------- */

#define EVERY_SENDER                                                           \
    (XMPP_SENDER_ANYONE | XMPP_SENDER_OWN | XMPP_SENDER_ACCOUNT |              \
     XMPP_SENDER_SERVER | XMPP_SENDER_CONTACT | XMPP_SENDER_ROOM)

static void release(void)
{
    xmpp_conn_t *conn = testbed.conn;

    testbed.conn = NULL;
    xmpp_conn_release(conn);
}

static int on_all(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    (void)state;
    diary_add("all(%s %u via %d)", xmpp_stanza_get_id(in->message), in->sender,
              (int)in->via);
    ok(!in->from == !xmpp_stanza_get_from(in->message), "the sender is read");
    ok(!in->to == !xmpp_stanza_get_to(in->message), "and who it is for");
    if (in->from && in->to && in->from->text[0] == 'o')
        ok(in->to->text[0] == 't', "each in a place of its own");
    is_str(xmpp_stanza_get_name(in->stanza), "message", "as it came");
    return 0;
}

static int on_live(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    (void)state;
    diary_add("live(%s)", xmpp_stanza_get_id(in->message));
    return 0;
}

/* The envelope says how often it hands on what is in it, and whether it is one
 * at all. */
static int on_wrap(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const char *how = xmpp_stanza_get_attribute(in->element, "how");

    (void)state;
    diary_add("wrap");
    if (how && !strcmp(how, "not"))
        return 0;
    if (how && !strcmp(how, "kept"))
        return 1;
    if (how && !strcmp(how, "late"))
        release();
    xmpp_inbound_unwrap(conn, in, xmpp_stanza_get_children(in->element),
                        XMPP_VIA_ARCHIVE);
    return 0;
}

static int on_items(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    xmpp_stanza_t *item = xmpp_stanza_get_children(in->element);

    (void)state;
    diary_add("%d rows",
              xmpp_inbound_item(
                  conn, in, xmpp_stanza_get_attribute(in->element, "node"),
                  xmpp_stanza_get_id(item), xmpp_stanza_get_children(item),
                  XMPP_ITEM_PUBLISHED));
    return 0;
}

static int on_node(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const char *name = xmpp_stanza_get_name(in->element);

    (void)conn;
    (void)state;
    diary_add("node(%s %s %s)", in->node, in->item, name ? name : "-");
    return 0;
}

static int many; /* elements of one stanza */

static int on_many(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    (void)in;
    (void)state;
    many++;
    return 0;
}

static int knows(xmpp_conn_t *conn, const xmpp_jid_t *jid, void *state)
{
    int *calls = state;

    (void)conn;
    ++*calls;
    return jid->text[0] == 'f'; /* friend@... */
}

static const xmpp_row_t rows[] = {
    XMPP_WRAP(XMPP_SENDER_ANYONE, "urn:wrap", "wrap", on_wrap),
    XMPP_MESSAGE(EVERY_SENDER, XMPP_ALL, NULL, NULL, NULL, on_all),
    XMPP_MESSAGE(XMPP_SENDER_CONTACT, XMPP_LIVE, "urn:live", NULL, NULL,
                 on_live),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, "urn:items", "items", NULL,
                 on_items),
    XMPP_MESSAGE(XMPP_SENDER_ASKED, XMPP_LIVE, "urn:asked", NULL, NULL,
                 on_live),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, "urn:many", NULL, NULL,
                 on_many),
    XMPP_NODE(XMPP_SENDER_ANYONE, 0, "n", NULL, on_node),
    XMPP_NODE(XMPP_SENDER_OWN, 0, "n", NULL, on_node),
    XMPP_KNOWS(XMPP_SENDER_CONTACT, knows),
    XMPP_ROWS_END};
static XMPP_MODULE(mod, "mod", sizeof(int), rows);

static void begin(void)
{
    diary_begin(&testbed);
    xmpp_conn_use(testbed.conn, &mod);
    diary_login(&testbed);
}

/* ---- senders ----------------------------------------------------- */

#define WRAPPED(attributes, rest)                                              \
    "<wrap xmlns='urn:wrap'><message xmlns='jabber:client' "                   \
    "id='i'" attributes ">" rest "</message></wrap>"
#define INNER(attributes, rest) WRAPPED(attributes, rest) "</message>"
#define THREE(rest) WRAPPED("", WRAPPED("", WRAPPED("", rest)))

static const struct row {
    const char *text, *diary;
} plays[] = {
    /* who sent it */
    {"<message id='m'/>", "all(m 15 via 0)"},
    {"<message id='m' from='" OWN "' to='a@b'/>", "all(m 15 via 0)"},
    {"<message id='m' from='GUEST@example.org'/>", "all(m 15 via 0)"},
    {"<message id='m' from='" OWN "/other'/>", "all(m 3 via 0)"},
    {"<message id='m' from='example.org'/>", "all(m 9 via 0)"},
    {"<message id='m' from='friend@x/r'/>", "all(m 33 via 0)"},
    {"<message id='m' from='One@X' to='Two@Y'/>", "all(m 1 via 0)"},
    {"<message id='m' from='mallory@x/r'/>", "all(m 1 via 0)"},
    {"<message id='m' from='" OWN ".evil'/>", "all(m 1 via 0)"},
    {"<message id='m' from='friend@x'><l xmlns='urn:live'/></message>",
     "all(m 33 via 0) live(m)"},
    {"<message id='m' from='mallory@x'><l xmlns='urn:live'/></message>",
     "all(m 1 via 0)"},
    {"<message id='m'><l xmlns='urn:live'/></message>", "all(m 15 via 0)"},
    /* what our account hands on */
    {"<message id='m'>" INNER(" from='friend@x/r' to='a@b'", ""),
     "wrap all(i 33 via 3)"},
    {"<message id='m'>" INNER("", ""), "wrap all(i 15 via 3)"},
    {"<message id='m' from='" OWN "'>" INNER(" from='" OWN "/o'", ""),
     "wrap all(i 3 via 3)"},
    {"<message id='m'>" INNER(" from='friend@x'", "<l xmlns='urn:live'/>"),
     "wrap all(i 33 via 3)"},
    {"<message id='m'><wrap xmlns='urn:wrap' how='not'/></message>",
     "wrap all(m 15 via 0)"},
    {"<message id='m'><wrap xmlns='urn:wrap' how='kept'/></message>", "wrap"},
    /* what others hand on */
    {"<message id='m' from='mallory@x'>" INNER(" from='" OWN "'", ""),
     "wrap all(i 1 via 3)"},
    {"<message id='m' from='mallory@x'>" INNER(" from='friend@x'", ""),
     "wrap all(i 1 via 3)"},
    {"<message id='m' from='friend@x'>" INNER(" from='friend@x/b'", ""),
     "wrap all(i 33 via 3)"},
    {"<message id='m' from='friend@x/a'>" INNER(" from='friend@x/a'", ""),
     "wrap all(i 33 via 3)"},
    {"<message id='m' from='friend@x/a'>" INNER(" from='friend@x/b'", ""),
     "wrap all(i 1 via 3)"},
    {"<message id='m' from='friend@x'>" INNER("", ""), "wrap"},
    {"<message id='m'>" INNER(" from='@'", ""), "wrap"},
    {"<message id='m'><wrap xmlns='urn:wrap'><message id='i'/></wrap>"
     "</message>",
     "wrap"},
    {"<message id='m'><wrap xmlns='urn:wrap'><iq xmlns='jabber:client'/>"
     "</wrap></message>",
     "wrap"},
    /* in each other */
    {"<message id='m'>" THREE(WRAPPED("", "")) "</message>",
     "wrap wrap wrap wrap all(i 15 via 3)"},
    {"<message id='m'>" THREE(WRAPPED("", WRAPPED("", ""))) "</message>",
     "wrap wrap wrap wrap wrap"},
    /* nodes */
    {"<message id='m' from='mallory@x'><items xmlns='urn:items' node='n'>"
     "<item id='7'><tune/></item></items></message>",
     "all(m 1 via 0) node(n 7 tune) 1 rows"},
    {"<message id='m'><items xmlns='urn:items' node='n'><item id='7'/>"
     "</items></message>",
     "all(m 15 via 0) node(n 7 -) node(n 7 -) 2 rows"},
    {"<message id='m'><items xmlns='urn:items' node='o'><item id='7'/>"
     "</items></message>",
     "all(m 15 via 0) 0 rows"},
};

static void sends(void)
{
    int *calls;

    begin();
    calls = xmpp_conn_get_state(testbed.conn, &mod);
    for (size_t i = 0; i < sizeof(plays) / sizeof(plays[0]); i++) {
        *calls = 0;
        diary_hear(&testbed, plays[i].text);
        diary_is(plays[i].diary, plays[i].text);
        ok(*calls <= 1, "a bit is judged once for a stanza");
    }
    testbed_free(&testbed, "senders");
}

static void hands_on_too_late(void)
{
    begin();
    diary_hear(&testbed, "<message><wrap xmlns='urn:wrap' how='late'>"
                         "<message xmlns='jabber:client'/></wrap></message>");
    diary_is("wrap", "after the release nothing is handed on");
    testbed_free(&testbed, "too late");
}

/* One hit is that of the row for every message. */
static void hears_many(int n, int want, const char *what)
{
    static char text[32000];
    size_t at = (size_t)snprintf(text, sizeof(text),
                                 "<message id='m' xmlns:p='urn:many'>");

    for (int i = 0; i < n; i++)
        at += (size_t)snprintf(text + at, sizeof(text) - at, "<p:e/>");
    snprintf(text + at, sizeof(text) - at, "</message>");
    many = 0;
    diary_hear(&testbed, text);
    diary_is("all(m 15 via 0)", what);
    is_int(many, want, "  and so many");
}

static void finds_many(void)
{
    begin();
    hears_many(33, 33, "more than are found at once");
    hears_many(3000, 3000, "thousands");
    testbed_free(&testbed, "many");
}

static int is(const char *text, unsigned sender)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid;

    if (text)
        xmpp_jid_parse(text, (size_t)-1, XMPP_JID_LENIENT, room, &jid, NULL);
    return xmpp_conn_sender_is(testbed.conn, text ? &jid : NULL, sender) != 0;
}

static void is_asked_for(void)
{
    begin();
    is_int(is(NULL, XMPP_SENDER_ACCOUNT), 1, "our account");
    is_int(is(OWN, XMPP_SENDER_ACCOUNT), 1, "by its address");
    is_int(is(OWN "/x", XMPP_SENDER_ACCOUNT), 0, "not a resource of it");
    is_int(is(OWN "/x", XMPP_SENDER_ACCOUNT | XMPP_SENDER_OWN), 1,
           "unless that will do");
    is_int(is("friend@x", XMPP_SENDER_CONTACT), 1, "a contact");
    is_int(is("mallory@x", XMPP_SENDER_CONTACT), 0, "a stranger");
    is_int(is("friend@x", XMPP_SENDER_ROOM), 0, "nobody knows rooms");
    is_int(is("friend@x", XMPP_SENDER_ASKED), 0, "nor a request");
    is_int(xmpp_conn_sender_is(NULL, NULL, XMPP_SENDER_ANYONE), 0,
           "without a connection nobody");
    testbed_free(&testbed, "asked for");
}

/* ---- who owes an answer ------------------------------------------ */

static void ask(const char *to, const char *ns)
{
    xmpp_stanza_t *iq = xmpp_iq_new(testbed.ctx, "get", "q1");

    if (to)
        xmpp_stanza_set_to(iq, to);
    xmpp_stanza_add_tag(iq, "query", ns);
    is_int(xmpp_request_send(testbed.conn, iq, 0, NULL, NULL), 0,
           "a request is sent");
}

static void owes(const char *from, bool owes)
{
    char text[200];

    snprintf(text, sizeof(text),
             "<message id='m' %s><r xmlns='urn:asked'/></message>", from);
    diary_hear(&testbed, text);
    snprintf(text, sizeof(text), "all(m %u via 0)%s",
             !*from                        ? 15
             : strstr(from, "friend")      ? 33
             : strstr(from, "example.org") ? 9
                                           : 1,
             owes ? " live(m)" : "");
    diary_is(text,
             owes ? "who owes an answer may send it" : "who owes none may not");
}

static void asks(void)
{
    begin();
    owes("from='mallory@x'", false);
    ask("mallory@x", "urn:other");
    owes("from='mallory@x'", false);
    diary_hear(&testbed, "<iq type='result' id='q1' from='mallory@x'/>");
    ask("mallory@x", "urn:asked");
    owes("from='mallory@x'", true);
    owes("from='friend@x'", false);
    owes("", false);
    diary_hear(&testbed, "<message id='m'>" INNER(" from='mallory@x'",
                                                  "<r xmlns='urn:asked'/>"));
    diary_is("wrap all(i 1 via 3)", "but not later, out of an archive");
    diary_hear(&testbed, "<iq type='result' id='q1' from='mallory@x'/>");
    owes("from='mallory@x'", false);
    ask(NULL, "urn:asked");
    owes("", true);
    testbed_free(&testbed, "asked");
}

/* ---- access ------------------------------------------------------ */

static int on_iq(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    (void)in;
    (void)state;
    diary_add("iq");
    return 1;
}

static const xmpp_row_t open_rows[] = {
    XMPP_IQ_GET(XMPP_SENDER_ANYONE, "urn:open", "q", NULL, on_iq),
    XMPP_PRESENCE(XMPP_SENDER_ANYONE, NULL, NULL, NULL, on_iq), XMPP_ROWS_END};
static XMPP_MODULE(mod_open, "open", 0, open_rows);

static int friends_only(xmpp_conn_t *conn, const xmpp_jid_t *from,
                        xmpp_stanza_t *element, void *userdata)
{
    (void)conn;
    is_str(userdata, "data", "the userdata");
    diary_add("access(%s)", element ? xmpp_stanza_get_name(element) : "-");
    return from && from->text[0] == 'f';
}

static void has_access(void)
{
    static char data[] = "data";
    static const char unavailable[] =
        "<iq type=\"error\" id=\"1\" to=\"mallory@x\"><error type=\"cancel\">"
        "<service-unavailable xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/>"
        "</error></iq>";

    begin();
    xmpp_conn_use(testbed.conn, &mod_open);
    is_int(xmpp_conn_set_access(testbed.conn, &mod_open, friends_only, data), 0,
           "only friends may use it");
    diary_hear(&testbed,
               "<iq type='get' id='1' from='mallory@x'><q xmlns='urn:open'/>"
               "</iq>");
    diary_is("access(q)", "a stranger may not");
    diary_said(&testbed, unavailable, "  and learns nothing");
    diary_hear(&testbed,
               "<iq type='get' id='1' from='friend@x'><q xmlns='urn:open'/>"
               "</iq>");
    diary_is("access(q) iq", "a friend may");
    diary_hear(&testbed, "<presence from='mallory@x'/>");
    diary_is("access(-)", "presence of a stranger does not come");
    xmpp_conn_set_access(testbed.conn, &mod_open, NULL, NULL);
    diary_hear(&testbed, "<presence from='mallory@x'/>");
    diary_is("iq", "until the rule is gone");
    testbed_free(&testbed, "access");
}

int main(void)
{
    sends();
    hands_on_too_late();
    finds_many();
    is_asked_for();
    asks();
    has_access();
    return done_testing();
}
