/* jid.h - an address taken apart (RFC 7622 section 3.1), as views. */

#ifndef ADDRESS_JID_H
#define ADDRESS_JID_H

#include "base/env.h"
#include "base/str.h"

/* Views into the string that was split. STR_NONE for an absent part. */
struct jid {
    struct str local, domain, resource;
};

#define JID_PART_MOST 1023 /* octets */
#define JID_MOST 3071

/* Cut at the first '/', then at the first '@' before it. False if the domain
 * is empty, a part that has a separator is empty, a part is longer than
 * JID_PART_MOST, or it is not UTF-8. A final dot of the domain is not part of
 * it. Does not normalise. */
bool jid_split(struct jid *jid, struct str text);

/* Prepare an address of our own, strictly (RFC 7622 section 3): the localpart
 * by UsernameCaseMapped less "&'/:<>@, the resourcepart by OpaqueString, the
 * domain as U-labels. *ret is owned (env_free), NULL on
 * failure; *ret_part and *ret_why then say what is wrong, static. 0, XMPP_EARG
 * or XMPP_EMEM. */
int jid_prepare(const struct env *env, struct str text, char **ret,
                const char **ret_part, const char **ret_why);

/* The bare part of an address as a view: everything before the first '/'. */
struct str jid_bare(struct str text);

/* Do two addresses name the same entity? Domain without regard to ASCII
 * case, the others octet by octet: exact for normalised addresses. */
bool jid_equal(struct str a, struct str b);

#endif
