/* way.h - the transports by which tests go to a real server, with a relay
 * before it. */

#ifndef TESTS_LIVE_WAY_H
#define TESTS_LIVE_WAY_H

#include <xmpp/xmpp.h>

/* `way` is tcp (with STARTTLS), tls (at once), wss:HOST/PATH, socks or
 * http (proxies, with the users of tests/live/proxies.sh). `relay` is
 * the port before the server, or before the proxy. */
void way_set(xmpp_conn_t *conn, const char *way, unsigned short relay);

/* `server` is the port to which a proxy is led; else it does not matter. */
int way_connect(xmpp_conn_t *conn, const char *way, unsigned short relay,
                unsigned short server, xmpp_conn_handler handler,
                void *userdata);

#endif
