/* dial.h - from a name to one connected socket. */

#ifndef NET_DIAL_H
#define NET_DIAL_H

#include "base/error.h"
#include "net/lookup.h"

/* Where to? Borrowed for the call. */
struct dial_wanted {
    const char *domain;      /* ASCII; asked by SRV unless host is set */
    const char *host;        /* name or address literal, or NULL */
    uint16_t port;           /* with host, and without SRV records */
    const char *service;     /* "_xmpp-client._tcp" */
    const char *servers;     /* name servers, or NULL for the system's */
    struct lookups *lookups; /* or NULL: the host's own resolver is not asked */
    size_t most_records; /* of an answer; twice as many addresses are tried */
    unsigned timeout;    /* milliseconds per address, and for DNS */
    /* Called for every new socket before it connects; non-zero skips it. May
     * call dial_free. */
    int (*prepare)(void *userdata, int fd);
};

struct dial;

/* Begin. `done` is called once, from a later turn of the poll, with a
 * connected descriptor that is now the callee's (and the host and port reached,
 * borrowed) or with -1 after the failure was told to `fault` (layer DNS or
 * TCP). In it dial_free is allowed. NULL when memory is out. */
struct dial *dial_new(struct env *env, struct poll *poll,
                      const struct dial_wanted *wanted, struct fault *fault,
                      void (*done)(void *userdata, int fd, const char *host,
                                   unsigned port),
                      void *userdata);

/* Give up, closing what is open; `done` is not called any more. */
void dial_free(struct dial *dial);

#endif
