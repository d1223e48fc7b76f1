/* resolve.h - the addresses of one host, as soon as they can be used. */

#ifndef NET_RESOLVE_H
#define NET_RESOLVE_H

#include "net/address.h"
#include "net/dns.h"
#include "net/inquiry.h"
#include "net/lookup.h"
#include "net/overrides.h"

struct resolve_wanted {
    const char *servers; /* name servers, or NULL for the system's: borrowed */
    struct lookups *lookups;     /* NULL: the host's own resolver is not used */
    size_t most;                 /* addresses of one family */
    unsigned timeout;            /* milliseconds, for each of the two ways */
    struct inquiries *inquiries; /* who is asked instead, or NULL */
    const char *overrides;       /* net/overrides.h, or NULL: borrowed */
    bool in_memory; /* nothing is looked up: each name has one address */
};

/* Where addresses come from. */
enum resolve_source { RESOLVE_AAAA, RESOLVE_A, RESOLVE_HOST, RESOLVE_SOURCES };

enum resolve_next { RESOLVE_ADDRESS, RESOLVE_LATER, RESOLVE_END };

/* AAAA and A are queried at the same time, and neither waits for the other:
 * IPv6 addresses are used at once, IPv4 addresses after the delay of RFC 8305
 * section 3. They take turns (section 4), beginning with IPv6. If neither query
 * brings an address the host's own resolver is used. */
struct resolve {
    struct env *env;
    struct poll *poll;
    struct resolve_wanted wanted;
    void (*more)(void *userdata);
    void *userdata;

    struct dns *dns; /* NULL: no query is open */
    struct lookup *lookup;
    struct inquiry *inquiry;
    const char *name;
    struct override override; /* of the name, if it is another name */
    uint64_t begun_at;
    struct resolve_found {
        struct address *of; /* owned */
        size_t count, next;
        bool is_open; /* queried, and not answered */
    } found[RESOLVE_SOURCES];
    struct alarm alarm; /* the end of the delay, or of a patience */
    bool delayed;       /* the delay is not over */
    bool is_last;       /* the host's own resolver was used, or is not to be */
    enum resolve_source last; /* where the last address came from */
    const char *reason; /* why some query had no answer; NULL: all had one */
};

/* `more` is called, from a later turn, whenever resolve_next may have another
 * result; in it resolve_stop is allowed. */
void resolve_init(struct resolve *resolve, struct env *env, struct poll *poll,
                  const struct resolve_wanted *wanted,
                  void (*more)(void *userdata), void *userdata);

/* Begin with a name or literal, which has to stay valid until resolve_stop. 0
 * or XMPP_EMEM. */
int resolve_start(struct resolve *resolve, const char *name);

/* The next address; LATER if there is none yet, END if there is none left. Only
 * this call turns to the host's own resolver. */
enum resolve_next resolve_next(struct resolve *resolve, struct address *ret);

/* May resolve_next give another address, now or later? */
bool resolve_has_more(const struct resolve *resolve);

/* Give up open queries, and forget what was found. */
void resolve_stop(struct resolve *resolve);

#endif
