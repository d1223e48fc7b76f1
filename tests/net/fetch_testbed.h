/* fetch_testbed.h - a GET under test: the servers in memory that it meets, and
 * what came of it. */

#ifndef TESTS_NET_FETCH_TESTBED_H
#define TESTS_NET_FETCH_TESTBED_H

#include "failmem.h"
#include "net/fetch.h"
#include "net/memory.h"
#include "tap.h"

#define HOSTS 3

/* Servers that send one answer each as soon as a request is complete, and then
 * end; or they are silent. The first `accepts` of `count` accept. */
struct getting {
    struct failmem failmem;
    struct env env, server;
    struct poll *poll;
    struct memory_host host;
    struct memory memories[HOSTS];
    size_t came, accepts, count;
    struct str answers[HOSTS];
    size_t piece;
    bool silent;
    bool drips;       /* an octet of the answer in each turn */
    int broken;       /* errno that follows on the answer, instead of an end */
    const char *path; /* of the request */
    const char *unasked; /* sent at once, by a peer that is broken */
    size_t dripped;
    char asked[1024];

    struct fetch *fetch;
    int calls, missed;
    bool frees;
    bool is_closed; /* the last server's connection, when it was done */
    int code;
    xmpp_layer_t layer;
    char words[300];
    unsigned status;
    char location[FETCH_LOCATION_MOST + 1];
    size_t content_n;
    char content[128];
};

/* One server, which gives this answer. */
void getting_init(struct getting *g, struct str answer);

/* False when memory was out at once. */
bool getting_start(struct getting *g);
void getting_run(struct getting *g);

/* One turn of both sides. */
void getting_turn(struct getting *g, int timeout);
void getting_end(struct getting *g, const char *what);

#endif
