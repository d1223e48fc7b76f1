/* talk_conn.h - a talk played through a whole connection, over a stage in
 * memory and with a virtual clock. */

#ifndef TESTS_CONN_TALK_CONN_H
#define TESTS_CONN_TALK_CONN_H

#include "talk/script.h"

struct player;

/* Words beside those of a connection. */
struct talk_words {
    /* Is it one of them? With a player it is played, too. */
    bool (*line)(struct player *p, const struct line *l);
    void (*begin)(struct player *p); /* the connection is set up */
    void (*end)(struct player *p);   /* it was released */
};

/* How a talk is played. */
struct talk_how {
    const char *tls;       /* "tls PREFIX", the files of a certificate for
                            * example.org that `ca_file` vouches for */
    const char *ca_file;   /* both NULL: the talks have no TLS */
    const char *websocket; /* its URL; NULL: over TCP */
    size_t piece;          /* the most bytes of one read or write */
    unsigned long fail_at; /* this allocation fails, from 1; 0: none */
    size_t release_at; /* inside the call that tells of this event, from 1, the
                        * connection is released; 0: at the end */
    const struct talk_words *more; /* or NULL */
    bool has_failed;               /* set: that allocation was reached */
    bool has_released;             /* set: that event was reached */
};

/* The word of a talk that a connection has no counterpart for, or NULL if it
 * can be played: static, or of the script. */
const char *talk_conn_unfit(const struct script *script,
                            const struct talk_words *more);

/* By which URL it can be played over WebSocket: where it goes as far as TLS, or
 * has it from the first byte, or not at all. NULL: it cannot. */
const char *talk_conn_websocket(const struct script *script);

/* Play it; NULL if the server saw and the application got what it says, else
 * what was otherwise: to be freed. Once an allocation has failed the talk may
 * end early, but the session is lost for that reason only, and in the end no
 * memory is left. With the release the talk ends, too. */
char *talk_conn_play(const struct script *script, struct talk_how *how);

#endif
