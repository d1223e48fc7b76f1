/* sync_archive.h - an archive of a connection that is kept in step: its engine
 * (sync_line.h) with its requests, its notes in the store, and the events that
 * it makes. sync.h has them all. */

#ifndef XMPP_XEP_SYNC_ARCHIVE_H
#define XMPP_XEP_SYNC_ARCHIVE_H

#include <xmpp/use.h>
#include <xmpp/xep/mam.h>
#include <xmpp/xep/sync_event.h>

XMPP_BEGIN

/* ---- for modules ------------------------------------------------- */

typedef struct _xmpp_sync_archive_t xmpp_sync_archive_t;

/* What its owner does. */
typedef struct _xmpp_sync_owner_t {
    size_t size;
    void *to;
    const xmpp_module_t *module; /* whose events they are */
    const xmpp_sync_limits_t *limits;
    const long *page; /* the limit of messages that are requested at a time */
    xmpp_sync_own_sender send;
    xmpp_sync_own_settler settle;
    /* If this program sent the message: its id in sync_own.h, borrowed from the
     * message; else NULL. */
    const char *(*find_own)(void *to, xmpp_stanza_t *message);
} xmpp_sync_owner_t;

/* `archive` is the address of a room; NULL: our account's. The owner is copied.
 * Owned: xmpp_sync_archive_free(). NULL when out of memory. */
XMPP_API xmpp_sync_archive_t *
xmpp_sync_archive_new(xmpp_conn_t *conn, const xmpp_jid_t *archive,
                      const xmpp_sync_owner_t *owner);
XMPP_API void xmpp_sync_archive_free(xmpp_sync_archive_t *archive);

XMPP_API xmpp_sync_line_t *
xmpp_sync_archive_get_line(const xmpp_sync_archive_t *archive);

/* Read the notes from the store. 0; XMPP_EMEM; XMPP_EINVOP without an archive;
 * or the code of the store. After a failure it must not begin: it would deliver
 * again what was delivered. */
XMPP_API int xmpp_sync_archive_restore(xmpp_sync_archive_t *archive);

/* A new session; the present one was resumed; it is over. */
XMPP_API void xmpp_sync_archive_begin(xmpp_sync_archive_t *archive);
XMPP_API void xmpp_sync_archive_resume(xmpp_sync_archive_t *archive);
XMPP_API void xmpp_sync_archive_end(xmpp_sync_archive_t *archive);

/* We are not in its room, as at first: until we are, no session begins for it,
 * and what arrives is ignored. Our account's is never away. 1: from now on a
 * session can begin. */
XMPP_API int xmpp_sync_archive_set_away(xmpp_sync_archive_t *archive,
                                        int is_away);

/* A message by the stream or by a carbon. */
XMPP_API void xmpp_sync_archive_receive(xmpp_sync_archive_t *archive,
                                        xmpp_stanza_t *message, int via);

XMPP_API xmpp_sync_notes_t *
xmpp_sync_archive_get_notes(const xmpp_sync_archive_t *archive);
XMPP_API xmpp_conn_t *
xmpp_sync_archive_get_conn(const xmpp_sync_archive_t *archive);

/* Report what became of a gap. */
XMPP_API void xmpp_sync_archive_report_gap(xmpp_sync_archive_t *archive,
                                           const xmpp_sync_gap_t *now,
                                           const xmpp_sync_gap_t *before);

/* Report a message that was in a gap, unless it was delivered lately. */
XMPP_API void xmpp_sync_archive_deliver(xmpp_sync_archive_t *archive,
                                        const xmpp_mam_result_t *result);

/* Store the notes. */
XMPP_API int xmpp_sync_archive_keep(xmpp_sync_archive_t *archive);

/* Query a page of the archive: the one that ends before an id ("": the last
 * one), or the one behind an id (NULL: the first); of at most so many messages
 * (0: as many as the limit). As xmpp_mam_get(). */
XMPP_API int xmpp_sync_archive_get(xmpp_sync_archive_t *archive,
                                   const char *before, const char *after,
                                   long most, xmpp_result_handler handler,
                                   void *userdata);

XMPP_END

#endif /* XMPP_XEP_SYNC_ARCHIVE_H */
