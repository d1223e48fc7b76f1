/* mam.h - archives of messages (XEP-0313), of our account, of rooms, and of
 * nodes (XEP-0442), with full text search (XEP-0431).
 *
 *     static void on_page(xmpp_conn_t *conn, const xmpp_result_t *result,
 *                         void *userdata)
 *     {
 *         const xmpp_mam_page_t *page = result->value;
 *         size_t i;
 *
 *         for (i = 0; page && i < page->result_count; i++)
 *             show(page->results[i]->stamp, page->results[i]->message);
 *     }
 *
 *     xmpp_conn_use(conn, &xmpp_mod_mam);
 *     ...
 *     xmpp_mam_query_t query;
 *     xmpp_rsm_t last;
 *     XMPP_INIT(xmpp_mam_query, query);
 *     XMPP_INIT(xmpp_rsm, last);
 *     query.with = juliet;
 *     query.page = &last;
 *     last.before = "";
 *     last.max = 50;
 *     xmpp_mam_get(conn, &query, on_page, NULL);
 *
 * Each message that a query brings also reaches rows for XMPP_ALL, with
 * XMPP_VIA_ARCHIVE, before the page is complete. Handlers of the application
 * (handler.h) get the envelope as it came.
 *
 * A result counts if it comes from the archive that was queried, with the id of
 * a query that has not ended, and for the first time. All others are ignored.
 *
 * mam_archive.h explains `archive`, mam_prefs.h has what is archived at all.
 */

#ifndef XMPP_XEP_MAM_H
#define XMPP_XEP_MAM_H

#include <xmpp/xep/mam_page.h>
#include <xmpp/xep/mam_query.h>

XMPP_BEGIN

/* Its limits:
 *   "results"  how many a page holds: 1000, from 1 to 1000000
 *   "octets"   of memory for them: 16777216, from 1 to 1073741824; above it no
 *              further result is taken
 *   "queries"  how many are open at the same time: 32, from 1 to 64 */
XMPP_API extern const xmpp_module_t xmpp_mod_mam;

/* Query an archive; NULL: that of our account, from the beginning. The value of
 * the result is a xmpp_mam_page_t, which with its messages is borrowed for the
 * call. No more than the limit "results" are requested; `max` of the page may
 * be less.
 *
 * The result is XMPP_ESTANZA with item-not-found if the archive does not have
 * an id of the query (any more), XMPP_ENOSERVICE if the server does not support
 * what the query needs, and XMPP_EPROTO if it speaks of results that it did not
 * send. A page without results that is not complete has no next one.
 *
 * A page that is under way as the connection is lost goes on if the session is
 * resumed; if not, the result is XMPP_ENOTCONN.
 *
 * Returns the codes of xmpp_request(); XMPP_EINVOP if the module is not in use;
 * XMPP_EFULL above the limit "queries"; XMPP_ENOSERVICE as above. */
XMPP_API int xmpp_mam_get(xmpp_conn_t *conn, const xmpp_mam_query_t *query,
                          xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_MAM_H */
