/* client.c - a contestant: a program on libstrophe's interface alone, so that
 * the same source, or the same program, runs on either library.
 *
 * usage: client receive|log|send PORT COUNT [CA_FILE]
 *        client idle PORT CONNECTIONS [CA_FILE]
 *
 * With a CA_FILE there is TLS, and the certificate is verified. `log` receives
 * with libstrophe's logger at ERROR. `idle` prints what a connection takes in
 * bytes: resident, the first; resident, each further one; allocated, each;
 * allocated, each after a rest; then the microseconds of CPU of a turn of the
 * loop; then bytes of the first that are private, which no other program
 * shares; allocated, the first; and resident, the first, since the context was
 * made. Built with -DBENCH_TAKE it sends by xmpp_send_take(). */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <strophe.h>

#include "meter.h"

#define TURNS 1000

static struct {
    const char *mode, *ca_file;
    unsigned short port;
    long count, seen, up;
    size_t looked; /* so that nothing read can be left out */
    int done;
} run;

/* Seconds without traffic until a connection is at rest. */
static time_t seconds_of_rest(void)
{
    const char *seconds = getenv("BENCH_REST");

    return seconds ? atoi(seconds) : 12;
}

/* With BENCH_PAUSE in the environment, all that is fed may come before any of
 * it is read: as under load, whatever the speed of the machine. */
static void pause_for_feed(xmpp_ctx_t *ctx)
{
    if (!getenv("BENCH_PAUSE"))
        return;
    xmpp_run_once(ctx, 0);
    usleep(300000);
}

static void look_at(xmpp_stanza_t *stanza)
{
    const char *from = xmpp_stanza_get_from(stanza);
    xmpp_stanza_t *body = xmpp_stanza_get_child_by_name(stanza, "body");
    const char *text =
        body ? xmpp_stanza_get_text_ptr(xmpp_stanza_get_children(body)) : NULL;

    run.looked += (from ? strlen(from) : 0) + (text ? strlen(text) : 0);
}

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    const char *id = xmpp_stanza_get_id(stanza);

    (void)userdata;
    look_at(stanza);
    run.seen++;
    if (strcmp(run.mode, "send") != 0 && run.seen == METER_WARM)
        meter_begin();
    if (id && strcmp(id, "end") == 0) {
        meter_end(strcmp(run.mode, "send") == 0 ? run.count
                                                : run.seen - METER_WARM);
        run.done = 1;
        xmpp_disconnect(conn);
    }
    return 1;
}

#define BODY                                                                   \
    "My bounty is as boundless as the sea, my love as deep; the more I give "  \
    "to thee"

#define THREAD "e0ffe42b28561960c6b12b944a0927"
#define STATES "http://jabber.org/protocol/chatstates"

#ifdef BENCH_TAKE
static void send_one(xmpp_ctx_t *ctx, xmpp_conn_t *conn)
{
    xmpp_stanza_t *message =
        xmpp_message_new(ctx, "chat", "juliet@example.org/balcony", "m1");

    xmpp_stanza_add_text_tag(message, "body", NULL, BODY);
    xmpp_stanza_add_text_tag(message, "thread", NULL, THREAD);
    xmpp_stanza_add_tag(message, "request", "urn:xmpp:receipts");
    xmpp_stanza_add_tag(message, "active", STATES);
    xmpp_send_take(conn, message);
}
#else
static void add_child(xmpp_ctx_t *ctx, xmpp_stanza_t *message, const char *name,
                      const char *ns, const char *text)
{
    xmpp_stanza_t *child = xmpp_stanza_new(ctx), *inside;

    xmpp_stanza_set_name(child, name);
    if (ns)
        xmpp_stanza_set_ns(child, ns);
    if (text) {
        inside = xmpp_stanza_new(ctx);
        xmpp_stanza_set_text(inside, text);
        xmpp_stanza_add_child(child, inside);
        xmpp_stanza_release(inside);
    }
    xmpp_stanza_add_child(message, child);
    xmpp_stanza_release(child);
}

static void send_one(xmpp_ctx_t *ctx, xmpp_conn_t *conn)
{
    xmpp_stanza_t *message =
        xmpp_message_new(ctx, "chat", "juliet@example.org/balcony", "m1");

    xmpp_message_set_body(message, BODY);
    add_child(ctx, message, "thread", NULL, THREAD);
    add_child(ctx, message, "request", "urn:xmpp:receipts", NULL);
    add_child(ctx, message, "active", STATES, NULL);
    xmpp_send(conn, message);
    xmpp_stanza_release(message);
}
#endif

