/* tls.c - connections under TLS: resumed, begun by hand, and with each
 * allocation failing. */

#include "conn/testbed.h"
#include "net/certmaker.h"

#include <stdint.h>

static struct certmaker certmaker;
static char good[160], self[160], host[160];

static const char *const direct_bad[] = {self, PEER_LOGIN, PEER_CLOSE, NULL};

/* ---- resumption -------------------------------------------------- */

static void note_resumed(struct testbed *testbed, xmpp_conn_event_t event)
{
    const char *said = xmpp_conn_get_tls_info(testbed->conn, XMPP_TLS_RESUMED);

    if (event != XMPP_CONN_CONNECT)
        return;
    testbed->count = said && !strcmp(said, "yes");
    xmpp_disconnect(testbed->conn);
}

static void resumed(long allowed, int second, const char *what)
{
    struct testbed testbed;
    static const char *const twice[] = {
        PEER_TO_TLS, good, PEER_LOGIN, PEER_CLOSE, "accept",
        PEER_TO_TLS, good, PEER_LOGIN, PEER_CLOSE, NULL};

    testbed_make_secured(&testbed, certmaker.ca_file);
    testbed.on_event = note_resumed;
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_TLS_RESUME, allowed);
    testbed_connect(&testbed, twice);
    testbed_until(&testbed, &testbed.downs, 1, what);
    is_int(testbed.count, 0, "%s: the first is new", what);
    testbed_connect_again(&testbed);
    testbed_until(&testbed, &testbed.downs, 2, what);
    is_int(testbed.count, second, "%s: the second is%s", what,
           second ? " not" : " too");
    testbed_peer_done(&testbed, what);
    testbed_free(&testbed, what);
}

/* ---- names ------------------------------------------------------- */

/* What a server is reached by is not what it has to prove: a certificate for
 * the host, which an SRV record may have named, is for another name. */
static void host_is_no_name(void)
{
    static const char *const script[] = {PEER_TO_TLS, host, "eof", NULL};
    struct testbed testbed;

    testbed_make_secured(&testbed, certmaker.ca_file);
    testbed.peer = fake_server_start(script);
    is_int(xmpp_connect_client(testbed.conn, "localhost",
                               fake_server_port(testbed.peer), testbed_handler,
                               &testbed),
           0, "to a host by its name");
    testbed_until(&testbed, &testbed.downs, 1, "a certificate for the host");
    testbed_failed(&testbed, XMPP_LAYER_TLS, XMPP_ECERTNAME, "the host's name");
    fake_server_join(testbed.peer);
    testbed_free(&testbed, "the host's name");
}

/* ---- by hand ----------------------------------------------------- */

static int on_features(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)stanza;
    (void)userdata;
    xmpp_send_raw_string(conn, "<starttls xmlns='urn:ietf:params:xml:ns:"
                               "xmpp-tls'/>");
    return 0;
}

/* libstrophe's programs open the stream right after they began TLS. */
static int on_proceed(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)stanza;
    (void)userdata;
    is_int(xmpp_conn_tls_start(conn), 0, "TLS begins");
    is_int(xmpp_conn_open_stream_default(conn), 0, "and the stream behind it");
    return 0;
}

static void on_raw(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_RAW_CONNECT)
        xmpp_conn_open_stream_default(testbed->conn);
    if (event == XMPP_CONN_CONNECT && testbed->ups == 2) {
        ok(xmpp_conn_is_secured(testbed->conn), "it is opened under TLS");
        xmpp_disconnect(testbed->conn);
    }
}

