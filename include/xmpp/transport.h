/* transport.h - connecting through a proxy, over WebSocket, and over a
 * WebSocket that the domain names.
 *
 *     if (xmpp_conn_set_proxy(conn, "socks5://127.0.0.1:9050") != 0)
 *         fprintf(stderr, "%s\n", xmpp_ctx_get_last_error(ctx));
 *     else
 *         xmpp_connect_client(conn, NULL, 0, on_event, NULL);
 */

#ifndef XMPP_TRANSPORT_H
#define XMPP_TRANSPORT_H

#include <xmpp/types.h>

XMPP_BEGIN

/* ---- a proxy ----------------------------------------------------- */

/* Connect through this proxy, from the next connect call on (with
 * XMPP_OPT_RECONNECT, from the next attempt on). NULL, the default: no proxy.
 * The URL is one of
 *
 *     socks5://host:port               SOCKS 5 (RFC 1928); port 1080 if it is
 *     socks5://user:password@host      missing. With a user: RFC 1929
 *     http://host:port                 HTTP CONNECT (RFC 9110 section 9.3.6);
 *     http://user:password@host:port   port 80 if it is missing. With a user:
 *                                      Basic (RFC 7617)
 *
 * The user name and the password are percent-encoded. Each has at most 255
 * octets after decoding. An IPv6 address is in brackets. socks5h is the same as
 * socks5. The connection to the proxy itself has no TLS.
 *
 * The proxy gets the name of the server and looks it up. The library sends no
 * DNS query, except to find a proxy that is not given by its IP address. So it
 * looks up no SRV records: the server is the host and port of the connect call.
 * Without a host it is the domain of the account at port 5222, or at port 5223
 * with XMPP_CONN_FLAG_LEGACY_SSL. TLS and the check of the certificate are as
 * without a proxy, so the proxy sees only encrypted data. DANE would need the
 * DNS: with XMPP_OPT_DANE the connection fails with XMPP_EDANE.
 *
 * If the proxy cannot be reached, the failure is one of XMPP_LAYER_DNS or
 * XMPP_LAYER_TCP, as with a server. If it does not connect us to the server,
 * the failure is one of XMPP_LAYER_PROXY:
 *
 *   XMPP_EPROXY      it refused, and its reason is in the message
 *   XMPP_EPROXYAUTH  it refused the user name or the password
 *   XMPP_ETIMEOUT    it did not answer within XMPP_OPT_STEP_TIMEOUT
 *
 * Copied, and wiped from memory when the connection is freed. 0; XMPP_EARG if
 * the URL is not valid, and xmpp_ctx_get_last_error() says why; XMPP_EMEM;
 * XMPP_EINVOP if `conn` is NULL, or for a URL if the library was built without
 * proxies (configure --without-proxy). */
XMPP_API int xmpp_conn_set_proxy(xmpp_conn_t *conn, const char *url);

/* ---- WebSocket --------------------------------------------------- */

