/* login_fails.c - every way a login can fail ends in an error that names a
 * layer. */

#include <errno.h>

#include "conn/testbed.h"

#define HEAD "C <stream:stream", "C >", "S " PEER_HEADER

static const char *const garbage[] = {
    "C <stream:stream", "S HTTP/1.1 400 Bad Request\r\n\r\n", "eof", NULL};
static const char *const mute[] = {"C <stream:stream", "eof", NULL};
static const char *const hangs_up[] = {"C <stream:stream", "C >", "hangup",
                                       NULL};
static const char *const resets[] = {HEAD PEER_SASL, "C ANONYMOUS", "reset",
                                     NULL};
static const char *const no_mechanism[] = {
    HEAD "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-"
         "sasl'><mechanism>X-HUMBUG</mechanism></mechanisms>"
         "</stream:features>",
    "eof", NULL};
static const char *const refuses[] = {
    HEAD PEER_SASL, "C ANONYMOUS",
    "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/>"
    "<text xml:lang='en'>No guests</text></failure>",
    "eof", NULL};
static const char *const errs[] = {
    HEAD "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-"
         "streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>"
         "not here</text></stream:error></stream:stream>",
    "eof", NULL};
static const char *const no_bind[] = {
    HEAD PEER_SASL,
    "C ANONYMOUS",
    "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    "C <stream:stream",
    "S " PEER_HEADER PEER_BIND,
    "C </iq>",
    "S <iq type='error' id='%id%'><error type='cancel'><conflict "
    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
    "eof",
    NULL};
static const char *const mute_at_bind[] = {
    HEAD PEER_SASL,
    "C ANONYMOUS",
    "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    "C <stream:stream",
    "S " PEER_HEADER PEER_BIND,
    "C </iq>",
    "eof",
    NULL};
static const char *const dtd[] = {
    "C <stream:stream", "S <?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]>",
    "eof", NULL};
static const char *const dies_later[] = {PEER_LOGIN, "hangup", NULL};
static const char *const errs_later[] = {
    PEER_LOGIN,
    "S <stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
    "</stream:error></stream:stream>",
    "eof", NULL};

static const char *const ends[] = {HEAD PEER_SASL, "C ANONYMOUS",
                                   "S </stream:stream>", "eof", NULL};
static const char *const ends_later[] = {PEER_LOGIN, "S </stream:stream>",
                                         "C </stream:stream>", "eof", NULL};
static const char *const garbage_later[] = {PEER_LOGIN, "S <a></b>", "eof",
                                            NULL};
static const char *const comment_later[] = {PEER_LOGIN, "S <!-- x -->", "eof",
                                            NULL};
static const char *const strange_later[] = {
    PEER_LOGIN, "S <what xmlns='urn:example:what'/>", "eof", NULL};
#define ERROR_LATER(condition)                                                 \
    PEER_LOGIN,                                                                \
        "S <stream:error><" condition                                          \
        " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"        \
        "</stream:stream>",                                                    \
        "eof", NULL
static const char *const bad_later[] = {ERROR_LATER("bad-format")};
static const char *const too_much_later[] = {ERROR_LATER("policy-violation")};
static const char *const new_later[] = {ERROR_LATER("x-of-its-own")};
static const char *const gone_later[] = {ERROR_LATER("host-gone")};
static const char *const xml_later[] = {ERROR_LATER("not-well-formed")};
static const char *const old_xml_later[] = {ERROR_LATER("xml-not-well-formed")};

