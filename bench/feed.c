/* feed.c - what any input costs, over a transport in memory and with a virtual
 * clock: instructions do not depend on the machine's speed.
 *
 * usage: feed FILE [PIECE [flat]]
 *
 * The bytes of the file follow on a login, PIECE at a time (16384). Prints how
 * many stanzas reached the handler, and 1 if the connection is still up. With
 * "flat" libxml2 alone gets them (bench/flat.h). Instructions of that and no
 * more:
 *
 *     valgrind --tool=callgrind --toggle-collect=feed_all bench/feed FILE */

#include "flat.h"
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

    failmem_is_off = 1;
    testbed_make_log(testbed, xmpp_get_default_logger(XMPP_LEVEL_ERROR));
    testbed->is_virtual = true;
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

struct input {
    const char *bytes;
    size_t n, piece;
};

/* Some arrives, and then the loop turns until all of it was read. */
static void feed_conn(struct testbed *testbed, const struct input *input)
{
    for (size_t at = 0; at < input->n && !testbed->downs; at += input->piece) {
        size_t left = input->n - at;

        memory_send(wire, str_n(input->bytes + at,
                                left < input->piece ? left : input->piece));
        while (buf_size(&wire->in) && !testbed->downs)
            xmpp_run_once(testbed->ctx, 0);
    }
    xmpp_run_once(testbed->ctx, 0);
}

static void feed_flat(struct flat *flat, const struct input *input)
{
    for (size_t at = 0; at < input->n; at += input->piece) {
        size_t left = input->n - at;

        flat_push(flat, input->bytes + at,
                  left < input->piece ? left : input->piece);
    }
}

/* What is counted; one of the two is NULL. */
__attribute__((noinline)) static void
feed_all(struct testbed *testbed, struct flat *flat, const struct input *input)
{
    if (flat)
        feed_flat(flat, input);
    else
        feed_conn(testbed, input);
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

static void feed_library(const struct input *input)
{
    struct testbed testbed;

    log_in(&testbed);
    feed_all(&testbed, NULL, input);
    printf("%d %d\n", testbed.count, !testbed.downs);
    testbed.ctx->memory = server;
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "fed");
}

static void feed_parser(const struct input *input)
{
    struct flat *flat = flat_new();

    feed_all(NULL, flat, input);
    printf("%ld 1\n", flat_seen(flat));
    flat_free(flat);
}

int main(int argc, char **argv)
{
    struct input input = {NULL, 0, 16384};
    char *bytes = argc > 1 ? read_file(argv[1], &input.n) : NULL;

    if (!bytes)
        return 2;
    input.bytes = bytes;
    if (argc > 2)
        input.piece = strtoul(argv[2], NULL, 10);
    if (argc > 3 && strcmp(argv[3], "flat") == 0)
        feed_parser(&input);
    else
        feed_library(&input);
    free(bytes);
    return 0;
}
