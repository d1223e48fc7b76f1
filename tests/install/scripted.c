/* scripted.c - a module of a program outside the tree, tested without a server
 * (doc/MODULES): it answers what a script sends. */

#include <stdio.h>
#include <string.h>

#include <xmpp/module.h>
#include <xmpp/xmpp.h>

#include "conn/fake_server.h"

static int on_lamp(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)state;
    xmpp_send_take(conn, xmpp_iq_result(conn, in->stanza));
    return 1;
}

static const xmpp_row_t rows[] = {XMPP_IQ_GET(XMPP_SENDER_ANYONE,
                                              "urn:example:lamp:0", "lamp",
                                              NULL, on_lamp),
                                  XMPP_ROWS_END};
static XMPP_MODULE(lamp_module, "lamp", 0, rows);

static void on_conn(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    int *is_over = userdata;

    (void)conn;
    (void)error;
    (void)stream_error;
    *is_over = event == XMPP_CONN_DISCONNECT;
}

int main(void)
{
    static const char *const script[] = {
        PEER_LOGIN,
        "S <iq type='get' id='1' from='a@example.org/b'>"
        "<lamp xmlns='urn:example:lamp:0'/></iq>",
        "C <iq type=\"result\" id=\"1\"", "C />", NULL};
    struct fake_server *server = fake_server_start(script);
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    xmpp_conn_t *conn = xmpp_conn_new(ctx);
    const char *wrong;
    int is_over = 0;

    xmpp_conn_set_jid(conn, "example.org");
    xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_DISABLE_TLS);
    xmpp_conn_use(conn, &lamp_module);
    xmpp_connect_client(conn, "127.0.0.1", fake_server_port(server), on_conn,
                        &is_over);
    while (!is_over)
        xmpp_run_once(ctx, 100);
    wrong = fake_server_join(server);
    if (wrong)
        fprintf(stderr, "the script was not followed: %s\n", wrong);
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return wrong != NULL;
}
