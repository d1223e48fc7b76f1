/* strophe.c - libstrophe's older names for what settings do today. */

#include <strophe.h>

#include "conn/conn.h"

void xmpp_conn_disable_tls(xmpp_conn_t *conn)
{
    long flags = xmpp_conn_get_flags(conn);

    if (!conn)
        return;
    /* xmpp_conn_set_flags() refuses DISABLE_TLS beside another flag of TLS. */
    flags &= ~(long)(XMPP_CONN_FLAG_MANDATORY_TLS | XMPP_CONN_FLAG_LEGACY_SSL |
                     XMPP_CONN_FLAG_TRUST_TLS);
    xmpp_conn_set_flags(conn, flags | (long)XMPP_CONN_FLAG_DISABLE_TLS);
}

void xmpp_conn_set_keepalive(xmpp_conn_t *conn, int timeout, int interval)
{
    if (!conn)
        return;
    conn->keepalive_timeout = timeout;
    conn->keepalive_interval = interval;
}
