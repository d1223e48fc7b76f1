/* dane.h - TLSA records: what a signed DNS states about a server's certificate
 * (RFC 6698, RFC 7671, RFC 7673). */

#ifndef NET_DANE_H
#define NET_DANE_H

#include "base/env.h"
#include "net/poll.h"

#define DANE_RECORDS_MOST 16 /* with more the lookup has failed */
#define DANE_DATA_MOST 8192  /* bytes of one; a longer one is not usable */

enum dane_status {
    DANE_PENDING, /* not known yet */
    DANE_NONE,    /* certainly no usable record: connect as without DANE */
    DANE_FOUND,   /* there are records, and they are signed */
    DANE_FAILED   /* no answer, or a forged one: records may be withheld */
};

/* TLSA: usage, selector and matching type as RFC 6698 numbers them. */
struct tlsa {
    unsigned char usage, selector, matching;
    unsigned short n;
    const unsigned char *data;
};

/* Whose records? Borrowed for the call. */
struct dane_wanted {
    const char *domain; /* of the account */
    const char *host;   /* the one that was connected to, and its port */
    unsigned port;
    const char *service; /* "_xmpp-client._tcp" if SRV led there, or NULL */
    unsigned usual_port; /* with service, of a domain without SRV records */
    const char *anchor;  /* file of keys to trust; NULL: the root's */
    const char *servers; /* name servers, or NULL for the system's */
    uint64_t timeout;    /* milliseconds */
};

struct dane;

/* Was the library built with it? */
bool dane_is_there(void);

/* Look the records up. `done` is called once, from a later turn of the poll,
 * when the status is no longer PENDING; in it dane_free is allowed. NULL when
 * memory is out, or when there is no file of keys: then *ret_lack is a text,
 * static, that names what is missing. */
struct dane *dane_start(struct env *env, struct poll *poll,
                        const struct dane_wanted *wanted,
                        void (*done)(void *userdata), void *userdata,
                        const char **ret_lack);
void dane_free(struct dane *dane);

enum dane_status dane_status(const struct dane *dane);

/* Why the status is what it is: for a person; static. */
const char *dane_reason(const struct dane *dane);

/* FOUND: the records; the host that they are for. */
const struct tlsa *dane_records(const struct dane *dane, size_t *ret_n);
const char *dane_host(const struct dane *dane);

#endif
