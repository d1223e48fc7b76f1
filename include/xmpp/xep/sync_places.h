/* sync_places.h - the archives of a connection that are followed (sync.h). */

#ifndef XMPP_XEP_SYNC_PLACES_H
#define XMPP_XEP_SYNC_PLACES_H

#include <xmpp/dict.h>
#include <xmpp/xep/sync_archive.h>
#include <xmpp/xep/sync_fill.h>

XMPP_BEGIN

/* ---- for modules ------------------------------------------------- */

/* An archive, and what fetches its gaps. Its key in the dict is the address, or
 * XMPP_SYNC_ACCOUNT_KEY. */
typedef struct _xmpp_sync_place_t {
    xmpp_sync_archive_t *archive;
    xmpp_sync_fill_t *fill;
} xmpp_sync_place_t;

/* Any call may remove any of them: `next` is that of the walk that is under
 * way. */
typedef struct _xmpp_sync_places_t {
    xmpp_conn_t *conn;
    xmpp_dict_t *all; /* xmpp_sync_place_t */
    xmpp_sync_place_t *next;
} xmpp_sync_places_t;

/* 0, XMPP_EMEM, XMPP_EINVOP. */
XMPP_API int xmpp_sync_places_init(xmpp_sync_places_t *places,
                                   xmpp_conn_t *conn);

/* Remove all of them; and what they are kept in. */
XMPP_API void xmpp_sync_places_clear(xmpp_sync_places_t *places);
XMPP_API void xmpp_sync_places_free(xmpp_sync_places_t *places);

/* Follow the archive of a room, or our account's (NULL), from where the store
 * has it. NULL, and the code in *ret_rc: XMPP_EMEM, XMPP_EINVOP, or that of the
 * store. */
XMPP_API xmpp_sync_place_t *xmpp_sync_places_add(xmpp_sync_places_t *places,
                                                 const xmpp_jid_t *jid,
                                                 const xmpp_sync_owner_t *owner,
                                                 int *ret_rc);
XMPP_API void xmpp_sync_places_remove(xmpp_sync_places_t *places,
                                      xmpp_sync_place_t *place);

/* That of a room, or our account's (NULL, or its address). NULL if it is not
 * followed. */
XMPP_API xmpp_sync_place_t *
xmpp_sync_places_find(const xmpp_sync_places_t *places, const xmpp_jid_t *jid);

/* Call `act` for each. */
XMPP_API void xmpp_sync_places_each(xmpp_sync_places_t *places,
                                    void (*act)(xmpp_sync_archive_t *archive));

/* The gap behind this one, oldest first in each archive; NULL: the first. */
XMPP_API const xmpp_sync_gap_t *
xmpp_sync_places_next_gap(const xmpp_sync_places_t *places,
                          const xmpp_sync_gap_t *gap);

XMPP_END

#endif /* XMPP_XEP_SYNC_PLACES_H */
