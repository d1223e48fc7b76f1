/* rsm.h - large results in pages (XEP-0059).
 *
 *     xmpp_rsm_t page;
 *     XMPP_INIT(xmpp_rsm, page);
 *     page.max = 50;
 *     ... send a request with it; the answer has a `set` ...
 *     page.after = xmpp_rsm_get_next(&page, set);
 *     ... and unless that is NULL, send the next one ...
 */

#ifndef XMPP_XEP_RSM_H
#define XMPP_XEP_RSM_H

#include <xmpp/payload.h>

XMPP_BEGIN

/* A request has `max` and at most one of `after`, `before` and `index`; an
 * answer has the other members. `first` and `last` name items; only who sent
 * them knows what they mean. */
typedef struct _xmpp_rsm_t {
    size_t size;
    const char *after;  /* the page that follows this item */
    const char *before; /* the page that ends before it; "": the last page */
    long count;         /* how many items there are in all, perhaps roughly */
    const char *first;  /* the first item of this page */
    long first_index;   /* its place in the whole, from 0 */
    long index;         /* the page that begins at this place */
    const char *last;   /* the last item of this page */
    long max;           /* how many items at most; 0: only the count */
} xmpp_rsm_t;

XMPP_API extern const xmpp_payload_t xmpp_rsm;

/* What `after` (or `before`) has to be in the request for the page that follows
 * (or precedes) the one that `answer` describes. `request` is what it answers.
 * Borrowed from the answer: hold its tree until the next request is sent.
 *
 * NULL if there is no such page: this one was empty, or it was the first; or
 * the answer has no pages at all (`answer` is NULL); or xmpp_rsm_repeats(). */
XMPP_API const char *xmpp_rsm_get_next(const xmpp_rsm_t *request,
                                       const xmpp_rsm_t *answer);
XMPP_API const char *xmpp_rsm_get_previous(const xmpp_rsm_t *request,
                                           const xmpp_rsm_t *answer);

/* 1 if this page ends (or begins) where the one before did, as faulty servers
 * send it without end. A server may also repeat pages in larger circles: limit
 * how many you take. */
XMPP_API int xmpp_rsm_repeats(const xmpp_rsm_t *request,
                              const xmpp_rsm_t *answer);

XMPP_END

#endif /* XMPP_XEP_RSM_H */
