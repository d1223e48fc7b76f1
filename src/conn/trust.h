/* trust.h - the settings of TLS. */

#ifndef CONN_TRUST_H
#define CONN_TRUST_H

#include "conn/conn.h"

void trust_free(xmpp_conn_t *conn);

/* How our key is unlocked. */
struct tls_password trust_password(xmpp_conn_t *conn);

/* The login is over: forget the key's password. */
void trust_forget(xmpp_conn_t *conn);

/* If no JID is set, take the one that our certificate names. 0; XMPP_EINVOP if
 * it names none or several; XMPP_EMEM. */
int trust_take_jid(xmpp_conn_t *conn, struct fault *fault);

#endif
