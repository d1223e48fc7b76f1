/* carbons.c - which copies are believed (XEP-0280), and when they are enabled.
 */

#include <xmpp/xep/carbons.h>

#include "conn/diary.h"

#define OWN "guest@example.org"
#define CARBONS "xmlns='urn:xmpp:carbons:2'"
#define FORWARDED "<forwarded xmlns='urn:xmpp:forward:0'>"
#define END "</forwarded>"
#define INNER(attributes)                                                      \
    "<message xmlns='jabber:client' id='in' " attributes "/>"
#define RECEIVED(content)                                                      \
    "<message from='" OWN "' id='out'><received " CARBONS ">" content          \
    "</received></message>"
#define SENT(content)                                                          \
    "<message from='" OWN "' id='out'><sent " CARBONS ">" content              \
    "</sent></message>"
#define TO_US "from='a@b/c' to='" OWN "/x'"
#define FROM_US "from='" OWN "/x' to='a@b/c'"

static struct testbed testbed;

/* ---- a module that sees what comes of them ----------------------- */

static int on_any(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    (void)state;
    diary_add("%s(%d)", xmpp_stanza_get_id(in->message), (int)in->via);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_ALL, NULL, NULL, NULL, on_any),
    XMPP_ROWS_END};
static XMPP_MODULE(witness, "witness", 0, rows);

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn;
    (void)userdata;
    diary_add("raw(%s)", xmpp_stanza_get_id(stanza));
    return 1;
}

/* ---- which copies are believed ----------------------------------- */

static const struct copy {
    const char *what, *text, *heard;
} copies[] = {
    {"a received one", RECEIVED(FORWARDED INNER(TO_US) END), "in(1) raw(out)"},
    {"a sent one", SENT(FORWARDED INNER(FROM_US) END), "in(2) raw(out)"},
    {"with a date",
     SENT(FORWARDED "<delay xmlns='urn:xmpp:delay' "
                    "stamp='2026-11-29T12:00:00Z'/>" INNER(FROM_US) END),
     "in(2) raw(out)"},
    {"sent to ourselves",
     SENT(FORWARDED INNER("from='" OWN "/x' to='" OWN "'") END),
     "in(2) raw(out)"},
    {"sent to nobody", SENT(FORWARDED INNER("from='" OWN "/x'") END),
     "in(2) raw(out)"},
    {"in capital letters",
     SENT(FORWARDED INNER("from='GUEST@example.org/x'") END), "in(2) raw(out)"},
    {"an envelope without a sender",
     "<message id='out'><received " CARBONS ">" FORWARDED INNER(TO_US) END
     "</received></message>",
     "in(1) raw(out)"},
    {"received by somebody else",
     RECEIVED(FORWARDED INNER("from='a@b/c' to='d@e'") END), "raw(out)"},
    {"received by nobody", RECEIVED(FORWARDED INNER("from='a@b/c'") END),
     "raw(out)"},
    {"received from nobody", RECEIVED(FORWARDED INNER("to='" OWN "'") END),
     "raw(out)"},
    {"sent by somebody else", SENT(FORWARDED INNER(TO_US) END), "raw(out)"},
    {"sent by nobody", SENT(FORWARDED INNER("to='a@b/c'") END), "raw(out)"},
    {"sent by no address", SENT(FORWARDED INNER("from='@'") END), "raw(out)"},
    {"of a room", RECEIVED(FORWARDED INNER(TO_US " type='groupchat'") END),
     "raw(out)"},
    {"of another namespace",
     RECEIVED(FORWARDED "<message xmlns='urn:x' id='in' " TO_US "/>" END),
     "raw(out)"},
    {"of a presence",
     RECEIVED(FORWARDED "<presence xmlns='jabber:client' " TO_US "/>" END),
     "raw(out)"},
    {"of two messages", RECEIVED(FORWARDED INNER(TO_US) INNER(TO_US) END),
     "raw(out)"},
    {"of two forwarded ones",
     RECEIVED(FORWARDED INNER(TO_US) END FORWARDED INNER(TO_US) END),
     "raw(out)"},
    {"empty", RECEIVED(""), "raw(out)"},
    {"empty inside", RECEIVED(FORWARDED END), "raw(out)"},
    {"not forwarded", RECEIVED(INNER(TO_US)), "raw(out)"},
    {"two in one",
     "<message from='" OWN "' id='out'><received " CARBONS ">" FORWARDED INNER(
         TO_US) END "</received><sent " CARBONS ">" FORWARDED INNER(FROM_US) END
     "</sent></message>",
     "raw(out)"},
    {"nested",
     SENT(FORWARDED "<message xmlns='jabber:client' from='" OWN
                    "' id='in'><received " CARBONS ">" FORWARDED INNER(TO_US)
                        END "</received></message>" END),
     "raw(out)"},
    {"forged",
     "<message from='mallory@example.org/x' id='out'><received " CARBONS
     ">" FORWARDED INNER(TO_US) END "</received></message>",
     ""},
    {"of another client of ours",
     "<message from='" OWN "/other' id='out'><received " CARBONS
     ">" FORWARDED INNER(TO_US) END "</received></message>",
     ""},
    {"of the server",
     "<message from='example.org' id='out'><received " CARBONS
     ">" FORWARDED INNER(TO_US) END "</received></message>",
     ""},
    {"an error that bounced",
     "<message from='" OWN "' id='out' type='error'><sent " CARBONS
     ">" FORWARDED INNER(FROM_US) END "</sent></message>",
     "out(0) raw(out)"},
    {"excluded, which is no copy",
     "<message from='a@b' id='out'><private " CARBONS "/></message>",
     "out(0) raw(out)"},
};

