/* last.h - XEP-0012: how long ago was something done? */

#ifndef XMPP_XEP_LAST_H
#define XMPP_XEP_LAST_H

#include <xmpp/module.h>
#include <xmpp/result.h>

XMPP_BEGIN

typedef struct _xmpp_last_t {
    size_t size;
    long seconds;
    const char *status; /* of an offline account: its last words, or NULL */
} xmpp_last_t;

XMPP_API extern const xmpp_payload_t xmpp_last;

/* Answers, on a client, how long its user has been idle: to our own account and
 * to contacts who may see our presence (section 8; the roster module knows
 * them), and only after xmpp_last_set_idle(). On a component, how long it has
 * been up: to anyone. Nobody else learns more than that the service is
 * unavailable. Service discovery reports it once there is an answer. */
XMPP_API extern const xmpp_module_t xmpp_mod_last;

/* The user did something that many seconds ago; 0: just now. A negative number:
 * nobody is to know any more. 0; XMPP_EINVOP if the module is not in use. */
XMPP_API int xmpp_last_set_idle(xmpp_conn_t *conn, long seconds);

/* Request it of `to`. The value is an xmpp_last_t. Of a full address it is how
 * long its user has been idle; of an account, how long ago it went offline, and
 * 0 if it is online; of a server, how long it has been up; NULL is our own
 * account. The codes of xmpp_request(). */
XMPP_API int xmpp_last_get(xmpp_conn_t *conn, const char *to,
                           xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_LAST_H */
