/* sync_keep.h - what sync.h keeps in the application's store: what is known of
 * archives, and messages of ours whose fate is not known. */

#ifndef XMPP_XEP_SYNC_KEEP_H
#define XMPP_XEP_SYNC_KEEP_H

#include <xmpp/module.h>
#include <xmpp/xep/sync_letter.h>
#include <xmpp/xep/sync_mark.h>
#include <xmpp/xep/sync_notes.h>

XMPP_BEGIN

/* ---- for modules ------------------------------------------------- */

/* Store the notes as they are now, under this key. 0; XMPP_EINVOP without
 * notes; XMPP_EMEM; or what xmpp_conn_store_put() returns. */
XMPP_API int xmpp_sync_keep(xmpp_conn_t *conn, const char *key,
                            const xmpp_sync_notes_t *notes);

/* Set the notes to what is stored, if anything is. A text that is not notes is
 * logged as the module's, and the notes stay as they are. 0; XMPP_EINVOP for a
 * NULL argument; XMPP_EMEM, or the code of the store: then these notes must not
 * be used, for what was delivered would be delivered again. */
XMPP_API int xmpp_sync_restore(xmpp_conn_t *conn, const xmpp_module_t *module,
                               const char *key, xmpp_sync_notes_t *notes);

/* Store a message of ours under its mark; NULL: it is not needed any more. 0;
 * XMPP_EINVOP without a connection or a mark; XMPP_EMEM; or what
 * xmpp_conn_store_put() returns. */
XMPP_API int xmpp_sync_keep_letter(xmpp_conn_t *conn, const char *mark,
                                   const xmpp_sync_letter_t *letter);

/* The letter is borrowed; what is taken out of it has to be set to NULL. Not 0:
 * the code why it could not be taken. */
typedef int (*xmpp_sync_letter_taker)(void *to, const char *mark,
                                      xmpp_sync_letter_t *letter);

/* Call `take` for each that is stored, in the order of their numbers. What is
 * no such message is left out with a warning, and stays. 0; XMPP_EINVOP for a
 * NULL argument; XMPP_EMEM; the code of the store, or of `take`: some may have
 * been left out. */
XMPP_API int xmpp_sync_restore_letters(xmpp_conn_t *conn,
                                       const xmpp_module_t *module,
                                       xmpp_sync_letter_taker take, void *to);

XMPP_END

#endif /* XMPP_XEP_SYNC_KEEP_H */
