/* tls.c - connections under TLS: resumed, begun by hand, and with each
 * allocation failing. */

#include "conn/bed.h"
#include "net/mint.h"

#include <stdint.h>

static struct mint mint;
static char good[160], self[160], host[160];

static const char *const direct_bad[] = {self, PEER_LOGIN, PEER_CLOSE, NULL};

/* ---- resumption -------------------------------------------------- */

static void note_resumed(struct bed *bed, xmpp_conn_event_t event)
{
    const char *said = xmpp_conn_get_tls_info(bed->conn, XMPP_TLS_RESUMED);

    if (event != XMPP_CONN_CONNECT)
        return;
    bed->count = said && !strcmp(said, "yes");
    xmpp_disconnect(bed->conn);
}

static void resumed(long allowed, int second, const char *what)
{
    struct bed bed;
    static const char *const twice[] = {
        PEER_TO_TLS, good, PEER_LOGIN, PEER_CLOSE, "accept",
        PEER_TO_TLS, good, PEER_LOGIN, PEER_CLOSE, NULL};

    bed_make_secured(&bed, mint.ca_file);
    bed.on_event = note_resumed;
    xmpp_conn_set_option(bed.conn, XMPP_OPT_TLS_RESUME, allowed);
    bed_connect(&bed, twice);
    bed_until(&bed, &bed.downs, 1, what);
    is_int(bed.count, 0, "%s: the first is new", what);
    bed_connect_again(&bed);
    bed_until(&bed, &bed.downs, 2, what);
    is_int(bed.count, second, "%s: the second is%s", what,
           second ? " not" : " too");
    bed_peer_done(&bed, what);
    bed_free(&bed, what);
}

/* ---- names ------------------------------------------------------- */

/* What a server is reached by is not what it has to prove: a certificate for
 * the host, which an SRV record may have named, is for another name. */
static void host_is_no_name(void)
{
    static const char *const script[] = {PEER_TO_TLS, host, "eof", NULL};
    struct bed bed;

    bed_make_secured(&bed, mint.ca_file);
    bed.peer = peer_start(script);
    is_int(xmpp_connect_client(bed.conn, "localhost", peer_port(bed.peer),
                               bed_handler, &bed),
           0, "to a host by its name");
    bed_until(&bed, &bed.downs, 1, "a certificate for the host");
    bed_failed(&bed, XMPP_LAYER_TLS, XMPP_ECERTNAME, "the host's name");
    peer_join(bed.peer);
    bed_free(&bed, "the host's name");
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

static void on_raw(struct bed *bed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_RAW_CONNECT)
        xmpp_conn_open_stream_default(bed->conn);
    if (event == XMPP_CONN_CONNECT && bed->ups == 2) {
        ok(xmpp_conn_is_secured(bed->conn), "it is opened under TLS");
        xmpp_disconnect(bed->conn);
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
    struct bed bed;

    bed_make_secured(&bed, mint.ca_file);
    bed.on_event = on_raw;
    xmpp_handler_add(bed.conn, on_features, NULL, "features", NULL, &bed);
    xmpp_handler_add(bed.conn, on_proceed, NULL, "proceed", NULL, &bed);
    bed.peer = peer_start(script);
    xmpp_connect_raw(bed.conn, "127.0.0.1", peer_port(bed.peer), bed_handler,
                     &bed);
    bed_until(&bed, &bed.downs, 1, "TLS by hand");
    is_int(bed.ups, 2, "two headers came");
    bed_peer_done(&bed, "by hand");
    bed_free(&bed, "by hand");
}

/* ---- memory ------------------------------------------------------ */

static int accept_later(xmpp_conn_t *conn, const xmpp_cert_question_t *q,
                        void *userdata)
{
    struct bed *bed = userdata;

    (void)conn;
    bed->pointer = (void *)(uintptr_t)q->id;
    return XMPP_CERT_LATER;
}

static void visit(struct peer *peer)
{
    struct bed bed;

    bed_make(&bed);
    xmpp_connect_raw(bed.conn, "127.0.0.1", peer_port(peer), bed_handler, &bed);
    while (!bed.raw_ups && !bed.downs)
        xmpp_run_once(bed.ctx, 100);
    xmpp_conn_release(bed.conn);
    xmpp_ctx_free(bed.ctx);
}

/* A connection that is asked for, with the n-th allocation failing; true if
 * none failed. */
static bool live(unsigned long n, int *ups)
{
    struct bed bed;

    bed_make_secured(&bed, mint.ca_file);
    xmpp_conn_set_flags(bed.conn, XMPP_CONN_FLAG_LEGACY_SSL);
    xmpp_conn_set_option(bed.conn, XMPP_OPT_TLS_RESUME, 1);
    xmpp_conn_set_option(bed.conn, XMPP_OPT_CLOSE_TIMEOUT, 50);
    xmpp_conn_set_cert_handler(bed.conn, accept_later, &bed);
    bed.on_event = bed_close_when_up;
    bed.peer = peer_start(direct_bad);
    failmem_arm(&bed.memory, n, 0);
    bed_connect_again(&bed);
    for (int i = 0; xmpp_conn_is_connecting(bed.conn) && i < 200; i++) {
        xmpp_run_once(bed.ctx, 10);
        if (bed.pointer)
            xmpp_conn_answer_cert(bed.conn, (uintptr_t)bed.pointer, 1);
        if (i == 100)
            xmpp_disconnect(bed.conn);
    }
    while (!xmpp_conn_is_disconnected(bed.conn))
        xmpp_run_once(bed.ctx, 10);
    *ups = bed.ups;
    if (!bed.ups)
        visit(bed.peer); /* or it would wait for somebody to come */
    xmpp_conn_release(bed.conn);
    xmpp_ctx_free(bed.ctx);
    peer_join(bed.peer);
    if (bed.memory.held)
        is_int(bed.memory.held, 0, "allocation %lu fails: blocks are left", n);
    return bed.memory.failed == 0;
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
    mint_open(&mint);
    mint_files(&mint, &(struct coin){.dns = {"example.org"}}, "good");
    mint_files(&mint, &(struct coin){.dns = {"example.org"}, .self = 1},
               "self");
    snprintf(good, sizeof(good), "tls %s/good", mint.folder);
    snprintf(self, sizeof(self), "tls %s/self", mint.folder);
    mint_files(&mint, &(struct coin){.dns = {"localhost"}}, "host");
    snprintf(host, sizeof(host), "tls %s/host", mint.folder);
    host_is_no_name();
    resumed(0, 0, "without resumption");
    resumed(1, 1, "with resumption");
    by_hand();
    without_memory();
    mint_close(&mint);
    return done_testing();
}
