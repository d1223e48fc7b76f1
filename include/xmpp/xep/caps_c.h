/* caps_c.h - entity capabilities (XEP-0115 and XEP-0390): the elements <c/>
 * that are in presence and in stream features. caps.h does all that is done
 * with them. */

#ifndef XMPP_XEP_CAPS_C_H
#define XMPP_XEP_CAPS_C_H

#include <xmpp/module.h>

XMPP_BEGIN

/* XEP-0115 section 4. */
typedef struct _xmpp_caps_c_t {
    size_t size;
    const char *hash; /* the function; NULL: the old format */
    const char *node; /* of the program */
    const char *ver;
} xmpp_caps_c_t;

/* XEP-0390: hashes by several functions. */
typedef struct _xmpp_caps_digest_t {
    size_t size;
    const char *algo;  /* the function */
    const char *value; /* in base64 */
} xmpp_caps_digest_t;

typedef struct _xmpp_caps_digests_t {
    size_t size;
    const xmpp_caps_digest_t *const *digests;
    size_t digest_count;
} xmpp_caps_digests_t;

XMPP_API extern const xmpp_payload_t xmpp_caps_c;
XMPP_API extern const xmpp_payload_t xmpp_caps_digests;

/* What was sent: the hash as caps_cache.h writes it, and the node where it is
 * queried. */
typedef struct _xmpp_caps_sent_t {
    size_t size;
    const char *hash;
    const char *node;
} xmpp_caps_sent_t;

/* What `from` sent: that of XEP-0390 if there is one with a function that is
 * known, else that of XEP-0115. `parent` is the presence, or the stream
 * features. Lives in its tree. NULL if there is none, if it is longer than any
 * real one (128 octets of a hash, 1024 of a node), or when out of memory. */
XMPP_API const xmpp_caps_sent_t *xmpp_caps_find(xmpp_stanza_t *parent,
                                                const xmpp_jid_t *from);

XMPP_END

#endif /* XMPP_XEP_CAPS_C_H */
