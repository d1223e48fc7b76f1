/* dns.h - the one door to c-ares: names to records, without blocking. */

#ifndef NET_DNS_H
#define NET_DNS_H

#include "base/env.h"
#include "net/poll.h"
#include "net/srv.h"

enum dns_kind { DNS_SRV, DNS_A, DNS_AAAA };

enum dns_status {
    DNS_FOUND,
    DNS_ABSENT, /* answered: there is no such name or record */
    DNS_FAILED  /* not answered: time-out, refused, malformed */
};

struct dns_answer {
    enum dns_kind kind;
    enum dns_status status;
    const char *reason; /* for a person; static */
    size_t count;
    const struct srv_record *srv;       /* DNS_SRV */
    const unsigned char (*address)[16]; /* A (4 bytes used) and AAAA */
};

/* One resolver per attempt to connect. `servers` as xmpp_ctx_set_dns_servers
 * or NULL. NULL when memory is out. */
struct dns *dns_new(struct env *env, struct poll *poll, const char *servers,
                    size_t most_records, unsigned timeout_ms);

/* Look up records. The answer comes from a later turn of the poll, never from
 * inside this call, and is borrowed. 0 or XMPP_EMEM. */
int dns_query(struct dns *dns, const char *name, enum dns_kind kind,
              void (*answer)(void *userdata, const struct dns_answer *),
              void *userdata);

/* Also from inside an answer. Open queries are dropped without a call. */
void dns_free(struct dns *dns);

/* Is `name` that name or one below it? Case does not matter. */
bool dns_is_below(const char *name, const char *top);

/* Is it a valid list of servers? */
bool dns_servers_valid(const char *servers);

#endif
