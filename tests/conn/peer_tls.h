/* peer_tls.h - the server's half of TLS for a scripted peer. */

#ifndef TESTS_CONN_PEER_TLS_H
#define TESTS_CONN_PEER_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct peer_tls;

/* A handshake on the descriptor, with PREFIX.crt and PREFIX.key; NULL if it
 * failed. Tickets are good for every peer of the process. */
struct peer_tls *peer_tls_start(int fd, const char *prefix);

/* As read and write. */
ssize_t peer_tls_read(struct peer_tls *tls, char *to, size_t n);
ssize_t peer_tls_write(struct peer_tls *tls, const char *from, size_t n);

/* Is there something to be read without the socket? */
bool peer_tls_pending(struct peer_tls *tls);

void peer_tls_free(struct peer_tls *tls); /* NULL is fine */

#endif
