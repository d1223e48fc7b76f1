/* misses.h - targets that were not reached: each is reported, and all of them
 * together are why a dial ends in vain. */

#ifndef NET_MISSES_H
#define NET_MISSES_H

#include "base/error.h"
#include "net/candidates.h"
#include "net/target.h"

/* Starts zeroed but for its first members. */
struct misses {
    const struct env *env;
    bool in_memory; /* addresses have no meaning */
    /* see struct dial_wanted; or NULL */
    void (*report)(void *userdata, const struct target *target,
                   const struct fault *why);
    void *userdata;

    unsigned refused; /* addresses; and the last of them, by value, since the
                       * candidates may go earlier */
    char last_address[ADDRESS_TEXT];
    unsigned last_port;
    int error;          /* its errno */
    const char *reason; /* why some name was not answered, or NULL */
    bool lacks_memory;  /* to look one up */
};

/* The target without its socket, as far as it is known. */
void misses_name(const struct misses *misses, const struct candidate *at,
                 struct target *ret);

/* The address could not be connected to: errno. */
void misses_add_refused(struct misses *misses, const struct candidate *at,
                        int error);

/* The target has no address; `reason`, static, if it is not sure. */
void misses_add_lost(struct misses *misses, const struct candidate *at,
                     const char *reason);

/* Why nobody was reached, of all that were tried for `host`. */
void misses_set_fault(const struct misses *misses, const char *host,
                      unsigned tried, struct fault *fault);

#endif
