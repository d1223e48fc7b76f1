/* mint.h - throw-away certificates, made in the process. */

#ifndef TESTS_NET_MINT_H
#define TESTS_NET_MINT_H

#include <gnutls/x509.h>
#include <time.h>

/* An authority, and a folder for its files. */
struct mint {
    gnutls_x509_crt_t ca;
    gnutls_x509_privkey_t ca_key;
    char folder[64];
    char ca_file[96];
};

/* What a certificate says; each member may be left out. */
struct coin {
    const char *dns[4];   /* DNS-IDs */
    const char *common;   /* the common name, "test" without */
    const char *srv;      /* SRV-ID */
    const char *xmpp;     /* XmppAddr */
    const char *address;  /* an IPv4 address */
    const char *dns_raw;  /* a DNS-ID of these bytes ... */
    unsigned dns_raw_n;   /* ... and so many */
    time_t from, until;   /* 0: an hour ago, in an hour */
    int self;             /* signed by itself */
    int for_client;       /* its purpose is to be a client's */
};

void mint_open(struct mint *mint);
void mint_close(struct mint *mint); /* the files too */

/* Make one, with a key of its own. */
void mint_coin(const struct mint *mint, const struct coin *coin,
               gnutls_x509_crt_t *ret_cert, gnutls_x509_privkey_t *ret_key);

/* The same as PEM files in the folder, NAME.crt and NAME.key. */
void mint_files(const struct mint *mint, const struct coin *coin,
                const char *name);

#endif
