/* crowd.c - many connections in one context: all log in, each sends a message
 * to the next, all get one, all leave.
 *
 * usage: crowd HOST PORT CA-FILE JID PASSWORD NUMBER */

#include <time.h>

#include <xmpp/xmpp.h>

#include "tap.h"

#define PATIENCE 90 /* seconds, only to end a test that hangs */

static xmpp_ctx_t *ctx;
static int up, down, failed, messages;

static void until(const int *number, int want, const char *what)
{
    time_t end = time(NULL) + PATIENCE;

    while (*number < want && time(NULL) < end)
        xmpp_run_once(ctx, 500);
    is_int(*number, want, "%s", what);
}

static void on_conn(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    const xmpp_failure_t *f = xmpp_conn_get_failure(conn);

    (void)error;
    (void)stream_error;
    (void)userdata;
    up += event == XMPP_CONN_CONNECT;
    down += event == XMPP_CONN_DISCONNECT;
    failed += f != NULL;
    if (f)
        printf("# %s\n", f->message);
}

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    char *body = xmpp_message_get_body(stanza);

    (void)userdata;
    /* a message to a full address that went to another would show here */
    messages += body && strcmp(body, xmpp_conn_get_bound_jid(conn)) == 0;
    xmpp_free(ctx, body);
    return 1;
}

static xmpp_conn_t *begin(char **argv, int i)
{
    xmpp_conn_t *conn = xmpp_conn_new(ctx);
    char jid[256];

    snprintf(jid, sizeof(jid), "%s/%d", argv[4], i);
    xmpp_conn_set_jid(conn, jid);
    xmpp_conn_set_pass(conn, argv[5]);
    xmpp_conn_set_cafile(conn, argv[3]);
    xmpp_conn_set_option(conn, XMPP_OPT_STEP_TIMEOUT, 60000);
    xmpp_handler_add(conn, on_message, NULL, "message", NULL, NULL);
    if (xmpp_connect_client(conn, argv[1], (unsigned short)atoi(argv[2]),
                            on_conn, NULL))
        bail("cannot begin");
    return conn;
}

static void greet(xmpp_conn_t *from, xmpp_conn_t *to)
{
    const char *jid = xmpp_conn_get_bound_jid(to);
    xmpp_stanza_t *m = xmpp_message_new(ctx, "chat", jid, NULL);

    xmpp_message_set_body(m, jid);
    failed += xmpp_send_take(from, m) != 0;
}

int main(int argc, char **argv)
{
    int n = argc == 7 ? atoi(argv[6]) : 0;
    xmpp_conn_t **conns = calloc((size_t)n + 1, sizeof(*conns));

    if (n < 2 || !conns)
        bail("usage");
    ctx = xmpp_ctx_new(NULL, NULL);
    for (int i = 0; i < n; i++)
        conns[i] = begin(argv, i);
    until(&up, n, "all are up");
    for (int i = 0; i < n && up == n; i++)
        greet(conns[i], conns[(i + 1) % n]);
    until(&messages, n, "everyone is greeted by the one before");
    for (int i = 0; i < n; i++)
        xmpp_disconnect(conns[i]);
    until(&down, n, "all leave");
    is_int(failed, 0, "nothing failed");
    for (int i = 0; i < n; i++)
        xmpp_conn_release(conns[i]);
    xmpp_ctx_free(ctx);
    free(conns);
    return done_testing();
}
