/* saslprep.h - preparing user names and passwords for login (RFC 4013). */

#ifndef ADDRESS_SASLPREP_H
#define ADDRESS_SASLPREP_H

#include <xmpp/error.h>

#include "base/env.h"
#include "base/str.h"

/* A query is what somebody enters; a stored string is what queries will be
 * compared with, and must not have characters that Unicode 3.2 does not know
 * (RFC 3454 section 7). */
enum saslprep_kind { SASLPREP_QUERY, SASLPREP_STORED };

/* Owned: env_free_secret. ASCII costs a copy. 0; XMPP_EARG (prohibited
 * characters, broken Bidi, not UTF-8, nothing left, too long) and *wrong, but
 * for its part; XMPP_EMEM. */
int saslprep_as(const struct env *env, struct str text, enum saslprep_kind kind,
                char **ret, xmpp_text_error_t *wrong);

/* A query, as all that is said in a login (RFC 5802 section 5.1). */
int saslprep(const struct env *env, struct str text, char **ret);

#endif