static const struct {
    const char *name;
    const char *const *script;
    xmpp_layer_t layer;
    int code;
    const char *condition;
    int retry, error;       /* errno, as libstrophe's handlers get it */
    xmpp_error_type_t type; /* of a stream error */
} rows[] = {
    {"garbage", garbage, XMPP_LAYER_XML, XMPP_EXML, "", 0, 0, 0},
    {"mute", mute, XMPP_LAYER_STREAM, XMPP_ETIMEOUT, "", 1, 0, 0},
    {"hangs up", hangs_up, XMPP_LAYER_STREAM, XMPP_EEOF, "", 1, ECONNRESET, 0},
    {"resets", resets, XMPP_LAYER_TCP, XMPP_ELOST, "", 1, ECONNRESET, 0},
    {"no mechanism", no_mechanism, XMPP_LAYER_SASL, XMPP_EMECH, "", 0, 0, 0},
    {"refuses", refuses, XMPP_LAYER_SASL, XMPP_EAUTH, "not-authorized", 0, 0,
     0},
    {"stream error", errs, XMPP_LAYER_STREAM, XMPP_ESTREAM, "host-unknown", 0,
     0, XMPP_SE_HOST_UNKNOWN},
    {"no bind", no_bind, XMPP_LAYER_BIND, XMPP_EBIND, "conflict", 1, 0, 0},
    {"mute at bind", mute_at_bind, XMPP_LAYER_BIND, XMPP_ETIMEOUT, "", 1, 0, 0},
    {"DTD", dtd, XMPP_LAYER_XML, XMPP_ERESTRICTED, "", 0, 0, 0},
    {"dies later", dies_later, XMPP_LAYER_STREAM, XMPP_EEOF, "", 1, ECONNRESET,
     0},
    {"errs later", errs_later, XMPP_LAYER_STREAM, XMPP_ESTREAM, "conflict", 0,
     0, XMPP_SE_CONFLICT},
    {"ends", ends, XMPP_LAYER_STREAM, XMPP_EEOF, "", 1, 0, 0},
    {"ends later", ends_later, XMPP_LAYER_STREAM, XMPP_EEOF, "", 1, 0, 0},
    {"garbage later", garbage_later, XMPP_LAYER_XML, XMPP_EXML, "", 1, 0, 0},
    {"a comment later", comment_later, XMPP_LAYER_XML, XMPP_ERESTRICTED, "", 1,
     0, 0},
    {"something strange later", strange_later, XMPP_LAYER_STREAM, XMPP_EPROTO,
     "", 1, 0, 0},
    {"bad format later", bad_later, XMPP_LAYER_STREAM, XMPP_ESTREAM,
     "bad-format", 1, 0, XMPP_SE_BAD_FORMAT},
    {"too much later", too_much_later, XMPP_LAYER_STREAM, XMPP_ESTREAM,
     "policy-violation", 1, 0, XMPP_SE_POLICY_VIOLATION},
    {"a new error later", new_later, XMPP_LAYER_STREAM, XMPP_ESTREAM,
     "x-of-its-own", 1, 0, XMPP_SE_UNDEFINED_CONDITION},
    {"host gone later", gone_later, XMPP_LAYER_STREAM, XMPP_ESTREAM,
     "host-gone", 0, 0, XMPP_SE_HOST_GONE},
    {"our XML is not understood later", xml_later, XMPP_LAYER_STREAM,
     XMPP_ESTREAM, "not-well-formed", 1, 0, XMPP_SE_XML_NOT_WELL_FORMED},
    {"the same in RFC 3920", old_xml_later, XMPP_LAYER_STREAM, XMPP_ESTREAM,
     "xml-not-well-formed", 1, 0, XMPP_SE_XML_NOT_WELL_FORMED},
};

static void fails(size_t i)
{
    struct testbed testbed;
    const xmpp_failure_t *failure;

    if (rows[i].code == XMPP_ETIMEOUT)
        testbed_make_virtual(&testbed);
    else
        testbed_make(&testbed);
    testbed_connect(&testbed, rows[i].script);
    testbed_until(&testbed, &testbed.downs, 1, rows[i].name);
    testbed_failed(&testbed, rows[i].layer, rows[i].code, rows[i].name);
    failure = xmpp_conn_get_failure(testbed.conn);
    is_str(failure ? failure->condition : NULL, rows[i].condition,
           "%s: the server's condition", rows[i].name);
    is_int(failure && failure->retry, rows[i].retry, "%s: a retry may help",
           rows[i].name);
    is_int(testbed.error, rows[i].error, "%s: libstrophe's error",
           rows[i].name);
    is_int(testbed.had_stream_error, rows[i].code == XMPP_ESTREAM,
           "%s: a stream error is handed over if there was one", rows[i].name);
    if (testbed.had_stream_error)
        is_int(testbed.stream_error, rows[i].type, "%s: of which type",
               rows[i].name);
    testbed_peer_end(&testbed);
    testbed_free(&testbed, rows[i].name);
}

static void no_tls(void)
{
    static const char *const script[] = {HEAD PEER_SASL, "C </stream:stream>",
                                         "S </stream:stream>", "eof", NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_conn_set_flags(testbed.conn, 0);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, "a server without TLS");
    testbed_failed(&testbed, XMPP_LAYER_TLS, XMPP_ENOTLS, "no TLS");
    testbed_peer_done(&testbed, "no TLS: nothing but the end is said");
    testbed_free(&testbed, "no TLS");
}

/* The login ends, and the failure gives the hint. Borrowed from testbed->conn.
 */
static const xmpp_failure_t *ends_with_hint(struct testbed *testbed,
                                            xmpp_layer_t layer, int code,
                                            const char *hint, const char *what)
{
    const xmpp_failure_t *f;

    testbed_until(testbed, &testbed->downs, 1, what);
    testbed_failed(testbed, layer, code, what);
    f = xmpp_conn_get_failure(testbed->conn);
    ok(f && strstr(f->message, hint), "  gives the hint: %s",
       f ? f->message : "");
    return f;
}

/* TLS where XML is due, as a server says that has no STARTTLS on its port. */
static void tls_instead(void)
{
    static const char *const script[] = {"C <stream:stream", "X 1503010002022f",
                                         "eof", NULL};
    const xmpp_failure_t *f;
    struct testbed testbed;

    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    f = ends_with_hint(&testbed, XMPP_LAYER_XML, XMPP_EXML,
                       "port seems to be for direct TLS", "TLS instead of XML");
    ok(f && !f->retry, "  a retry does not help");
    testbed_peer_done(&testbed, "TLS instead of XML");
    testbed_free(&testbed, "TLS instead of XML");
}

