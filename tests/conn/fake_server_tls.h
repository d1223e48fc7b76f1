/* fake_server_tls.h - the server's half of TLS for a scripted peer. */

#ifndef TESTS_CONN_FAKE_SERVER_TLS_H
#define TESTS_CONN_FAKE_SERVER_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct fake_server_tls;

/* A handshake on the descriptor, with PREFIX.crt and PREFIX.key; NULL if it
 * failed. Tickets are good for every peer of the process. */
struct fake_server_tls *fake_server_tls_start(int fd, const char *prefix);

/* As read and write. */
ssize_t fake_server_tls_read(struct fake_server_tls *tls, char *to, size_t n);
ssize_t fake_server_tls_write(struct fake_server_tls *tls, const char *from,
                              size_t n);

/* Is there something to be read without the socket? */
bool fake_server_tls_pending(struct fake_server_tls *tls);

void fake_server_tls_free(struct fake_server_tls *tls); /* NULL is fine */

#endif
