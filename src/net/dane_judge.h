/* dane_judge.h - does a server's certificate fit its TLSA records? */

#ifndef NET_DANE_JUDGE_H
#define NET_DANE_JUDGE_H

#include <gnutls/x509.h>

#include "net/dane.h"

/* What the server sent, its own certificate first. */
struct dane_chain {
    const gnutls_datum_t *der;
    unsigned n;
    const char *domain; /* which it has to name */
    const char *host;   /* of the records; it may name that instead (usage 2) */
    unsigned reasons;   /* what is wrong with it without DANE */
};

/* What is wrong with it (XMPP_BADCERT_...) given these records, which are
 * signed. One record that fits is enough. Usage 3, the server's own
 * certificate, needs no authority, name or date (RFC 7671 section 5.1); usage
 * 2, its own authority, takes the place of ours; usages 0 and 1 are demanded in
 * addition to all else. */
unsigned dane_judge(const struct tlsa *records, size_t n,
                    const struct dane_chain *chain);

#endif
