/* tls_pair.h - both ends of a TLS connection in one process: our stage, and a
 * GnuTLS server, over a socket pair. */

#ifndef TESTS_NET_TLS_PAIR_H
#define TESTS_NET_TLS_PAIR_H

#include <gnutls/gnutls.h>

#include "failmem.h"
#include "net/certmaker.h"
#include "net/tls.h"
#include "tap.h"

#define ROUNDS 10000 /* of both sides in turn; more is a hang */

/* What the test wants; filled in before tls_pair_open. */
struct tls_pair {
    /* the server: its certificate's name among the certmaker's files, its
     * priority (NULL: normal), a stapled answer among them (NULL: none) */
    const char *cert, *priority, *staple;
    const gnutls_datum_t *ticket_key; /* NULL: one of its own */
    bool demands; /* it goes on only with a certificate of ours */
    bool tcp;     /* over loopback instead of a socket pair */

    /* ours */
    struct tls_config config;
    const struct tls_password *password;
    const xmpp_mem_t *mem;    /* NULL: one of its own, which ends empty */
    struct tls_wanted wanted; /* trust is filled in */

    /* what comes of it */
    struct failmem memory;
    struct env env;
    struct fault fault;
    struct tls_trusts trusts;
    struct tls_trust *trust;
    struct pipe pipe;
    struct stage *tls; /* in the pipe; NULL: it could not be made */
    gnutls_certificate_credentials_t credentials;
    gnutls_session_t server;
    gnutls_datum_t own_ticket_key, answer;
    int server_said; /* the last code of the server's handshake */
    int fd;          /* the server's */
};

/* A server called "good", our trust in the certmaker, and the domain
 * example.org. */
void tls_pair_init(struct tls_pair *b, const struct certmaker *certmaker);
void tls_pair_open(struct tls_pair *b, const struct certmaker *certmaker);
void tls_pair_close(struct tls_pair *b, const char *what);

/* Go on until the client is done, has failed or asks; what it said. */
int tls_pair_shake(struct tls_pair *b);

/* Read a byte, past what is no data. */
ssize_t tls_pair_read(struct tls_pair *b, char *to);

#endif
