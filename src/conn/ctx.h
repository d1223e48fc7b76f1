/* ctx.h - the context from inside. */

#ifndef CONN_CTX_H
#define CONN_CTX_H

#include <stdatomic.h>

#include <xmpp/ctx.h>
#include <xmpp/dial.h>

#include "base/env.h"
#include "base/list.h"
#include "conn/post.h"
#include "conn/stanza_address.h"
#include "conn/timed.h"
#include "dispatch/set.h"
#include "dispatch/slot.h"
#include "net/inquiry.h"
#include "net/lookup.h"
#include "net/poll.h"
#include "net/tls.h"

#define SCRATCH_SIZE 32768

/* `env` comes first, so that a context is an environment. The scratch buffer
 * serves every read of every connection: what is read is consumed in the same
 * turn. It is busy while its content is being fed, for a handler may run the
 * loop again. */
struct _xmpp_ctx_t {
    struct env env;
    struct poll *poll;
    struct list conns;      /* all of them, by their `in_ctx` */
    unsigned conns_n;       /* those that were not released */
    struct slots slots;     /* of it and of its connections */
    struct timed_set timed; /* its own timers */
    struct sets sets;       /* of modules that its connections use */
    struct tls_trusts trusts;
    struct lookups lookups;
    struct posts posts; /* also of other threads and of signal handlers */
    char *dns_servers;  /* NULL: the system's */
    xmpp_lookup_handler lookup_handler; /* looks names up instead, or NULL */
    void *lookup_userdata;
    struct inquiries inquiries; /* that wait for its answer */
    struct memory_host *memory; /* for tests: dialled instead of the network */
    char *scratch; /* SCRATCH_SIZE, made with the first connection */
    bool scratch_busy;
    struct valid_addresses valid;
    uint64_t starts_at; /* the time of `starts` attempts, see reconnect.h */
    unsigned starts;
    /* These two are written by other threads and by signal handlers. */
    atomic_bool stop;
    atomic_uint finish; /* calls of xmpp_ctx_finish() that are not done */
    bool finishing;     /* the loop has read it */
    bool running;
    bool has_run;          /* a turn of the loop, ever */
    unsigned turns;        /* of the loop that are under way, nested */
    unsigned long timeout; /* of xmpp_run, milliseconds */
    xmpp_interrupt_handler interrupt; /* after quiet waits, or NULL */
    void *interrupt_userdata;
};

/* A connection or a turn that used it is gone. A context that was freed before
 * goes with the last of them. */
void ctx_leave(xmpp_ctx_t *ctx);

#endif
