/* idna.h - domainparts: domain names (IDNA2008) and IP literals. */

#ifndef ADDRESS_IDNA_H
#define ADDRESS_IDNA_H

#include <xmpp/error.h>

#include "base/str.h"

/* octets of a name with A-labels, without the final dot (RFC 1034) */
#define IDNA_NAME_MOST 253
#define IDNA_PART_MOST 1023 /* octets of a domainpart (RFC 7622) */

/* Whether it is in normal form already, decided in one pass: true for names in
 * lower-case ASCII without A-labels, and for IPv4 addresses. False means that
 * idna_prepare() has to decide. */
bool idna_is_normal(struct str domain);

/* Write the normal form of a domainpart (RFC 7622 section 3.2) to `out`, which
 * has IDNA_PART_MOST octets; no NUL. A name has U-labels in lower case and no
 * final dot; an IP literal is in lower case. With `underscores` a name may have
 * them: hosts in local networks do. 0; XMPP_EARG and *wrong except its part;
 * XMPP_EMEM. */
int idna_prepare(struct str domain, bool underscores, char *out, size_t *ret_n,
                 xmpp_text_error_t *wrong);

/* The form for DNS, SNI and certificates, NUL-terminated: A-labels; an IP
 * literal without its brackets. `domain` may be in any form. XMPP_EARG also for
 * an IP literal that cannot be connected to: with a zone, or of a future
 * version. */
int idna_to_ascii(struct str domain, char out[IDNA_NAME_MOST + 1],
                  xmpp_text_error_t *wrong);

#endif
