/* mam_page.h - what a query of an archive brings (XEP-0313): a page of results.
 * mam.h queries it. */

#ifndef XMPP_XEP_MAM_PAGE_H
#define XMPP_XEP_MAM_PAGE_H

#include <xmpp/payload.h>
#include <xmpp/xep/rsm.h>

XMPP_BEGIN

/* A message in the archive. */
typedef struct _xmpp_mam_result_t {
    size_t size;
    const char *id;    /* in the archive */
    xmpp_time_t stamp; /* when the archive got it, or XMPP_NO_TIME */
    /* NULL if the archive does not have it any more (section 3.2), or what it
     * sent is not one message; NULL in a copy. The id is in the same tree: take
     * a hold to keep both. */
    xmpp_stanza_t *message;
} xmpp_mam_result_t;

/* What matched, the oldest first, unless the query was `is_flipped`. */
typedef struct _xmpp_mam_page_t {
    size_t size;
    const xmpp_mam_result_t *const *results;
    size_t result_count;
    /* `first` is the oldest of `results` and `last` the newest, whatever their
     * order; with xmpp_rsm_get_next() and xmpp_rsm_get_previous() go on from
     * there. NULL if the server sent none and there are no results. */
    const xmpp_rsm_t *set;
    int is_complete; /* there are no more in this direction */
    int is_unstable; /* the server is not sure yet: do not keep it for long */
    int is_partial;  /* not all that belongs to this page is here: it was above
                      * a limit, or lost. `is_complete` is 0 then */
} xmpp_mam_page_t;

XMPP_API extern const xmpp_payload_t xmpp_mam_result;
XMPP_API extern const xmpp_payload_t xmpp_mam_page;

/* ---- for mam.h --------------------------------------------------- */

/* A result as a <result/> has it. It lives in the tree of the element. NULL
 * when out of memory. */
XMPP_API const xmpp_mam_result_t *xmpp_mam_result_read(xmpp_stanza_t *element);

/* 1 if its first result is older than its last one; 0 if not, or if that is not
 * known. */
XMPP_API int xmpp_mam_page_is_ascending(const xmpp_mam_page_t *page);

/* 1 if `set` names a first and a last result that are not those of the page, in
 * any order; else 0. */
XMPP_API int xmpp_mam_page_has_other_ends(const xmpp_mam_page_t *page);

XMPP_END

#endif /* XMPP_XEP_MAM_PAGE_H */
