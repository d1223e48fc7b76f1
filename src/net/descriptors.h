/* descriptors.h - the descriptors that a poll waits for: by epoll, or by
 * poll(2) where the system lacks it (configure --disable-epoll). */

#ifndef NET_DESCRIPTORS_H
#define NET_DESCRIPTORS_H

#include "net/poll.h"

struct descriptors;

/* A watch that is ready, and for what (POLL_*). NULL: the clock alone. */
struct ready {
    struct watch *watch;
    unsigned events;
};

/* NULL when memory or descriptors are out. */
struct descriptors *descriptors_new(struct env *env);
void descriptors_free(struct descriptors *all);

/* Watch for these events; 0 removes it. `watch` still has those of before. 0 or
 * XMPP_EMEM / XMPP_EINT. */
int descriptors_watch(struct descriptors *all, struct watch *watch,
                      unsigned events);

/* Wait as poll(2) does, and fetch at most `most`: how many, or negative with
 * errno. */
int descriptors_wait(struct descriptors *all, struct ready *to, int most,
                     int timeout);

/* A pair through which other threads wake up whoever waits: what is written to
 * the second can be read from the first. Neither blocks. False: there are no
 * descriptors. A `wake` of the same number twice is closed once. */
bool descriptors_make_wake(int wake[2]);

/* One descriptor that is readable when one of all is ready; -1: there is none.
 * It is also readable from a time on, milliseconds of the monotonic clock;
 * TIME_NEVER: not by time. */
int descriptors_fd(const struct descriptors *all);
void descriptors_set_clock(struct descriptors *all, uint64_t when);

#endif
