/* targets.c - where a domain is served: SRV records in the order in which they
 * are to be tried. */

#include "net/targets.h"

#include <stdio.h>
#include <string.h>

#include <xmpp/error.h>

#include "base/crypt.h"
#include "net/memory.h"

/* Milliseconds after which no SRV answer is waited for: some routers never
 * answer. */
#define SILENCE 2000
/* The same if one of two services has answered: both were asked for at the same
 * moment. */
#define SECOND 500

/* ---- the list ---------------------------------------------------- */

/* A number from 0 to most, all equally probable: what the mask leaves above
 * `most` is drawn again, for a remainder would prefer the small ones. */
static uint32_t pick(void *userdata, uint32_t most)
{
    uint32_t number = 0, mask = most;

    (void)userdata;
    for (unsigned shift = 1; shift < 32; shift *= 2)
        mask |= mask >> shift;
    do {
        if (!crypt_random(&number, sizeof(number)))
            return 0;
        number &= mask;
    } while (number > most);
    return number;
}

/* What came late goes behind the list, the head of which may be in use. */
static void put_in_order(struct targets *t)
{
    if (t->ordered == t->count)
        return;
    srv_order(t->list + t->ordered, t->count - t->ordered, pick, NULL);
    t->ordered = t->count;
}

static bool keep_records(struct targets_service *service,
                         const struct dns_answer *answer)
{
    struct targets *t = service->all;
    size_t count = t->count + answer->count;
    struct srv_record *list = env_alloc(t->env, count * sizeof(*list));

    if (!list)
        return false;
    if (t->count)
        memcpy(list, t->list, t->count * sizeof(*list));
    memcpy(list + t->count, answer->srv, answer->count * sizeof(*list));
    for (size_t i = t->count; i < count; i++)
        list[i].direct = service->is_direct;
    env_free(t->env, t->list);
    t->list = list;
    t->count = count;
    return true;
}

/* ---- answers ----------------------------------------------------- */

static bool is_declined(const struct targets *t)
{
    for (size_t i = 0; i < TARGETS_SERVICES; i++)
        if (t->services[i].declines)
            return true;
    return false;
}

bool targets_are_open(const struct targets *t)
{
    for (size_t i = 0; i < TARGETS_SERVICES; i++)
        if (t->services[i].is_open)
            return true;
    return false;
}

const char *targets_reason(const struct targets *t)
{
    for (size_t i = 0; i < TARGETS_SERVICES; i++)
        if (t->services[i].reason)
            return t->services[i].reason;
    return NULL;
}

static void give_news(struct targets *t)
{
    enum targets_news news = TARGETS_ABSENT;

    poll_clear_alarm(t->poll, &t->alarm);
    if (t->count)
        news = t->ordered ? TARGETS_MORE : TARGETS_FOUND;
    else if (is_declined(t))
        news = targets_reason(t) ? TARGETS_FAILED : TARGETS_DECLINED;
    put_in_order(t);
    t->news(t->userdata, news);
}

static void read_answer(struct targets_service *service,
                        const struct dns_answer *answer)
{
    service->is_open = false;
    if (answer->status == DNS_FAILED)
        service->reason = answer->reason;
    else if (answer->status == DNS_FOUND)
        service->declines = srv_declines(answer->srv, answer->count);
    if (answer->status == DNS_FOUND && !service->declines &&
        !keep_records(service, answer)) {
        /* There are records, so the domain itself is not to be tried. */
        service->declines = true;
        service->reason = "out of memory";
    }
}

static void on_srv(void *userdata, const struct dns_answer *answer)
{
    struct targets_service *service = userdata;
    struct targets *t = service->all;
    size_t before = t->count;
    uint64_t end = poll_now(t->poll) + SECOND;

    read_answer(service, answer);
    /* The last answer is news even if it adds nothing: somebody may have come
     * to the end of the list, and wait for it. */
    if (!targets_are_open(t) || (t->in_hurry && t->count > before))
        give_news(t);
    else if (t->count && !t->in_hurry && end < t->alarm.timer.when)
        poll_set_alarm(t->poll, &t->alarm, end);
}

