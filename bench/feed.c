/* feed.c - what any input costs, over a transport in memory and with a virtual
 * clock: instructions do not depend on the machine's speed.
 *
 * usage: feed FILE [PIECE]
 *
 * The bytes of the file follow on a login, PIECE at a time (16384). Prints how
 * many stanzas reached the handler, and 1 if the connection is still up.
 * Instructions of that and no more:
 *
 *     valgrind --tool=callgrind --toggle-collect=feed_all bench/feed FILE */

#include "conn/ctx.h"
#include "conn/testbed.h"
#include "net/memory.h"

static struct memory *wire;
static struct memory_host *server;

/* A server that reads everything. */
static void on_write(struct memory *memory)
{
    memory_take(memory, buf_size(&memory->out));
}

static struct memory *on_accept(struct memory_host *host, const char *name,
                                unsigned port)
{
    (void)host;
    wire = server->accept(server, name, port);
    return wire;
}

static struct memory_host listener = {.accept = on_accept};

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct testbed *testbed = userdata;

    (void)conn;
    (void)stanza;
    testbed->count++;
    return 1;
}

static void log_in(struct testbed *testbed)
{
    static const char *const login[] = {PEER_LOGIN, NULL};

    testbed_make_log(testbed, xmpp_get_default_logger(XMPP_LEVEL_ERROR));
    testbed->is_virtual = true;
    testbed->memory.is_plain = 1;
    testbed_serve(testbed, NULL);
    server = testbed->ctx->memory;
    testbed->ctx->memory = &listener;
    xmpp_handler_add(testbed->conn, on_stanza, NULL, NULL, NULL, testbed);
    testbed_connect_again(testbed);
    while (!memory_server_count(testbed->server))
        xmpp_run_once(testbed->ctx, 0);
    for (const char *const *line = login; *line; line++)
        if (!memory_server_obey(testbed->server, *line))
            bail(*line);
    testbed_until(testbed, &testbed->ups, 1, "up");
    wire->heard = on_write;
}

/* Some arrives, and then the loop turns until all of it was read. */
__attribute__((noinline)) static void
feed_all(struct testbed *testbed, const char *bytes, size_t n, size_t piece)
{
    for (size_t at = 0; at < n && !testbed->downs; at += piece) {
        size_t some = n - at < piece ? n - at : piece;

        memory_send(wire, str_n(bytes + at, some));
        while (buf_size(&wire->in) && !testbed->downs)
            xmpp_run_once(testbed->ctx, 0);
    }
    xmpp_run_once(testbed->ctx, 0);
}

static char *read_file(const char *name, size_t *n)
{
    FILE *in = fopen(name, "r");
    char *bytes = NULL;
    long size;

    if (in && fseek(in, 0, SEEK_END) == 0 && (size = ftell(in)) > 0) {
        bytes = malloc((size_t)size);
        rewind(in);
        *n = bytes ? fread(bytes, 1, (size_t)size, in) : 0;
    }
    if (in)
        fclose(in);
    return bytes;
}

int main(int argc, char **argv)
{
    struct testbed testbed;
    size_t n = 0;
    char *bytes = argc > 1 ? read_file(argv[1], &n) : NULL;

    if (!bytes)
        return 2;
    log_in(&testbed);
    feed_all(&testbed, bytes, n, argc > 2 ? strtoul(argv[2], NULL, 10) : 16384);
    printf("%d %d\n", testbed.count, !testbed.downs);
    free(bytes);
    testbed.ctx->memory = server;
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "fed");
    return 0;
}