static void begin(void)
{
    diary_begin(&testbed);
    is_int(xmpp_conn_use(testbed.conn, &xmpp_mod_carbons), 0, "in use");
    is_int(xmpp_conn_use(testbed.conn, &witness), 0, "beside it");
    xmpp_handler_add(testbed.conn, on_message, NULL, "message", NULL, NULL);
}

static void believed(void)
{
    begin();
    diary_login(&testbed);
    for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); i++) {
        diary_hear(&testbed, copies[i].text);
        diary_is(copies[i].heard, copies[i].what);
    }
    diary_cut(&testbed);
    testbed_free(&testbed, "copies");
}

/* ---- on and off -------------------------------------------------- */

static void on_switched(xmpp_conn_t *conn, const xmpp_result_t *result,
                        void *userdata)
{
    (void)userdata;
    diary_add("switched(%s %d)", xmpp_strerror_name(result->status),
              xmpp_carbons_is_enabled(conn));
}

#define ASK(name)                                                              \
    (const char *const[])                                                      \
    {                                                                          \
        "C <" name " xmlns=\"urn:xmpp:carbons:2\"/></iq>", NULL                \
    }
#define ANSWER                                                                 \
    (const char *const[])                                                      \
    {                                                                          \
        "S <iq type='result' id='%id%'/>", NULL                                \
    }
#define REFUSAL                                                                \
    (const char *const[])                                                      \
    {                                                                          \
        "S <iq type='error' id='%id%'><error type='cancel'>"                   \
        "<not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"   \
        "</iq>",                                                               \
            NULL                                                               \
    }

static void settle(void)
{
    for (int i = 0; i < 10; i++)
        xmpp_run_once(testbed.ctx, 0);
}

static void switched(void)
{
    begin();
    diary_login(&testbed);
    ok(!xmpp_carbons_is_enabled(testbed.conn), "off at first");
    diary_obey(&testbed, ASK("enable"));
    diary_obey(&testbed, ANSWER);
    settle();
    ok(xmpp_carbons_is_enabled(testbed.conn), "enabled by itself");
    is_int(xmpp_carbons_disable(testbed.conn, on_switched, NULL), 0, "off");
    diary_obey(&testbed, ASK("disable"));
    diary_obey(&testbed, REFUSAL);
    settle();
    diary_is("switched(XMPP_ESTANZA 1)", "refused");
    is_int(xmpp_carbons_disable(testbed.conn, on_switched, NULL), 0, "off");
    diary_obey(&testbed, ASK("disable"));
    diary_obey(&testbed, ANSWER);
    settle();
    diary_is("switched(XMPP_EOK 0)", "done");
    diary_cut(&testbed);
    diary_login(&testbed);
    diary_said(&testbed, "", "the next session leaves them off");
    is_int(xmpp_carbons_enable(testbed.conn, on_switched, NULL), 0, "on");
    diary_obey(&testbed, ASK("enable"));
    diary_cut(&testbed);
    diary_is("switched(XMPP_ENOTCONN 0)", "lost");
    testbed_free(&testbed, "switched");
}

static void refuses(void)
{
    testbed_make(&testbed);
    is_int(xmpp_carbons_enable(testbed.conn, NULL, NULL), XMPP_EINVOP,
           "not in use");
    ok(!xmpp_carbons_is_enabled(testbed.conn), "so they are off");
    xmpp_conn_use(testbed.conn, &xmpp_mod_carbons);
    is_int(xmpp_carbons_enable(testbed.conn, NULL, NULL), XMPP_ENOTCONN,
           "not connected");
    is_int(xmpp_carbons_exclude(NULL), XMPP_EINVOP, "no message");
    testbed_free(&testbed, "refuses");
}

static void excludes(void)
{
    xmpp_stanza_t *message;
    char *text;
    size_t n;

    testbed_make(&testbed);
    message = xmpp_message_new(testbed.ctx, NULL, NULL, NULL);
    is_int(xmpp_carbons_exclude(message), 0, "excluded");
    xmpp_stanza_to_text(message, &text, &n);
    is_str(text,
           "<message><private xmlns=\"urn:xmpp:carbons:2\"/>"
           "<no-copy xmlns=\"urn:xmpp:hints\"/></message>",
           "in both ways");
    xmpp_free(testbed.ctx, text);
    xmpp_stanza_release(message);
    testbed_free(&testbed, "excludes");
}

int main(void)
{
    believed();
    switched();
    refuses();
    excludes();
    return done_testing();
}
