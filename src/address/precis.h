/* precis.h - the PRECIS profiles: user names, opaque strings, nicknames. */

#ifndef ADDRESS_PRECIS_H
#define ADDRESS_PRECIS_H

#include <xmpp/precis.h>

#include "base/str.h"

/* Prepare and enforce: write *ret_n octets to `out`; no NUL. Printable ASCII
 * takes one pass. 0; XMPP_EARG (not UTF-8, empty, not allowed, no room) and
 * *wrong except its part; XMPP_EMEM. The text may be a password: its copies on
 * the stack are wiped. */
int precis_enforce(unsigned profile, struct str text, char *out, size_t room,
                   size_t *ret_n, xmpp_text_error_t *wrong);

#endif
