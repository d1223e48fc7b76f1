/* dane.h - what the DNS, where it is signed, says of a server's certificate
 * (RFC 6698, RFC 7671, RFC 7673). */

#ifndef NET_DANE_H
#define NET_DANE_H

#include "base/env.h"
#include "net/poll.h"

#define DANE_RECORDS_MOST 16 /* with more nothing is certain */
#define DANE_DATA_MOST 8192  /* bytes of one; a longer one is not understood */

enum dane_status {
    DANE_PENDING, /* not known yet */
    DANE_NONE,    /* nothing that could be relied on, and that is certain */
    DANE_FOUND,   /* there are records, and they are signed */
    DANE_FAILED   /* no answer, or a forged one: nothing is certain */
};

/* TLSA: usage, selector and matching type as RFC 6698 numbers them. */
struct tlsa {
    unsigned char usage, selector, matching;
    unsigned short n;
    const unsigned char *data;
};

/* Whom to ask about. Borrowed for the call. */
struct dane_wanted {
    const char *domain; /* of the account */
    const char *host;   /* that was connected to, and its port */
    unsigned port;
    const char *service; /* "_xmpp-client._tcp" if SRV led there, or NULL */
    unsigned usual_port; /* with service, of a domain without SRV records */
    const char *anchor;  /* file of keys to trust; NULL: the root's */
    const char *servers; /* name servers, or NULL for the system's */
    uint64_t timeout;    /* milliseconds */
};

struct dane;

/* Was it built in? */
bool dane_is_there(void);

/* Ask. `done` is called once, from a later turn of the poll, when the status is
 * no longer PENDING; in it dane_free is allowed. NULL when memory is out or
 * there is no file of keys; the latter is told to `*ret_lack`, static. */
struct dane *dane_ask(struct env *env, struct poll *poll,
                      const struct dane_wanted *wanted,
                      void (*done)(void *userdata), void *userdata,
                      const char **ret_lack);
void dane_free(struct dane *dane);

enum dane_status dane_status(const struct dane *dane);

/* Why it FAILED, or is NONE: for a person; static. */
const char *dane_reason(const struct dane *dane);

/* FOUND: the records; the host that they are for. */
const struct tlsa *dane_records(const struct dane *dane, size_t *ret_n);
const char *dane_host(const struct dane *dane);

#endif
