/* testbed.c - a connection under test: what it was told, and its memory. */

#include "conn/testbed.h"

#include <time.h>

#define PATIENCE 120      /* seconds; only to end a test that hangs */
#define TURNS_MOST 100000 /* likewise, where no time passes */

/* Lines are looked at to their end, so that a sanitizer sees what they are
 * made of. */
static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    (void)userdata;
    (void)level;
    if (strlen(area) == 0 || strlen(line) > 10000000)
        bail("a log line without an end");
}

static const xmpp_log_t log_to_nowhere = {on_line, NULL};

void testbed_make(struct testbed *testbed)
{
    testbed_make_log(testbed, &log_to_nowhere);
}

void testbed_make_virtual(struct testbed *testbed)
{
    testbed_make(testbed);
    testbed->is_virtual = true;
}

void testbed_make_secured(struct testbed *testbed, const char *ca_file)
{
    testbed_make(testbed);
    xmpp_conn_set_flags(testbed->conn, 0);
    xmpp_conn_set_cafile(testbed->conn, ca_file);
}

void testbed_close_when_up(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_CONNECT)
        xmpp_disconnect(testbed->conn);
}

void testbed_make_log(struct testbed *testbed, const xmpp_log_t *log)
{
    *testbed = (struct testbed){0};
    failmem_init(&testbed->memory);
    testbed->ctx = xmpp_ctx_new(&testbed->memory.mem, log);
    testbed->conn = xmpp_conn_new(testbed->ctx);
    if (!testbed->conn)
        bail("no connection");
    xmpp_conn_set_jid(testbed->conn, "example.org");
    xmpp_conn_set_flags(testbed->conn, XMPP_CONN_FLAG_DISABLE_TLS);
}

void testbed_free(struct testbed *testbed, const char *what)
{
    if (testbed->conn)
        xmpp_conn_release(testbed->conn);
    xmpp_ctx_free(testbed->ctx);
    for (size_t i = 0; i < testbed->served; i++)
        memory_server_free(testbed->servers[i]);
    is_int(testbed->memory.held, 0, "%s: no memory is left", what);
    if (testbed->memory.secrets)
        ok(!testbed->memory.spilled, "%s: and no secret in it", what);
}

void testbed_connect_again(struct testbed *testbed)
{
    unsigned short port =
        testbed->is_virtual ? 5222 : fake_server_port(testbed->peer);
    int rc = xmpp_connect_client(testbed->conn, "127.0.0.1", port,
                                 testbed_handler, testbed);

    if (rc)
        printf("# connect: %s\n", xmpp_strerror(rc));
}

static void serve_in_memory(struct testbed *testbed, const char *const *script)
{
    if (testbed->served == TESTBED_SERVERS)
        bail("too many servers");
    testbed->server = memory_server_start(testbed->ctx, script);
    testbed->servers[testbed->served++] = testbed->server;
}

void testbed_serve(struct testbed *testbed, const char *const *script)
{
    if (testbed->is_virtual)
        serve_in_memory(testbed, script);
    else
        testbed->peer = fake_server_start(script);
}

void testbed_connect(struct testbed *testbed, const char *const *script)
{
    testbed_serve(testbed, script);
    testbed_connect_again(testbed);
}

void testbed_handler(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    struct testbed *testbed = userdata;

    (void)conn;
    if (event == XMPP_CONN_CONNECT)
        testbed->ups++;
    if (event == XMPP_CONN_RAW_CONNECT)
        testbed->raw_ups++;
    if (event == XMPP_CONN_DISCONNECT) {
        testbed->downs++;
        testbed->error = error;
        testbed->had_stream_error = stream_error != NULL;
        if (stream_error)
            testbed->stream_error = stream_error->type;
    }
    if (testbed->on_event)
        testbed->on_event(testbed, event);
}

void testbed_until(struct testbed *testbed, const int *number, int want,
                   const char *what)
{
    time_t end = time(NULL) + PATIENCE;

    for (long n = 0; *number < want && time(NULL) < end; n++) {
        if (testbed->is_virtual && n == TURNS_MOST)
            break;
        xmpp_run_once(testbed->ctx, 1000);
    }
    is_int(*number, want, "%s", what);
}

const char *testbed_peer_end(struct testbed *testbed)
{
    const char *wrong = testbed->is_virtual ? memory_server_end(testbed->server)
                                            : fake_server_join(testbed->peer);

    testbed->peer = NULL;
    testbed->server = NULL;
    return wrong;
}

void testbed_peer_done(struct testbed *testbed, const char *what)
{
    const char *wrong = testbed_peer_end(testbed);

    is_str(wrong, NULL, "%s: the server saw what it expected", what);
}

void testbed_failed(struct testbed *testbed, xmpp_layer_t layer, int code,
                    const char *what)
{
    const xmpp_failure_t *f = xmpp_conn_get_failure(testbed->conn);

    if (!ok(f != NULL, "%s: there is a failure", what))
        return;
    is_str(xmpp_layer_name(f->layer), xmpp_layer_name(layer), "%s: layer",
           what);
    is_str(xmpp_strerror_name(f->code), xmpp_strerror_name(code), "%s: code",
           what);
    ok(f->message[0] != '\0', "%s: says: %s", what, f->message);
}

static bool squeeze_once(const xmpp_log_t *log,
                         int (*set)(struct testbed *testbed), unsigned long n)
{
    struct testbed testbed;
    bool failed;
    int rc;

    if (log)
        testbed_make_log(&testbed, log);
    else
        testbed_make(&testbed);
    xmpp_conn_set_jid(testbed.conn, "romeo@example.org");
    failmem_arm(&testbed.memory, n, 0);
    rc = set(&testbed);
    if (rc == 0)
        rc = xmpp_connect_client(testbed.conn, "127.0.0.1", 9, testbed_handler,
                                 &testbed);
    failed = testbed.memory.failed > 0;
    if (rc != 0 && (rc != XMPP_EMEM || !failed))
        ok(false, "the %lu-th allocation: %s", n, xmpp_strerror_name(rc));
    xmpp_conn_release(testbed.conn);
    xmpp_ctx_free(testbed.ctx);
    if (testbed.memory.held)
        ok(false, "the %lu-th allocation leaves memory behind", n);
    return failed;
}

void testbed_squeeze(const xmpp_log_t *log, int (*set)(struct testbed *testbed))
{
    unsigned long n = 1;

    while (squeeze_once(log, set, n))
        n++;
    ok(n > 10, "%lu allocations failed in turn", n - 1);
}

void testbed_fails_so(struct testbed *testbed, xmpp_layer_t layer, int code,
                      const char *words, const char *what)
{
    const xmpp_failure_t *why;

    testbed_until(testbed, &testbed->downs, 1, what);
    testbed_failed(testbed, layer, code, what);
    why = xmpp_conn_get_failure(testbed->conn);
    ok(why && strstr(why->message, words), "%s: %s", what,
       why ? why->message : "");
}

void testbed_ends_well(struct testbed *testbed, const char *what)
{
    testbed->on_event = testbed_close_when_up;
    testbed_until(testbed, &testbed->downs, 1, what);
    is_int(testbed->ups, 1, "%s: it was up", what);
    ok(!xmpp_conn_get_failure(testbed->conn), "%s: no failure", what);
    testbed_peer_done(testbed, what);
    testbed_free(testbed, what);
}
