/* tlscert.h - a certificate as the application sees it. */

#ifndef CONN_TLSCERT_H
#define CONN_TLSCERT_H

#include "base/str.h"
#include "conn/attempt.h"

/* From DER; owned. NULL if it is not a certificate, or memory is out. */
xmpp_tlscert_t *tlscert_new(xmpp_conn_t *conn, struct str der);

#endif
