/* dane_judge.h - a server's certificate held against TLSA records. */

#ifndef NET_DANE_JUDGE_H
#define NET_DANE_JUDGE_H

#include <gnutls/x509.h>

#include "net/dane.h"

/* What the server sent, its own certificate first. */
struct dane_chain {
    const gnutls_datum_t *der;
    unsigned n;
    const char *domain; /* that it has to name */
    const char *host; /* the records' own, that it may name instead (2 only) */
    unsigned reasons; /* what is wrong with it by the authorities' word */
};

/* What is wrong with it then (XMPP_BADCERT_...), by signed records. One record
 * that fits is enough. One for the server itself (usage 3) needs no
 * authority, name or date (RFC 7671 section 5.1), one for its own authority (2)
 * takes the place of ours, the others (0, 1) only add to what is demanded. */
unsigned dane_judge(const struct tlsa *records, size_t n,
                    const struct dane_chain *chain);

#endif
