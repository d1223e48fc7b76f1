/* endpoint.h - where to connect to, as servers write it: "host", "host:port",
 * "[address]", "[address]:port" (RFC 6120 section 4.9.3.19, XEP-0198 section
 * 5). */

#ifndef ADDRESS_ENDPOINT_H
#define ADDRESS_ENDPOINT_H

#include "address/idna.h"

/* The host as DNS and dialling take it, in ASCII and without brackets, and the
 * port, 0 if none is said. White space around does not count, an IPv6 address
 * without brackets is taken where no port follows. Zones are refused: they mean
 * something on the machine of who says them. 0, XMPP_EARG, XMPP_EMEM. */
int endpoint_read(struct str text, char host[IDNA_NAME_MOST + 1],
                  unsigned *ret_port);

#endif
