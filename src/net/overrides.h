/* overrides.h - where names lead by the word of the application.
 *
 * A text with a line for each: "NAME HOST PORT", with a host that may be an
 * address, in ASCII and without brackets, and a port that may be 0. */

#ifndef NET_OVERRIDES_H
#define NET_OVERRIDES_H

#include "net/srv.h"

struct override {
    char host[DNS_NAME_SIZE]; /* a name or an address */
    uint16_t port;            /* 0: the usual one */
};

/* The next line about this name, beginning at `at`, which is NULL if there is
 * none. Returns where to go on, or NULL behind the last. */
const char *overrides_next(const char *at, const char *name,
                           struct override *ret);

#endif
