/* literal.h - IP literals as domainparts: [2001:db8::1] (RFC 3986, 6874). */

#ifndef ADDRESS_LITERAL_H
#define ADDRESS_LITERAL_H

#include "base/str.h"

/* Whether it claims to be an IP literal. */
static inline bool literal_is_meant(struct str domain)
{
    return domain.n > 0 && domain.s[0] == '[';
}

/* Whether it is an IPv6 address in brackets, with or without a zone (behind
 * '%', as everybody writes it, or behind "%25" of RFC 6874), or the form
 * "[v1.x]" that RFC 3986 reserves for future versions. */
bool literal_is_valid(struct str domain);

/* Write the literal in lower case, except its zone, whose case matters. The
 * length is that of `domain`. */
void literal_lower(struct str domain, char *out);

#endif
