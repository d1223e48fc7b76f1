/* idna.h - domain names between Unicode and ASCII (IDNA2008, RFC 5890). */

#ifndef ADDRESS_IDNA_H
#define ADDRESS_IDNA_H

#include "base/env.h"
#include "base/str.h"

/* The normal form of a domainpart (RFC 7622 section 3.2): U-labels, lower
 * case, no final dot; an address literal as it is. Owned: env_free. ASCII
 * without an A-label costs one pass and a copy. 0, XMPP_EARG and what is wrong
 * in *ret_why (static), or XMPP_EMEM. */
int idna_prepare(const struct env *env, struct str domain, char **ret,
                 const char **ret_why);

/* The form for DNS, SNI and certificates: A-labels, brackets of an address
 * removed. As above; takes any form. */
int idna_to_ascii(const struct env *env, struct str domain, char **ret);

/* Do two name the same domain, in whatever form? 1; 0, also if one is none;
 * XMPP_EMEM. */
int idna_equal(const struct env *env, struct str a, struct str b);

#endif
