/* saslprep.h - preparing user names and passwords for login (RFC 4013). */

#ifndef ADDRESS_SASLPREP_H
#define ADDRESS_SASLPREP_H

#include "base/env.h"
#include "base/str.h"

/* SASLprep (RFC 4013) of a query string, as SCRAM (RFC 5802 section 5.1)
 * wants it. Owned: env_free_secret. ASCII costs a copy. 0, XMPP_EARG
 * (prohibited characters, broken Bidi, not UTF-8, nothing left), XMPP_EMEM. */
int saslprep(const struct env *env, struct str text, char **ret);

#endif
