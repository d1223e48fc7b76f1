/* precis.h - the PRECIS profiles that addresses are prepared by (RFC 8265). */

#ifndef ADDRESS_PRECIS_H
#define ADDRESS_PRECIS_H

#include "base/env.h"
#include "base/str.h"

enum precis_profile {
    PRECIS_USERNAME, /* UsernameCaseMapped */
    PRECIS_OPAQUE    /* OpaqueString */
};

/* Prepare and enforce. *ret is owned (env_free), NULL on failure; *ret_why
 * says in a few words what is wrong, static, NULL when nothing is. Printable
 * ASCII costs one pass and a copy. 0; XMPP_EARG (not UTF-8, empty, not
 * allowed); XMPP_EMEM. */
int precis_enforce(const struct env *env, enum precis_profile profile,
                   struct str text, char **ret, const char **ret_why);

#endif
