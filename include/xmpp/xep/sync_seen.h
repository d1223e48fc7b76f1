/* sync_seen.h - what one client of our account has displayed counts as
 * displayed on all of them: the messages of sync.h, by the marks that our
 * server keeps for us (XEP-0490, mds.h). Others learn nothing of it.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_sync_seen);
 *     xmpp_conn_watch(conn, &xmpp_mod_sync, on_sync, NULL);
 *     ...
 *     xmpp_sync_displayed(conn, &m->chat, NULL, m->id);
 *
 * What another client has displayed comes as XMPP_SYNC_SEEN with the id that
 * the archive gave to the message (`archive_id`). While the archive is read it
 * waits, so that the messages come first: it is reported just before the
 * archive is live. In a room, where each client has a stream of its own, the
 * mark may still come before its message. So compare the id of a new message
 * with that of xmpp_mds_get().
 *
 * What we display goes to the server at once; while the archive is read, or
 * without a session, the last one of each conversation waits. It is forgotten
 * if the message that another client has marked comes behind it. If our server
 * takes the mark out of a marker to the contact, it goes with that.
 *
 * Limit: "waiting", conversations of which something waits: 10000; then the
 * oldest is forgotten.
 */

#ifndef XMPP_XEP_SYNC_SEEN_H
#define XMPP_XEP_SYNC_SEEN_H

#include <xmpp/xep/mds.h>
#include <xmpp/xep/sync.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_sync_seen;

XMPP_END

#endif /* XMPP_XEP_SYNC_SEEN_H */
