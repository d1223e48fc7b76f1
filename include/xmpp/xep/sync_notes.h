/* sync_notes.h - what is known of one archive, so that each message of it is
 * delivered once: how far it was delivered, which messages were delivered last,
 * and where something is missing. sync_line.h keeps such notes; with each
 * message they become a text of the application's store.
 */

#ifndef XMPP_XEP_SYNC_NOTES_H
#define XMPP_XEP_SYNC_NOTES_H

#include <xmpp/xep/sync_gaps.h>
#include <xmpp/xep/sync_list.h>

XMPP_BEGIN

/* The notes as they are stored. */
typedef struct _xmpp_sync_known_t {
    size_t size;
    int is_begun;           /* the archive was read before */
    const char *cursor;     /* all up to this id was delivered, or lies in a
                             * gap; NULL: the archive was empty */
    xmpp_time_t time;       /* of that message, or XMPP_NO_TIME */
    const char *const *ids; /* the last that were delivered, oldest first */
    size_t id_count;
    long live; /* so many of the last of them came otherwise than in the
                * archive's order: one that is archived before or between them
                * may be missing yet; XMPP_NO_NUMBER: none */
    const char *const *keys; /* of the last that were delivered without an id,
                              * so that they are recognised in the archive */
    size_t key_count;
    const xmpp_sync_gap_t *const *gaps; /* oldest first */
    size_t gap_count;
} xmpp_sync_known_t;

XMPP_API extern const xmpp_payload_t xmpp_sync_known;

/* ---- for modules ------------------------------------------------- */

/* Of the ids, and of the keys, XMPP_SYNC_REMEMBERED are remembered; so many of
 * the ids may be requested again, since servers with many processes
 * deliver a message after some that are archived later. */
#define XMPP_SYNC_OVERLAP 32

/* How a message came. */
typedef enum {
    XMPP_SYNC_BY_STREAM,
    XMPP_SYNC_BY_PAGE, /* in the archive's order, behind the cursor */
    XMPP_SYNC_LATE     /* of a page before the cursor, or of an unstable one */
} xmpp_sync_source_t;

typedef struct _xmpp_sync_notes_t xmpp_sync_notes_t;

/* `archive` is that of the gaps; NULL: our account's. Owned:
 * xmpp_sync_notes_free(). NULL when out of memory. */
XMPP_API xmpp_sync_notes_t *xmpp_sync_notes_new(xmpp_ctx_t *ctx,
                                                const xmpp_jid_t *archive);
XMPP_API void xmpp_sync_notes_free(xmpp_sync_notes_t *notes);

/* Begin with what was stored. 0, XMPP_EMEM. */
XMPP_API int xmpp_sync_notes_set(xmpp_sync_notes_t *notes,
                                 const xmpp_sync_known_t *known);

/* What they say now. Borrowed until the next change. NULL without notes. */
XMPP_API const xmpp_sync_known_t *
xmpp_sync_notes_get(const xmpp_sync_notes_t *notes);

/* From now on the archive counts as read. */
XMPP_API void xmpp_sync_notes_begin(xmpp_sync_notes_t *notes);

/* ---- messages ---------------------------------------------------- */

/* Was it delivered lately? */
XMPP_API int xmpp_sync_notes_has(const xmpp_sync_notes_t *notes,
                                 const char *id);

/* It is delivered now; `source` is an xmpp_sync_source_t. Unless it is late,
 * the cursor is at this message from now on, and a gap that had no end ends
 * before it. On failure nothing changes. 0, XMPP_EMEM, XMPP_EINVOP. */
XMPP_API int xmpp_sync_notes_add(xmpp_sync_notes_t *notes, const char *id,
                                 xmpp_time_t time, int source);

/* The same; unless it came by the stream its place is behind the one with the
 * id `before`, if that is remembered (NULL: before all): what is forgotten for
 * it is not what follows there. */
XMPP_API int xmpp_sync_notes_add_behind(xmpp_sync_notes_t *notes,
                                        const char *before, const char *id,
                                        xmpp_time_t time, int source);

/* The archive has this one there, which was delivered before: what came by the
 * stream need not have come in order. */
XMPP_API void xmpp_sync_notes_move_behind(xmpp_sync_notes_t *notes,
                                          const char *before, const char *id);

/* The archive was read to its end, which is this id (NULL: where the cursor
 * is): nothing before it is missing. What was delivered behind it is not in the
 * archive yet: between it something may be missing. 0, XMPP_EMEM. */
XMPP_API int xmpp_sync_notes_settle(xmpp_sync_notes_t *notes, const char *end);

/* The id from which on something may be missing: the cursor, or one that was
 * delivered before it, but never one before a gap, nor one behind the cursor
 * (of an archive that was unstable). NULL: the beginning.
 * Borrowed until the next change. */
XMPP_API const char *xmpp_sync_notes_get_start(const xmpp_sync_notes_t *notes);

/* One half way from this start to the cursor, for an archive that has lost the
 * start; NULL if it is the cursor. Borrowed until the next change. */
XMPP_API const char *xmpp_sync_notes_get_later(const xmpp_sync_notes_t *notes,
                                               const char *start);

/* Was it delivered lately, and not before this one? */
XMPP_API int xmpp_sync_notes_has_since(const xmpp_sync_notes_t *notes,
                                       const char *start, const char *id);

/* The same for one without an id. */
XMPP_API int xmpp_sync_notes_add_key(xmpp_sync_notes_t *notes, const char *key);

/* 1 if it was delivered under this key, which is forgotten now; 0 if not. */
XMPP_API int xmpp_sync_notes_take_key(xmpp_sync_notes_t *notes,
                                      const char *key);

/* Forget all keys but the last `count`. */
XMPP_API void xmpp_sync_notes_cut_keys(xmpp_sync_notes_t *notes, size_t count);

/* ---- gaps -------------------------------------------------------- */

/* Note a gap from the cursor to the message with the id `before` (NULL: it has
 * no end yet). It takes the place of one behind which nothing was delivered. Of
 * more than `most` the two oldest become one, which counts what was delivered
 * between them as missing, too. *ret is the gap, borrowed until the next
 * change. 0, XMPP_EMEM, XMPP_EINVOP. */
XMPP_API int xmpp_sync_notes_add_gap(xmpp_sync_notes_t *notes, int why,
                                     const char *before,
                                     xmpp_time_t before_time, size_t most,
                                     const xmpp_sync_gap_t **ret);

/* The gap that ends before this id (NULL: that has no end), or NULL. */
XMPP_API const xmpp_sync_gap_t *
xmpp_sync_notes_find_gap(const xmpp_sync_notes_t *notes, const char *before);

/* What xmpp_sync_gaps_advance() does. */
XMPP_API int xmpp_sync_notes_advance(xmpp_sync_notes_t *notes,
                                     const char *after, const char *id,
                                     xmpp_time_t time);

/* A gap was filled from its upper end: now it ends before this id. NULL: it is
 * filled. 0; XMPP_EARG if there is no such gap; XMPP_EMEM. */
XMPP_API int xmpp_sync_notes_narrow(xmpp_sync_notes_t *notes,
                                    const char *before, const char *now,
                                    xmpp_time_t time);

XMPP_END

#endif /* XMPP_XEP_SYNC_NOTES_H */
