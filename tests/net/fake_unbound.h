/* fake_unbound.h - in the place of libunbound: a resolver that answers when the
 * test wants. */

#ifndef TESTS_NET_FAKE_UNBOUND_H
#define TESTS_NET_FAKE_UNBOUND_H

#include <stdbool.h>
#include <stdint.h>

#ifdef HAVE_DANE

#include <unbound.h>

/* What was asked. */
struct unbound_query {
    char name[300];
    int type;
    void *userdata;
    ub_callback_type callback;
};
extern struct unbound_query unbound_queries[2];
extern int unbound_queries_n;

/* How it was set up. */
extern char unbound_servers[200], unbound_keys[100];

/* An answer to one of the queries: `copies` more of one record. */
struct unbound_answer {
    int type, error, rcode, havedata, secure, bogus;
    const char *record;
    int n; /* octets of it */
    int copies;
};

/* What it answers next, in this order, once there is a byte in the pipe. */
extern const struct unbound_answer *unbound_due[2];
extern int unbound_ends[2];

/* What fails: the processing of answers, the context, a query by its number. */
extern int unbound_process_rc, unbound_refused_query;
extern bool unbound_no_context;

/* What has to be freed. */
extern int unbound_contexts, unbound_results;

#endif

#endif
