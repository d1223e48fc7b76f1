/* sync_walk.h - the way through an archive, page by page (sync_line.h). */

#ifndef XMPP_XEP_SYNC_WALK_H
#define XMPP_XEP_SYNC_WALK_H

#include <xmpp/xep/sync_hold.h>
#include <xmpp/xep/sync_own.h>

XMPP_BEGIN

/* ---- for modules ------------------------------------------------- */

/* So often in a row an archive is read again for messages without ids that came
 * meanwhile: who sends many of them must not keep us from being live. */
#define XMPP_SYNC_ROUNDS 3

/* Request a page, and report it with this number. `is_last`: the last page of
 * the archive; else the one behind `after`, or the first (NULL). Not 0: it was
 * not requested. It may do anything. */
typedef int (*xmpp_sync_requester)(void *to, long number, int is_last,
                                   const char *after);

/* `number` changes with whatever makes the page in progress void: a request, a
 * session that begins or ends. Who called somebody else compares it. Members
 * may be added at the end. */
typedef struct _xmpp_sync_walk_t {
    xmpp_ctx_t *ctx;
    const xmpp_sync_notes_t *notes; /* they have the cursor */
    const xmpp_sync_own_t *own;
    xmpp_sync_requester request;
    void *to;
    long number;
    int is_open;      /* a page was requested, and did not arrive */
    int is_due;       /* the walk stopped where it cannot go on: start over */
    int is_last, why; /* the last page was requested, and why */
    char *after;      /* else the one behind this id */
    char *start;      /* behind this id something may be missing; before it
                       * only messages of ours are looked up. NULL: anywhere */
    int is_past;      /* it has passed the start, */
    int is_beyond;    /* and the cursor, or the place where that was */
    long passed;      /* messages between the two */
    long count;       /* messages that were delivered, */
    long walked;      /* and all that came, since it began */
    int is_cut;       /* there is a gap where ours may be that are in doubt */
    int is_resumed;   /* since then the archive was not read to its end */
    int rounds;       /* look-ups since that; XMPP_SYNC_ROUNDS if it failed */
} xmpp_sync_walk_t;

XMPP_API void xmpp_sync_walk_init(xmpp_sync_walk_t *walk, xmpp_ctx_t *ctx,
                                  const xmpp_sync_notes_t *notes,
                                  const xmpp_sync_own_t *own,
                                  xmpp_sync_requester request, void *to);
XMPP_API void xmpp_sync_walk_clear(xmpp_sync_walk_t *walk);

/* Begin with what a new session has to read: from where something may be
 * missing, or from where messages of ours are in doubt; or the last page, if
 * the archive was never read. */
XMPP_API void xmpp_sync_walk_begin(xmpp_sync_walk_t *walk);

/* Begin with what may be missing: all that arrived. */
XMPP_API void xmpp_sync_walk_look_up(xmpp_sync_walk_t *walk);

/* The archive does not know any more where the walk began: begin at a later
 * place, at last with the last page. 0: it was the last page; else 1. */
XMPP_API int xmpp_sync_walk_begin_later(xmpp_sync_walk_t *walk);

/* The page that was awaited is here: what of it is new, from *ret_at on;
 * `is_whole`: the archive has no more. 1 if there may be a gap before it:
 * before the last page unless it has the cursor, and before the first, since
 * who knows what has expired. */
XMPP_API int xmpp_sync_walk_begin_page(xmpp_sync_walk_t *walk,
                                       const xmpp_sync_item_t *const *items,
                                       size_t count, int is_whole,
                                       size_t *ret_at);

/* Is there no more behind this page, of which what is new begins at `at`?
 * `is_complete`: the server says so. One that goes round in a circle has no
 * more, either. */
XMPP_API int xmpp_sync_walk_ends(const xmpp_sync_walk_t *walk,
                                 const xmpp_sync_item_t *const *items,
                                 size_t count, size_t at, int is_complete);

/* Did so much come that the archive seems to have no end? `most`: the limit of
 * a catch-up. */
XMPP_API int xmpp_sync_walk_is_endless(const xmpp_sync_walk_t *walk, long most);

/* A message of a page, oldest first. 0: it is before the start. */
XMPP_API int xmpp_sync_walk_pass(xmpp_sync_walk_t *walk, const char *id);

/* The same, unless something of ours is in doubt: then as a new session. */
XMPP_API void xmpp_sync_walk_update(xmpp_sync_walk_t *walk);

/* Request the page behind this id, the last page, or the same as before. */
XMPP_API void xmpp_sync_walk_after(xmpp_sync_walk_t *walk, const char *after);
XMPP_API void xmpp_sync_walk_last(xmpp_sync_walk_t *walk, int why);
XMPP_API void xmpp_sync_walk_again(xmpp_sync_walk_t *walk);

/* Await no page any more. Returns the new number. */
XMPP_API long xmpp_sync_walk_stop(xmpp_sync_walk_t *walk);

/* Is this the page that is awaited? */
XMPP_API int xmpp_sync_walk_awaits(const xmpp_sync_walk_t *walk, long number);

/* The id behind which the item at this place of a page is in the archive; NULL:
 * it is the first of all. For the first of the last page that is its own: it is
 * behind all that is known. */
XMPP_API const char *
xmpp_sync_walk_get_before(const xmpp_sync_walk_t *walk,
                          const xmpp_sync_item_t *const *items, size_t at);

XMPP_END

#endif /* XMPP_XEP_SYNC_WALK_H */
