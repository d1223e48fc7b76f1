/* answer.c - an iq of type get or set is always answered, once, and nothing
 * else is: by who took it, or by the library. */

#include "conn/testbed.h"

#define STANZAS " xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/></error></iq>"
#define BAD "<error type=\"modify\"><bad-request" STANZAS
#define UNKNOWN "<error type=\"cancel\"><service-unavailable" STANZAS
#define PING "<ping xmlns='urn:xmpp:ping'/></iq>"
#define QUERY "<query xmlns='urn:x'/></iq>"
#define TO " to=\"a@b/c\">"

/* ---- what was said ----------------------------------------------- */

static char said[4096];

static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    (void)userdata;
    (void)level;
    (void)area;
    if (strncmp(line, "SENT: <iq", 9) == 0 && !strstr(line, "xmpp-bind"))
        snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s",
                 line + strlen("SENT: "));
}

static const xmpp_log_t wire = {on_line, NULL};

/* ---- one question ------------------------------------------------ */

static char heard[32];
static char o[] = "o", f[] = "f", i_[] = "i", t[] = "t", two[] = "2", x[] = "x";
static int result; /* what a taker returns */

static void note(const char *what)
{
    snprintf(heard + strlen(heard), sizeof(heard) - strlen(heard), "%s", what);
}

static int on_end(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    ((struct testbed *)userdata)->count++;
    return 1;
}

static int take(xmpp_conn_t *conn, xmpp_stanza_t *iq, void *userdata)
{
    (void)conn;
    (void)iq;
    note(userdata);
    return result;
}

static int second(xmpp_conn_t *conn, xmpp_stanza_t *iq, void *userdata)
{
    (void)conn;
    (void)iq;
    note(userdata);
    return 1;
}

static int hear(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    note(userdata);
    return 1;
}

static void nobody(xmpp_conn_t *conn)
{
    (void)conn;
}

static void observer(xmpp_conn_t *conn)
{
    xmpp_handler_add(conn, hear, NULL, NULL, NULL, o);
}

static void filter(xmpp_conn_t *conn)
{
    xmpp_handler_add(conn, hear, "urn:xmpp:ping", NULL, NULL, f);
}

static void by_id(xmpp_conn_t *conn)
{
    xmpp_id_handler_add(conn, hear, "1", i_);
}

static void off(xmpp_conn_t *conn)
{
    is_int(xmpp_conn_get_option(conn, XMPP_OPT_ANSWER_UNKNOWN), 1,
           "answers are on");
    xmpp_conn_set_option(conn, XMPP_OPT_ANSWER_UNKNOWN, 0);
}

static void taker(xmpp_conn_t *conn)
{
    is_int(xmpp_iq_handler_add(conn, "get", "urn:xmpp:ping", "ping", take, t),
           0, "a taker");
    is_int(xmpp_iq_handler_add(conn, "get", "urn:x", "query", take, t), 1,
           "which is there already");
    is_int(xmpp_iq_handler_add(conn, NULL, "urn:xmpp:ping", NULL, second, two),
           0, "and another");
    xmpp_handler_add(conn, hear, NULL, "iq", NULL, f);
    result = 1;
}

static void any_taker(xmpp_conn_t *conn)
{
    xmpp_iq_handler_add(conn, NULL, "urn:xmpp:ping", NULL, second, two);
}

static void shy_taker(xmpp_conn_t *conn)
{
    taker(conn);
    result = 0;
}

static void lone_taker(xmpp_conn_t *conn)
{
    taker(conn);
    xmpp_iq_handler_delete(conn, second, x);
    xmpp_iq_handler_delete(conn, second, two);
    xmpp_handler_delete(conn, hear);
    result = 0;
}

static void refusing(xmpp_conn_t *conn)
{
    lone_taker(conn);
    xmpp_conn_set_option(conn, XMPP_OPT_ANSWER_UNKNOWN, 0);
    result = XMPP_EARG;
}

