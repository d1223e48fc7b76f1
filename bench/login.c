/* login.c - what logins cost: a program on libstrophe's interface alone, so
 * that the same file runs on either library.
 *
 * usage: login login PORT COUNT CA_FILE
 *
 * TLS, verified by the authorities of the file, then SCRAM. It prints the
 * milliseconds of CPU of the first login and of each of COUNT later ones, from
 * the connection that is made until it is gone again. The later ones are of new
 * connections in the same context. */

#include <stdio.h>
#include <stdlib.h>

#include <strophe.h>

#include "meter.h"
#include "scram.h"

static unsigned logins;

static void on_conn(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)error;
    (void)stream_error;
    if (event != XMPP_CONN_CONNECT) {
        xmpp_stop(userdata);
        return;
    }
    logins++;
    xmpp_disconnect(conn);
}

static void log_in(xmpp_ctx_t *ctx, unsigned short port, const char *ca_file)
{
    xmpp_conn_t *conn = xmpp_conn_new(ctx);

    xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_MANDATORY_TLS);
    xmpp_conn_set_cafile(conn, ca_file);
    xmpp_conn_set_jid(conn, "romeo@example.org");
    xmpp_conn_set_pass(conn, SCRAM_PASSWORD);
    if (xmpp_connect_client(conn, "127.0.0.1", port, on_conn, ctx))
        exit(2);
    xmpp_run(ctx);
    xmpp_conn_release(conn);
}

int main(int argc, char **argv)
{
    double began = meter_cpu(), first;
    unsigned short port;
    unsigned count;
    xmpp_ctx_t *ctx;

    if (argc != 5)
        return 2;
    port = (unsigned short)atoi(argv[2]);
    count = (unsigned)atoi(argv[3]);
    xmpp_initialize();
    ctx = xmpp_ctx_new(NULL, NULL);
    log_in(ctx, port, argv[4]);
    first = meter_cpu() - began;
    began = meter_cpu();
    for (unsigned i = 0; i < count; i++)
        log_in(ctx, port, argv[4]);
    printf("%.3f %.3f\n", first / 1000, (meter_cpu() - began) / 1000 / count);
    xmpp_ctx_free(ctx);
    xmpp_shutdown();
    return logins == count + 1 ? 0 : 1;
}
