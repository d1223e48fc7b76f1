/* way.h - by which way an attempt gets to its server: by a proxy, by WebSocket,
 * or as usual. */

#ifndef CONN_WAY_H
#define CONN_WAY_H

#include "address/url.h"
#include "conn/attempt.h"
#include "net/proxy.h"
#include "net/websocket.h"
#include "stream/messages.h"

/* It belongs to the account, and exists where there is something to say. The
 * views of `url` and the path in `wanted` point into the settings. */
struct way {
    bool has_proxy, has_websocket;
    bool is_found; /* the WebSocket: the domain names it, and nobody else */
    struct proxy proxy;
    struct target server; /* behind the proxy that is dialled */
    struct url url;       /* of the WebSocket */
    char authority[DNS_NAME_SIZE + 16];
    struct websocket_wanted wanted;
    struct websocket_content content; /* the messages, for the stage */
    struct messages messages;
};

/* Read the settings of the account; without any it gets no way. 0; XMPP_EMEM;
 * XMPP_EARG, which attempt->fault explains. */
int way_init(struct attempt *attempt, enum stream_kind kind);
void way_free(struct attempt *attempt);

bool way_has_proxy(const struct attempt *attempt);
bool way_has_websocket(const struct attempt *attempt);

/* A WebSocket without TLS. */
bool way_is_clear(const struct attempt *attempt);

/* The name that the certificate has to have: the account's domain, or the host
 * of the WebSocket, which the application named. */
const char *way_tls_name(const struct attempt *attempt);

/* A name that is as good, or NULL: the domain, if it named the WebSocket itself
 * (XEP-0156 section 3.2, rule 1). */
const char *way_other_tls_name(const struct attempt *attempt);

/* What is to be dialled so that the host of `wanted` is reached, or the
 * WebSocket; `wanted` changes. */
void way_begin(struct attempt *attempt, struct dial_wanted *wanted);

/* attempt->target was dialled: what it leads to. */
void way_follow(struct attempt *attempt);

/* It could not be dialled: the fault names a proxy. */
void way_blame(struct attempt *attempt);

/* The server names another WebSocket: go there from now on. False if its URL is
 * not valid, or not as safe as the present one. */
bool way_redirect(struct attempt *attempt, struct str text,
                  char host[IDNA_NAME_MOST + 1], unsigned *ret_port);

/* The domain names a WebSocket: go there from now on. 0; XMPP_EMEM; XMPP_EARG.
 */
int way_take_found(struct attempt *attempt, const char *url);

/* ---- URLs (way_url.c) -------------------------------------------- */

/* 0; XMPP_EARG, and *ret_why is a sentence fragment; XMPP_EMEM. A WebSocket
 * gets the usual port if its URL names none. */
int way_read_proxy(struct str text, struct proxy *ret, const char **ret_why);
int way_read_websocket(struct str text, struct url *ret, const char **ret_why);

bool way_url_is_clear(const struct url *url);
bool way_port_is_usual(const struct url *url);
bool way_is_loopback(const char *host);

#endif
