/* sync_notes.h - what is known of one archive, so that each message of it is
 * delivered once: how far it was delivered, which messages were delivered last,
 * and where something is missing. sync_line.h keeps such notes; with each
 * message they become a text of the application's store.
 */

#ifndef XMPP_XEP_SYNC_NOTES_H
#define XMPP_XEP_SYNC_NOTES_H

#include <xmpp/payload.h>

XMPP_BEGIN

/* Why something is missing. */
typedef enum {
    XMPP_SYNC_FIRST = 1, /* what is older than the first that was fetched */
    XMPP_SYNC_TOO_MANY,  /* more than the limit "catch-up" */
    XMPP_SYNC_EXPIRED,   /* the archive does not have the message any more up to
                          * which all was delivered */
    XMPP_SYNC_NO_ARCHIVE, /* there is no archive that could be asked */
    XMPP_SYNC_FAILED      /* the archive could not answer */
} xmpp_sync_why_t;

/* Messages that are missing: those of an archive between two others. */
typedef struct _xmpp_sync_gap_t {
    size_t size;
    xmpp_jid_t archive;      /* absent: our account's */
    const char *after;       /* id of the last message before the gap; NULL: it
                              * reaches back to the beginning */
    const char *before;      /* id of the first message behind it; NULL: there
                              * is none yet */
    xmpp_time_t after_time;  /* of the archive, or XMPP_NO_TIME */
    xmpp_time_t before_time; /* likewise */
    int why;                 /* an xmpp_sync_why_t */
} xmpp_sync_gap_t;

XMPP_API extern const xmpp_payload_t xmpp_sync_gap;

/* The notes as they are stored. */
typedef struct _xmpp_sync_known_t {
    size_t size;
    int is_begun;           /* the archive was read before */
    const char *cursor;     /* all up to this id was delivered, or lies in a
                             * gap; NULL: the archive was empty */
    xmpp_time_t time;       /* of that message, or XMPP_NO_TIME */
    const char *const *ids; /* the last that were delivered, oldest first */
    size_t id_count;
    const char *const *keys; /* of the last that were delivered without an id,
                              * so that they are recognised in the archive */
    size_t key_count;
    const xmpp_sync_gap_t *const *gaps; /* oldest first */
    size_t gap_count;
} xmpp_sync_known_t;

XMPP_API extern const xmpp_payload_t xmpp_sync_known;

/* ---- for modules ------------------------------------------------- */

/* So many ids, and so many keys, are remembered. */
#define XMPP_SYNC_REMEMBERED 64

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

/* It is delivered now. With `moves` the cursor is at this message from now on,
 * and a gap that had no end ends before it. On failure nothing changes. 0,
 * XMPP_EMEM, XMPP_EINVOP. */
XMPP_API int xmpp_sync_notes_add(xmpp_sync_notes_t *notes, const char *id,
                                 xmpp_time_t time, int moves);

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

/* A gap was filled from its upper end: now it ends before this id. NULL: it is
 * filled. 0; XMPP_EARG if there is no such gap; XMPP_EMEM. */
XMPP_API int xmpp_sync_notes_narrow(xmpp_sync_notes_t *notes,
                                    const char *before, const char *now,
                                    xmpp_time_t time);

XMPP_END

#endif /* XMPP_XEP_SYNC_NOTES_H */
