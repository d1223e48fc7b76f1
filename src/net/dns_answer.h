/* dns_answer.h - the bytes of a DNS answer to records, within a limit. */

#ifndef NET_DNS_ANSWER_H
#define NET_DNS_ANSWER_H

#include <ares.h>

#include "net/dns.h"

/* Owns its arrays. `most` records are kept, the rest is ignored. */
struct dns_records {
    enum dns_kind kind;
    enum dns_status status;
    const char *reason; /* static */
    size_t most, count;
    struct srv_record *srv;
    unsigned char (*address)[16];
};

/* Fill from what c-ares delivered: its status, and the bytes of an answer. */
void dns_records_read(const struct env *env, struct dns_records *records,
                      int status, const unsigned char *bytes, int n);

/* Fill from the hosts file; false if the name is not in it. */
bool dns_records_from_hosts(const struct env *env, struct dns_records *records,
                            ares_channel channel, const char *name);

/* Fill if it is localhost or a name below it: no name server may be queried for
 * those (RFC 6761 section 6.3). */
bool dns_records_of_localhost(const struct env *env,
                              struct dns_records *records, const char *name);

void dns_records_free(const struct env *env, struct dns_records *records);

#endif
