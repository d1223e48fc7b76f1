/* time.h - XEP-0202: what time is it at an entity? */

#ifndef XMPP_XEP_TIME_H
#define XMPP_XEP_TIME_H

#include <xmpp/module.h>
#include <xmpp/result.h>

XMPP_BEGIN

typedef struct _xmpp_entity_time_t {
    size_t size;
    const char *tzo; /* offset of the local time from UTC: "-06:00", or "Z" */
    xmpp_time_t utc;
} xmpp_entity_time_t;

XMPP_API extern const xmpp_payload_t xmpp_entity_time;

/* Answers the time of this machine, and its offset from UTC. */
XMPP_API extern const xmpp_module_t xmpp_mod_time;

/* The offset that others learn, in minutes, because it hints at a place
 * (section 6): 0 for UTC. XMPP_NO_NUMBER: that of the machine, as at the start.
 * 0; XMPP_EARG outside of -1080 to 1080; XMPP_EINVOP if the module is not in
 * use. */
XMPP_API int xmpp_entity_time_set_offset(xmpp_conn_t *conn, long minutes);

/* Request it of `to`; NULL: of our account. The value is an xmpp_entity_time_t.
 * The codes of xmpp_request(). */
XMPP_API int xmpp_entity_time_get(xmpp_conn_t *conn, const char *to,
                                  xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_TIME_H */
