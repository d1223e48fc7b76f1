/* tls_own.h - our own certificate and its key, as files or in a token. */

#ifndef NET_TLS_OWN_H
#define NET_TLS_OWN_H

#include <gnutls/gnutls.h>

#include "net/tls.h"

/* How a hardware token is unlocked; it has to live as long as the credentials.
 */
struct tls_token {
    const struct env *env;
    const struct tls_password *password; /* while loading */
    char *pin;                           /* owned: env_free_secret */
};

/* Load our own certificate; a code of GnuTLS. */
int tls_own_load(gnutls_certificate_credentials_t credentials, const char *cert,
                 const char *key, struct tls_token *token,
                 const struct tls_password *password);

#endif
