/* dns.c - the one door to c-ares: names to records, without blocking. */

#include "net/dns.h"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <limits.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/time.h>

#include "base/error.h"
#include "base/list.h"
#include "net/dns_answer.h"

/* Milliseconds that one name server may take before the next one is tried. */
#define TRY_LEAST 50
#define TRY_MOST 1500
#define TRIES 2 /* the second takes twice as long */

/* A descriptor of c-ares under watch. */
struct resolver_socket {
    struct list link;
    struct watch watch;
    struct dns *dns;
};

/* A query: first in `open`, then in `ready` until its answer is delivered, and
 * at last in `delivered`, because c-ares keeps a pointer to it until the end.
 */
struct question {
    struct list link;
    struct dns *dns;
    struct dns_records records;
    uint64_t deadline;
    bool is_open; /* c-ares has not answered, nor did we give up */
    void (*answer)(void *userdata, const struct dns_answer *);
    void *userdata;
};

/* Invariant: `open` is in the order of the deadlines, because all questions
 * have the same patience. So only its first one is looked at. */
struct dns {
    struct env *env;
    struct poll *poll;
    ares_channel channel;
    struct list sockets, open, ready, delivered;
    struct alarm alarm, deliver;
    size_t most;
    unsigned patience;
    bool *gone; /* set when freed from inside an answer */
};

/* ---- c-ares ------------------------------------------------------ */

static void prepare_library(void)
{
    ares_library_init(ARES_LIB_INIT_ALL);
}

/* Contexts may be made in several threads. */
static bool ares_is_ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    return pthread_once(&once, prepare_library) == 0;
}

/* Be called when c-ares or our own patience needs it. */
static void set_alarm(struct dns *dns)
{
    uint64_t when = TIME_NEVER, now = poll_now(dns->poll);
    struct timeval tv, *wait = ares_timeout(dns->channel, NULL, &tv);

    if (wait)
        when = now + (uint64_t)wait->tv_sec * 1000 +
               (uint64_t)(wait->tv_usec + 999) / 1000;
    if (!list_is_empty(&dns->open)) {
        struct question *q = LIST_ENTRY(dns->open.next, struct question, link);

        if (q->deadline < when)
            when = q->deadline;
    }
    poll_set_alarm(dns->poll, &dns->alarm, when);
}

/* c-ares may answer inside of dns_query(); the answer is delivered from a later
 * turn all the same. */
static void make_ready(struct question *q)
{
    q->is_open = false;
    list_remove(&q->link);
    list_append(&q->dns->ready, &q->link);
    poll_again(q->dns->poll, &q->dns->deliver);
}

static void on_ares_answer(void *arg, int status, int timeouts,
                           unsigned char *bytes, int n)
{
    struct question *q = arg;

    (void)timeouts;
    /* the channel is being destroyed, or we gave up before */
    if (status == ARES_EDESTRUCTION || !q->is_open)
        return;
    dns_records_read(q->dns->env, &q->records, status, bytes, n);
    make_ready(q);
}

/* Of a socket that is gone c-ares finds out why when it reads or writes. */
static void on_socket_ready(struct watch *watch, unsigned events)
{
    struct resolver_socket *s =
        LIST_ENTRY(watch, struct resolver_socket, watch);
    struct dns *dns = s->dns;
    int fd = watch->fd;
    bool in = (events & (POLL_READ | POLL_GONE)) != 0;
    bool out = (events & (POLL_WRITE | POLL_GONE)) != 0;

    ares_process_fd(dns->channel, in ? fd : ARES_SOCKET_BAD,
                    out ? fd : ARES_SOCKET_BAD);
    set_alarm(dns);
}

static struct resolver_socket *find_socket(struct dns *dns, int fd)
{
    for (struct list *l = dns->sockets.next; l != &dns->sockets; l = l->next) {
        struct resolver_socket *s = LIST_ENTRY(l, struct resolver_socket, link);

        if (s->watch.fd == fd)
            return s;
    }
    return NULL;
}

static struct resolver_socket *add_socket(struct dns *dns, int fd)
{
    struct resolver_socket *s = env_zalloc(dns->env, sizeof(*s));

    if (!s)
        return NULL;
    s->dns = dns;
    s->watch.fd = fd;
    s->watch.ready = on_socket_ready;
    list_append(&dns->sockets, &s->link);
    return s;
}

/* Without memory for a watch the query ends by its deadline. */
static void on_socket_state(void *data, ares_socket_t fd, int in, int out)
{
    struct dns *dns = data;
    struct resolver_socket *s = find_socket(dns, fd);
    unsigned events = (in ? POLL_READ : 0U) | (out ? POLL_WRITE : 0U);

    if (!s && events)
        s = add_socket(dns, fd);
    if (!s)
        return;
    if (s->watch.events != events)
        poll_watch(dns->poll, &s->watch, events);
    if (!events) {
        list_remove(&s->link);
        env_free(dns->env, s);
    }
}

/* ---- time -------------------------------------------------------- */

/* The patience is for a whole question, however many servers c-ares goes
 * through in the meantime. */
