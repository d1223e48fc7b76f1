/* modules.c - what a message costs that does not concern the modules in use.
 *
 * usage: modules PORT COUNT MODULES     what meter_end() prints */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xmpp/xmpp.h>

#include "meter.h"
#include "xep/many_modules.h"

static long seen;

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    const char *id = xmpp_stanza_get_id(stanza);

    (void)userdata;
    if (++seen == METER_WARM)
        meter_begin();
    if (strcmp(id, "end") == 0) {
        meter_end(seen - METER_WARM);
        xmpp_disconnect(conn);
    }
    return 1;
}

static void on_conn(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_CONNECT)
        xmpp_send_take(conn, xmpp_presence_new(userdata));
    else
        xmpp_stop(userdata);
}

int main(int argc, char **argv)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    xmpp_conn_t *conn = xmpp_conn_new(ctx);

    if (argc != 4 || atoi(argv[3]) > MANY_MODULES_MOST)
        return 2;
    for (int i = 0; i < atoi(argv[3]); i++)
        if (xmpp_conn_use(conn, many_modules_at((unsigned)i)))
            return 2;
    xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_DISABLE_TLS);
    xmpp_conn_set_jid(conn, "example.org");
    xmpp_handler_add(conn, on_message, NULL, "message", NULL, NULL);
    if (xmpp_connect_client(conn, "127.0.0.1", (unsigned short)atoi(argv[1]),
                            on_conn, ctx))
        return 2;
    xmpp_run(ctx);
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return seen > METER_WARM ? 0 : 1;
}
