/* certmaker.h - throw-away certificates, made in the process. */

#ifndef TESTS_NET_CERTMAKER_H
#define TESTS_NET_CERTMAKER_H

#include <gnutls/x509.h>
#include <time.h>

/* An authority, and a folder for its files. */
struct certmaker {
    gnutls_x509_crt_t ca;
    gnutls_x509_privkey_t ca_key;
    char folder[64];
    char ca_file[96];
};

/* A certificate and its key. */
struct cert_pair {
    gnutls_x509_crt_t cert;
    gnutls_x509_privkey_t key;
};

/* What a certificate says; each member may be left out. */
struct cert_spec {
    const char *dns[4];           /* DNS-IDs */
    const char *common;           /* the common name, "test" without */
    const char *srv;              /* SRV-ID */
    const char *xmpp, *xmpp2;     /* XmppAddrs */
    const char *address;          /* an IP address */
    const char *dns_raw;          /* a DNS-ID of these bytes ... */
    unsigned dns_raw_n;           /* ... and so many */
    unsigned dns_times;           /* ... as often; 0: once */
    time_t from, until;           /* 0: an hour ago, in an hour */
    int self;                     /* signed by itself */
    const struct cert_pair *by;   /* signed by this one */
    const struct cert_pair *twin; /* with the key of this one */
    int authority;                /* it may sign others */
    int for_client;               /* its purpose is to be a client's */
    int rsa;                      /* bits of an RSA key, else it is ECDSA */
    int sha1;                     /* signed with SHA-1 */
    int must_staple;              /* RFC 7633 */
    const char *name;             /* the whole subject (RFC 4514) */
    const char *odd;              /* an attribute of this OID, "hi" */
    unsigned serial;
    const char *serial_raw; /* the octets of its INTEGER, and how many */
    unsigned serial_raw_n;
};

void certmaker_open(struct certmaker *certmaker);
void certmaker_close(struct certmaker *certmaker); /* the files too */

/* Make one, with a key of its own. */
void certmaker_issue(const struct certmaker *certmaker,
                     const struct cert_spec *spec, gnutls_x509_crt_t *ret_cert,
                     gnutls_x509_privkey_t *ret_key);
void certmaker_pair(const struct certmaker *certmaker,
                    const struct cert_spec *spec, struct cert_pair *ret);
void cert_pair_free(struct cert_pair *pair);

/* The same as PEM files in the folder, NAME.crt (with the issuer's, if it is
 * not the authority) and NAME.key. */
void certmaker_files(const struct certmaker *certmaker,
                     const struct cert_spec *spec, const char *name);
void certmaker_pair_files(const struct certmaker *certmaker,
                          const struct cert_pair *pair, const char *name);

/* Write to the folder as NAME.END, and free the data. */
void certmaker_save(const struct certmaker *certmaker, const char *name,
                    const char *end, gnutls_datum_t data);

/* NAME.crt and a locked NAME.key; the same as NAME.p12 (certmaker_status.c). */
void certmaker_locked(const struct certmaker *certmaker,
                      const struct cert_pair *pair, const char *name,
                      const char *password);

/* A list of the authority that revokes this serial (0: none), NAME.crl. */
void certmaker_crl(const struct certmaker *certmaker, const char *name,
                   unsigned serial, time_t from, time_t until);

/* The authority's answer about a certificate, to be stapled: NAME.ocsp. */
struct ocsp_answer {
    time_t from, until;
    int revoked;
    int forged; /* its signature is wrong */
};
void certmaker_ocsp(const struct certmaker *certmaker, gnutls_x509_crt_t cert,
                    const char *name, const struct ocsp_answer *answer);

#endif
