/* memory.c - a whole life with the n-th allocation failing, for every n. */

#include "conn/testbed.h"

static const char *const script[] = {
    PEER_LOGIN,
    "S <message from='a@example.org/x'><body>hello</body></message>",
    "C </stream:stream>",
    "S </stream:stream>",
    "eof",
    NULL};

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    xmpp_stanza_t *reply = xmpp_stanza_reply(stanza);

    (void)userdata;
    xmpp_message_set_body(reply, "hello too");
    xmpp_send_take(conn, reply);
    xmpp_disconnect(conn);
    return 1;
}

/* One life; true if it reached its proper end. */
static bool live(struct failmem *memory, bool *started)
{
    struct testbed testbed = {.is_virtual = true};
    struct memory_server *server = NULL;
    bool good = false;

    testbed.ctx = xmpp_ctx_new(&memory->mem, NULL);
    testbed.conn = xmpp_conn_new(testbed.ctx);
    *started = false;
    if (testbed.conn) {
        xmpp_conn_set_jid(testbed.conn, "example.org");
        xmpp_conn_set_flags(testbed.conn, XMPP_CONN_FLAG_DISABLE_TLS);
        server = memory_server_start(testbed.ctx, script);
        xmpp_handler_add(testbed.conn, on_message, NULL, "message", NULL,
                         &testbed);
        *started = xmpp_connect_client(testbed.conn, NULL, 0, testbed_handler,
                                       &testbed) == 0;
    }
    /* A handler that could not be added, or a message that did not get
     * through, leaves nobody to end the stream. */
    for (int i = 0; *started && !testbed.downs && i < 200; i++) {
        xmpp_run_once(testbed.ctx, 10);
        if (i == 50)
            xmpp_disconnect(testbed.conn);
    }
    if (*started && testbed.downs != 1)
        printf("# told %d times of its end\n", testbed.downs);
    good = testbed.downs == 1 && !xmpp_conn_get_failure(testbed.conn);
    if (server)
        memory_server_end(server);
    if (testbed.conn)
        xmpp_conn_release(testbed.conn);
    if (server)
        memory_server_free(server);
    xmpp_ctx_free(testbed.ctx);
    return *started ? good : memory->failed == 0;
}

int main(void)
{
    unsigned long n;
    long leaks = 0, wrong = 0;

    for (n = 1;; n++) {
        struct failmem memory;
        bool started, good;

        failmem_init(&memory);
        failmem_arm(&memory, n, 0);
        good = live(&memory, &started);
        leaks += memory.held != 0;
        if (memory.held)
            printf("# allocation %lu failing leaves %ld blocks\n", n,
                   memory.held);
        if (memory.failed == 0) {
            ok(good, "a life with all its memory ends well");
            break;
        }
        wrong += memory.failed != 1;
    }
    ok(n > 20, "%lu allocations failed in turn", n - 1);
    is_int(leaks, 0, "none of it leaves memory behind");
    is_int(wrong, 0, "each failed once");
    return done_testing();
}