static void on_inquiry(void *userdata, const struct inquiry_answer *answer)
{
    const struct targets_service *service = userdata;
    const struct targets *t = service->all;
    const struct dns_answer as_dns = {
        .kind = DNS_SRV,
        .status = answer->status,
        .reason = answer->reason,
        .count = answer->count < t->most ? answer->count : t->most,
        .srv = answer->srv,
    };

    on_srv(userdata, &as_dns);
}

/* Where a service is declined the domain itself is not to be tried, so only the
 * other service's answer is left to wait for. */
static void on_silence(struct alarm *alarm, uint64_t now)
{
    struct targets *t = LIST_ENTRY(alarm, struct targets, alarm);

    (void)now;
    t->in_hurry = true;
    if (t->count || !targets_are_open(t))
        give_news(t);
    else if (!is_declined(t))
        t->news(t->userdata, TARGETS_SILENT);
}

/* ---- life -------------------------------------------------------- */

static int query_service(struct targets *t, const struct targets_wanted *wanted,
                         const char *name, bool is_direct)
{
    struct targets_service *service = &t->services[is_direct];
    char full[DNS_NAME_SIZE + 32];

    if (!name)
        return 0;
    snprintf(full, sizeof(full), "%s.%s", name, wanted->domain);
    service->all = t;
    service->is_direct = is_direct;
    service->is_open = true;
    t->most = wanted->most_records;
    if (wanted->inquiries) {
        service->inquiry =
            inquiry_start(wanted->inquiries, t->env, t->poll, INQUIRY_SRV, full,
                          wanted->timeout, on_inquiry, service);
        return service->inquiry ? 0 : XMPP_EMEM;
    }
    return dns_query(t->dns, full, DNS_SRV, on_srv, service);
}

static int query_services(struct targets *t,
                          const struct targets_wanted *wanted)
{
    if (!wanted->inquiries)
        t->dns = dns_new(t->env, t->poll, wanted->servers, wanted->most_records,
                         wanted->timeout);
    if ((!t->dns && !wanted->inquiries) ||
        query_service(t, wanted, wanted->direct, true) ||
        query_service(t, wanted, wanted->service, false))
        return XMPP_EMEM;
    poll_set_alarm(t->poll, &t->alarm, poll_now(t->poll) + SILENCE);
    return 0;
}

/* The news comes from a turn, as from the DNS. */
static int find_in_memory(struct targets *t, struct memory_host *memory,
                          const struct targets_wanted *wanted)
{
    poll_again(t->poll, &t->alarm);
    if (!memory->find)
        return 0;
    t->list = env_alloc(t->env, wanted->most_records * sizeof(*t->list));
    if (t->list)
        t->count =
            memory->find(memory, wanted->domain, t->list, wanted->most_records);
    return t->list ? 0 : XMPP_EMEM;
}

int targets_start(struct targets *t, struct env *env, struct poll *poll,
                  const struct targets_wanted *wanted,
                  void (*news)(void *userdata, enum targets_news news),
                  void *userdata)
{
    *t = (struct targets){
        .env = env, .poll = poll, .news = news, .userdata = userdata};
    alarm_init(&t->alarm, on_silence);
    if (wanted->memory ? find_in_memory(t, wanted->memory, wanted)
                       : query_services(t, wanted)) {
        targets_free(t);
        return XMPP_EMEM;
    }
    return 0;
}

void targets_stop(struct targets *t)
{
    if (!t->poll)
        return;
    dns_free(t->dns);
    t->dns = NULL;
    for (size_t i = 0; i < TARGETS_SERVICES; i++) {
        inquiry_free(t->services[i].inquiry);
        t->services[i].inquiry = NULL;
        t->services[i].is_open = false;
    }
    poll_clear_alarm(t->poll, &t->alarm);
}

void targets_free(struct targets *t)
{
    targets_stop(t);
    if (t->list)
        env_free(t->env, t->list);
    t->list = NULL;
}
