/* memory_websocket.h - a server in memory that speaks WebSocket: its scripts
 * and its judges see a stream as over TCP (RFC 7395 turned back). */

#ifndef TESTS_CONN_MEMORY_WEBSOCKET_H
#define TESTS_CONN_MEMORY_WEBSOCKET_H

#include "base/buf.h"

struct memory_websocket;

/* `env` is the server's. */
struct memory_websocket *memory_websocket_new(struct env *env);
void memory_websocket_free(struct memory_websocket *ws);

/* Answer the client's request, which is taken from `from`; false if it is not
 * complete. */
bool memory_websocket_accept(struct buf *from, struct buf *answer);

/* Take whole frames from `from`; false once the client ended the WebSocket. */
bool memory_websocket_take(struct memory_websocket *ws, struct buf *from);

/* What the client sent, as a stream; who reads it may consume it. */
struct buf *memory_websocket_text(struct memory_websocket *ws);

/* A piece of the server's stream becomes frames, or its end. */
void memory_websocket_put(struct memory_websocket *ws, struct str bytes,
                          struct buf *frames);
void memory_websocket_end(struct buf *frames);

#endif
