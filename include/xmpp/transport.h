/* transport.h - by which way the bytes of a connection travel.
 *
 *     xmpp_conn_set_proxy(conn, "socks5://127.0.0.1:9050");
 *     xmpp_connect_client(conn, NULL, 0, on_event, NULL);
 */

#ifndef XMPP_TRANSPORT_H
#define XMPP_TRANSPORT_H

#include <xmpp/types.h>

XMPP_BEGIN

/* ---- a proxy ----------------------------------------------------- */

/* Connect by this proxy from the next connect call on; NULL, the default, for
 * none. The URL is one of
 *
 *     socks5://host:port               SOCKS 5 (RFC 1928); port 1080 if it is
 *     socks5://user:password@host      missing. With a user: RFC 1929
 *     http://host:port                 HTTP CONNECT (RFC 9110 section 9.3.6);
 *     http://user:password@host:port   port 80 if it is missing. With a user:
 *                                      Basic (RFC 7617)
 *
 * User and password are percent-encoded, and have at most 255 octets each. An
 * IPv6 address is in brackets. socks5h is the same as socks5.
 *
 * The proxy gets the name of the server and looks it up itself: no DNS query of
 * this library leaves the machine, except to find the proxy, if the URL names
 * it by a name. So there are no SRV records: the server is the host and port of
 * the connect call, or the domain of the account at port 5222, or at port 5223
 * with XMPP_CONN_FLAG_LEGACY_SSL. TLS, and the check of the certificate, are
 * those of a direct connection; the proxy sees only what is encrypted. DANE
 * would need the DNS: with XMPP_OPT_DANE the connection fails with XMPP_EDANE.
 *
 * A proxy that does not connect us is a failure of XMPP_LAYER_PROXY:
 * XMPP_EPROXY with its reason in the message, XMPP_EPROXYAUTH if it refused the
 * user name or the password, XMPP_ETIMEOUT after XMPP_OPT_STEP_TIMEOUT. One
 * that is not reached is a failure of XMPP_LAYER_DNS or XMPP_LAYER_TCP, as with
 * a server.
 *
 * Copied, and wiped from memory when the connection is freed. 0; XMPP_EARG, and
 * xmpp_ctx_get_last_error() says what is wrong with the URL; XMPP_EMEM;
 * XMPP_EINVOP if `conn` is NULL. */
XMPP_API int xmpp_conn_set_proxy(xmpp_conn_t *conn, const char *url);

/* ---- WebSocket --------------------------------------------------- */

/* Connect by WebSocket (RFC 6455, RFC 7395) from the next connect call on,
 * where the URL says; NULL, the default, for a usual connection. The URL is
 * wss://host/path or wss://host:port/path; servers have paths of their own,
 * such as /xmpp-websocket or /ws, and the library guesses none of them.
 *
 * The connect call's host and port have no effect, and no SRV records are
 * looked up; with a proxy it is the proxy that looks up the host. The server
 * has to prove that it is the host of the URL, which the application named by
 * that; everything else about certificates is as usual, channel binding
 * included. The server may send us to another WebSocket (see-other-uri); that
 * is followed within XMPP_OPT_MAX_REDIRECTS, from wss to wss only.
 *
 * ws://, without TLS, is for this machine: localhost, 127.0.0.0/8 and ::1. With
 * XMPP_OPT_WEBSOCKET_CLEAR, it is for others, too; the login is then as careful
 * as on any connection without TLS. XMPP_CONN_FLAG_MANDATORY_TLS forbids it.
 * wss:// has TLS whatever the flags are.
 *
 * All else works as over TCP: sessions are resumed from one to the other.
 * Compression (XEP-0138) is not used. Components are not affected.
 *
 * An answer that is not a WebSocket for XMPP is a failure of
 * XMPP_LAYER_WEBSOCKET: XMPP_EWEBSOCKET with the answer in the message; so are
 * XMPP_EPROTO for frames that are not valid, and XMPP_EEOF with the server's
 * code and reason.
 *
 * Copied. 0; XMPP_EARG, and xmpp_ctx_get_last_error() says what is wrong with
 * the URL; XMPP_EMEM; XMPP_EINVOP if `conn` is NULL. A ws:// URL that is not
 * allowed is refused by the connect call, XMPP_EARG. */
XMPP_API int xmpp_conn_set_websocket(xmpp_conn_t *conn, const char *url);

XMPP_END

#endif /* XMPP_TRANSPORT_H */
