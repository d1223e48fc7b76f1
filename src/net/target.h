/* target.h - where a dial arrived: what the pipe is built from. */

#ifndef NET_TARGET_H
#define NET_TARGET_H

#include "net/address.h"
#include "net/srv.h"

struct memory;
struct proxy;
struct websocket_wanted;

/* How it has to be talked to is a fact of the target, not of the account: of
 * two that are tried one may want TLS at once and the other STARTTLS. */
struct target {
    char host[DNS_NAME_SIZE];   /* name or address literal, without brackets */
    char address[ADDRESS_TEXT]; /* connected to; "" if the name has none */
    unsigned port;
    bool direct_tls;           /* TLS from the first byte (XEP-0368) */
    const struct proxy *proxy; /* leads to the host; NULL: nothing between. The
                                  socket is connected to it, while host and port
                                  are those of the server */
    const struct websocket_wanted *websocket; /* above all; NULL: none */
    int fd;                                   /* the connected socket, or -1 */
    struct memory *memory; /* in its place, for tests (net/memory.h) */
};

#endif
