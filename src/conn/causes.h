/* causes.h - the targets of one connect call that failed, and why. */

#ifndef CONN_CAUSES_H
#define CONN_CAUSES_H

#include "conn/conn.h"
#include "net/target.h"

#define CAUSES_MOST 32 /* that are kept; the log has all */

/* One more. Without memory it is missing. */
void causes_add(xmpp_conn_t *conn, const struct target *target,
                const struct fault *why);

/* If there are several, append them to the sentence in `message`. */
void causes_describe(const xmpp_conn_t *conn, char *message, size_t size);

/* May one of them be there later? */
bool causes_may_retry(const xmpp_conn_t *conn);

void causes_clear(xmpp_conn_t *conn);

#endif
