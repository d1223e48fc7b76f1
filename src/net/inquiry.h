/* inquiry.h - names that the application looks up in place of the DNS. */

#ifndef NET_INQUIRY_H
#define NET_INQUIRY_H

#include "base/env.h"
#include "base/list.h"
#include "net/address.h"
#include "net/dns.h"

enum inquiry_kind { INQUIRY_SRV, INQUIRY_ADDRESSES };

struct inquiry;

/* Those of one context that are not answered yet, and who is asked. */
struct inquiries {
    struct list open;
    unsigned long last_id;
    /* Calls the application, which may do anything. */
    void (*ask)(struct inquiries *inquiries, unsigned long id,
                enum inquiry_kind kind, const char *name);
};

/* Borrowed. `srv` or `addresses`, as it was asked. */
struct inquiry_answer {
    enum dns_status status;
    const char *reason; /* for a person; static */
    const struct srv_record *srv;
    const struct address *addresses;
    size_t count;
};

void inquiries_init(struct inquiries *inquiries,
                    void (*ask)(struct inquiries *inquiries, unsigned long id,
                                enum inquiry_kind kind, const char *name));

/* Ask in a later turn; the name is copied. `done` is called once, from a turn
 * after that; in it inquiry_free is allowed. Without an answer for `timeout`
 * milliseconds it has failed. NULL when memory is out. */
struct inquiry *
inquiry_start(struct inquiries *inquiries, struct env *env, struct poll *poll,
              enum inquiry_kind kind, const char *name, unsigned timeout,
              void (*done)(void *userdata, const struct inquiry_answer *answer),
              void *userdata);

/* Give up; NULL is ignored. */
void inquiry_free(struct inquiry *inquiry);

/* One that waits for an answer of this kind, or NULL. */
struct inquiry *inquiry_find(struct inquiries *inquiries, unsigned long id,
                             enum inquiry_kind kind);

/* The answer: `n` records or addresses, copied. 0 or XMPP_EMEM. */
int inquiry_answer(struct inquiry *inquiry, const void *records, size_t n);

/* There is no answer; `reason` is static. */
void inquiry_fail(struct inquiry *inquiry, const char *reason);

enum inquiry_kind inquiry_kind_of(const struct inquiry *inquiry);

#endif
