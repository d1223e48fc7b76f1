/* fake_server_tls.h - the server's half of TLS for a scripted peer. */

#ifndef TESTS_CONN_FAKE_SERVER_TLS_H
#define TESTS_CONN_FAKE_SERVER_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct fake_server_tls;

/* Bytes to and from somewhere else than a descriptor, as GnuTLS wants it. */
struct fake_server_transport {
    void *at;
    ssize_t (*push)(void *at, const void *from, size_t n);
    ssize_t (*pull)(void *at, void *to, size_t n); /* -1: nothing now */
};

/* A handshake on the descriptor, with PREFIX.crt and PREFIX.key; NULL if it
 * failed. Tickets are good for every peer of the process. */
struct fake_server_tls *fake_server_tls_start(int fd, const char *prefix);

/* The same over something else, which is borrowed; the handshake is still to
 * be done. */
struct fake_server_tls *
fake_server_tls_over(const struct fake_server_transport *transport,
                     const char *prefix);

/* Go on with it: 1 when it is done, 0 when more has to come, -1 if it failed.
 */
int fake_server_tls_progress(struct fake_server_tls *tls);

/* As read and write; without a descriptor -1 also says that nothing is there
 * now. */
ssize_t fake_server_tls_read(struct fake_server_tls *tls, char *to, size_t n);
ssize_t fake_server_tls_write(struct fake_server_tls *tls, const char *from,
                              size_t n);

/* Send the end that TLS has. */
void fake_server_tls_end(struct fake_server_tls *tls);

/* Is there something to be read without the socket? */
bool fake_server_tls_pending(struct fake_server_tls *tls);

void fake_server_tls_free(struct fake_server_tls *tls); /* NULL is fine */

#endif
