/* endpoint.h - a host and a port, as a server names where to connect to:
 * "host", "host:port", "[address]", "[address]:port" (RFC 6120
 * section 4.9.3.19, XEP-0198 section 5). */

#ifndef ADDRESS_ENDPOINT_H
#define ADDRESS_ENDPOINT_H

#include "address/idna.h"

/* The host as DNS and dialling take it, in ASCII and without brackets, and the
 * port, 0 if there is none. White space at either end is ignored. An IPv6
 * address may lack its brackets if no port follows. Zones are refused: they
 * have a meaning on the server's machine only. 0, XMPP_EARG, XMPP_EMEM. */
int endpoint_read(struct str text, char host[IDNA_NAME_MOST + 1],
                  unsigned *ret_port);

#endif
