/* modules.c - what rows of modules get, in which order, and what happens to the
 * iq of those who may not send it. */

#include "conn/diary.h"

#define OWN "guest@example.org"

static struct testbed testbed;

/* ---- the modules under test -------------------------------------- */

static void note(const char *who, const xmpp_inbound_t *in)
{
    const char *name = xmpp_stanza_get_name(in->element);

    diary_add("%s(%s)", who, name ? name : "-");
}

static int in_first(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    (void)state;
    note("first", in);
    return 0;
}

static int in_second(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    (void)state;
    note("second", in);
    return 0;
}

/* The iq that it takes carries what it is to return. */
static int on_iq(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const char *rc = xmpp_stanza_get_attribute(in->element, "rc");

    (void)conn;
    (void)state;
    note("iq", in);
    return rc ? atoi(rc) : 1;
}

/* What a payload reads: an attribute that must be there. */
struct called {
    size_t size;
    const char *name;
};

static const xmpp_field_t called_fields[] = {
    XMPP_ATTR_MUST(struct called, name, TEXT, "name")};
static XMPP_PAYLOAD(called_payload, struct called, "called", "urn:p",
                    called_fields);
static XMPP_PAYLOAD(of_stanza, struct called, "presence", NULL, called_fields);

static int on_called(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const struct called *called = in->value;

    (void)conn;
    (void)state;
    diary_add("called(%s)", called->name);
    return 1;
}

static const xmpp_row_t first_rows[] = {
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, "urn:a", "x", NULL, in_first),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, NULL, NULL, NULL, in_first),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, XMPP_NS_CLIENT, "body", NULL,
                 in_first),
    XMPP_PRESENCE(XMPP_SENDER_ANYONE, NULL, NULL, NULL, in_first),
    XMPP_IQ_GET(XMPP_SENDER_ANYONE, "urn:a", "ask", NULL, on_iq),
    XMPP_IQ_SET(XMPP_SENDER_ACCOUNT, "urn:a", "set", NULL, on_iq),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, "urn:p", "called",
                 &called_payload, on_called),
    XMPP_IQ_SET(XMPP_SENDER_ANYONE, "urn:p", "called", &called_payload,
                on_called),
    XMPP_PRESENCE(XMPP_SENDER_ANYONE, NULL, NULL, &of_stanza, on_called),
    XMPP_IQ_SET(XMPP_SENDER_ACCOUNT, "urn:b", "b", NULL, on_iq),
    XMPP_ROWS_END};
static XMPP_MODULE(first, "first", 0, first_rows);

static const xmpp_row_t second_rows[] = {
    XMPP_NEEDS(&first),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, "urn:a", NULL, NULL, in_second),
    XMPP_PRESENCE(XMPP_SENDER_ANYONE, "urn:a", "x", NULL, in_second),
    XMPP_IQ_GET(XMPP_SENDER_ANYONE, "urn:a", "ask", NULL, on_iq),
    XMPP_IQ_SET(XMPP_SENDER_ANYONE, "urn:b", "b", NULL, on_iq),
    XMPP_ROWS_END};
static XMPP_MODULE(second, "second", 0, second_rows);

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn;
    (void)userdata;
    if (!xmpp_stanza_get_child_by_name(stanza, "bind"))
        diary_add("raw");
    return 1;
}

/* ---- who gets what ----------------------------------------------- */

