/* mam_prefs.h - which messages our server archives (XEP-0441).
 *
 *     xmpp_mam_prefs_t prefs;
 *     XMPP_INIT(xmpp_mam_prefs, prefs);
 *     prefs.otherwise = XMPP_MAM_ROSTER;
 *     prefs.never = &noisy;
 *     xmpp_mam_set_prefs(conn, &prefs, on_prefs, NULL);
 *
 * Many servers do not let users decide; they refuse both requests.
 */

#ifndef XMPP_XEP_MAM_PREFS_H
#define XMPP_XEP_MAM_PREFS_H

#include <xmpp/result.h>

XMPP_BEGIN

/* Which messages are archived. */
typedef enum {
    XMPP_MAM_ALWAYS = 1, /* all */
    XMPP_MAM_NEVER,      /* none */
    XMPP_MAM_ROSTER      /* those of contacts */
} xmpp_mam_default_t;

typedef struct _xmpp_mam_jids_t {
    size_t size;
    const xmpp_jid_t *jids;
    size_t jid_count;
} xmpp_mam_jids_t;

/* A message is judged by the other side of it: by the list that has its
 * address, in which a bare address stands for all of its resources; else by
 * `otherwise`. */
typedef struct _xmpp_mam_prefs_t {
    size_t size;
    int otherwise;                 /* xmpp_mam_default_t */
    const xmpp_mam_jids_t *always; /* NULL: nobody */
    const xmpp_mam_jids_t *never;  /* NULL: nobody */
} xmpp_mam_prefs_t;

XMPP_API extern const xmpp_payload_t xmpp_mam_prefs;

/* Get the preferences of our account, or set all of them. The value is a
 * xmpp_mam_prefs_t: as they are now, which may not be what was requested. The
 * codes of xmpp_request(); XMPP_EARG if there is no `otherwise`. */
XMPP_API int xmpp_mam_get_prefs(xmpp_conn_t *conn, xmpp_result_handler handler,
                                void *userdata);
XMPP_API int xmpp_mam_set_prefs(xmpp_conn_t *conn,
                                const xmpp_mam_prefs_t *prefs,
                                xmpp_result_handler handler, void *userdata);

/* What the preferences demand for messages to or from `jid`, which `is_contact`
 * or not: XMPP_MAM_ALWAYS or XMPP_MAM_NEVER; 0 if they do not say. An address
 * that is in both lists is archived. */
XMPP_API int xmpp_mam_prefs_judge(const xmpp_mam_prefs_t *prefs,
                                  const xmpp_jid_t *jid, int is_contact);

XMPP_END

#endif /* XMPP_XEP_MAM_PREFS_H */
