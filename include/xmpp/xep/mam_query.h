/* mam_query.h - which messages of an archive (XEP-0313). mam.h queries them;
 * mam_archive.h explains `archive`.
 *
 *     xmpp_mam_query_t query;
 *     XMPP_INIT(xmpp_mam_query, query);
 *     query.with = juliet;
 *     query.start = yesterday;
 */

#ifndef XMPP_XEP_MAM_QUERY_H
#define XMPP_XEP_MAM_QUERY_H

#include <xmpp/xep/mam_archive.h>
#include <xmpp/xep/rsm.h>

XMPP_BEGIN

/* Whether messages of rooms are wanted of our account's archive. */
typedef enum {
    XMPP_MAM_GROUPCHAT_EITHER, /* as the server likes */
    XMPP_MAM_GROUPCHAT_INCLUDED,
    XMPP_MAM_GROUPCHAT_EXCLUDED
} xmpp_mam_groupchat_t;

/* Which messages. Absent members select all. Servers support those marked with
 * (x) only if they are `is_extended`, and `text` and `groupchat` only if they
 * declare it: the library finds out (mam_archive.h), so that the first such
 * query takes two round trips. */
typedef struct _xmpp_mam_query_t {
    size_t size;
    xmpp_jid_t archive; /* absent: of our account */
    const char *node;   /* of a publish-subscribe service, else NULL */
    xmpp_jid_t with;    /* to or from this address; a bare one stands for all
                         * of its resources */
    xmpp_time_t start, end;           /* not before, not after */
    const char *before_id, *after_id; /* (x) between these two, which have to
                                       * be in the archive */
    const char *const *ids;           /* (x) just these; all have to be there */
    size_t id_count;
    const char *text;        /* with these words; what that means is the
                              * server's business */
    int is_flipped;          /* (x) the results of the page, newest first */
    const xmpp_rsm_t *page;  /* which page; NULL: the first */
    const xmpp_form_t *more; /* other fields (xmpp_mam_get_fields()) */
    int groupchat;           /* xmpp_mam_groupchat_t */
} xmpp_mam_query_t;

XMPP_API extern const xmpp_payload_t xmpp_mam_query;

/* ---- for mam.h --------------------------------------------------- */

/* What only some servers support: XMPP_MAM_NEEDS_ bits. 0: every server that
 * has archives understands the query. */
#define XMPP_MAM_NEEDS_EXTENDED 1
#define XMPP_MAM_NEEDS_TEXT 2
#define XMPP_MAM_NEEDS_GROUPCHAT 4
XMPP_API int xmpp_mam_query_needs(const xmpp_mam_query_t *query);

/* 1 if the server has archives and supports all of this, else 0. */
XMPP_API int xmpp_mam_support_has(const xmpp_mam_support_t *support, int needs);

/* The iq, with `queryid` in it, for at most `most` results. Owned:
 * xmpp_stanza_release(). NULL when out of memory. */
XMPP_API xmpp_stanza_t *xmpp_mam_query_iq(xmpp_conn_t *conn,
                                          const xmpp_mam_query_t *query,
                                          const char *queryid, long most);

XMPP_END

#endif /* XMPP_XEP_MAM_QUERY_H */
