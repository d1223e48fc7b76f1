/* mam_search.h - finding messages in an archive (XEP-0313) by their words, in
 * both directions.
 *
 *     xmpp_mam_search_t search;
 *     XMPP_INIT(xmpp_mam_search, search);
 *     search.with = juliet;
 *     search.text = "balcony";
 *     xmpp_mam_find(conn, &search, on_found, NULL);
 *
 * finds the newest messages; in on_found():
 *
 *     search.from = found->older;
 *
 * goes on with older ones, unless that is NULL, and `is_ahead` = 1 with `from`
 * = found->newer with newer ones. What surrounds a message is a page that ends
 * before it, and one that begins after it: `before` and `after` of the page of
 * an xmpp_mam_query_t.
 *
 * The server searches if it has full text search (XEP-0431). Else the library
 * reads the archive page by page, and takes the messages whose body contains
 * the text, without regard to case, width of characters and white space
 * (RFC 8266 section 2.5). Then one search ends after so many pages, even if it
 * found nothing, and names where to go on. What is encrypted is not found.
 *
 * The limits:
 *   "found"  how many one search finds: 1000, from 1 to 100000
 *   "pages"  through how many pages of 100 messages it looks: 20, from 1 to
 *            100000
 */

#ifndef XMPP_XEP_MAM_SEARCH_H
#define XMPP_XEP_MAM_SEARCH_H

#include <xmpp/xep/mam.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_mam_search;

/* What to look for. Absent members restrict nothing. */
typedef struct _xmpp_mam_search_t {
    size_t size;
    xmpp_jid_t archive;     /* absent: our account's (mam_archive.h) */
    xmpp_jid_t with;        /* as in an xmpp_mam_query_t */
    xmpp_time_t start, end; /* likewise */
    const char *text;       /* required */
    const char *from; /* an id of the archive: where to begin; absent: at its
                       * end, or with `is_ahead` at its beginning */
    int is_ahead;     /* towards newer messages; else towards older ones */
    long most;        /* how many to find; absent: 20 */
} xmpp_mam_search_t;

typedef struct _xmpp_mam_found_t {
    size_t size;
    const xmpp_mam_result_t *const *results; /* the oldest first */
    size_t result_count;
    /* What `from` has to be to go on with older messages, or with newer ones.
     * NULL: there are none in this direction. */
    const char *older, *newer;
    int is_by_server; /* the server searched */
} xmpp_mam_found_t;

XMPP_API extern const xmpp_payload_t xmpp_mam_search;
XMPP_API extern const xmpp_payload_t xmpp_mam_found;

/* Search: the value of the result is a xmpp_mam_found_t, which with its
 * messages is borrowed for the call. Results as those of xmpp_mam_get().
 *
 * Returns the codes of xmpp_request(); XMPP_EINVOP if the module is not in use;
 * XMPP_EARG without a text; XMPP_EFULL as xmpp_mam_get(). */
XMPP_API int xmpp_mam_find(xmpp_conn_t *conn, const xmpp_mam_search_t *search,
                           xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_MAM_SEARCH_H */
