/* life.h - a connection to a peer that follows a script, and what is told. */

#ifndef CORPUS_LIFE_H
#define CORPUS_LIFE_H

#include "conn/fake_server.h"
#include "show.h"

struct life {
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn;
    struct fake_server *peer;
    int ups, raw_ups, downs; /* how often each event was told */
    int logs;                /* non-zero: SENT and RECV lines are printed */
    int count;               /* for the program's own use */
    void (*on_event)(struct life *life, xmpp_conn_event_t event); /* or NULL */
};

/* A context and a connection as guest of example.org without TLS. */
void life_make(struct life *life);

/* Start a peer with that script and connect to it. */
void life_connect(struct life *life, const char *const *script);
void life_connect_raw(struct life *life, const char *const *script);

/* To a peer that is there already. */
int life_connect_again(struct life *life);

/* Prints what it is told. The userdata is the life. */
void life_handler(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                  xmpp_stream_error_t *stream_error, void *userdata);

/* Run until *number is `want`; says so if it never is. */
void life_until(struct life *life, const int *number, int want);

/* Run for that many milliseconds. */
void life_pass(struct life *life, int milliseconds);

/* The peer has to have come to the end of its script. */
void life_peer(struct life *life);

/* Release everything. */
void life_free(struct life *life);

#endif
