/* session.c - what the later steps share: settings, the loop, and the end. */

#include "session.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static xmpp_ctx_t *ctx;
static void (*call_ready)(xmpp_conn_t *conn);
static int code;

static void on_signal(int number)
{
    (void)number;
    xmpp_ctx_finish(ctx);
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    const xmpp_failure_t *why = xmpp_conn_get_failure(conn);

    (void)error;
    (void)stream_error;
    (void)userdata;
    if (event == XMPP_CONN_CONNECT) {
        call_ready(conn);
        return;
    }
    if (why)
        fprintf(stderr, "%s: %s\n", why->message,
                xmpp_strerror_advice(why->code));
    if (!xmpp_conn_is_reconnecting(conn))
        xmpp_stop(ctx);
}

xmpp_conn_t *session_new(void)
{
    xmpp_conn_t *conn;

    ctx = xmpp_ctx_new(NULL, xmpp_get_default_logger(XMPP_LEVEL_ERROR));
    conn = xmpp_conn_new(ctx);
    if (!conn)
        exit(1);
    xmpp_conn_set_jid(conn, getenv("JID"));
    xmpp_conn_set_pass(conn, getenv("LIBXMPP_PASSWORD"));
    xmpp_conn_set_cafile(conn, getenv("CAFILE"));
    xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT, 1);
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    return conn;
}

void session_finish(xmpp_conn_t *conn, int with_code)
{
    code = with_code;
    xmpp_disconnect(conn);
}

int session_run(xmpp_conn_t *conn, void (*on_ready)(xmpp_conn_t *conn))
{
    unsigned short port = 0;
    int failed;

    call_ready = on_ready;
    if (getenv("PORT"))
        port = (unsigned short)atoi(getenv("PORT"));
    failed = xmpp_connect_client(conn, getenv("SERVER"), port, on_event, NULL);
    if (!failed) {
        xmpp_run(ctx);
        failed = xmpp_conn_get_failure(conn) != NULL;
    }
    return failed ? 1 : code;
}

void session_free(xmpp_conn_t *conn)
{
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
}
