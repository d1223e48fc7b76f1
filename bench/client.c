/* client.c - what is measured: a program on libstrophe's interface alone, so
 * that the same source is built with either library.
 *
 * usage: client receive|send PORT COUNT    microseconds of CPU per stanza, and
 *                                          allocations per stanza
 *        client idle PORT CONNECTIONS      bytes per idle connection, and
 *                                          microseconds of CPU per idle turn
 */

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <strophe.h>

#include "count.h"

#define WARM 1000 /* stanzas before counting begins */
#define REST 12   /* seconds without traffic, until a connection is idle */

static struct {
    const char *mode;
    long count, seen, up;
    double cpu;
    unsigned long allocations;
    size_t looked; /* so that nothing read can be left out */
    int done;
} run;

static double cpu_now(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void begin(void)
{
    run.cpu = cpu_now();
    run.allocations = count_allocations;
}

static void end(long stanzas)
{
    run.cpu = (cpu_now() - run.cpu) / (double)stanzas;
    run.allocations = count_allocations - run.allocations;
    printf("%.4f %.4f\n", run.cpu, (double)run.allocations / (double)stanzas);
    run.done = 1;
}

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    xmpp_ctx_t *ctx = userdata;
    const char *id = xmpp_stanza_get_id(stanza);
    xmpp_stanza_t *body = xmpp_stanza_get_child_by_name(stanza, "body");
    const char *from = xmpp_stanza_get_from(stanza);
    const char *text = xmpp_stanza_get_text_ptr(xmpp_stanza_get_children(body));

    run.looked += strlen(from) + (text ? strlen(text) : 0);

    if (++run.seen == WARM && strcmp(run.mode, "receive") == 0)
        begin();
    if (id && strcmp(id, "end") == 0) {
        end(strcmp(run.mode, "receive") == 0 ? run.seen - WARM : run.count);
        xmpp_disconnect(conn);
    }
    return 1;
}

static void send_one(xmpp_ctx_t *ctx, xmpp_conn_t *conn)
{
    xmpp_stanza_t *message =
        xmpp_message_new(ctx, "chat", "juliet@example.org/balcony", "m1");

    xmpp_message_set_body(message, "My bounty is as boundless as the sea, my "
                                   "love as deep; the more I give to thee");
    xmpp_send(conn, message);
    xmpp_stanza_release(message);
}

/* As an application does it: some, then the loop. */
static int send_some(xmpp_conn_t *conn, void *userdata)
{
    xmpp_ctx_t *ctx = userdata;

    if (run.seen == 0)
        begin();
    for (int i = 0; i < 100 && run.seen < run.count; i++, run.seen++)
        send_one(ctx, conn);
    return run.seen < run.count;
}

static void on_conn(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    xmpp_ctx_t *ctx = userdata;
    xmpp_stanza_t *presence;

    (void)error;
    (void)stream_error;
    if (event != XMPP_CONN_CONNECT) {
        run.up--;
        xmpp_stop(ctx);
        return;
    }
    run.up++;
    if (strcmp(run.mode, "idle") == 0)
        return;
    xmpp_handler_add(conn, on_message, NULL, "message", NULL, ctx);
    if (strcmp(run.mode, "receive") == 0) {
        presence = xmpp_presence_new(ctx);
        xmpp_send(conn, presence);
        xmpp_stanza_release(presence);
    }
}

static xmpp_conn_t *connect_one(xmpp_ctx_t *ctx, unsigned short port)
{
    xmpp_conn_t *conn = xmpp_conn_new(ctx);

    xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_DISABLE_TLS);
    xmpp_conn_set_jid(conn, "example.org");
    if (xmpp_connect_client(conn, "127.0.0.1", port, on_conn, ctx))
        exit(2);
    return conn;
}

static size_t heap(void)
{
    return mallinfo2().uordblks + mallinfo2().hblkhd;
}

static void idle(xmpp_ctx_t *ctx, unsigned short port)
{
    enum { TURNS = 1000 };
    size_t before;
    double cpu;

    connect_one(ctx, port);
    while (run.up < 1)
        xmpp_run_once(ctx, 10);
    before = heap();
    for (long i = 1; i <= run.count; i++)
        connect_one(ctx, port);
    while (run.up < run.count + 1)
        xmpp_run_once(ctx, 10);
    for (time_t since = time(NULL); time(NULL) < since + REST;)
        xmpp_run_once(ctx, 100);
    before = heap() - before;
    cpu = cpu_now();
    for (int i = 0; i < TURNS; i++)
        xmpp_run_once(ctx, 0);
    printf("%.0f %.4f\n", (double)before / (double)run.count,
           (cpu_now() - cpu) / TURNS);
    exit(0);
}

int main(int argc, char **argv)
{
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn;
    unsigned short port;

    if (argc != 4)
        return 2;
    run.mode = argv[1];
    port = (unsigned short)atoi(argv[2]);
    run.count = atol(argv[3]);
    xmpp_initialize();
    ctx = xmpp_ctx_new(NULL, NULL);
    if (strcmp(run.mode, "idle") == 0)
        idle(ctx, port);
    conn = connect_one(ctx, port);
    while (!run.up)
        xmpp_run_once(ctx, 10);
    if (strcmp(run.mode, "send") == 0)
        while (send_some(conn, ctx))
            xmpp_run_once(ctx, 0);
    xmpp_run(ctx);
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return run.done && run.looked ? 0 : 1;
}
