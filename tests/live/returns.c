/* returns.c - a program whose connection comes back by itself: it prints what
 * it hears, until it ends.
 *
 * usage: returns HOST PORT CA-FILE JID PASSWORD */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <xmpp/xmpp.h>

static xmpp_ctx_t *ctx;

static void on_signal(int number)
{
    (void)number;
    xmpp_ctx_finish(ctx);
}

static void print_end(xmpp_conn_t *conn)
{
    const xmpp_failure_t *f = xmpp_conn_get_failure(conn);
    const xmpp_reconnect_t *next = xmpp_conn_get_reconnect(conn);

    printf("down %s", f ? xmpp_strerror_name(f->code) : "-");
    if (next)
        printf(" next %u in %lu of %lu: %s\n", next->attempt, next->left,
               next->wait, f ? f->message : "");
    else
        printf(" last: %s\n", f ? f->message : "");
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)error;
    (void)stream_error;
    (void)userdata;
    if (event == XMPP_CONN_CONNECT)
        printf("up %s\n", xmpp_conn_is_resumed(conn) ? "resumed" : "new");
    else
        print_end(conn);
    fflush(stdout);
    if (event == XMPP_CONN_DISCONNECT && !xmpp_conn_is_reconnecting(conn))
        xmpp_stop(ctx);
}

/* Short times, so that a test need not wait. */
static void set_times(xmpp_conn_t *conn)
{
    xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT, 1);
    xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT_MIN, 200);
    xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT_MAX, 2000);
    xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT_RESET, 1);
    xmpp_conn_set_option(conn, XMPP_OPT_CONNECT_TIMEOUT, 1000);
    xmpp_conn_set_option(conn, XMPP_OPT_PING_AFTER, 500);
    xmpp_conn_set_option(conn, XMPP_OPT_PING_TIMEOUT, 500);
}

int main(int argc, char **argv)
{
    xmpp_conn_t *conn;

    if (argc != 6)
        return 2;
    ctx = xmpp_ctx_new(NULL, NULL);
    conn = xmpp_conn_new(ctx);
    signal(SIGTERM, on_signal);
    xmpp_conn_set_cafile(conn, argv[3]);
    xmpp_conn_set_jid(conn, argv[4]);
    xmpp_conn_set_pass(conn, argv[5]);
    set_times(conn);
    if (xmpp_connect_client(conn, argv[1], (unsigned short)atoi(argv[2]),
                            on_event, NULL) == 0)
        xmpp_run(ctx);
    signal(SIGTERM, SIG_IGN); /* timeout(1) sends it twice */
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return 0;
}
