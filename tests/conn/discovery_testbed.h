/* discovery_testbed.h - a domain that names a WebSocket by HTTPS: its web
 * servers, their certificates and their answers. */

#ifndef TESTS_CONN_DISCOVERY_TESTBED_H
#define TESTS_CONN_DISCOVERY_TESTBED_H

#include "conn/targets_testbed.h"

#include <xmpp/dial.h>
#include <xmpp/transport.h>

#define ASK_JSON                                                               \
    "C GET /.well-known/host-meta.json HTTP/1.1\r\nHost: example.org\r\n",     \
        "C \r\n\r\n"
#define ASK_XRD                                                                \
    "C GET /.well-known/host-meta HTTP/1.1\r\nHost: example.org\r\n",          \
        "C \r\n\r\n"
#define FOUND "S HTTP/1.1 200 OK\r\n\r\n"
#define LINK(url)                                                              \
    "{\"rel\":\"urn:xmpp:alt-connections:websocket\",\"href\":\"" url "\"}"
#define JSON(links) FOUND "{\"links\":[" links "]}", "end"
#define XRD_OPEN "<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>"
#define XRD_LINK                                                               \
    "<Link rel='urn:xmpp:alt-connections:websocket' "                          \
    "href='wss://ws.example.com/ws'/>"
#define THERE "wss://ws.example.com/ws"
#define MISSING "S HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "end"

/* Lines of a script that begin TLS, with a certificate of the domain, of the
 * host of the WebSocket, of www.example.org, and of [::1]; and two that the
 * client refuses. */
extern char of_domain[160], of_host[160], of_web[160], of_address[160],
    self[160], web_of_self[160];
extern char discovery_ca_file[96];

void discovery_open(void);
void discovery_close(void);

/* Over TLS, to a domain with so many targets, of which the first refuse. */
void discovery_begin(struct testbed *testbed, long policy, unsigned targets,
                     unsigned refused, const char *const *script);

void discovery_succeeds(struct testbed *testbed, const char *what);
void discovery_fails(struct testbed *testbed, xmpp_layer_t layer, int code,
                     const char *what);

#endif