/* As an application does it: some, then the loop. */
static void send_all(xmpp_ctx_t *ctx, xmpp_conn_t *conn)
{
    meter_begin();
    for (long n = 0; n < run.count; n++) {
        send_one(ctx, conn);
        if (n % 100 == 99)
            xmpp_run_once(ctx, 0);
    }
}

static void send_presence(xmpp_ctx_t *ctx, xmpp_conn_t *conn)
{
    xmpp_stanza_t *presence = xmpp_presence_new(ctx);

    xmpp_send(conn, presence);
    xmpp_stanza_release(presence);
}

static void on_conn(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    xmpp_ctx_t *ctx = userdata;

    (void)error;
    (void)stream_error;
    if (event != XMPP_CONN_CONNECT) {
        run.up--;
        if (strcmp(run.mode, "idle") != 0)
            xmpp_stop(ctx);
        return;
    }
    run.up++;
    if (strcmp(run.mode, "idle") == 0)
        return;
    xmpp_handler_add(conn, on_stanza, NULL, NULL, NULL, ctx);
    if (strcmp(run.mode, "send") != 0)
        send_presence(ctx, conn);
}

static xmpp_conn_t *connect_one(xmpp_ctx_t *ctx)
{
    xmpp_conn_t *conn = xmpp_conn_new(ctx);

    xmpp_conn_set_flags(conn, run.ca_file ? XMPP_CONN_FLAG_MANDATORY_TLS
                                          : XMPP_CONN_FLAG_DISABLE_TLS);
    if (run.ca_file)
        xmpp_conn_set_cafile(conn, run.ca_file);
    xmpp_conn_set_jid(conn, "example.org");
    if (xmpp_connect_client(conn, "127.0.0.1", run.port, on_conn, ctx))
        exit(2);
    return conn;
}

/* Not all at once: the queue of the server has an end. */
static void connect_many(xmpp_ctx_t *ctx, long count)
{
    long want = run.up;

    while (count > 0) {
        for (long i = 0; i < 100 && count > 0; i++, count--, want++)
            connect_one(ctx);
        for (time_t since = time(NULL); run.up < want;) {
            xmpp_run_once(ctx, 10);
            if (time(NULL) > since + 120)
                exit(3);
        }
    }
}

static double per_connection(size_t before, size_t now)
{
    return ((double)now - (double)before) / (double)run.count;
}

static double time_of_a_turn(xmpp_ctx_t *ctx)
{
    double cpu = meter_cpu();

    for (int i = 0; i < TURNS; i++)
        xmpp_run_once(ctx, 0);
    return (meter_cpu() - cpu) / TURNS;
}

/* What a process has. */
struct state {
    size_t resident, private, heap;
};

static struct state state_now(void)
{
    return (struct state){meter_resident(), meter_private(), meter_heap()};
}

/* The first connection is one of its own: it also has what all share. */
static void idle(xmpp_ctx_t *ctx, const struct state *nothing)
{
    size_t heap, resident, fresh, begun = meter_resident();
    struct state first;

    connect_many(ctx, 1);
    first = state_now();
    heap = meter_heap();
    resident = meter_resident();
    connect_many(ctx, run.count);
    fresh = meter_heap();
    printf("%zu %.0f %.0f", first.resident - nothing->resident,
           per_connection(resident, meter_resident()),
           per_connection(heap, fresh));
    for (time_t end = time(NULL) + seconds_of_rest(); time(NULL) < end;)
        xmpp_run_once(ctx, 100);
    printf(" %.0f", per_connection(heap, meter_heap()));
    printf(" %.4f %zu %zu %zu\n", time_of_a_turn(ctx),
           first.private - nothing->private, first.heap - nothing->heap,
           first.resident - begun);
    fflush(stdout);
    _exit(run.up == run.count + 1 ? 0 : 3);
}

int main(int argc, char **argv)
{
    const struct state nothing = state_now();
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn;

    if (argc != 4 && argc != 5)
        return 2;
    run.mode = argv[1];
    run.port = (unsigned short)atoi(argv[2]);
    run.count = atol(argv[3]);
    run.ca_file = argv[4];
    xmpp_initialize();
    ctx = xmpp_ctx_new(NULL, strcmp(run.mode, "log") == 0
                                 ? xmpp_get_default_logger(XMPP_LEVEL_ERROR)
                                 : NULL);
    if (strcmp(run.mode, "idle") == 0)
        idle(ctx, &nothing);
    conn = connect_one(ctx);
    while (!run.up)
        xmpp_run_once(ctx, 10);
    if (strcmp(run.mode, "send") == 0)
        send_all(ctx, conn);
    else
        pause_for_feed(ctx);
    xmpp_run(ctx);
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return run.done && run.looked ? 0 : 1;
}
