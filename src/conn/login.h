/* login.h - secrets of a connection, and what its logins leave behind. */

#ifndef CONN_LOGIN_H
#define CONN_LOGIN_H

#include "conn/conn.h"

/* TLS is up: tell the stream what it is. */
void login_tell_channel(xmpp_conn_t *conn);

/* Give the login what it wants besides bytes: a turn, with *more to come, or a
 * password of the application. False if the attempt ended meanwhile. */
bool login_go_on(xmpp_conn_t *conn, bool *more);

/* Logged in: keep what is worth keeping. 0 or XMPP_EMEM. */
int login_keep(xmpp_conn_t *conn);

/* What the next login must not be less than. */
struct strength login_min_strength(const xmpp_conn_t *conn);

/* Another account: nothing is known of it. */
void login_forget(xmpp_conn_t *conn);

#endif
