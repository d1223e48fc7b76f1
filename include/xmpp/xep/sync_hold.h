/* sync_hold.h - messages that wait until an archive was read (sync_line.h). */

#ifndef XMPP_XEP_SYNC_HOLD_H
#define XMPP_XEP_SYNC_HOLD_H

#include <xmpp/xep/sync_notes.h>

XMPP_BEGIN

/* A message as the engine sees it. Borrowed for the call. */
typedef struct _xmpp_sync_item_t {
    const char *id;   /* in this archive, or NULL */
    const char *key;  /* who sent it, with its own id: it stands for the id in
                       * the archive where that is missing; or NULL */
    const char *own;  /* if this program sent it: its own id; then it is not
                       * delivered */
    int is_delayed;   /* it has a <delay/>, whoever added it */
    int via;          /* an xmpp_via_t */
    xmpp_time_t time; /* of the archive or the server, or XMPP_NO_TIME */
    xmpp_stanza_t *message; /* may be NULL */
} xmpp_sync_item_t;

/* ---- for modules ------------------------------------------------- */

typedef struct _xmpp_sync_hold_t xmpp_sync_hold_t;

/* Owned: xmpp_sync_hold_free(). NULL when out of memory. */
XMPP_API xmpp_sync_hold_t *xmpp_sync_hold_new(xmpp_ctx_t *ctx);
XMPP_API void xmpp_sync_hold_free(xmpp_sync_hold_t *hold);
XMPP_API long xmpp_sync_hold_count(const xmpp_sync_hold_t *hold);

/* Keep a copy, the last in order; of the message, a hold. 0, also if it has an
 * id and is not kept, as there are `most` or memory is out; without an id this
 * is XMPP_EMEM. XMPP_EINVOP without a hold or an item. */
XMPP_API int xmpp_sync_hold_put(xmpp_sync_hold_t *hold,
                                const xmpp_sync_item_t *item, long most);

/* The item behind `item`; NULL: the first. Borrowed until it is dropped. */
XMPP_API const xmpp_sync_item_t *
xmpp_sync_hold_next(const xmpp_sync_hold_t *hold, const xmpp_sync_item_t *item);

/* Is there something that only the archive can judge: what was not kept since
 * xmpp_sync_hold_drop_archived(), or one that has an id, was delayed, and is
 * not in the notes? */
XMPP_API int xmpp_sync_hold_has_doubt(const xmpp_sync_hold_t *hold,
                                      const xmpp_sync_notes_t *notes);

/* Take the first item out; free it with xmpp_sync_hold_release(). NULL if there
 * is none. */
XMPP_API xmpp_sync_item_t *xmpp_sync_hold_take(xmpp_sync_hold_t *hold);
XMPP_API void xmpp_sync_hold_release(xmpp_sync_hold_t *hold,
                                     xmpp_sync_item_t *item);

/* At most so many of those in there have a key, but no id, and were put since
 * then. */
XMPP_API size_t xmpp_sync_hold_count_nameless(const xmpp_sync_hold_t *hold);

/* Drop those that have an id of the archive. */
XMPP_API void xmpp_sync_hold_drop_archived(xmpp_sync_hold_t *hold);

/* Drop one that has no id, but this key. */
XMPP_API void xmpp_sync_hold_drop_key(xmpp_sync_hold_t *hold, const char *key);

XMPP_END

#endif /* XMPP_XEP_SYNC_HOLD_H */
