/* sync_mark.h - ids by which messages of ours are recognised (sync.h). */

#ifndef XMPP_XEP_SYNC_MARK_H
#define XMPP_XEP_SYNC_MARK_H

#include <xmpp/conn.h>
#include <xmpp/stanza.h>

XMPP_BEGIN

/* ---- for modules ------------------------------------------------- */

/* An origin-id (XEP-0359) that has random octets, and as many of a digest that
 * only this program can make: so a message of ours is recognised however long
 * ago it was sent, though nothing is remembered of it; and no other client of
 * our account is taken for us. */
typedef struct _xmpp_sync_mark_t {
    xmpp_conn_t *conn;
    xmpp_ctx_t *ctx;
    unsigned char secret[32];
    int has_secret;
} xmpp_sync_mark_t;

/* The room for an id. */
#define XMPP_SYNC_MARK_SIZE 33

/* Read the secret from the store, or make one. 0; XMPP_EINVOP for a NULL
 * argument; XMPP_EMEM; XMPP_EINT without random numbers; or the code of the
 * store. */
XMPP_API int xmpp_sync_mark_restore(xmpp_sync_mark_t *mark, xmpp_conn_t *conn);

/* Give a message a new origin-id, and that as an id if it has none. 0;
 * XMPP_EINT; the status of the tree. */
XMPP_API int xmpp_sync_mark_put(const xmpp_sync_mark_t *mark,
                                xmpp_stanza_t *message,
                                char id[XMPP_SYNC_MARK_SIZE]);

/* Is this an id of ours? */
XMPP_API int xmpp_sync_mark_fits(const xmpp_sync_mark_t *mark, const char *id);

/* The origin-id of a message, if it is one of ours. */
XMPP_API const char *xmpp_sync_mark_find(const xmpp_sync_mark_t *mark,
                                         xmpp_stanza_t *message);

XMPP_END

#endif /* XMPP_XEP_SYNC_MARK_H */
