/* sync_fill.h - what is missing of an archive, fetched (sync.h). */

#ifndef XMPP_XEP_SYNC_FILL_H
#define XMPP_XEP_SYNC_FILL_H

#include <xmpp/xep/sync_archive.h>

XMPP_BEGIN

/* ---- for modules ------------------------------------------------- */

/* One gap of an archive is filled at a time. */
typedef struct _xmpp_sync_fill_t xmpp_sync_fill_t;

/* The archive stays the caller's. Owned: xmpp_sync_fill_free(), before the
 * archive. NULL when out of memory. */
XMPP_API xmpp_sync_fill_t *xmpp_sync_fill_new(xmpp_sync_archive_t *archive);
XMPP_API void xmpp_sync_fill_free(xmpp_sync_fill_t *fill);

/* Fetch what lies in the gap that ends before this id, from there downwards:
 * `count` messages, or all of it (0). The result has no value. 0; XMPP_EARG if
 * there is no such gap; XMPP_EFULL if one is being filled; XMPP_EMEM; the codes
 * of xmpp_mam_get(). */
XMPP_API int xmpp_sync_fill_start(xmpp_sync_fill_t *fill, const char *before,
                                  long count, xmpp_result_handler handler,
                                  void *userdata);

XMPP_END

#endif /* XMPP_XEP_SYNC_FILL_H */
