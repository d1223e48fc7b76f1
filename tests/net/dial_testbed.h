/* dial_testbed.h - a dial under test: what it is to reach, and what it did. The
 * clock is virtual, the peers and the name server are on loopback. */

#ifndef TESTS_NET_DIAL_TESTBED_H
#define TESTS_NET_DIAL_TESTBED_H

#include "failmem.h"
#include "net/dial.h"
#include "net/name_server.h"

#define PATIENCE 7000 /* milliseconds for each address */
#define STEP 5        /* of the clock, while nothing happens */
#define TURNS 20000   /* more are a test that hangs */
#define SERVICE "_xmpp-client._tcp"

extern struct failmem dial_blocks;
extern struct env dial_env;
extern struct poll *dial_loop;

/* Memory and a loop; the end asserts that nothing is left. */
void dial_testbed_begin(void);
void dial_testbed_end(void);

/* A port of loopback, *ret_port or any if it is 0, which is free in the other
 * family, too: it listens, or refuses. -1 if there is no such family. */
int dial_peer_open(int family, bool listens, unsigned *ret_port);

/* One that is silent: whoever connects to a full queue hears nothing. False if
 * there is no such family. */
#define QUEUED 4

struct dial_silent {
    int fd, queued[QUEUED];
    unsigned port;
};

bool dial_silent_open(struct dial_silent *peer, int family);
void dial_silent_close(struct dial_silent *peer);

/* Descriptors of this process. */
int dial_open_files(void);

struct dial_call {
    struct name_server dns;
    struct name_server_row rows[17]; /* the last has no name */
    size_t count;                    /* of rows */
    struct dial_wanted wanted;
    struct fault fault;
    struct dial *dial;

    int done; /* how often */
    bool reached;
    char host[256];
    unsigned port;
    bool direct_tls;
    int sockets;
    int families[16];
    uint64_t took; /* milliseconds of the dial_loop's clock */

    /* what the callbacks do */
    bool frees_in_prepare, frees_in_done;
    int frees_at; /* the socket with this number; 0: at none */
    int missed;   /* how often a target was reported as missed, */
    char missed_host[256], missed_address[80]; /* the last one, */
    int missed_code;                           /* and why */
    int skips; /* so many sockets are not wanted */
};

/* With a name server that knows nothing. */
void dial_call_init(struct dial_call *call);
void dial_call_know(struct dial_call *call, const char *name, unsigned type,
                    enum name_server_how how, const char *target,
                    unsigned port);

void dial_call_start(struct dial_call *call);
void dial_call_turn(struct dial_call *call);

/* Start, and go on until it is done. */
void dial_call_run(struct dial_call *call);

/* Free the dial, if there is one. */
void dial_call_drop(struct dial_call *call);

/* Nothing is called any more; then free all. */
void dial_call_end(struct dial_call *call, const char *what);

#endif
