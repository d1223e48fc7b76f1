/* csi.c - XEP-0352: our server may hold back what nobody looks at. */

#include <xmpp/xep/csi.h>

#include <xmpp/ns.h>
#include <xmpp/send.h>

struct csi {
    int inactive; /* what the application wants */
    int sent;     /* what the server knows */
    int offered;  /* by the server of this session */
    int is_up;
};

static int csi_send(xmpp_conn_t *conn, struct csi *csi)
{
    xmpp_stanza_t *nonza;
    int code;

    if (!csi->is_up)
        return 0;
    if (!csi->offered)
        return 1;
    if (csi->sent == csi->inactive)
        return 0;
    nonza =
        xmpp_stanza_new_tag(xmpp_conn_get_context(conn),
                            csi->inactive ? "inactive" : "active", XMPP_NS_CSI);
    xmpp_conn_hold(conn);
    code = xmpp_send_take(conn, nonza);
    if (code == 0)
        csi->sent = csi->inactive;
    xmpp_conn_unhold(conn);
    return code;
}

/* A stream begins as active (section 4.2), a resumed one too (5.2). But what
 * could not be written before the connection was lost leaves now: perhaps an
 * <inactive/>, which has to be taken back. What the server offers is kept with
 * the session. */
static int csi_on_turn(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    struct csi *csi = state;

    if (event == XMPP_SESSION_STARTED || event == XMPP_SESSION_RESUMED) {
        csi->is_up = 1;
        csi->sent = csi->sent && !csi->inactive;
    }
    if (event == XMPP_SESSION_STARTED)
        csi->offered = 0;
    if (event == XMPP_CONNECTION_LOST)
        csi->is_up = 0;
    if (event == XMPP_SESSION_RESUMED)
        csi_send(conn, csi);
    return 0;
}

static int on_csi_offer(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                        void *state)
{
    struct csi *csi = state;

    (void)in;
    csi->offered = 1;
    return csi_send(conn, csi);
}

static const xmpp_row_t rows[] = {
    XMPP_OFFER(XMPP_NS_CSI, "csi", on_csi_offer),
    XMPP_LIFECYCLE(csi_on_turn),
    XMPP_SPEC("XEP-0352", "1.0.0", "complete"),
    XMPP_ROWS_END,
};

XMPP_MODULE(xmpp_mod_csi, "csi", sizeof(struct csi), rows);

int xmpp_csi_set(xmpp_conn_t *conn, int active)
{
    struct csi *csi = xmpp_conn_get_state(conn, &xmpp_mod_csi);

    if (!csi)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_csi);
    csi->inactive = !active;
    return csi_send(conn, csi);
}
