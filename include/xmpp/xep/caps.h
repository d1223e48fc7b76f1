/* caps.h - entity capabilities (XEP-0115 and XEP-0390): what others are and can
 * do, without a query to each of them.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_caps);
 *     xmpp_conn_watch(conn, &xmpp_mod_caps, on_caps, NULL);
 *     ...
 *     if (xmpp_caps_has(conn, &jid, XMPP_NS_PING)) ...
 *
 * Each presence has a hash of what its sender is and can do. One of those with
 * the same hash is queried; if its answer fits the hash, it counts for all of
 * them, and is kept in the store (store.h, kind "caps", shared by all
 * accounts). If it does not fit, or does not come, the next one is queried.
 * Hashes that cannot be checked (the old format without a function, or an
 * unknown function) count for their sender only. The same goes for the server,
 * which has its hash in the stream features.
 *
 * On a client that knows its contacts (roster.h), strangers are queried seldom,
 * because a query shows them that we are there: see caps_stranger.h.
 *
 * Our own hashes are those of caps_own.h, which is used as well.
 *
 * A hash of XEP-0115 does not say where a text ends: somebody can make another
 * answer that fits it, in which some features are missing. Where a presence has
 * a hash of XEP-0390, which has no such fault, only that counts.
 *
 * Limits, beyond which what was used longest ago is forgotten:
 *     "contacts"   addresses whose hash is known (10000)
 *     "strangers"  among these (1000); further ones are ignored. They push out
 *                  no contact, nor an answer that is kept
 *     "queries"    that are open at the same time; more have to wait (20)
 * and those of caps_cache.h.
 */

#ifndef XMPP_XEP_CAPS_H
#define XMPP_XEP_CAPS_H

#include <xmpp/xep/caps_cache.h>
#include <xmpp/xep/caps_own.h>
#include <xmpp/xep/caps_stranger.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_caps;

/* The events. Both have a xmpp_caps_contact_t as their value. */
enum {
    XMPP_CAPS_KNOWN,  /* what this address is and can do is known now */
    XMPP_CAPS_CHANGED /* it is another than the one known before */
};

/* An address, and what is known of it. */
typedef struct _xmpp_caps_contact_t {
    size_t size;
    xmpp_jid_t jid;                /* mostly with a resource */
    const xmpp_disco_info_t *info; /* borrowed, as that of xmpp_caps_get() */
} xmpp_caps_contact_t;
XMPP_API extern const xmpp_payload_t xmpp_caps_contact;

/* What is at this address: that of a client has its resource, that of our
 * server is its domain. NULL if it is not known (yet), or the module is not in
 * use. Borrowed: valid until the loop goes on. */
XMPP_API const xmpp_disco_info_t *xmpp_caps_get(xmpp_conn_t *conn,
                                                const xmpp_jid_t *jid);

/* 1 if it is known and has this feature, else 0. */
XMPP_API int xmpp_caps_has(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                           const char *feature);

XMPP_END

#endif /* XMPP_XEP_CAPS_H */
