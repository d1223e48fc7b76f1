/* ping.c - XEP-0199: does an entity answer? */

#include <xmpp/xep/ping.h>

#include <xmpp/ns.h>

static int on_ping(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    int code = xmpp_send_take(conn, xmpp_iq_result(conn, in->stanza));

    (void)state;
    return code ? code : 1;
}

static const xmpp_row_t rows[] = {
    XMPP_IQ_GET(XMPP_SENDER_ANYONE, XMPP_NS_PING, "ping", NULL, on_ping),
    XMPP_FEATURE(XMPP_NS_PING),
    XMPP_SPEC("XEP-0199", "2.0.1", "complete"),
    XMPP_ROWS_END,
};

XMPP_MODULE(xmpp_mod_ping, "ping", 0, rows);

int xmpp_ping(xmpp_conn_t *conn, const char *to, xmpp_result_handler handler,
              void *userdata)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "get", to);

    xmpp_stanza_add_tag(iq, "ping", XMPP_NS_PING);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}
