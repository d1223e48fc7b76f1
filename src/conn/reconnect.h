/* reconnect.h - whether and when a connection comes back by itself. */

#ifndef CONN_RECONNECT_H
#define CONN_RECONNECT_H

#include "conn/conn.h"

/* Attempts that a context begins in one millisecond at most; the others wait
 * for the next one, so that ten thousand that are due at once do not stop the
 * loop. */
#define RECONNECT_STARTS 8

/* `start` begins an attempt with the settings of the moment. */
void reconnect_init(xmpp_conn_t *conn,
                    int (*start)(xmpp_conn_t *conn, enum stream_kind kind));

/* The application has started an attempt. */
void reconnect_begin(xmpp_conn_t *conn, enum stream_kind kind);

/* The application wants the end. Without a live attempt nobody else would
 * report it, so the next turn does. */
void reconnect_stop(xmpp_conn_t *conn);

/* The connection is being released: no attempt follows, and no event. */
void reconnect_release(xmpp_conn_t *conn);

/* A session is up. */
void reconnect_up(xmpp_conn_t *conn);

/* The attempt is over, for the reason in conn->last: does another follow?
 * `was_up`: it had a session. */
void reconnect_decide(xmpp_conn_t *conn, bool was_up);

/* conn->attempt is cleared: the pause that was decided on begins to run. */
void reconnect_arm(xmpp_conn_t *conn);

/* An option has changed. */
void reconnect_look(xmpp_conn_t *conn);

/* What the application knows of the world ends the pause, and makes the next
 * ones short. If an attempt is live, the one after it has no pause. */
void reconnect_hurry(xmpp_conn_t *conn);

/* No attempt until reconnect_hurry(). */
void reconnect_suspend(xmpp_conn_t *conn);

#endif
