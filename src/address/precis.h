/* precis.h - the PRECIS profiles: user names, opaque strings, nicknames. */

#ifndef ADDRESS_PRECIS_H
#define ADDRESS_PRECIS_H

#include <xmpp/precis.h>

#include "base/str.h"

/* Prepare and enforce into `out`, which is not NUL-terminated; *ret_n
 * octets. Printable ASCII costs one pass. 0; XMPP_EARG (not UTF-8, empty, no
 * room, not allowed) and *wrong, but for its part; XMPP_EMEM. Nothing that was
 * worked with stays on the stack. */
int precis_enforce(unsigned profile, struct str text, char *out, size_t room,
                   size_t *ret_n, xmpp_text_error_t *wrong);

#endif
