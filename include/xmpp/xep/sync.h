/* sync.h - each message once, in order, and gaps that are named: over stream
 * management, archives (XEP-0313), carbons (XEP-0280) and rooms, whatever
 * becomes of network, session and process. And what became of each message of
 * ours.
 *
 *     static void on_sync(xmpp_conn_t *conn, const xmpp_event_t *event,
 *                         void *userdata)
 *     {
 *         const xmpp_sync_message_t *m = event->value;
 *
 *         if (event->what == XMPP_SYNC_MESSAGE)
 *             show(&m->chat, m->is_ours, m->time, m->message);
 *     }
 *
 *     xmpp_conn_set_store(conn, &store);
 *     xmpp_conn_use(conn, &xmpp_mod_sync);
 *     xmpp_conn_watch(conn, &xmpp_mod_sync, on_sync, NULL);
 *
 * XMPP_SYNC_MESSAGE comes once for each message that is to us or from another
 * client of ours, also for those without a body: receipts, states. Those of an
 * archive come in its order, across sessions and processes, if there is a store
 * (store.h); but one that the server lost or overtook on its way comes when it
 * is found, behind later ones. What cannot be fetched lies in a gap:
 * XMPP_SYNC_GAP comes before the first message behind it. Two archives have no
 * common order. Errors, and events of publish-subscribe, are not messages here.
 *
 * What an archive does not have (XEP-0334, servers without one) comes once as
 * long as the process lives; if it is killed in a catch-up, such a message may
 * be lost.
 *
 * If the store can keep things together (begin and commit), it stores how far
 * an archive was delivered together with what the application writes to the
 * same database in the event, XMPP_SYNC_FATE included: then nothing is lost or
 * doubled even if the process is killed at any point. If it cannot, the event
 * comes first: a process that is killed between the two gets the message again,
 * with the same id in the archive, and nothing is lost.
 *
 * Messages of ours are sent with xmpp_sync_send(). A message that the server
 * may have received before a session was lost is looked up in the archive, and
 * sent again only if it is not there. For that the module sets
 * XMPP_OPT_SM_RESEND to 0. So do not set it again, and send what must not be
 * lost by this function.
 *
 * For a message to a person an acknowledgement of the server is a fate:
 * XMPP_SYNC_SENT. For a message to a room it is not, since the room may have
 * lost us without a word: its fate is XMPP_SYNC_STORED when the room has sent
 * it back. Until then a message is looked up and sent again as above if we were
 * not in the room any more.
 */

#ifndef XMPP_XEP_SYNC_H
#define XMPP_XEP_SYNC_H

#include <xmpp/result.h>
#include <xmpp/use.h>
#include <xmpp/xep/sync_event.h>

XMPP_BEGIN

/* Its limits:
 *   "catch-up"  messages that are fetched before a gap is made: 1000
 *   "page"      of them in one request: 100
 *   "held"      messages that arrive meanwhile and wait: 1000; those beyond
 *               are fetched, or if no archive has them delivered at once
 *   "gaps"      that are remembered of an archive: 100; then the oldest two
 *               become one
 *   "pending"   messages of ours whose fate is not known: 1000
 *   "archives"  beside that of our account: 1000 */
XMPP_API extern const xmpp_module_t xmpp_mod_sync;

/* ---- sending ----------------------------------------------------- */

/* Send a message, which is taken: at once, or when the session is there and has
 * caught up, also after a restart of the program. It gets an origin-id, which
 * is also its id if it has none.
 *
 * It is no XMPP_SYNC_MESSAGE here. XMPP_SYNC_FATE reports what becomes of it,
 * with the message, for a program that keeps a history of its own; and so does
 * the result: status 0 if the server has it, and the value is a
 * xmpp_sync_fate_t; XMPP_EREFUSED; XMPP_ENOTCONN if the session ended first:
 * then the event will come.
 *
 * 0; XMPP_EFULL above the limit "pending"; XMPP_EINVOP if the module is not in
 * use, or before the first session of the connection, or if the message is for
 * a room (of the type "groupchat") that was not added; XMPP_EMEM; the status of
 * the tree. */
XMPP_API int xmpp_sync_send(xmpp_conn_t *conn, xmpp_stanza_t *message,
                            xmpp_result_handler handler, void *userdata);

/* The message of ours behind `message` whose fate is not known, oldest first;
 * NULL: the first. Borrowed until its fate is known. */
