/* jid.h - XMPP addresses as strings: localpart@domainpart/resourcepart. */

#ifndef XMPP_JID_H
#define XMPP_JID_H

#include <xmpp/types.h>

XMPP_BEGIN

/* All of these return a new string (owned: xmpp_free), or NULL when there is
 * no such part, the address is malformed, or memory is out. They cut at the
 * first '/', then at the first '@' before it (RFC 7622 section 3.2). */

/* Put an address together. `domain` is required; NULL `node` or `resource`
 * is left out. NULL if a part is longer than 1023 octets, the domain is
 * empty, or the node holds one of  " & ' / : < > @ or a space. */
XMPP_API char *xmpp_jid_new(xmpp_ctx_t *ctx,
                            const char *node,
                            const char *domain,
                            const char *resource);

/* localpart@domainpart, or domainpart alone. */
XMPP_API char *xmpp_jid_bare(xmpp_ctx_t *ctx, const char *jid);

/* The part before '@'. */
XMPP_API char *xmpp_jid_node(xmpp_ctx_t *ctx, const char *jid);

/* The domainpart. */
XMPP_API char *xmpp_jid_domain(xmpp_ctx_t *ctx, const char *jid);

/* The part after the first '/'. */
XMPP_API char *xmpp_jid_resource(xmpp_ctx_t *ctx, const char *jid);

XMPP_END

#endif /* XMPP_JID_H */
