/* extensions.h - what the tests of extensions on real servers share: us, the
 * counterpart (counterpart.py), and how to wait for either. */

#ifndef TESTS_LIVE_EXTENSIONS_H
#define TESTS_LIVE_EXTENSIONS_H

#include <xmpp/have.h>
#include <xmpp/xmpp.h>

#include "tap.h"

/* One of our connections. */
struct us {
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn;
    const char *bare, *peer;    /* our account, and the counterpart */
    const char *domain, *nodes; /* of the server and of its pubsub service */
    bool is_poor;               /* the server has few extensions: "none" */
    int up, down;
    int caps, lamp, node_events; /* of the subjects */
    int messages;                /* that came, without the answers to orders */
    char text[4096];
    int answers;
    char answer[8192]; /* of the last order: what is behind its word */
};

/* How an action ended. */
struct outcome {
    int ended, status;
    char condition[64];
    char value[8192]; /* as printed */
};

/* Log in as RESOURCE of our account, with modules that `use` chooses. */
void us_begin(struct us *us, char **argv, const char *resource,
              void (*use)(struct us *us));
void us_end(struct us *us);

/* Let the loop run until `*number` is at least `want`. */
void us_await(struct us *us, const int *number, int want, const char *what);

/* Let the counterpart do something: "ping". Its answer, or "nothing". */
const char *us_order(struct us *us, const char *words, ...) XMPP_PRINTF(2, 3);
/* Until the answer contains `want`; as a result of the test. */
void us_order_until(struct us *us, const char *want, const char *words);

/* A handler for actions; userdata is a struct outcome. */
void on_outcome(xmpp_conn_t *conn, const xmpp_result_t *result, void *userdata);

/* Wait for the end of an action, which was begun with the code `begun`. Its
 * outcome is a result of the test: the status, and what its value contains
 * unless that is NULL. */
void us_ends(struct us *us, struct outcome *outcome, int begun, int status,
             const char *part, const char *what);

/* The subjects. */
void test_queries(struct us *us);
void test_disco(struct us *us);
void test_people(struct us *us);
void test_idleness(struct us *us);
void test_commands(struct us *us);
void test_component(struct us *us, char **argv);
void test_nodes(struct us *us);
void test_carbons(struct us *us, char **argv);
void test_csi(struct us *us);
void use_csi(struct us *us);
void test_talks(struct us *us, char **argv);
void test_parting(struct us *us);

#endif
