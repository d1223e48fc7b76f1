/* dial.h - from a name to the target that was reached. */

#ifndef NET_DIAL_H
#define NET_DIAL_H

#include "base/error.h"
#include "net/inquiry.h"
#include "net/lookup.h"
#include "net/target.h"

struct memory_host;

/* Where to? Borrowed for the call. */
struct dial_wanted {
    const char *domain; /* ASCII; SRV records are its, unless host is set */
    const char *host;   /* name or address literal, or NULL */
    uint16_t port;      /* with host, and without SRV records */
    /* Services whose SRV records are looked up, or NULL: SRV_CLIENT, and one
     * with direct TLS, SRV_CLIENT_DIRECT. */
    const char *service, *direct;
    bool direct_tls;             /* of the host, and of the domain itself */
    const char *servers;         /* name servers, or NULL for the system's */
    struct lookups *lookups;     /* NULL: the host's own resolver is not used */
    struct inquiries *inquiries; /* the application looks up names, or NULL */
    const char *overrides;       /* net/overrides.h, or NULL */
    struct address sources[2];   /* that sockets are bound to, one a family; */
    size_t sources_n;            /* 0: the system chooses */
    size_t most_records;   /* of an answer; twice as many addresses are tried */
    unsigned most_targets; /* that are reached, see dial_next */
    unsigned timeout;      /* milliseconds per address, and for DNS */
    /* Called with every new socket before it connects; non-zero skips it. It
     * may call dial_free. */
    int (*prepare)(void *userdata, int fd);
    /* A target was not reached, for this reason; both are borrowed. It must not
     * call dial_free. NULL is valid. */
    void (*missed)(void *userdata, const struct target *target,
                   const struct fault *why);
    struct memory_host *memory; /* dialled instead of the network, or NULL */
};

struct dial;

/* Called once, from a later turn of the poll: with the target, borrowed but for
 * its socket, which is now the callee's; or with NULL after the fault was set
 * (layer DNS or TCP). In it dial_free is allowed. Each dial_next is followed by
 * one more call. */
typedef void (*dial_done)(void *userdata, const struct target *target);

/* Begin. NULL when memory is out. */
struct dial *dial_new(struct env *env, struct poll *poll,
                      const struct dial_wanted *wanted, struct fault *fault,
                      dial_done done, void *userdata);

/* The target that was reached is of no use. Is there another? It may still turn
 * out that it has no address. */
bool dial_has_more(const struct dial *dial);

/* Go on with the others; `userdata` and `fault` replace those of dial_new. */
void dial_next(struct dial *dial, struct fault *fault, void *userdata);

/* Give up, closing what is open; `done` is not called any more. */
void dial_free(struct dial *dial);

#endif