static const struct row {
    const char *text; /* of the server */
    void (*prepare)(xmpp_conn_t *conn);
    const char *heard, *said;
} rows[] = {
    {"<iq type='get' id='1' from='a@b/c'>" PING, nobody, "",
     "<iq type=\"result\" id=\"1\" to=\"a@b/c\"/>"},
    {"<iq type='get' id='1'>" PING, nobody, "",
     "<iq type=\"result\" id=\"1\"/>"},
    {"<iq type='get' id='1' to='guest@example.org/r'>" PING, observer, "o",
     "<iq type=\"result\" id=\"1\"/>"},
    {"<iq type='set' id='1' from='a@b/c'>" PING, nobody, "",
     "<iq type=\"error\" id=\"1\"" TO UNKNOWN},
    {"<iq type='get' id='1' from='a@b/c'><foo xmlns='urn:xmpp:ping'/></iq>",
     nobody, "", "<iq type=\"error\" id=\"1\"" TO UNKNOWN},
    {"<iq type='get' id='1' from='a@b/c'>" QUERY, nobody, "",
     "<iq type=\"error\" id=\"1\"" TO UNKNOWN},
    {"<iq type='set' id='1' from='a@b/c'>" QUERY, observer, "o",
     "<iq type=\"error\" id=\"1\"" TO UNKNOWN},
    /* malformed: RFC 6120 section 8.2.3 */
    {"<iq type='get' from='a@b/c'>" QUERY, nobody, "", ""},
    {"<iq type='get' id='1' from='a@b/c'/>", nobody, "",
     "<iq type=\"error\" id=\"1\"" TO BAD},
    {"<iq type='set' id='1' from='a@b/c'>text</iq>", nobody, "",
     "<iq type=\"error\" id=\"1\"" TO BAD},
    {"<iq type='get' id='1' from='a@b/c'><query xmlns='urn:x'/>" PING, nobody,
     "", "<iq type=\"error\" id=\"1\"" TO BAD},
    {"<iq type='subscribe' id='1' from='a@b/c'>" PING, nobody, "",
     "<iq type=\"error\" id=\"1\"" TO BAD},
    {"<iq id='1' from='a@b/c'>" PING, observer, "o",
     "<iq type=\"error\" id=\"1\"" TO BAD},
    {"<iq type='subscribe' id='1' from='a@b/c'>" PING, any_taker, "",
     "<iq type=\"error\" id=\"1\"" TO BAD},
    {"<iq id='1' from='a@b/c'>" PING, any_taker, "",
     "<iq type=\"error\" id=\"1\"" TO BAD},
    {"<iq type='set' id='1' from='a@b/c'>" PING, any_taker, "2", ""},
    /* no questions */
    {"<iq type='result' id='1' from='a@b/c'/>", nobody, "", ""},
    {"<iq type='error' id='1' from='a@b/c'>" QUERY, nobody, "", ""},
    {"<message id='1' from='a@b/c' type='get'/>", nobody, "", ""},
    /* a handler of libstrophe's kind may answer later */
    {"<iq type='get' id='1' from='a@b/c'>" PING, filter, "f", ""},
    {"<iq type='get' id='1' from='a@b/c'>" QUERY, filter, "",
     "<iq type=\"error\" id=\"1\"" TO UNKNOWN},
    {"<iq type='get' id='1' from='a@b/c'>" QUERY, by_id, "i", ""},
    {"<iq type='get' id='1' from='a@b/c'>" QUERY, off, "", ""},
    /* who takes questions says whether it was his own */
    {"<iq type='get' id='1' from='a@b/c'>" PING, taker, "t", ""},
    {"<iq type='get' id='1' from='a@b/c'>" PING, shy_taker, "t2", ""},
    {"<iq type='set' id='1' from='a@b/c'>" PING, taker, "2", ""},
    {"<iq type='get' id='1' from='a@b/c'><foo xmlns='urn:xmpp:ping'/></iq>",
     taker, "2", ""},
    {"<iq type='get' id='1' from='a@b/c'>" QUERY, taker, "f", ""},
    {"<iq type='get' id='1' from='a@b/c'>" PING, lone_taker, "t",
     "<iq type=\"result\" id=\"1\" to=\"a@b/c\"/>"},
    {"<iq type='get' id='1' from='a@b/c'><foo xmlns='urn:xmpp:ping'/></iq>",
     lone_taker, "", "<iq type=\"error\" id=\"1\"" TO UNKNOWN},
    {"<iq type='get' id='1' from='a@b/c'><query xmlns='urn:x'/>" PING,
     lone_taker, "", "<iq type=\"error\" id=\"1\"" TO BAD},
    {"<iq type='get' id='1' from='a@b/c'>" PING, refusing, "t",
     "<iq type=\"error\" id=\"1\"" TO BAD},
};

