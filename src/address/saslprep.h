/* saslprep.h - user names and passwords, prepared for a login (RFC 4013). */

#ifndef ADDRESS_SASLPREP_H
#define ADDRESS_SASLPREP_H

#include <xmpp/error.h>

#include "base/env.h"
#include "base/str.h"

/* A query is what a user enters, a stored string is what queries are compared
 * with. A stored string must not have characters that Unicode 3.2 does not know
 * (RFC 3454 section 7); a query may, and they stay as they are. */
enum saslprep_kind { SASLPREP_QUERY, SASLPREP_STORED };

/* *ret is owned (env_free_secret). Printable ASCII is only copied. 0; XMPP_EARG
 * (a prohibited character, mixed directions, not UTF-8, an empty result, too
 * long) and *wrong except its part; XMPP_EMEM. */
int saslprep_as(const struct env *env, struct str text, enum saslprep_kind kind,
                char **ret, xmpp_text_error_t *wrong);

/* A query: user names and passwords of a login are queries (RFC 5802 section
 * 5.1). */
int saslprep(const struct env *env, struct str text, char **ret);

#endif
