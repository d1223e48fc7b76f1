/* tls_binding.h - what binds a login to the TLS that it travels in. */

#ifndef NET_TLS_BINDING_H
#define NET_TLS_BINDING_H

#include <stddef.h>

#include "net/pipe.h"

/* The version as TLS writes it, 0x0304 for TLS 1.3; 0 if it is another. `stage`
 * is a TLS stage whose handshake is done. */
unsigned tls_binding_version(const struct stage *stage);

/* The data of a type of channel binding, "tls-exporter" (RFC 9266),
 * "tls-unique" or "tls-server-end-point" (RFC 5929), at most `most` bytes.
 * Returns their number, 0 if the type is not available: tls-unique with TLS
 * 1.3, and all but the end point without the extended master secret (RFC 7627),
 * because without it an attacker can give two channels the same data. */
size_t tls_binding_data(const struct stage *stage, const char *type, void *out,
                        size_t most);

#endif