static void by_hand(void)
{
    static const char *const script[] = {PEER_TO_TLS,
                                         good,
                                         "C <stream:stream",
                                         "C >",
                                         "S " PEER_HEADER PEER_SASL,
                                         PEER_CLOSE,
                                         NULL};
    struct testbed testbed;

    testbed_make_secured(&testbed, certmaker.ca_file);
    testbed.on_event = on_raw;
    xmpp_handler_add(testbed.conn, on_features, NULL, "features", NULL,
                     &testbed);
    xmpp_handler_add(testbed.conn, on_proceed, NULL, "proceed", NULL, &testbed);
    testbed.peer = fake_server_start(script);
    xmpp_connect_raw(testbed.conn, "127.0.0.1", fake_server_port(testbed.peer),
                     testbed_handler, &testbed);
    testbed_until(&testbed, &testbed.downs, 1, "TLS by hand");
    is_int(testbed.ups, 2, "two headers came");
    testbed_peer_done(&testbed, "by hand");
    testbed_free(&testbed, "by hand");
}

/* ---- memory ------------------------------------------------------ */

static int accept_later(xmpp_conn_t *conn, const xmpp_cert_question_t *q,
                        void *userdata)
{
    struct testbed *testbed = userdata;

    (void)conn;
    testbed->pointer = (void *)(uintptr_t)q->id;
    return XMPP_CERT_LATER;
}

static void visit(struct fake_server *peer)
{
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_connect_raw(testbed.conn, "127.0.0.1", fake_server_port(peer),
                     testbed_handler, &testbed);
    while (!testbed.raw_ups && !testbed.downs)
        xmpp_run_once(testbed.ctx, 100);
    xmpp_conn_release(testbed.conn);
    xmpp_ctx_free(testbed.ctx);
}

/* A connection that is asked for, with the n-th allocation failing; true if
 * none failed. */
static bool live(unsigned long n, int *ups)
{
    struct testbed testbed;

    testbed_make_secured(&testbed, certmaker.ca_file);
    xmpp_conn_set_flags(testbed.conn, XMPP_CONN_FLAG_LEGACY_SSL);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_TLS_RESUME, 1);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_CLOSE_TIMEOUT, 50);
    xmpp_conn_set_cert_handler(testbed.conn, accept_later, &testbed);
    testbed.on_event = testbed_close_when_up;
    testbed.peer = fake_server_start(direct_bad);
    failmem_arm(&testbed.memory, n, 0);
    testbed_connect_again(&testbed);
    for (int i = 0; xmpp_conn_is_connecting(testbed.conn) && i < 200; i++) {
        xmpp_run_once(testbed.ctx, 10);
        if (testbed.pointer)
            xmpp_conn_answer_cert(testbed.conn, (uintptr_t)testbed.pointer, 1);
        if (i == 100)
            xmpp_disconnect(testbed.conn);
    }
    while (!xmpp_conn_is_disconnected(testbed.conn))
        xmpp_run_once(testbed.ctx, 10);
    *ups = testbed.ups;
    if (!testbed.ups)
        visit(testbed.peer); /* or it would wait for somebody to come */
    xmpp_conn_release(testbed.conn);
    xmpp_ctx_free(testbed.ctx);
    fake_server_join(testbed.peer);
    if (testbed.memory.held)
        is_int(testbed.memory.held, 0, "allocation %lu fails: blocks are left",
               n);
    return testbed.memory.failed == 0;
}

static void without_memory(void)
{
    unsigned long n = 1;
    int ups;

    while (!live(n, &ups))
        n++;
    ok(n > 50, "%lu allocations failed in turn", n - 1);
    is_int(ups, 1, "and with all its memory it goes well");
}

int main(void)
{
    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    certmaker_files(&certmaker,
                    &(struct cert_spec){.dns = {"example.org"}, .self = 1},
                    "self");
    snprintf(good, sizeof(good), "tls %s/good", certmaker.folder);
    snprintf(self, sizeof(self), "tls %s/self", certmaker.folder);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"localhost"}},
                    "host");
    snprintf(host, sizeof(host), "tls %s/host", certmaker.folder);
    host_is_no_name();
    resumed(0, 0, "without resumption");
    resumed(1, 1, "with resumption");
    by_hand();
    without_memory();
    certmaker_close(&certmaker);
    return done_testing();
}
