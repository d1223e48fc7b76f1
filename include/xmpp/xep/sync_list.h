/* sync_list.h - the texts that came last, such as the ids of sync_notes.h. */

#ifndef XMPP_XEP_SYNC_LIST_H
#define XMPP_XEP_SYNC_LIST_H

#include <xmpp/types.h>

XMPP_BEGIN

/* ---- for modules ------------------------------------------------- */

/* So many are remembered. */
#define XMPP_SYNC_REMEMBERED 64

/* Oldest first. Each is owned. Begin with zeros, and end with
 * xmpp_sync_list_cut(ctx, list, 0). */
typedef struct _xmpp_sync_list_t {
    char *texts[XMPP_SYNC_REMEMBERED];
    size_t count;
} xmpp_sync_list_t;

/* The place of the last that is equal, or `count`. */
XMPP_API size_t xmpp_sync_list_find(const xmpp_sync_list_t *list,
                                    const char *text);

/* Add one, which is taken (xmpp_free()), as the last; the oldest is forgotten
 * if there are too many. */
XMPP_API void xmpp_sync_list_add(xmpp_ctx_t *ctx, xmpp_sync_list_t *list,
                                 char *text);

/* Move one behind another, if both are there; NULL: before all. */
XMPP_API void xmpp_sync_list_move_behind(xmpp_sync_list_t *list,
                                         const char *text, const char *before);

/* Forget the one at this place; or all but the last `count`. */
XMPP_API void xmpp_sync_list_drop(xmpp_ctx_t *ctx, xmpp_sync_list_t *list,
                                  size_t at);
XMPP_API void xmpp_sync_list_cut(xmpp_ctx_t *ctx, xmpp_sync_list_t *list,
                                 size_t count);

/* Copy these texts, or the last of them, in place of what is there. 0,
 * XMPP_EMEM, XMPP_EINVOP. */
XMPP_API int xmpp_sync_list_set(xmpp_ctx_t *ctx, xmpp_sync_list_t *list,
                                const char *const *texts, size_t count);

XMPP_END

#endif /* XMPP_XEP_SYNC_LIST_H */
