/* result.c - what the answer to a typed request means, and iq stanzas made for
 * it. */

#include "conn/testbed.h"

/* What was reported, as text. */
struct end {
    int calls, status;
    char words[200];
};

/* <q xmlns='urn:q' n='5'/> */
struct number {
    size_t size;
    long n;
};

static const xmpp_field_t number_fields[] = {
    XMPP_ATTR_MUST(struct number, n, NUMBER, "n"),
};
static XMPP_PAYLOAD(number, struct number, "q", "urn:q", number_fields);

static const char *or_none(const char *text)
{
    return text ? text : "-";
}

static void on_result(xmpp_conn_t *conn, const xmpp_result_t *result,
                      void *userdata)
{
    const struct number *value = result->value;
    struct end *end = userdata;

    (void)conn;
    end->calls++;
    end->status = result->status;
    is_int(result->payload == &number, value != NULL, "  a value has a table");
    if (value)
        snprintf(end->words, sizeof(end->words), "%ld", value->n);
    else if (result->stanza)
        snprintf(end->words, sizeof(end->words), "%s %s %s %s",
                 or_none(result->condition), or_none(result->type),
                 or_none(result->text), or_none(result->specific));
}

static xmpp_stanza_t *make_iq(xmpp_conn_t *conn, const char *to)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "get", to);

    xmpp_stanza_add_tag(iq, "q", "urn:q");
    return iq;
}

/* ---- answers ----------------------------------------------------- */

static void means(const char *answer, const xmpp_payload_t *payload, int status,
                  const char *words)
{
    const char *script[] = {PEER_LOGIN, "C <iq", "C </iq>",
                            answer,     "eof",   NULL};
    struct testbed testbed;
    struct end end = {0};

    testbed_make_virtual(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    is_int(xmpp_request(testbed.conn, make_iq(testbed.conn, NULL), payload,
                        on_result, &end),
           0, "requested");
    testbed_until(&testbed, &end.calls, 1, answer);
    is_int(end.status, status, "  %s", xmpp_strerror_name(status));
    is_str(end.words, words, "  what it means");
    xmpp_conn_drop(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, answer);
    testbed_free(&testbed, answer);
}

#define RESULT(content) "S <iq type='result' id='%id%'>" content "</iq>"
#define ERROR(content) "S <iq type='error' id='%id%'>" content "</iq>"
#define STANZAS "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"

static void answers(void)
{
    means(RESULT("<q xmlns='urn:q' n='5'/>"), &number, 0, "5");
    means(RESULT("<x xmlns='urn:q'/><q xmlns='urn:q'/><q xmlns='urn:q' "
                 "n='6'/>"),
          &number, 0, "6");
    means(RESULT("<q xmlns='urn:q' n='7'/><x xmlns='urn:q'/>"), &number, 0,
          "7");
    means(RESULT("<q xmlns='urn:q' n='8'/><q xmlns='urn:q' n='9'/>"), &number,
          0, "8");
    means(RESULT(""), NULL, 0, "- - - -");
    means(RESULT("<q xmlns='urn:q' n='5'/>"), NULL, 0, "- - - -");
    means(RESULT(""), &number, XMPP_EPROTO, "- - - -");
    means(RESULT("<q xmlns='urn:q' n='many'/>"), &number, XMPP_EPROTO,
          "- - - -");
    means(RESULT("<q xmlns='urn:other' n='5'/>"), &number, XMPP_EPROTO,
          "- - - -");
    means(RESULT("<p xmlns='urn:q' n='5'/>"), &number, XMPP_EPROTO, "- - - -");
}

static void errors(void)
{
    means(ERROR("<q xmlns='urn:q' n='5'/><error type='cancel'>"
                "<conflict " STANZAS "/></error>"),
          &number, XMPP_ESTANZA, "conflict cancel - -");
    means(ERROR("<error type='cancel'><conflict " STANZAS "/><text " STANZAS
                ">taken</text><precondition-not-met "
                "xmlns='http://jabber.org/protocol/pubsub#errors'/></error>"),
          NULL, XMPP_ESTANZA, "conflict cancel taken precondition-not-met");
    means(ERROR(""), &number, XMPP_ESTANZA, "- - - -");
    means(ERROR("<error/>"), NULL, XMPP_ESTANZA, "undefined-condition - - -");
    means(ERROR("<error>text<x xmlns='urn:x'/></error>"), NULL, XMPP_ESTANZA,
          "undefined-condition - - x");
}

/* ---- for a person ------------------------------------------------ */

static void says(int status, const char *condition, const char *specific,
                 const char *text, const char *want)
{
    const xmpp_result_t result = {.status = status,
                                  .condition = condition,
                                  .specific = specific,
                                  .text = text};
    char line[500], cut[5];
    int n = xmpp_result_format(&result, line, sizeof(line));

    is_str(line, want, "in words");
    is_int(n, (long)strlen(want), "  of this length");
    is_int(xmpp_result_format(&result, cut, sizeof(cut)), n, "  also if cut");
    ok(!strncmp(cut, want, 4) && !cut[4], "  which it is");
    is_int(xmpp_result_format(&result, NULL, 0), n, "  or only measured");
}

static void sentences(void)
{
    char longer[1000], line[500];

    says(0, NULL, NULL, NULL, "no error");
    says(XMPP_ETIMEOUT, NULL, NULL, NULL, "no answer in time");
    says(XMPP_ESTANZA, "conflict", NULL, NULL,
         "the request was answered with an error: conflict");
    says(XMPP_ESTANZA, "conflict", "precondition-not-met", "It's \"in use\"",
         "the request was answered with an error: conflict "
         "(precondition-not-met): It's \"in use\"");
    says(XMPP_ESTANZA, "conflict", "", "a\nconn: logged in",
         "the request was answered with an error: conflict: "
         "a\\x0Aconn: logged in");
    memset(longer, 'x', sizeof(longer));
    longer[sizeof(longer) - 1] = '\0';
    is_int(xmpp_result_format(
               &(xmpp_result_t){.status = XMPP_ESTANZA, .text = longer}, line,
               sizeof(line)),
           399, "a long text is cut");
    is_int(xmpp_result_format(NULL, line, sizeof(line)), 0, "nothing");
    is_str(line, "", "  is said");
}

/* ---- stanzas ----------------------------------------------------- */

static void is_text(xmpp_stanza_t *stanza, const char *want)
{
    char *text = NULL;
    size_t n;

    if (!stanza || xmpp_stanza_to_text(stanza, &text, &n))
        bail(want);
    is_str(text, want, "written");
    xmpp_free(xmpp_stanza_get_context(stanza), text);
    xmpp_stanza_release(stanza);
}

static xmpp_stanza_t *read_iq(xmpp_ctx_t *ctx)
{
    return xmpp_stanza_new_from_string(
        ctx, "<iq type='set' id='1' from='a@b/c' to='d.example'/>");
}

static void of_a_client(void)
{
    struct testbed testbed;
    xmpp_stanza_t *iq;

    testbed_make(&testbed);
    iq = read_iq(testbed.ctx);
    is_text(xmpp_iq_to(testbed.conn, "get", "a@b"),
            "<iq type=\"get\" to=\"a@b\"/>");
    is_text(xmpp_iq_result(testbed.conn, iq),
            "<iq type=\"result\" id=\"1\" to=\"a@b/c\"/>");
    is_text(xmpp_iq_error(testbed.conn, iq, XMPP_EARG, NULL, NULL),
            "<iq type=\"error\" id=\"1\" to=\"a@b/c\"><error type=\"modify\">"
            "<bad-request xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/>"
            "</error></iq>");
    is_text(xmpp_iq_error(testbed.conn, iq, XMPP_ENOHOST, "gone", "urn:x"),
            "<iq type=\"error\" id=\"1\" to=\"a@b/c\"><error type=\"cancel\">"
            "<item-not-found xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/>"
            "<gone xmlns=\"urn:x\"/></error></iq>");
    ok(!xmpp_iq_result(testbed.conn, NULL), "no answer to nothing");
    ok(!xmpp_iq_to(NULL, "get", NULL), "nothing without a connection");
    xmpp_stanza_release(iq);
    testbed_free(&testbed, "a client");
}

static void for_its_address(void)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    is_int(xmpp_conn_send_as(NULL, NULL), XMPP_EINVOP, "no connection");
    is_int(xmpp_conn_send_as(testbed.conn, "@"), XMPP_EARG, "no address");
    ok(!xmpp_conn_get_send_as(testbed.conn), "nothing was set");
    is_int(xmpp_conn_send_as(testbed.conn, "a@d.example"), 0, "an address");
    is_str(xmpp_conn_get_send_as(testbed.conn), "a@d.example", "is kept");
    is_int(xmpp_conn_send_as(testbed.conn, NULL), 0, "and taken back");
    ok(!xmpp_conn_get_send_as(testbed.conn), "it is gone");
    testbed_free(&testbed, "an address");
}