/* `code` is what a taker returns; 0: what `prepare` set. */
static void answers(const struct row *row, int code)
{
    char line[512];
    const char *script[] = {PEER_LOGIN, line, PEER_CLOSE, NULL};
    struct testbed testbed;

    said[0] = heard[0] = '\0';
    snprintf(line, sizeof(line), "S %s<presence type='probe'/>", row->text);
    testbed_make_log(&testbed, &wire);
    row->prepare(testbed.conn);
    if (code)
        result = code;
    xmpp_handler_add(testbed.conn, on_end, NULL, "presence", "probe", &testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.count, 1, row->text);
    if (row->prepare == observer)
        heard[strlen(heard) - 1] = '\0'; /* the presence */
    is_str(heard, row->heard, "who hears it");
    is_str(said, row->said, "what is answered");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, row->text);
    testbed_free(&testbed, row->text);
}

/* ---- each code --------------------------------------------------- */

static void refuses(int code, const char *type, const char *condition)
{
    char want[256];
    const struct row row = {"<iq type='get' id='1' from='a@b/c'>" PING,
                            refusing, "t", want};

    snprintf(want, sizeof(want),
             "<iq type=\"error\" id=\"1\"" TO "<error type=\"%s\"><%s" STANZAS,
             type, condition);
    answers(&row, code);
}

/* ---- a component answers with the address that was asked --------- */

static void component(void)
{
    static const char *const script[] = {
        "C <stream:stream",
        "C >",
        "S <stream:stream xmlns='jabber:component:accept' id='s1' "
        "xmlns:stream='http://etherx.jabber.org/streams' from='c.example.org'>",
        "C </handshake>",
        "S <handshake/>",
        "S <iq type='get' id='1' from='a@b/c' to='x@c.example.org/y'>" PING
        "<presence type='probe'/>",
        PEER_CLOSE,
        NULL};
    struct testbed testbed;

    said[0] = '\0';
    testbed_make_log(&testbed, &wire);
    xmpp_conn_set_jid(testbed.conn, "c.example.org");
    xmpp_conn_set_pass(testbed.conn, "secret");
    xmpp_handler_add(testbed.conn, on_end, NULL, "presence", "probe", &testbed);
    testbed.peer = fake_server_start(script);
    is_int(xmpp_connect_component(testbed.conn, "127.0.0.1",
                                  fake_server_port(testbed.peer),
                                  testbed_handler, &testbed),
           0, "a component");
    testbed_until(&testbed, &testbed.count, 1, "it is asked");
    is_str(said,
           "<iq type=\"result\" id=\"1\" to=\"a@b/c\" "
           "from=\"x@c.example.org/y\"/>",
           "and answers by the address that was asked");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "component");
    testbed_free(&testbed, "component");
}

static void arguments(void)
{
    struct testbed testbed;

    testbed_make(&testbed);
    is_int(xmpp_iq_handler_add(NULL, "get", "urn:x", NULL, take, NULL),
           XMPP_EINVOP, "no connection");
    is_int(xmpp_iq_handler_add(testbed.conn, "get", NULL, NULL, take, NULL),
           XMPP_EARG, "no namespace");
    is_int(
        xmpp_iq_handler_add(testbed.conn, "result", "urn:x", NULL, take, NULL),
        XMPP_EARG, "no question");
    is_int(xmpp_iq_handler_add(testbed.conn, "get", "urn:x", NULL, NULL, NULL),
           XMPP_EARG, "no handler");
    failmem_arm(&testbed.memory, 1, 1);
    is_int(xmpp_iq_handler_add(testbed.conn, "get", "urn:x", NULL, take, NULL),
           XMPP_EMEM, "no memory");
    failmem_arm(&testbed.memory, 0, 0);
    xmpp_iq_handler_delete(NULL, take, NULL);
    xmpp_iq_handler_delete(testbed.conn, take, NULL);
    testbed_free(&testbed, "arguments");
}

int main(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        answers(&rows[i], 0);
    refuses(XMPP_EINVOP, "cancel", "not-allowed");
    refuses(XMPP_EMEM, "wait", "resource-constraint");
    refuses(XMPP_EFULL, "wait", "resource-constraint");
    refuses(XMPP_EAUTH, "auth", "forbidden");
    refuses(XMPP_ENOHOST, "cancel", "item-not-found");
    refuses(XMPP_EINT, "cancel", "internal-server-error");
    component();
    arguments();
    return done_testing();
}
