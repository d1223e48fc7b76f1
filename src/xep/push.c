/* push.c - notifications for a client that is not connected (XEP-0357). */

#include <xmpp/xep/push.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>

static int send_push(xmpp_conn_t *conn, const char *name, const char *service,
                     const char *node, const xmpp_form_t *options,
                     xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq, *element;

    if (!service)
        return xmpp_conn_fail(conn, &xmpp_mod_push, XMPP_EARG,
                              "the address of the push service is missing");
    iq = xmpp_iq_to(conn, "set", NULL);
    element = xmpp_stanza_add_tag(iq, name, XMPP_NS_PUSH);
    xmpp_stanza_put(element, "jid", service);
    xmpp_stanza_put(element, "node", node);
    xmpp_payload_add(element, &xmpp_form, options);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}

int xmpp_push_enable(xmpp_conn_t *conn, const char *service, const char *node,
                     const xmpp_form_t *options, xmpp_result_handler handler,
                     void *userdata)
{
    return send_push(conn, "enable", service, node, options, handler, userdata);
}

int xmpp_push_disable(xmpp_conn_t *conn, const char *service, const char *node,
                      xmpp_result_handler handler, void *userdata)
{
    return send_push(conn, "disable", service, node, NULL, handler, userdata);
}

static const xmpp_row_t rows[] = {XMPP_SPEC("XEP-0357", "0.4.1", "complete"),
                                  XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_push, "push", 0, rows);
