/* idna.h - domainparts: names in Unicode and ASCII (IDNA2008), IP literals. */

#ifndef ADDRESS_IDNA_H
#define ADDRESS_IDNA_H

#include <xmpp/error.h>

#include "base/str.h"

#define IDNA_NAME_MOST 253  /* octets of a name in ASCII, without final dot */
#define IDNA_PART_MOST 1023 /* octets of a domainpart (RFC 7622) */

/* Is it, at one look, in normal form already? Lower-case ASCII names without
 * A-labels are, and IPv4 addresses. */
bool idna_is_normal(struct str domain);

/* The normal form of a domainpart (RFC 7622 section 3.2): U-labels in lower
 * case, no final dot; an IP literal in lower case. Into `out` of
 * IDNA_PART_MOST, not NUL-terminated. With `underscores` these may stand in
 * names. 0; XMPP_EARG and *wrong, but for its part; XMPP_EMEM. */
int idna_prepare(struct str domain, bool underscores, char *out, size_t *ret_n,
                 xmpp_text_error_t *wrong);

/* The form for DNS, SNI and certificates: A-labels, brackets of an IP
 * literal removed. Takes any form; NUL-terminated. Literals of IP versions to
 * come have none. */
int idna_to_ascii(struct str domain, char out[IDNA_NAME_MOST + 1],
                  xmpp_text_error_t *wrong);

#endif
