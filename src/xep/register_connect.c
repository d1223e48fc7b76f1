/* register_connect.c - creating an account at a server (XEP-0077, XEP-0445). */

#include <xmpp/xep/register_connect.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/handler.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/option.h>
#include <xmpp/tls.h>

/* `pending` is NULL as soon as the application was told. */
struct entrance {
    xmpp_pending_t *pending;
};

static const xmpp_field_t offer_fields[] = {
    XMPP_FLAG_NS(xmpp_register_offer_t, in_band, "register",
                 XMPP_NS_REGISTER_FEATURE),
    XMPP_FLAG_NS(xmpp_register_offer_t, token, "register", XMPP_NS_IBR_TOKEN),
    XMPP_ELEMENT(xmpp_register_offer_t, flows, &xmpp_register_flows),
    XMPP_ELEMENT(xmpp_register_offer_t, recovery, &xmpp_register_recovery),
};
XMPP_PAYLOAD(xmpp_register_offer, xmpp_register_offer_t, "features",
             XMPP_NS_STREAMS, offer_fields);

static void entrance_forget(void *module_data)
{
    ((struct entrance *)module_data)->pending = NULL;
}

/* How it ended; if not well, the connection ends, too. */
static void entrance_end(xmpp_conn_t *conn, struct entrance *e, int status,
                         const void *offer)
{
    xmpp_pending_t *pending = e->pending;

    e->pending = NULL;
    if (status)
        xmpp_disconnect(conn);
    xmpp_pending_on_end(pending, NULL, NULL);
    xmpp_pending_end(pending, status, &xmpp_register_offer, offer);
}

/* ---- the stream -------------------------------------------------- */

static int offers_starttls(xmpp_stanza_t *features)
{
    return xmpp_stanza_next_tag(features, NULL, "starttls", XMPP_NS_TLS) !=
           NULL;
}

/* As a login does it: it is used where it is offered, and required unless the
 * application said otherwise. */
static int wants_tls(xmpp_conn_t *conn, xmpp_stanza_t *features)
{
    if (xmpp_conn_is_secured(conn) ||
        (xmpp_conn_get_flags(conn) & (long)XMPP_CONN_FLAG_DISABLE_TLS))
        return 0;
    return offers_starttls(features) ||
           xmpp_conn_get_option(conn, XMPP_OPT_TLS_OPTIONAL) <= 0;
}

static void start_tls(xmpp_conn_t *conn, struct entrance *e,
                      xmpp_stanza_t *features)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    int rc = XMPP_ENOTLS;

    if (offers_starttls(features))
        rc = xmpp_send_take(conn,
                            xmpp_stanza_new_tag(ctx, "starttls", XMPP_NS_TLS));
    if (rc)
        entrance_end(conn, e, rc, NULL);
}

static void take_offer(xmpp_conn_t *conn, struct entrance *e,
                       xmpp_stanza_t *features)
{
    const void *value = NULL;
    int rc = xmpp_payload_read(features, &xmpp_register_offer, &value);
    const xmpp_register_offer_t *offer = value;

    if (rc == 0 && !offer->in_band && !offer->flows && !offer->recovery)
        rc = XMPP_ENOSERVICE;
    entrance_end(conn, e, rc, rc ? NULL : offer);
}

static int on_features(xmpp_conn_t *conn, xmpp_stanza_t *features,
                       void *userdata)
{
    struct entrance *e = userdata;

    if (!e->pending)
        return 1;
    if (wants_tls(conn, features))
        start_tls(conn, e, features);
    else
        take_offer(conn, e, features);
    return 1;
}

/* <proceed/>, or a refusal. The handler also gets features with <starttls/>. */
static int on_tls(xmpp_conn_t *conn, xmpp_stanza_t *answer, void *userdata)
{
    struct entrance *e = userdata;

    if (!e->pending || strcmp(xmpp_stanza_get_ns(answer), XMPP_NS_TLS) != 0)
        return 1;
    if (strcmp(xmpp_stanza_get_name(answer), "proceed") != 0 ||
        xmpp_conn_tls_start(conn) || xmpp_conn_open_stream_default(conn))
        entrance_end(conn, e, XMPP_ENOTLS, NULL);
    return 1;
}

/* The pending operation ends by itself when the connection does. */
static void on_raw(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                   xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)error;
    (void)stream_error;
    (void)userdata;
    if (event == XMPP_CONN_RAW_CONNECT)
        xmpp_conn_open_stream_default(conn);
}

/* ---- the module -------------------------------------------------- */

static int on_entrance_life(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                            void *state)
{
    if (event != XMPP_ATTACHED)
        return 0;
    xmpp_handler_add(conn, on_features, XMPP_NS_STREAMS, "features", NULL,
                     state);
    xmpp_handler_add(conn, on_tls, XMPP_NS_TLS, NULL, NULL, state);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_register_flow), XMPP_LIFECYCLE(on_entrance_life),
    XMPP_SPEC("XEP-0445", "0.2.0", "complete"), XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_register_connect, "register_connect",
            sizeof(struct entrance), rows);

int xmpp_register_connect(xmpp_conn_t *conn, const char *host, long port,
                          xmpp_result_handler handler, void *userdata)
{
    struct entrance *e;
    int rc;

    if (port < 0 || port > 65535)
        return xmpp_conn_fail(conn, &xmpp_mod_register_connect, XMPP_EARG,
                              "%ld is not a port", port);
    rc = xmpp_conn_use(conn, &xmpp_mod_register_connect);
    if (rc < 0)
        return rc;
    e = xmpp_conn_get_state(conn, &xmpp_mod_register_connect);
    rc = xmpp_connect_raw(conn, host, (unsigned short)port, on_raw, NULL);
    if (rc)
        return rc;
    e->pending = xmpp_pending_new(conn, 0, handler, userdata);
    if (!e->pending) {
        xmpp_disconnect(conn);
        return XMPP_EMEM;
    }
    xmpp_pending_on_end(e->pending, entrance_forget, e);
    return 0;
}

int xmpp_register_show_token(xmpp_conn_t *conn, const char *token,
                             xmpp_result_handler handler, void *userdata)
{
    char *domain;
    xmpp_stanza_t *iq, *preauth;

    if (!token || !*token)
        return xmpp_conn_fail(conn, &xmpp_mod_register_connect, XMPP_EARG,
                              "the token of the invitation is missing");
    domain =
        xmpp_jid_domain(xmpp_conn_get_context(conn), xmpp_conn_get_jid(conn));
    iq = xmpp_iq_to(conn, "set", domain);
    xmpp_free(xmpp_conn_get_context(conn), domain);
    preauth = xmpp_stanza_add_tag(iq, "preauth", XMPP_NS_PARS);
    xmpp_stanza_put(preauth, "token", token);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}
