/* sock.h - a connected TCP socket as the bottom stage of a pipe. */

#ifndef NET_SOCK_H
#define NET_SOCK_H

#include <sys/socket.h>

#include "base/env.h"
#include "net/address.h"
#include "net/pipe.h"

/* A stage over a connected, non-blocking descriptor, which it owns from now
 * on (also on failure: then it is closed and NULL returned). */
struct stage *sock_stage_new(const struct env *env, int fd,
                             struct fault *fault);

/* A non-blocking, close-on-exec TCP socket of this family, without Nagle's
 * delays; -1 and errno. */
int sock_open(int family);

/* Bind to an address of this machine; the port is chosen when it connects. 0,
 * or -1 and errno. */
int sock_bind(int fd, const struct address *address);

/* Begin to connect: 0 if it is connected, 1 if that is under way, -1 and errno.
 */
int sock_connect(int fd, const struct sockaddr *address, socklen_t n);

/* TCP keepalive in seconds; with `count` also how many probes may fail, and
 * the user timeout that follows from it. 0, or -1 and errno. */
int sock_set_keepalive(int fd, int idle, int interval, int count);

/* For how many milliseconds the kernel goes on sending what the peer's kernel
 * does not confirm; 0: as long as it likes. Then the connection fails with
 * XMPP_ETIMEOUT. Without effect where the kernel does not support it. */
void sock_set_patience(int fd, unsigned ms);

/* Acknowledge what has come at once, or as the kernel sees fit. To be called
 * after each read, because whatever is sent brings the delays back. Without
 * effect where the kernel does not support it. */
void sock_acknowledge(int fd, bool at_once);

/* The peer sees the end now; the descriptor stays, and no byte passes it. */
void sock_shut(int fd);

/* After it became writable: 0 or the errno of the attempt. */
int sock_error(int fd);

#endif