static const struct row {
    const char *text, *diary, *said;
} rows[] = {
    {"<message><x xmlns='urn:a'/></message>", "first(x) first(-) second(x) raw",
     ""},
    {"<message><y xmlns='urn:a'/></message>", "first(-) second(y) raw", ""},
    {"<message><y xmlns='urn:b'/></message>", "first(-) raw", ""},
    {"<message><x/><x xmlns=''/></message>", "first(-) raw", ""},
    {"<message><body>hi</body><x xmlns='urn:a'/><x xmlns='urn:a'/></message>",
     "first(x) first(x) first(-) first(body) second(x) second(x) raw", ""},
    {"<message type='error'><x xmlns='urn:a'/></message>", "first(-) raw", ""},
    {"<presence><x xmlns='urn:a'/></presence>", "first(-) second(x) raw", ""},
    {"<presence type='error'><x xmlns='urn:a'/></presence>", "first(-) raw",
     ""},
    {"<iq type='get' id='1'><ask xmlns='urn:a'/></iq>", "iq(ask)", ""},
    {"<iq type='get' id='1'><ask xmlns='urn:a' rc='0'/></iq>",
     "iq(ask) iq(ask) raw",
     "<iq type=\"error\" id=\"1\"><error type=\"cancel\"><service-unavailable "
     "xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/></error></iq>"},
    {"<iq type='get' id='1' from='a@b'><ask xmlns='urn:a' rc='-104'/></iq>",
     "iq(ask)",
     "<iq type=\"error\" id=\"1\" to=\"a@b\"><error type=\"modify\">"
     "<bad-request xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/></error>"
     "</iq>"},
    {"<iq type='get' id='1'><other xmlns='urn:a'/></iq>", "raw",
     "<iq type=\"error\" id=\"1\"><error type=\"cancel\"><service-unavailable "
     "xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/></error></iq>"},
    {"<iq type='set' id='1'><ask xmlns='urn:a'/></iq>", "raw",
     "<iq type=\"error\" id=\"1\"><error type=\"cancel\"><service-unavailable "
     "xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/></error></iq>"},
    {"<iq type='get' id='1'><ask xmlns='urn:a'/><ask xmlns='urn:a'/></iq>",
     "raw",
     "<iq type=\"error\" id=\"1\"><error type=\"modify\"><bad-request "
     "xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/></error></iq>"},
    {"<message><called xmlns='urn:p' name='n'/></message>",
     "first(-) called(n) raw", ""},
    {"<message><called xmlns='urn:p'/></message>", "first(-) raw", ""},
    {"<presence name='p'/>", "first(-) called(p) raw", ""},
    {"<iq type='set' id='1'><called xmlns='urn:p' name='n'/></iq>", "called(n)",
     ""},
    {"<iq type='set' id='1'><called xmlns='urn:p'/></iq>", "",
     "<iq type=\"error\" id=\"1\"><error type=\"modify\"><bad-request "
     "xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/></error></iq>"},
    {"<iq type='result' id='1'><ask xmlns='urn:a'/></iq>", "raw", ""},
    /* one row refuses its sender, the next one leaves it to others */
    {"<iq type='set' id='1' from='a@b'><b xmlns='urn:b' rc='0'/></iq>",
     "iq(b) raw",
     "<iq type=\"error\" id=\"1\" to=\"a@b\"><error type=\"cancel\">"
     "<service-unavailable xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/>"
     "</error></iq>"},
    {"<iq type='set' id='1' from='" OWN "'><set xmlns='urn:a'/></iq>",
     "iq(set)", ""},
    {"<iq type='set' id='1' from='" OWN "/x'><set xmlns='urn:a'/></iq>", "",
     "<iq type=\"error\" id=\"1\" to=\"" OWN
     "/x\"><error type=\"cancel\"><service-unavailable "
     "xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/></error></iq>"},
};

static void gets(void)
{
    diary_begin(&testbed);
    is_int(xmpp_conn_use(testbed.conn, &second), 0, "a module is used");
    is_int(xmpp_conn_use(testbed.conn, &first), 1, "with what it needs");
    ok(xmpp_conn_next_module(testbed.conn, NULL) == &first,
       "which comes first");
    ok(xmpp_conn_next_module(testbed.conn, &first) == &second, "and then it");
    ok(!xmpp_conn_next_module(testbed.conn, &second), "there is no other");
    xmpp_handler_add(testbed.conn, on_stanza, NULL, NULL, NULL, NULL);
    diary_login(&testbed);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        diary_hear(&testbed, rows[i].text);
        diary_is(rows[i].diary, rows[i].text);
        diary_said(&testbed, rows[i].said, "  and its answer");
    }
    testbed_free(&testbed, "rows");
}

