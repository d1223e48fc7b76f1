/* way.c - the transports by which tests go to a real server, with a relay
 * before it. */

#include "live/way.h"

#include "tap.h"

static bool by_proxy(const char *way)
{
    return strcmp(way, "socks") == 0 || strcmp(way, "http") == 0;
}

void way_set(xmpp_conn_t *conn, const char *way, unsigned short relay)
{
    char url[200];
    int rc = 0;

    if (strcmp(way, "tls") == 0)
        rc = xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_LEGACY_SSL);
    if (strncmp(way, "wss:", 4) == 0) {
        const char *path = strchr(way, '/');

        snprintf(url, sizeof(url), "wss://%.*s:%d%s", (int)(path - way) - 4,
                 way + 4, relay, path);
        rc = xmpp_conn_set_websocket(conn, url);
    }
    if (by_proxy(way)) {
        snprintf(url, sizeof(url), "%s@127.0.0.1:%d",
                 strcmp(way, "http") == 0 ? "http://user:pass"
                                          : "socks5://user:p%40ss",
                 relay);
        rc = xmpp_conn_set_proxy(conn, url);
    }
    if (rc)
        bail(xmpp_ctx_get_last_error(xmpp_conn_get_context(conn)));
}

int way_connect(xmpp_conn_t *conn, const char *way, unsigned short relay,
                unsigned short server, xmpp_conn_handler handler,
                void *userdata)
{
    return xmpp_connect_client(
        conn, "127.0.0.1", by_proxy(way) ? server : relay, handler, userdata);
}