static const char *const serves[] = {
    "C <stream:stream",
    "C >",
    "S <?xml version='1.0'?><stream:stream "
    "xmlns='jabber:component:accept' "
    "xmlns:stream='http://etherx.jabber.org/streams' id='s1' "
    "from='d.example'>",
    "C </handshake>",
    "S <handshake/>",
    "eof",
    NULL};

static void of_a_component(void)
{
    struct testbed testbed;
    xmpp_stanza_t *iq;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_jid(testbed.conn, "d.example");
    xmpp_conn_set_pass(testbed.conn, "secret");
    testbed_serve(&testbed, serves);
    is_int(xmpp_connect_component(testbed.conn, "127.0.0.1", 5347,
                                  testbed_handler, &testbed),
           0, "a component");
    testbed_until(&testbed, &testbed.ups, 1, "up");
    iq = read_iq(testbed.ctx);
    is_text(xmpp_iq_to(testbed.conn, "get", "a@b"),
            "<iq type=\"get\" to=\"a@b\" from=\"d.example\"/>");
    is_int(xmpp_conn_send_as(testbed.conn, "x@d.example"), 0, "speaks as x");
    is_text(xmpp_iq_to(testbed.conn, "get", "a@b"),
            "<iq type=\"get\" to=\"a@b\" from=\"x@d.example\"/>");
    is_text(xmpp_iq_result(testbed.conn, iq),
            "<iq type=\"result\" id=\"1\" to=\"a@b/c\" from=\"d.example\"/>");
    xmpp_stanza_release(iq);
    xmpp_conn_drop(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "a component");
    testbed_free(&testbed, "a component");
}

static void not_of_a_client(void)
{
    static const char *const script[] = {PEER_LOGIN, "eof", NULL};
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    is_int(xmpp_conn_send_as(testbed.conn, "a@b"), XMPP_EINVOP,
           "a client has one address");
    xmpp_conn_drop(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "a client");
    testbed_free(&testbed, "a client");
}

int main(void)
{
    answers();
    errors();
    sentences();
    of_a_client();
    for_its_address();
    of_a_component();
    not_of_a_client();
    return done_testing();
}