/* Connect to this URL over WebSocket (RFC 6455, RFC 7395), from the next
 * connect call on (with XMPP_OPT_RECONNECT, from the next attempt on). NULL,
 * the default: connect over TCP.
 *
 *     xmpp_conn_set_websocket(conn, "wss://example.org/xmpp-websocket");
 *
 * The URL is wss://host/path or wss://host:port/path; the port is 443 if it is
 * missing. The path differs from server to server, such as /xmpp-websocket or
 * /ws, and the library does not guess it. The host and port of the connect call
 * have no effect, and no SRV records are looked up. With a proxy, the proxy
 * looks up the host.
 *
 * The certificate has to be for the host of the URL, not for the domain of the
 * account, because the application chose that host. Everything else about
 * certificates and channel binding is as over TCP. If the server redirects the
 * client to another WebSocket (see-other-uri), the library follows, at most
 * XMPP_OPT_MAX_REDIRECTS times, and never from wss:// to ws://.
 *
 * A ws:// URL has no TLS; its port is 80 if it is missing. It is allowed only
 * for this machine (localhost, 127.0.0.0/8 and ::1) and without a proxy, unless
 * XMPP_OPT_WEBSOCKET_CLEAR is set. The login then has the same restrictions as
 * on any connection without TLS. XMPP_CONN_FLAG_MANDATORY_TLS forbids ws://. A
 * wss:// URL has TLS whatever the flags are.
 *
 * White space that is sent raw between stanzas, as a sign of life, becomes a
 * ping of the WebSocket. Everything else works as over TCP. A session that
 * began over one can be resumed over the other. Compression (XEP-0138) is not
 * used. Components always use TCP.
 *
 * Failures of XMPP_LAYER_WEBSOCKET:
 *
 *   XMPP_EWEBSOCKET  the URL offers no WebSocket for XMPP; the message has the
 *                    answer of the server
 *   XMPP_EPROTO      a frame of the server is not valid
 *   XMPP_EEOF        the server closed the WebSocket; the message has its code
 *                    and its reason
 *
 * Copied. 0; XMPP_EARG if the URL is not valid, and xmpp_ctx_get_last_error()
 * says why; XMPP_EMEM; XMPP_EINVOP if `conn` is NULL, or for a URL if the
 * library was built without WebSocket (configure --without-websocket). If a
 * ws:// URL is not allowed, the connect call returns XMPP_EARG. */
XMPP_API int xmpp_conn_set_websocket(xmpp_conn_t *conn, const char *url);

/* ---- a WebSocket that the domain names --------------------------- */

/* With XMPP_OPT_HOST_META the library looks up the WebSocket of the domain
 * itself (XEP-0156), from the next connect call on:
 *
 *   0  never; this is the default
 *   1  if TCP leads nowhere: no server could be reached, or none could be used
 *      before a login began. This is what XEP-0156 recommends
 *   2  instead of TCP, for a network that is known to let only HTTPS through
 *
 *     xmpp_conn_set_option(conn, XMPP_OPT_HOST_META, 1);
 *     xmpp_connect_client(conn, NULL, 0, on_event, NULL);
 *
 * The option is for clients. It has no effect if the connect call names a host,
 * or if xmpp_conn_set_websocket() names a URL.
 *
 * The library fetches https://DOMAIN/.well-known/host-meta.json, and then
 * /.well-known/host-meta if the first names no WebSocket (RFC 6415). The web
 * server has to prove that it is the domain, by a certificate of a trusted
 * authority, whatever the flags and the handlers for certificates are. Up to 3
 * redirects per document are followed, over HTTPS only. Proxies,
 * xmpp_conn_set_resolve() and xmpp_conn_set_source() apply, and a port of
 * xmpp_conn_set_resolve() replaces port 443, too. A ticket, a pin or a client
 * certificate is not used for the web server.
 *
 * Up to 4 WebSockets of the document are tried, in its order. The certificate
 * of a WebSocket has to be for the host of its URL or for the domain of the
 * account. A ws:// URL is used only with XMPP_OPT_WEBSOCKET_CLEAR, without
 * XMPP_CONN_FLAG_MANDATORY_TLS, and if the document has no wss:// URL. BOSH is
 * not supported.
 *
 * With XMPP_OPT_DANE the document is not fetched, because DANE does not protect
 * it: with 2 the connect call then returns XMPP_EDANE.
 *
 * A web server that is of no use is one of the targets that failed
 * (xmpp_conn_get_target_failure()), in XMPP_LAYER_DNS, XMPP_LAYER_TCP,
 * XMPP_LAYER_PROXY or XMPP_LAYER_TLS, or in XMPP_LAYER_HTTP:
 *
 *   XMPP_EHOSTMETA  it names no WebSocket that can be used; the message has its
 *                   answer, such as 404
 *   XMPP_EEOF       it closed the connection without an answer
 *   XMPP_ETIMEOUT   its answer was not complete within XMPP_OPT_STEP_TIMEOUT
 *
 * If TCP was tried before, its failure remains that of the connection. */

XMPP_END

#endif /* XMPP_TRANSPORT_H */
