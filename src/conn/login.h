/* login.h - secrets of a connection, and what its logins leave behind. */

#ifndef CONN_LOGIN_H
#define CONN_LOGIN_H

#include "conn/attempt.h"

/* TLS is up: give the stream the data for channel binding. */
void login_set_channel(struct attempt *attempt);

/* Give the login what it wants besides bytes: a turn, or a password from the
 * application. True if it wants another turn. The attempt may be over
 * afterwards. */
bool login_go_on(struct attempt *attempt);

/* Logged in: keep what the next login needs. 0 or XMPP_EMEM. */
int login_keep(struct attempt *attempt);

/* The least strength that the next login may have. */
struct strength login_min_strength(const xmpp_conn_t *conn);

/* The keys of the last login, with which a connection that comes back needs not
 * derive them again (RFC 5802 section 5.1); or NULL. Borrowed. */
const struct scram_keys *login_keys(const xmpp_conn_t *conn);

/* There is another password, or none; or nobody to log in any more. */
void login_forget_keys(xmpp_conn_t *conn);

/* Another account: forget what earlier logins taught. */
void login_forget(xmpp_conn_t *conn);

#endif
