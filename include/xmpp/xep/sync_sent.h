/* sync_sent.h - messages that are sent by sync.h: how they are recognised when
 * they come back, and what is stored of them until their fate is known. */

#ifndef XMPP_XEP_SYNC_SENT_H
#define XMPP_XEP_SYNC_SENT_H

#include <xmpp/result.h>
#include <xmpp/use.h>
#include <xmpp/xep/sync_event.h>
#include <xmpp/xep/sync_mark.h>

XMPP_BEGIN

/* ---- for modules ------------------------------------------------- */

typedef struct _xmpp_sync_sent_t xmpp_sync_sent_t;

/* The line that a message belongs to, by the key of its archive in the store
 * ("/": our account's); or NULL. */
typedef xmpp_sync_line_t *(*xmpp_sync_line_finder)(void *to, const char *key);

/* `module` is whose events they are. Owned: xmpp_sync_sent_free(). NULL when
 * out of memory. */
XMPP_API xmpp_sync_sent_t *xmpp_sync_sent_new(xmpp_conn_t *conn,
                                              const xmpp_module_t *module,
                                              xmpp_sync_line_finder find_line,
                                              void *to);
XMPP_API void xmpp_sync_sent_free(xmpp_sync_sent_t *sent);

/* Read from the store what an earlier process left, and the secret by which
 * messages are recognised. 0; XMPP_EMEM; XMPP_EINVOP without a list; or the
 * code of the store. */
XMPP_API int xmpp_sync_sent_restore(xmpp_sync_sent_t *sent);

/* Hand those of this archive to its line. 0, XMPP_EMEM, XMPP_EINVOP. */
XMPP_API int xmpp_sync_sent_hand_on(xmpp_sync_sent_t *sent, const char *key);

/* Send a message (taken) of an archive, of at most `most` whose fate is not
 * known. The result comes with the fate: the value is a xmpp_sync_fate_t. 0;
 * XMPP_EFULL; XMPP_EINVOP if there is no such archive; XMPP_EARG if its id is
 * that of another; XMPP_EMEM; the status of the tree. */
XMPP_API int xmpp_sync_sent_add(xmpp_sync_sent_t *sent, const char *key,
                                xmpp_stanza_t *message, long most,
                                xmpp_result_handler handler, void *userdata);

/* By which messages of ours are recognised. */
XMPP_API const xmpp_sync_mark_t *
xmpp_sync_sent_get_mark(const xmpp_sync_sent_t *sent);

/* What a line orders (sync_own.h). */
XMPP_API int xmpp_sync_sent_send(xmpp_sync_sent_t *sent, const char *own,
                                 const char *after);
XMPP_API void xmpp_sync_sent_settle(xmpp_sync_sent_t *sent, const char *own,
                                    int fate);

/* It was answered with an error. */
XMPP_API void xmpp_sync_sent_refuse(xmpp_sync_sent_t *sent,
                                    xmpp_stanza_t *error);

/* The session is over: what was sent without stream management is in doubt. */
XMPP_API void xmpp_sync_sent_end(xmpp_sync_sent_t *sent);

/* The message behind this one whose fate is not known; NULL: the first. */
XMPP_API xmpp_stanza_t *xmpp_sync_sent_next(const xmpp_sync_sent_t *sent,
                                            xmpp_stanza_t *message);

XMPP_END

#endif /* XMPP_XEP_SYNC_SENT_H */
