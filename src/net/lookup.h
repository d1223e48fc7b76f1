/* lookup.h - names to addresses by the host's own resolver (getaddrinfo), which
 * also knows names that no name server has: of mDNS, of a directory, of a VPN.
 * It blocks, so it runs in threads. */

#ifndef NET_LOOKUP_H
#define NET_LOOKUP_H

#include "net/address.h"
#include "net/dns.h"

#define LOOKUP_THREADS_MOST 16 /* at once, for all names of a context */

/* All lookups of one context; starts zeroed. */
struct lookups {
    struct lookup_shared *shared; /* NULL before the first */
    struct env *env;
    struct poll *poll;
    struct watch watch;
    struct list open;
};

struct lookup;

struct lookup_answer {
    enum dns_status status;
    const char *reason; /* for a person; static */
    const struct address *addresses;
    size_t count;
};

/* Look up a name. `done` is called once, from a later turn of the poll, with at
 * most `most` addresses, borrowed; in it lookup_free is allowed. There is no
 * deadline. NULL when memory, descriptors or threads are out. */
struct lookup *lookup_start(struct lookups *lookups, struct env *env,
                            struct poll *poll, const char *name, size_t most,
                            void (*done)(void *userdata,
                                         const struct lookup_answer *answer),
                            void *userdata);

/* Give up: `done` is not called any more. This never waits: a thread that is
 * still busy goes on alone, with memory of its own, and ends when it can. */
void lookup_free(struct lookup *lookup);

/* At the end of the context, after the last lookup was freed. It does not wait
 * either. */
void lookups_free(struct lookups *lookups);

#endif
