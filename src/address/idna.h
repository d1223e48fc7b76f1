/* idna.h - domain names between Unicode and ASCII (RFC 5890). */

#ifndef ADDRESS_IDNA_H
#define ADDRESS_IDNA_H

#include "base/env.h"
#include "base/str.h"

/* The ASCII form for DNS, SNI and certificates (owned: env_free), a final dot
 * removed. Already ASCII: lower-cased. 0, XMPP_EARG (no domain name), or
 * XMPP_EMEM. An address literal passes unchanged, brackets removed. */
int idna_to_ascii(const struct env *env, struct str domain, char **ret);

#endif
