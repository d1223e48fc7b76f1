/* sync_line.h - the engine of sync.h for one archive: it decides which message
 * is delivered when, what is requested from the archive, and what of ours is
 * sent again. It has no connection and no clock. What happens is reported to it
 * by the functions below; what is to be done it orders by those of its owner.
 *
 * Its rules, each of which a test takes out to see that it is needed:
 *
 *   1  A session requests what follows the cursor, page by page: a new one, and
 *      a resumed one, too, since there are servers that lose what is on its way
 *      while a session is resumed. What came by the stream may have overtaken
 *      what is archived before it: the request begins before all that came so
 *      since the archive was read to its end, but not before the last 32.
 *   2  Meanwhile messages that arrive are held. Each request empties the hold:
 *      what is held has an id of the archive, so the request covers it.
 *   3  The cursor, the last ids and the gaps change together with the message.
 *   4  The first time, if the cursor's message has expired, and if there are
 *      too many, the last page is requested. What is skipped is a gap.
 *   5  A message that arrives delayed may be an old one: what follows the
 *      cursor is requested again, and holds it if it is new. (A time in a
 *      message proves nothing: clocks have a coarse grain, and senders lie.)
 *   6  A message of ours of which the server may have had two copies is looked
 *      up from the cursor of the moment when it was sent, and sent again only
 *      if the archive does not have it, nor some seconds later: a server may
 *      handle late what it has of the lost session. Rule 4 does not cut
 *      meanwhile. If the archive has lost where it may be, it is not sent
 *      again.
 *   7  A message without an id is known by its key when a page has it. Keys
 *      are remembered until a request that was made behind them is answered,
 *      but not more than the last 64: when half as many came since the last
 *      request it is time for another. (Behind an archive that failed, and if
 *      they come faster than it can be read, there is none: then it may bring
 *      the first of them again.)
 *
 * An order may call any function of the line, also xmpp_sync_line_free().
 */

#ifndef XMPP_XEP_SYNC_LINE_H
#define XMPP_XEP_SYNC_LINE_H

#include <xmpp/xep/sync_hold.h>
#include <xmpp/xep/sync_walk.h>

XMPP_BEGIN

/* Whether what arrives is delivered at once. */
typedef enum {
    XMPP_SYNC_OFFLINE = 1, /* there is no session */
    XMPP_SYNC_CATCHING,    /* the archive is read */
    XMPP_SYNC_LIVE         /* all is delivered that the archive had */
} xmpp_sync_state_t;

/* ---- for modules ------------------------------------------------- */

typedef struct _xmpp_sync_line_t xmpp_sync_line_t;

/* Limits; what is beyond is delivered in time rather than in order (held), or
 * becomes a gap. */
typedef struct _xmpp_sync_limits_t {
    size_t size;
    long catch_up; /* messages delivered before a gap is made */
    long held;     /* messages that wait */
    long gaps;
} xmpp_sync_limits_t;

/* What the line orders. `to` is the owner's. */
typedef struct _xmpp_sync_orders_t {
    size_t size;
    void *to;
    const xmpp_jid_t *archive;        /* NULL: our account's; copied */
    const xmpp_sync_limits_t *limits; /* read when they are needed */
    xmpp_sync_requester request;      /* sync_walk.h */
    /* The notes changed: store them, and deliver the message and report the
     * gap that are not NULL, all of it or nothing. */
    void (*deliver)(void *to, const xmpp_sync_item_t *item,
                    const xmpp_sync_gap_t *gap);
    xmpp_sync_own_sender send; /* sync_own.h */
    xmpp_sync_own_settler settle;
    void (*report)(void *to, int state);
} xmpp_sync_orders_t;

/* The orders are copied. Owned: xmpp_sync_line_free(). NULL when out of memory,
 * or if an order is missing. */
XMPP_API xmpp_sync_line_t *xmpp_sync_line_new(xmpp_ctx_t *ctx,
                                              const xmpp_sync_orders_t *orders);
XMPP_API void xmpp_sync_line_free(xmpp_sync_line_t *line);
XMPP_API int xmpp_sync_line_get_state(const xmpp_sync_line_t *line);

/* The notes: set them from a store before the first session, narrow gaps that
 * are filled. Borrowed; they live as long as the line. */
XMPP_API xmpp_sync_notes_t *xmpp_sync_line_get_notes(xmpp_sync_line_t *line);

/* ---- sessions ---------------------------------------------------- */

/* A new session. `end` is the id of the last message of the archive, if the
 * server has reported it with the login (XEP-0386), or NULL. */
XMPP_API void xmpp_sync_line_begin(xmpp_sync_line_t *line, const char *end);

/* The session was resumed. */
XMPP_API void xmpp_sync_line_resume(xmpp_sync_line_t *line);

/* It is time to send what waits, and to try again what was not possible.
 * `is_open`: there is something new to send, and the page that was requested
 * will arrive yet; else it is requested again, and what is in doubt is looked
 * up. */
XMPP_API void xmpp_sync_line_go_on(xmpp_sync_line_t *line, int is_open);

/* The session is over. */
XMPP_API void xmpp_sync_line_end(xmpp_sync_line_t *line);

/* ---- what arrives ------------------------------------------------ */

/* A message by the stream or by a carbon. 0; XMPP_EMEM: it was neither
 * delivered nor held, but will be found in the archive. */
XMPP_API int xmpp_sync_line_receive(xmpp_sync_line_t *line,
                                    const xmpp_sync_item_t *item);

/* The page with this number, oldest first. A page that is not awaited any more
 * is ignored. `is_unstable`: the archive may still change what it has here, so
 * the cursor does not move. */
XMPP_API void xmpp_sync_line_take_page(xmpp_sync_line_t *line, long number,
                                       const xmpp_sync_item_t *const *items,
                                       size_t count, int is_complete,
                                       int is_unstable);

/* There is no such page: EXPIRED, the archive does not know the id any more;
 * NO_ARCHIVE or FAILED, it gives none in this session. */
XMPP_API void xmpp_sync_line_fail_page(xmpp_sync_line_t *line, long number,
                                       int why);

/* ---- messages of ours -------------------------------------------- */

/* All of them: to add one that is to be sent, or that an earlier process left,
 * before xmpp_sync_line_go_on(); and to report what became of it. Borrowed; it
 * lives as long as the line. */
XMPP_API xmpp_sync_own_t *xmpp_sync_line_get_own(xmpp_sync_line_t *line);

XMPP_END

#endif /* XMPP_XEP_SYNC_LINE_H */
