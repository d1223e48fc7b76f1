/* inquiry.c - names that the application looks up in place of the DNS. */

#include "net/inquiry.h"

#include <string.h>

#include <xmpp/error.h>

/* It is in the list of open ones until it is answered. */
struct inquiry {
    struct list link;
    struct inquiries *all;
    struct env *env;
    struct poll *poll;
    unsigned long id;
    enum inquiry_kind kind;
    struct alarm ask, deliver, deadline;
    struct inquiry_answer answer;
    void *records; /* owned; what the answer points to */
    void (*done)(void *userdata, const struct inquiry_answer *answer);
    void *userdata;
    char name[]; /* NUL-terminated */
};

void inquiries_init(struct inquiries *inquiries,
                    void (*ask)(struct inquiries *inquiries, unsigned long id,
                                enum inquiry_kind kind, const char *name))
{
    *inquiries = (struct inquiries){.ask = ask};
    list_init(&inquiries->open);
}

/* ---- the answer -------------------------------------------------- */

static void settle_inquiry(struct inquiry *q, enum dns_status status,
                           const char *reason)
{
    q->answer.status = status;
    q->answer.reason = reason;
    list_remove(&q->link);
    poll_clear_alarm(q->poll, &q->deadline);
    poll_again(q->poll, &q->deliver);
}

void inquiry_fail(struct inquiry *q, const char *reason)
{
    settle_inquiry(q, DNS_FAILED, reason);
}

int inquiry_answer(struct inquiry *q, const void *records, size_t n)
{
    size_t size = q->kind == INQUIRY_SRV ? sizeof(*q->answer.srv)
                                         : sizeof(*q->answer.addresses);

    if (n) {
        q->records = env_alloc(q->env, n * size);
        if (!q->records)
            return XMPP_EMEM;
        memcpy(q->records, records, n * size);
    }
    q->answer.count = n;
    if (q->kind == INQUIRY_SRV)
        q->answer.srv = q->records;
    else
        q->answer.addresses = q->records;
    settle_inquiry(q, n ? DNS_FOUND : DNS_ABSENT,
                   n ? "found" : "no such record");
    return 0;
}

enum inquiry_kind inquiry_kind_of(const struct inquiry *q)
{
    return q->kind;
}

struct inquiry *inquiry_find(struct inquiries *inquiries, unsigned long id,
                             enum inquiry_kind kind)
{
    for (struct list *l = inquiries->open.next; l != &inquiries->open;
         l = l->next) {
        struct inquiry *q = LIST_ENTRY(l, struct inquiry, link);

        if (q->id == id && q->kind == kind)
            return q;
    }
    return NULL;
}

/* ---- turns ------------------------------------------------------- */

/* The application may release the connection that asks, and so free this. */
static void on_ask(struct alarm *alarm, uint64_t now)
{
    struct inquiry *q = LIST_ENTRY(alarm, struct inquiry, ask);

    (void)now;
    q->all->ask(q->all, q->id, q->kind, q->name);
}

static void on_answered(struct alarm *alarm, uint64_t now)
{
    struct inquiry *q = LIST_ENTRY(alarm, struct inquiry, deliver);

    (void)now;
    q->done(q->userdata, &q->answer);
}

static void on_no_answer(struct alarm *alarm, uint64_t now)
{
    (void)now;
    inquiry_fail(LIST_ENTRY(alarm, struct inquiry, deadline),
                 "the application did not answer in time");
}

/* ---- life -------------------------------------------------------- */

struct inquiry *
inquiry_start(struct inquiries *inquiries, struct env *env, struct poll *poll,
              enum inquiry_kind kind, const char *name, unsigned timeout,
              void (*done)(void *userdata, const struct inquiry_answer *answer),
              void *userdata)
{
    size_t n = strlen(name) + 1;
    struct inquiry *q = env_zalloc(env, sizeof(*q) + n);

    if (!q)
        return NULL;
    q->all = inquiries;
    q->env = env;
    q->poll = poll;
    q->id = ++inquiries->last_id;
    q->kind = kind;
    q->done = done;
    q->userdata = userdata;
    memcpy(q->name, name, n);
    alarm_init(&q->ask, on_ask);
    alarm_init(&q->deliver, on_answered);
    alarm_init(&q->deadline, on_no_answer);
    list_append(&inquiries->open, &q->link);
    poll_set_alarm(poll, &q->deadline, poll_now(poll) + timeout);
    poll_again(poll, &q->ask);
    return q;
}

void inquiry_free(struct inquiry *q)
{
    if (!q)
        return;
    list_remove(&q->link);
    poll_clear_alarm(q->poll, &q->ask);
    poll_clear_alarm(q->poll, &q->deliver);
    poll_clear_alarm(q->poll, &q->deadline);
    env_free(q->env, q->records);
    env_free(q->env, q);
}