/* Nothing at all: whoever waits for XML, or for TLS, waits for ever. */
static void silent(long flags, xmpp_layer_t layer, const char *hint)
{
    static const char *const script[] = {"eof", NULL};
    const xmpp_failure_t *f;
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_flags(testbed.conn, flags);
    testbed_connect(&testbed, script);
    f = ends_with_hint(&testbed, layer, XMPP_ETIMEOUT, hint, hint);
    ok(f && f->retry, "  a retry may help");
    testbed_peer_end(&testbed);
    testbed_free(&testbed, hint);
}

/* XML where TLS is due, an end without a word, and an alert about the name. */
static void no_direct_tls(const char *says, const char *hint, int retry)
{
    const char *const script[] = {"C \x16", says, "eof", NULL};
    const xmpp_failure_t *f;
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_conn_set_flags(testbed.conn, XMPP_CONN_FLAG_LEGACY_SSL);
    testbed_connect(&testbed, script);
    f = ends_with_hint(&testbed, XMPP_LAYER_TLS, XMPP_ETLS, hint, hint);
    is_int(f && f->retry, retry, "  a retry may help");
    fake_server_join(testbed.peer);
    testbed_free(&testbed, hint);
}

/* The end, or a reset, in the place of the server's header: what a server of
 * direct TLS does. After the header it means something else. */
static void cut(const char *const script[], int is_hinted)
{
    const xmpp_failure_t *f;
    struct testbed testbed;

    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, "cut");
    f = xmpp_conn_get_failure(testbed.conn);
    is_int(f && strstr(f->message, "; is this port for direct TLS?"), is_hinted,
           "cut: %s", f ? f->message : "");
    is_int(f && f->retry, 1, "  a retry may help");
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "cut");
}

static void all_cuts(void)
{
    static const char *const resets_first[] = {"C <stream:stream", "C >",
                                               "reset", NULL};
    static const char *const hangs_up_later[] = {HEAD PEER_SASL, "C ANONYMOUS",
                                                 "hangup", NULL};

    cut(hangs_up, 1);
    cut(resets_first, 1);
    cut(hangs_up_later, 0);
    cut(resets, 0);
}

/* A client at the port for components: the namespace gives it away. */
static void component_port(void)
{
    static const char *const script[] = {
        "C <stream:stream", "C >",
        "S <stream:stream xmlns='jabber:component:accept' "
        "xmlns:stream='http://etherx.jabber.org/streams' id='1'>",
        "eof", NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    ends_with_hint(&testbed, XMPP_LAYER_STREAM, XMPP_EPROTO,
                   "; this port is for components", "a port for components");
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "a port for components");
}

/* A server that demands TLS offers no mechanism before it. */
static void tls_demanded(void)
{
    static const char *const script[] = {
        HEAD "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-"
             "tls'><required/></starttls></stream:features>",
        "eof", NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    ends_with_hint(&testbed, XMPP_LAYER_SASL, XMPP_EMECH,
                   "the server offers TLS, and XMPP_CONN_FLAG_",
                   "TLS is demanded");
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "TLS is demanded");
}

static void bad_arguments(void)
{
    struct testbed testbed;

    testbed_make(&testbed);
    is_int(xmpp_connect_client(NULL, NULL, 0, testbed_handler, &testbed),
           XMPP_EINVOP, "no connection");
    xmpp_conn_set_jid(testbed.conn, "@");
    is_int(
        xmpp_connect_client(testbed.conn, NULL, 0, testbed_handler, &testbed),
        XMPP_EARG, "not a valid JID");
    xmpp_conn_set_jid(testbed.conn, NULL);
    is_int(
        xmpp_connect_client(testbed.conn, NULL, 0, testbed_handler, &testbed),
        XMPP_EINVOP, "no JID");
    ok(xmpp_conn_get_failure(testbed.conn) &&
           strstr(xmpp_conn_get_failure(testbed.conn)->message, "no JID"),
       "  which is told");
    is_int(xmpp_conn_set_option(testbed.conn, XMPP_OPT_MAX_DEPTH, 1), XMPP_EARG,
           "an option out of its range");
    is_int(xmpp_conn_set_mechanisms(testbed.conn, "HUMBUG"), XMPP_EARG,
           "mechanisms nobody knows");
    is_int(testbed.downs, 0, "nothing of this was told to the handler");
    testbed_free(&testbed, "bad arguments");
}

int main(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        fails(i);
    no_tls();
    tls_instead();
    silent(XMPP_CONN_FLAG_LEGACY_SSL, XMPP_LAYER_TLS, "port for STARTTLS?");
    silent(XMPP_CONN_FLAG_DISABLE_TLS, XMPP_LAYER_STREAM,
           "port for direct TLS?");
    no_direct_tls("S <?xml version='1.0'?><stream:stream>", "for STARTTLS, not",
                  0);
    no_direct_tls("X 15030300020270", "name sent was not recognized", 0);
    no_direct_tls("X 15030300020246", "protocol version", 1);
    all_cuts();
    component_port();
    tls_demanded();
    bad_arguments();
    return done_testing();
}
