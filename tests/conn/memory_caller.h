/* memory_caller.h - one that came to a server in memory: its bytes, and what
 * they are under TLS and in a WebSocket. */

#ifndef TESTS_CONN_MEMORY_CALLER_H
#define TESTS_CONN_MEMORY_CALLER_H

#include "conn/fake_server_tls.h"
#include "conn/memory_websocket.h"
#include "net/memory.h"

#define CALLER_ROOM 65536 /* as much as a kernel may hold */

struct memory_server;

/* What it sent is in memory.out or, under TLS, in `plain`. */
struct caller {
    struct memory memory;
    struct memory_server *server;
    struct env *env;
    struct fake_server_tls *tls; /* NULL: in the clear */
    struct buf plain;
    bool has_ended;              /* under TLS, or by WebSocket */
    struct memory_websocket *ws; /* above that; NULL: none */
};

void caller_init(struct caller *c, struct env *env);
void caller_clear(struct caller *c);

/* Whatever has come, without what it travelled in; to be consumed. */
void caller_read(struct caller *c);
struct buf *caller_sent(struct caller *c);
bool caller_is_closed(const struct caller *c);

bool caller_send(struct caller *c, struct str bytes);

/* A handshake of the server begins: fake_server_tls_progress(). */
void caller_begin_tls(struct caller *c, const char *prefix);

/* Answer its request for a WebSocket; false if that is not complete. */
bool caller_upgrade(struct caller *c);

/* The ends of both. */
void caller_end(struct caller *c);

#endif
