/* sync_gaps.h - what is missing of one archive (sync.h). */

#ifndef XMPP_XEP_SYNC_GAPS_H
#define XMPP_XEP_SYNC_GAPS_H

#include <xmpp/payload.h>

XMPP_BEGIN

/* Why something is missing. */
typedef enum {
    XMPP_SYNC_FIRST = 1, /* older than the first message that was fetched */
    XMPP_SYNC_TOO_MANY,  /* more than the limit "catch-up" */
    XMPP_SYNC_EXPIRED,   /* the archive does not have the message any more up to
                          * which all was delivered */
    XMPP_SYNC_NO_ARCHIVE, /* the server offers no archive */
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
    const char *const *ids;  /* of messages between the two that were delivered
                              * before the gap was noticed */
    size_t id_count;
} xmpp_sync_gap_t;

XMPP_API extern const xmpp_payload_t xmpp_sync_gap;

/* ---- for modules ------------------------------------------------- */

/* Are they the same id of an archive? NULL stands for its beginning, or its
 * end, and equals NULL. */
XMPP_API int xmpp_sync_id_equal(const char *a, const char *b);

/* The gaps of an archive, oldest first: all[0] to all[count - 1]. Only the last
 * may be open, which is without an end. */
typedef struct _xmpp_sync_gaps_t {
    xmpp_ctx_t *ctx;
    xmpp_sync_gap_t **all; /* each is one block */
    size_t count, room;
} xmpp_sync_gaps_t;

XMPP_API void xmpp_sync_gaps_init(xmpp_sync_gaps_t *gaps, xmpp_ctx_t *ctx);

/* Free all of them. */
XMPP_API void xmpp_sync_gaps_clear(xmpp_sync_gaps_t *gaps);

/* Add a copy. It takes the place of one behind which nothing was delivered, and
 * of one that is open. Of more than `most` the two oldest become one, which
 * counts what was delivered between them as missing, too. 0, XMPP_EMEM,
 * XMPP_EINVOP. */
XMPP_API int xmpp_sync_gaps_add(xmpp_sync_gaps_t *gaps,
                                const xmpp_sync_gap_t *gap, size_t most);

/* The gap that ends before this id (NULL: that is open), or NULL. */
XMPP_API const xmpp_sync_gap_t *
xmpp_sync_gaps_find(const xmpp_sync_gaps_t *gaps, const char *before);

/* The archive has the message `id` behind `after` (NULL: it is the first), and
 * it is delivered: if the open gap begins behind `after`, it begins behind `id`
 * from now on. 0, also if it does not; XMPP_EMEM; XMPP_EINVOP. */
XMPP_API int xmpp_sync_gaps_advance(xmpp_sync_gaps_t *gaps, const char *after,
                                    const char *id, xmpp_time_t time);

/* A gap was filled from its upper end: now it ends before this id. NULL: it is
 * filled. 0; XMPP_EARG if there is no such gap; XMPP_EMEM. */
XMPP_API int xmpp_sync_gaps_narrow(xmpp_sync_gaps_t *gaps, const char *before,
                                   const char *now, xmpp_time_t time);

XMPP_END

#endif /* XMPP_XEP_SYNC_GAPS_H */