static void on_dns_alarm(struct alarm *alarm, uint64_t now)
{
    struct dns *dns = LIST_ENTRY(alarm, struct dns, alarm);

    ares_process_fd(dns->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    while (!list_is_empty(&dns->open)) {
        struct question *q = LIST_ENTRY(dns->open.next, struct question, link);

        if (q->deadline > now)
            break;
        q->records.status = DNS_FAILED;
        q->records.reason = "no answer in time";
        make_ready(q);
    }
    set_alarm(dns);
}

static void deliver_answer(struct question *q)
{
    const struct dns_answer answer = {
        .kind = q->records.kind,
        .status = q->records.status,
        .reason = q->records.reason,
        .count = q->records.count,
        .srv = q->records.srv,
        .address = (const unsigned char(*)[16])q->records.address,
    };

    q->answer(q->userdata, &answer);
}

/* An answer may free `dns`, also in a turn that runs inside of another answer:
 * then each level has to know. */
static void on_deliver(struct alarm *alarm, uint64_t now)
{
    struct dns *dns = LIST_ENTRY(alarm, struct dns, deliver);
    bool gone = false, *outer = dns->gone;

    (void)now;
    dns->gone = &gone;
    while (!gone && !list_is_empty(&dns->ready)) {
        struct list *l = dns->ready.next;

        list_remove(l);
        list_append(&dns->delivered, l);
        deliver_answer(LIST_ENTRY(l, struct question, link));
    }
    if (!gone)
        dns->gone = outer;
    else if (outer)
        *outer = true;
}

/* ---- life -------------------------------------------------------- */

static bool open_channel(struct dns *dns, const char *servers)
{
    /* the second try takes twice as long, and both fit into the patience */
    unsigned per_try = dns->patience / (TRIES + 1);
    struct ares_options options = {
        .flags = ARES_FLAG_NOCHECKRESP,
        .timeout = (int)(per_try < TRY_LEAST  ? TRY_LEAST
                         : per_try > TRY_MOST ? TRY_MOST
                                              : per_try),
        .tries = TRIES,
        .sock_state_cb = on_socket_state,
        .sock_state_cb_data = dns,
    };
    int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
               ARES_OPT_SOCK_STATE_CB;

    if (!ares_is_ready() ||
        ares_init_options(&dns->channel, &options, mask) != ARES_SUCCESS)
        return false;
    if (!servers ||
        ares_set_servers_ports_csv(dns->channel, servers) == ARES_SUCCESS)
        return true;
    ares_destroy(dns->channel);
    return false;
}

struct dns *dns_new(struct env *env, struct poll *poll, const char *servers,
                    size_t most_records, unsigned timeout_ms)
{
    struct dns *dns = env_zalloc(env, sizeof(*dns));

    if (!dns)
        return NULL;
    dns->env = env;
    dns->poll = poll;
    dns->most = most_records;
    dns->patience = timeout_ms;
    list_init(&dns->sockets);
    list_init(&dns->open);
    list_init(&dns->ready);
    list_init(&dns->delivered);
    alarm_init(&dns->alarm, on_dns_alarm);
    alarm_init(&dns->deliver, on_deliver);
    if (!open_channel(dns, servers)) {
        env_free(env, dns);
        return NULL;
    }
    return dns;
}

static int type_of(enum dns_kind kind)
{
    static const int types[] = {ns_t_srv, ns_t_a, ns_t_aaaa};

    return types[kind];
}

int dns_query(struct dns *dns, const char *name, enum dns_kind kind,
              void (*answer)(void *userdata, const struct dns_answer *),
              void *userdata)
{
    struct question *q = env_zalloc(dns->env, sizeof(*q));

    if (!q)
        return XMPP_EMEM;
    q->dns = dns;
    q->records.kind = kind;
    q->records.most = dns->most;
    q->deadline = poll_now(dns->poll) + dns->patience;
    q->answer = answer;
    q->userdata = userdata;
    q->is_open = true;
    list_append(&dns->open, &q->link);
    /* names of the hosts file need no name server, and no name server may be
     * queried for localhost (RFC 6761 section 6.3) */
    if (dns_records_from_hosts(dns->env, &q->records, dns->channel, name) ||
        dns_records_of_localhost(dns->env, &q->records, name))
        make_ready(q);
    else
        ares_query(dns->channel, name, ns_c_in, type_of(kind), on_ares_answer,
                   q);
    set_alarm(dns);
    return 0;
}

static void drop_questions(struct dns *dns, struct list *list)
{
    while (!list_is_empty(list)) {
        struct question *q = LIST_ENTRY(list->next, struct question, link);

        list_remove(&q->link);
        dns_records_free(dns->env, &q->records);
        env_free(dns->env, q);
    }
}

void dns_free(struct dns *dns)
{
    if (!dns)
        return;
    if (dns->gone)
        *dns->gone = true;
    /* first: it calls back about its sockets and about each open question */
    ares_destroy(dns->channel);
    poll_clear_alarm(dns->poll, &dns->alarm);
    poll_clear_alarm(dns->poll, &dns->deliver);
    drop_questions(dns, &dns->open);
    drop_questions(dns, &dns->ready);
    drop_questions(dns, &dns->delivered);
    env_free(dns->env, dns);
}

bool dns_servers_valid(const char *servers)
{
    ares_channel channel;
    bool valid;

    if (!ares_is_ready() || ares_init(&channel) != ARES_SUCCESS)
        return false;
    valid = servers[0] != '\0' && /* c-ares takes an empty list */
            ares_set_servers_ports_csv(channel, servers) == ARES_SUCCESS;
    ares_destroy(channel);
    return valid;
}
