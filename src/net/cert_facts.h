/* cert_facts.h - the contents of a certificate in the words of libstrophe. */

#ifndef NET_CERT_FACTS_H
#define NET_CERT_FACTS_H

#include <xmpp/tls.h>

#include "base/env.h"
#include "base/str.h"

/* Owned strings; an element that cannot be read is NULL. */
struct cert_facts {
    char *pem;
    char *elements[XMPP_CERT_ELEMENT_MAX];
    char *pins[2]; /* by xmpp_tls_pin_t, hexadecimal */
    char **dns;    /* printable DNS-IDs */
    size_t dns_n;
};

/* Read a certificate (DER) into zeroed facts. 0; XMPP_ECERT if it cannot be
 * parsed, or XMPP_EMEM, and the facts stay zeroed. */
int cert_facts_read(const struct env *env, struct str der,
                    struct cert_facts *facts);
void cert_facts_free(const struct env *env, struct cert_facts *facts);

#endif