XMPP_API xmpp_stanza_t *xmpp_sync_next_pending(xmpp_conn_t *conn,
                                               xmpp_stanza_t *message);

/* All up to a message was displayed here. Both ids are those of its event
 * XMPP_SYNC_MESSAGE, and one of them may be NULL:
 *
 *   id          `own_id`. The other side gets a marker (XEP-0333); our other
 *               clients see it, too. Give it only if the message requests a
 *               marker (receipt.h), and the other side may learn that we are
 *               there.
 *   archive_id  `id`. Our other clients get a mark of their own (XEP-0490), if
 *               xmpp_mod_sync_seen is in use (sync_seen.h).
 *
 * XMPP_SYNC_SHOWN is reported first. 0; XMPP_EINVOP; XMPP_EARG without
 * an address, or without both ids; the codes of xmpp_send_take() for the
 * marker.
 */
XMPP_API int xmpp_sync_displayed(xmpp_conn_t *conn, const xmpp_jid_t *chat,
                                 const char *id, const char *archive_id);

/* ---- archives ---------------------------------------------------- */

/* `archive` is the bare address of a room, or NULL: our account. */

/* Follow the archive of a room, too, until it is removed; join the room without
 * its history. What is stored of it stays. 0; 1 if it is followed already, or
 * is not; XMPP_EINVOP; XMPP_EARG; XMPP_EFULL; XMPP_EMEM. */
XMPP_API int xmpp_sync_add(xmpp_conn_t *conn, const xmpp_jid_t *archive);
XMPP_API int xmpp_sync_remove(xmpp_conn_t *conn, const xmpp_jid_t *archive);

/* Follow the archive of a room that we are not in at present (1), or are in
 * again (0), whether it is followed already or not: sync_rooms.h does this. As
 * long as we are not in, nothing is requested from the archive, what arrives
 * from the room is ignored, and messages of ours for it wait; then what follows
 * is fetched.
 *
 * Messages that the room refuses with not-acceptable, as if we were not in it,
 * wait, too: if we are away (1) they are sent again once we are back, and if we
 * are still in (0, again) their fate is XMPP_SYNC_REFUSED.
 *
 * Our account is never away. 0; XMPP_EINVOP; XMPP_EARG; XMPP_EFULL; XMPP_EMEM.
 */
XMPP_API int xmpp_sync_set_away(xmpp_conn_t *conn, const xmpp_jid_t *archive,
                                int is_away);

/* An xmpp_sync_state_t; XMPP_EINVOP if it is not followed. */
XMPP_API int xmpp_sync_get_state(xmpp_conn_t *conn, const xmpp_jid_t *archive);

/* What is known of it (sync_notes.h), such as the last ids that were delivered.
 * Borrowed until anything happens in it. NULL if it is not followed. */
XMPP_API const xmpp_sync_known_t *
xmpp_sync_get_known(const xmpp_conn_t *conn, const xmpp_jid_t *archive);

/* ---- gaps -------------------------------------------------------- */

/* The gap behind `gap`, oldest first in each archive; NULL: the first. Borrowed
 * until any of them changes. */
XMPP_API const xmpp_sync_gap_t *xmpp_sync_next_gap(xmpp_conn_t *conn,
                                                   const xmpp_sync_gap_t *gap);

/* Fetch what lies in a gap, from its upper end downwards, page by page. In a
 * page messages are in order. They have `is_history`, and XMPP_SYNC_GAP reports
 * how the gap becomes smaller. The result has no value; its status is
 * XMPP_ESTANZA with item-not-found if the archive does not have the message any
 * more before which the gap ends.
 *
 * 0; XMPP_EARG if there is no such gap, or if it has no end yet; XMPP_EFULL if
 * one of this archive is being filled; XMPP_EINVOP; the codes of
 * xmpp_mam_get(). */
XMPP_API int xmpp_sync_fill(xmpp_conn_t *conn, const xmpp_sync_gap_t *gap,
                            xmpp_result_handler handler, void *userdata);

/* The same with the oldest gap of an archive, for `count` messages only: what
 * was before those that are known. XMPP_EARG if there is nothing before. */
XMPP_API int xmpp_sync_older(xmpp_conn_t *conn, const xmpp_jid_t *archive,
                             long count, xmpp_result_handler handler,
                             void *userdata);

XMPP_END

#endif /* XMPP_XEP_SYNC_H */
