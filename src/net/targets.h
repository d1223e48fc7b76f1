/* targets.h - where a domain is served: its SRV records, of one service or of
 * two, in the order in which they are to be tried (RFC 2782, XEP-0368). */

#ifndef NET_TARGETS_H
#define NET_TARGETS_H

#include "net/dns.h"
#include "net/inquiry.h"

#define TARGETS_SERVICES 2

struct memory_host;

/* Of a domain. Both services are asked for at the same time, and their records
 * are mixed as if they were of one (XEP-0368 section 3). */
struct targets_wanted {
    const char *domain;          /* ASCII */
    const char *service;         /* "_xmpp-client._tcp", or NULL */
    const char *direct;          /* "_xmpps-client._tcp", or NULL */
    const char *servers;         /* name servers, or NULL for the system's */
    size_t most_records;         /* of each answer */
    unsigned timeout;            /* milliseconds */
    struct inquiries *inquiries; /* who is asked instead of the DNS, or NULL */
    struct memory_host *memory;  /* knows them instead of the DNS, or NULL */
};

enum targets_news {
    TARGETS_FOUND,    /* the list is there, or another in its place */
    TARGETS_MORE,     /* the other service has answered, too: what it has is at
                       * the end of the list */
    TARGETS_SILENT,   /* no answer so far: try the domain itself meanwhile */
    TARGETS_ABSENT,   /* there are none: try the domain itself (RFC 6120 section
                       * 3.2.2) */
    TARGETS_DECLINED, /* the domain has no such service */
    TARGETS_FAILED    /* one service is declined, the other has no answer: the
                       * domain itself is not to be tried (XEP-0368 section 5) */
};

struct targets {
    struct env *env;
    struct poll *poll;
    struct dns *dns; /* NULL: nothing was asked */
    struct targets_service {
        struct targets *all;     /* that it belongs to; NULL: not asked for */
        struct inquiry *inquiry; /* to the application, or NULL */
        bool is_direct, is_open, declines;
        const char *reason; /* why there is no answer, or NULL */
    } services[TARGETS_SERVICES];
    size_t most;             /* records of one service */
    struct srv_record *list; /* owned */
    size_t count, ordered;   /* those behind `ordered` are not in order yet */
    struct alarm alarm;      /* then the rest is not waited for any longer */
    bool in_hurry;           /* it was waited for before */
    void (*news)(void *userdata, enum targets_news news);
    void *userdata;
};

/* Begin. `news` is called from later turns; in it targets_stop is allowed. 0
 * or XMPP_EMEM. */
int targets_start(struct targets *targets, struct env *env, struct poll *poll,
                  const struct targets_wanted *wanted,
                  void (*news)(void *userdata, enum targets_news news),
                  void *userdata);

/* Is some answer still to come? */
bool targets_are_open(const struct targets *targets);

/* Why a service has no answer, or NULL. */
const char *targets_reason(const struct targets *targets);

/* Ask no more. The list stays until targets_free. */
void targets_stop(struct targets *targets);
void targets_free(struct targets *targets);

#endif
