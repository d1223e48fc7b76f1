/* inn.h - a server in memory that lets any number of anonymous clients in, for
 * tests of many connections in one context. The clock is virtual. */

#ifndef TESTS_CONN_INN_H
#define TESTS_CONN_INN_H

#include "conn/ctx.h"
#include "conn/fake_server.h"
#include "conn/fake_words.h"
#include "net/memory.h"

#include <xmpp/xmpp.h>

#define INN_SECONDS 600

struct inn_guest {
    struct memory memory;
    struct inn_guest *next;
    int said;     /* answers that it got */
    size_t heard; /* bytes since the login, which are dropped */
    char id[FAKE_ID_SIZE];
};

/* `origin` is when its seconds began: when it opened, or crashed. */
extern struct inn {
    struct memory_host host;
    struct env env;
    xmpp_ctx_t *ctx;
    struct inn_guest *guests; /* all that ever came; the last one first */
    bool is_down;             /* set by the test: nobody is let in */
    uint64_t origin;
    int calls[INN_SECONDS]; /* by the second in which they came */
    int calls_in_turn, most_in_turn;
} inn;

/* From here on it is reached instead of any other server. */
void inn_open(xmpp_ctx_t *ctx);
/* All connections break, and it is down. */
void inn_crash(void);
/* Forget the calls so far. */
void inn_count_anew(void);
/* When the context is gone. */
void inn_close(void);

/* Not yet connected: a client of it. */
xmpp_conn_t *inn_client(void);

#endif
