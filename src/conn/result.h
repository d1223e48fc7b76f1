/* result.h - the end of an action, as its handler gets it. */

#ifndef CONN_RESULT_H
#define CONN_RESULT_H

#include <xmpp/result.h>

#include "conn/conn.h"

/* What an answer means, if `payload` (or NULL) describes the value that is
 * expected. `reply` is NULL if there is none. */
xmpp_result_t result_read(int status, xmpp_stanza_t *reply,
                          const xmpp_payload_t *payload);

/* Call the handler of an action that has ended, unless it has none. */
void result_report(const struct action *action, const xmpp_result_t *result);

/* May one more operation begin that is not one request? */
bool result_has_room(const xmpp_conn_t *conn);

#endif
