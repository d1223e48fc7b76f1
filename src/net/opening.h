/* opening.h - one socket that is being connected to one address. */

#ifndef NET_OPENING_H
#define NET_OPENING_H

#include "net/address.h"
#include "net/poll.h"

/* At most one socket at a time. `done` is called from a later turn with 0 or
 * with the errno of why not, ETIMEDOUT among them; the socket stays until it is
 * taken or stopped. */
struct opening {
    struct poll *poll;
    struct watch watch; /* fd -1: there is no socket */
    struct alarm patience;
    void (*done)(struct opening *opening, int error);
};

void opening_init(struct opening *opening, struct poll *poll,
                  void (*done)(struct opening *opening, int error));

/* Make a socket of this family. Its descriptor, owned by the opening, or -1
 * and errno. */
int opening_socket(struct opening *opening, int family);

/* Begin to connect it, for at most `timeout` milliseconds. 0, or the errno of
 * why it failed at once. */
int opening_start(struct opening *opening, const struct address *address,
                  uint16_t port, unsigned timeout);

/* The descriptor, owned, which is not watched any more; -1 if there is none. */
int opening_take(struct opening *opening);

/* Close it, if there is one. */
void opening_stop(struct opening *opening);

static inline bool opening_is_busy(const struct opening *opening)
{
    return opening->watch.fd >= 0;
}

#endif
