/* websocket_peer.h - the server's side of a WebSocket (RFC 6455), bytes only.
 */

#ifndef TESTS_NET_WEBSOCKET_PEER_H
#define TESTS_NET_WEBSOCKET_PEER_H

#include <stdbool.h>

#include "base/buf.h"

/* The answer to this request; NULL for a field stands for the right one, "" for
 * none. False if the request is not complete. */
struct websocket_answer {
    const char *status, *upgrade, *connection, *accept, *protocol, *more;
};

bool websocket_peer_answer(struct str request,
                           const struct websocket_answer *answer,
                           struct buf *out);

/* Append a frame of the server: FIN and opcode in `first`. */
void websocket_peer_frame(struct buf *out, unsigned first, struct str payload);

/* A frame of the client: its length, 0 if it is not complete. The payload is
 * unmasked in place. Fails (bails out) if it is not masked. */
size_t websocket_peer_read(char *bytes, size_t n, unsigned *ret_first,
                           struct str *ret_payload);

#endif
