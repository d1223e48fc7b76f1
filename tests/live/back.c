/* back.c - a program whose connection is cut comes back, whatever its server
 * makes of an attempt to resume: with a few tries, and the session lost at
 * worst.
 *
 * usage: back HOST PORT CA-FILE JID PASSWORD TRIES */

#include <sys/socket.h>
#include <stdlib.h>
#include <time.h>

#include <xmpp/xmpp.h>

#include "tap.h"

#define PATIENCE 120 /* seconds, only to end a test that hangs */
#define STEP 2000    /* milliseconds that a silent server is waited for */

static int ups, downs, socket_fd;

static int on_socket(xmpp_conn_t *c, void *sock)
{
    (void)c;
    socket_fd = *(int *)sock;
    return 0;
}

static void on_conn(xmpp_conn_t *c, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    const xmpp_failure_t *f = xmpp_conn_get_failure(c);

    (void)error;
    (void)stream_error;
    (void)userdata;
    ups += event == XMPP_CONN_CONNECT;
    downs += event == XMPP_CONN_DISCONNECT;
    if (event == XMPP_CONN_DISCONNECT && f)
        printf("# %s\n", f->message);
}

static void run_until(xmpp_ctx_t *ctx, const int *number, int want)
{
    time_t end = time(NULL) + PATIENCE;
    int ended = downs;

    while (*number < want && downs == ended && time(NULL) < end)
        xmpp_run_once(ctx, 100);
}

/* How many tries it took, up to `most`. */
static int come_back(xmpp_conn_t *conn, char **argv, int most)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    int tries = 0, before = ups;

    while (ups == before && tries++ < most) {
        xmpp_connect_client(conn, argv[1], (unsigned short)atoi(argv[2]),
                            on_conn, NULL);
        run_until(ctx, &ups, before + 1);
    }
    return tries;
}

int main(int argc, char **argv)
{
    int most = argc > 6 ? atoi(argv[6]) : 1, tries;
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    xmpp_conn_t *conn = xmpp_conn_new(ctx);

    if (argc < 7)
        bail("too few arguments");
    xmpp_conn_set_jid(conn, argv[4]);
    xmpp_conn_set_pass(conn, argv[5]);
    xmpp_conn_set_cafile(conn, argv[3]);
    xmpp_conn_set_option(conn, XMPP_OPT_STEP_TIMEOUT, STEP);
    xmpp_conn_set_sockopt_callback(conn, on_socket);
    is_int(come_back(conn, argv, 1), 1, "logged in");
    ok(xmpp_conn_is_resumable(conn), "the session can be resumed");
    for (int i = 0; i < 2 && xmpp_conn_is_connected(conn); i++) {
        shutdown(socket_fd, SHUT_RDWR);
        run_until(ctx, &downs, downs + 1);
        tries = come_back(conn, argv, most);
        ok(tries <= most && xmpp_conn_is_connected(conn), "back after %d tries",
           tries);
        printf("# resumed: %d\n", xmpp_conn_is_resumed(conn));
    }
    xmpp_disconnect(conn);
    run_until(ctx, &downs, downs + 1);
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return done_testing();
}
