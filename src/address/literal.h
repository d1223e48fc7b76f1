/* literal.h - IP literals as domainparts: [2001:db8::1] (RFC 3986, 6874). */

#ifndef ADDRESS_LITERAL_H
#define ADDRESS_LITERAL_H

#include "base/str.h"

/* Does it claim to be one? */
static inline bool literal_is_meant(struct str domain)
{
    return domain.n > 0 && domain.s[0] == '[';
}

/* An IPv6 address in brackets, with or without a zone (its '%' as such or as
 * RFC 6874's "%25"), or what RFC 3986 keeps for later versions. */
bool literal_is_valid(struct str domain);

/* Hexadecimal digits and the letters of a version in lower case, a zone as
 * it is: as many octets as `domain` has. */
void literal_lower(struct str domain, char *out);

#endif
