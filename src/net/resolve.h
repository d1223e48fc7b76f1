/* resolve.h - the addresses of one host, as soon as they are of use. */

#ifndef NET_RESOLVE_H
#define NET_RESOLVE_H

#include "net/address.h"
#include "net/dns.h"
#include "net/lookup.h"

struct resolve_wanted {
    const char *servers; /* name servers, or NULL for the system's: borrowed */
    struct lookups *lookups; /* NULL: the host's own resolver is not asked */
    size_t most;             /* addresses of one family */
    unsigned timeout;        /* milliseconds, of each way to ask */
};

/* Where addresses come from, in the order in which they are tried. */
enum resolve_source { RESOLVE_AAAA, RESOLVE_A, RESOLVE_HOST, RESOLVE_SOURCES };

enum resolve_next { RESOLVE_ADDRESS, RESOLVE_LATER, RESOLVE_END };

/* AAAA and A are asked side by side, and what came is used without the other:
 * IPv6 at once, IPv4 after the delay of RFC 8305 section 3. If neither brings
 * an address the host's own resolver is asked. */
struct resolve {
    struct env *env;
    struct poll *poll;
    struct resolve_wanted wanted;
    void (*more)(void *userdata);
    void *userdata;

    struct dns *dns; /* NULL: nothing is asked */
    struct lookup *lookup;
    const char *name;
    uint64_t asked_at;
    struct resolve_found {
        struct address *of; /* owned */
        size_t count, next;
        bool is_open; /* asked, and not answered */
    } found[RESOLVE_SOURCES];
    struct alarm alarm; /* the delay, and what else is not waited for */
    bool delayed;       /* the delay is not over */
    bool lasts;         /* the host's resolver was asked, or is not to be */
    const char *reason; /* why some question had no answer; NULL: all had one */
};

/* Whenever resolve_next may say something else `more` is called, from a later
 * turn; in it resolve_stop is allowed. */
void resolve_init(struct resolve *resolve, struct env *env, struct poll *poll,
                  const struct resolve_wanted *wanted,
                  void (*more)(void *userdata), void *userdata);

/* Begin to ask about a name or literal, which has to stay valid until
 * resolve_stop. 0 or XMPP_EMEM. */
int resolve_start(struct resolve *resolve, const char *name);

/* The next address, or that there is none yet, or any more. Only this asks the
 * host's resolver. */
enum resolve_next resolve_next(struct resolve *resolve, struct address *ret);

/* Give up what is asked, and forget what was found. */
void resolve_stop(struct resolve *resolve);

#endif