/* ---- what is not in use ------------------------------------------ */

static void is_not_in_use(void)
{
    xmpp_conn_t *conn;

    diary_begin(&testbed);
    conn = testbed.conn;
    is_int(xmpp_conn_use(NULL, &first), XMPP_EINVOP, "no connection");
    is_int(xmpp_conn_use(conn, NULL), XMPP_EINVOP, "no module");
    ok(!xmpp_conn_get_state(conn, &first), "no state");
    ok(!xmpp_conn_next_module(conn, NULL), "no modules");
    ok(!xmpp_conn_next_row(conn, XMPP_ROW_IQ_GET, NULL, NULL), "no rows");
    is_int(xmpp_conn_set_limit(conn, &first, "n", 1), XMPP_EINVOP, "no limit");
    is_int(xmpp_conn_get_limit(conn, &first, "n"), -1, "nor its value");
    is_int(xmpp_conn_set_access(conn, &first, NULL, NULL), XMPP_EINVOP,
           "no access");
    xmpp_conn_emit(conn, &first, 0, NULL, NULL);
    testbed_free(&testbed, "not in use");
}

static void finds_rows(void)
{
    const xmpp_module_t *whose = NULL;
    const xmpp_row_t *row;

    diary_begin(&testbed);
    xmpp_conn_use(testbed.conn, &second);
    row = xmpp_conn_next_row(testbed.conn, XMPP_ROW_IQ_GET, NULL, &whose);
    ok(row == &first_rows[4] && whose == &first, "the first row of a kind");
    row = xmpp_conn_next_row(testbed.conn, XMPP_ROW_IQ_GET, row, &whose);
    ok(row == &second_rows[3] && whose == &second, "that of the next module");
    ok(!xmpp_conn_next_row(testbed.conn, XMPP_ROW_IQ_GET, row, NULL),
       "there is no other");
    ok(!xmpp_conn_next_row(testbed.conn, (xmpp_row_kind_t)200, NULL, NULL),
       "an unknown kind has none");
    testbed_free(&testbed, "rows by kind");
}

/* Two modules may be made of the same rows. */
static void shares_rows(void)
{
    static XMPP_MODULE(twin, "twin", 0, first_rows);
    const xmpp_module_t *whose = NULL;
    const xmpp_row_t *row = NULL;
    int count = 0, twins = 0, once = 0;

    diary_begin(&testbed);
    xmpp_conn_use(testbed.conn, &first);
    xmpp_conn_use(testbed.conn, &twin);
    while (count < 20 && (row = xmpp_conn_next_row(
                              testbed.conn, XMPP_ROW_MESSAGE, row, &whose))) {
        count++;
        twins += whose == &twin;
    }
    is_int(count, 8, "all rows of both");
    is_int(twins, 4, "half of them are of the second");
    while (once < 20 && (row = xmpp_conn_next_row(testbed.conn,
                                                  XMPP_ROW_MESSAGE, row, NULL)))
        once++;
    is_int(once, 4, "each once, whosever it is");
    testbed_free(&testbed, "shared rows");
}

/* What one of them offers has changed: all learn it. */
static int changes;

static int on_change(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    (void)conn;
    (void)state;
    changes += event == XMPP_MODULES_CHANGED;
    return 0;
}

static const xmpp_row_t change_rows[] = {XMPP_LIFECYCLE(on_change),
                                         XMPP_ROWS_END};

static void learns_changes(void)
{
    static XMPP_MODULE(one, "one", 0, change_rows);
    static XMPP_MODULE(other, "other", 0, change_rows);

    diary_begin(&testbed);
    xmpp_conn_use(testbed.conn, &one);
    xmpp_conn_use(testbed.conn, &other);
    changes = 0;
    xmpp_conn_modules_changed(testbed.conn);
    is_int(changes, 2, "a change is delivered to all modules");
    xmpp_conn_modules_changed(NULL);
    testbed_free(&testbed, "changes");
}

int main(void)
{
    gets();
    is_not_in_use();
    finds_rows();
    shares_rows();
    learns_changes();
    return done_testing();
}
