/* keeper.h - a client that connects again whenever it is not connected. */

#ifndef TESTS_LIVE_KEEPER_H
#define TESTS_LIVE_KEEPER_H

#include <stdbool.h>

#include <xmpp/xmpp.h>

/* The first five are the test's. With a `seed` one connection in six gives up
 * the session that could be resumed. `on_session`: a session begins that is not
 * a resumed one; or NULL. */
struct keeper {
    xmpp_conn_t *conn;
    unsigned short port; /* on loopback */
    unsigned *seed;
    void (*on_session)(xmpp_conn_t *conn, void *userdata);
    void *userdata;
    bool is_up;
    int sessions, resumed, downs; /* so far */
};

/* Connect if it is not. To be called in each turn. */
void keeper_turn(struct keeper *keeper);

#endif
