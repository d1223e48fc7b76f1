/* dial.c - from a name to one connected socket: targets and their addresses,
 * one after the other. */

#include "net/dial.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/crypt.h"
#include "net/dns.h"
#include "net/sock.h"

#define FAMILIES 2 /* AF_INET6, then AF_INET, as RFC 6724 prefers */

struct addresses {
    unsigned char (*of)[16];
    size_t count, next;
};

/* At each moment it waits for one thing only: an SRV answer, both address
 * answers of the present target, or one socket. */
struct dial {
    struct env *env;
    struct poll *poll;
    struct fault *fault;
    void (*done)(void *userdata, int fd, const char *host, unsigned port);
    void *userdata;
    int (*prepare)(void *userdata, int fd);
    unsigned timeout;
    size_t most;

    struct dns *dns;             /* NULL until something is asked */
    char *servers;               /* owned, or NULL */
    struct srv_record *targets;  /* owned */
    size_t count, next;
    const struct srv_record *at; /* the target in work */
    unsigned answers;            /* of addresses, still awaited */
    struct addresses addresses[FAMILIES];

    struct watch watch; /* of the socket that connects; fd -1: none */
    struct alarm alarm; /* its patience, or the first turn */

    int refused;         /* errno of the last attempt to connect */
    unsigned tried;      /* addresses */
    bool unanswered;     /* some question had no answer, `reason` says why */
    const char *reason;
    char tried_last[INET6_ADDRSTRLEN];
    bool *gone; /* set when freed from inside prepare */
};

static void next_target(struct dial *dial);
static void next_address(struct dial *dial);

/* ---- the end --------------------------------------------------------- */

static void tell_fault(struct dial *dial)
{
    if (dial->tried) {
        fault_set(dial->fault, XMPP_LAYER_TCP,
                  dial->refused == ETIMEDOUT ? XMPP_ETIMEOUT : XMPP_ECONNECT,
                  "%u address%s tried, the last was %s: %s", dial->tried,
                  dial->tried == 1 ? "" : "es", dial->tried_last,
                  strerror(dial->refused));
        fault_set_os(dial->fault, dial->refused);
    } else if (dial->unanswered) {
        fault_set(dial->fault, XMPP_LAYER_DNS, XMPP_EDNS, "%s: %s",
                  dial->targets[0].target, dial->reason);
    } else {
        fault_set(dial->fault, XMPP_LAYER_DNS, XMPP_ENOHOST,
                  "%s has no address", dial->targets[0].target);
    }
}

static void fail(struct dial *dial)
{
    tell_fault(dial);
    dial->done(dial->userdata, -1, NULL, 0);
}

static void lack_memory(struct dial *dial)
{
    fault_set(dial->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    dial->done(dial->userdata, -1, NULL, 0);
}

/* ---- one address ------------------------------------------------------ */

static int stop_watching(struct dial *dial)
{
    int fd = dial->watch.fd;

    if (dial->watch.events)
        poll_watch(dial->poll, &dial->watch, 0);
    poll_clear_alarm(dial->poll, &dial->alarm);
    dial->watch.fd = -1;
    return fd;
}

static void address_failed(struct dial *dial, int error)
{
    int fd = stop_watching(dial);

    if (fd >= 0)
        close(fd);
    dial->refused = error;
    env_log(dial->env, XMPP_LEVEL_INFO, "tcp", "%s port %u: %s",
            dial->tried_last, dial->at->port, strerror(error));
}

static void connected(struct dial *dial)
{
    int fd = stop_watching(dial);

    dial->done(dial->userdata, fd, dial->at->target, dial->at->port);
}

static void on_socket(struct watch *watch, unsigned events)
{
    struct dial *dial = LIST_ENTRY(watch, struct dial, watch);
    int error = sock_error(watch->fd);

    (void)events;
    if (error == 0) {
        connected(dial);
        return;
    }
    address_failed(dial, error);
    next_address(dial);
}

static socklen_t fill(struct sockaddr_storage *to, int family,
                      const unsigned char *address, uint16_t port)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6,
                              .sin6_port = htons(port)};

    memset(to, 0, sizeof(*to));
    if (family == AF_INET) {
        memcpy(&v4.sin_addr, address, sizeof(v4.sin_addr));
        memcpy(to, &v4, sizeof(v4));
        return sizeof(v4);
    }
    memcpy(&v6.sin6_addr, address, sizeof(v6.sin6_addr));
    memcpy(to, &v6, sizeof(v6));
    return sizeof(v6);
}

/* What the application wishes for a socket: 0, ECANCELED if it does not want
 * it, GONE if it gave up all of us. */
#define GONE -1

static int prepare(struct dial *dial, int fd)
{
    bool gone = false;
    int rc;

    if (!dial->prepare)
        return 0;
    dial->gone = &gone;
    rc = dial->prepare(dial->userdata, fd);
    if (gone)
        return GONE;
    dial->gone = NULL;
    return rc ? ECANCELED : 0;
}

/* Begin; 0 when it is under way or done, else why not. */
static int begin(struct dial *dial, int family, const unsigned char *address)
{
    struct sockaddr_storage to;
    socklen_t n = fill(&to, family, address, dial->at->port);
    int fd = sock_open(family), rc;

    if (fd < 0)
        return errno;
    dial->watch.fd = fd;
    rc = prepare(dial, fd);
    if (rc)
        return rc;
    rc = sock_connect(fd, (struct sockaddr *)&to, n);
    if (rc < 0)
        return errno;
    if (poll_watch(dial->poll, &dial->watch, POLL_WRITE))
        return ENOMEM;
    poll_set_alarm(dial->poll, &dial->alarm, poll_now() + dial->timeout);
    return 0;
}

static void next_address(struct dial *dial)
{
    static const int families[FAMILIES] = {AF_INET6, AF_INET};

    for (size_t f = 0; f < FAMILIES; f++) {
        struct addresses *a = &dial->addresses[f];

        while (a->next < a->count && dial->tried < FAMILIES * dial->most) {
            const unsigned char *address = a->of[a->next++];
            int error;

            inet_ntop(families[f], address, dial->tried_last,
                      sizeof(dial->tried_last));
            dial->tried++;
            error = begin(dial, families[f], address);
            if (!error || error == GONE)
                return;
            address_failed(dial, error);
        }
    }
    next_target(dial);
}

/* ---- one target ------------------------------------------------------- */

static bool keep_address(struct dial *dial, struct addresses *to,
                         const void *from, size_t n)
{
    to->of = n ? env_alloc(dial->env, n * sizeof(*to->of)) : NULL;
    if (!to->of)
        return n == 0;
    memcpy(to->of, from, n * sizeof(*to->of));
    to->count = n;
    return true;
}

static void forget_addresses(struct dial *dial)
{
    for (size_t f = 0; f < FAMILIES; f++) {
        env_free(dial->env, dial->addresses[f].of);
        dial->addresses[f] = (struct addresses){0};
    }
}

static void note(struct dial *dial, const struct dns_answer *answer)
{
    if (answer->status != DNS_FAILED)
        return;
    dial->unanswered = true;
    dial->reason = answer->reason;
}

static void on_addresses(void *userdata, const struct dns_answer *answer)
{
    struct dial *dial = userdata;
    struct addresses *to = &dial->addresses[answer->kind == DNS_A];

    note(dial, answer);
    dial->answers--;
    if (!keep_address(dial, to, answer->address, answer->count))
        note(dial, &(struct dns_answer){.status = DNS_FAILED,
                                        .reason = "out of memory"});
    if (dial->answers == 0)
        next_address(dial);
}

static bool has_dns(struct dial *dial)
{
    if (!dial->dns)
        dial->dns = dns_new(dial->env, dial->poll, dial->servers, dial->most,
                            dial->timeout);
    return dial->dns != NULL;
}

static bool is_literal(struct dial *dial, const char *host)
{
    unsigned char address[16] = {0};
    int family = strchr(host, ':') ? AF_INET6 : AF_INET;

    if (inet_pton(family, host, address) != 1)
        return false;
    return keep_address(dial, &dial->addresses[family == AF_INET], address, 1);
}

static void next_target(struct dial *dial)
{
    forget_addresses(dial);
    if (dial->next == dial->count || dial->tried >= FAMILIES * dial->most) {
        fail(dial);
        return;
    }
    dial->at = &dial->targets[dial->next++];
    if (is_literal(dial, dial->at->target)) {
        next_address(dial);
        return;
    }
    dial->answers = FAMILIES;
    if (!has_dns(dial) ||
        dns_ask(dial->dns, dial->at->target, DNS_AAAA, on_addresses, dial) ||
        dns_ask(dial->dns, dial->at->target, DNS_A, on_addresses, dial))
        lack_memory(dial);
}

/* ---- all targets ------------------------------------------------------ */

/* A number from 0 to most, each as probable. */
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

static void declined(struct dial *dial)
{
    fault_set(dial->fault, XMPP_LAYER_DNS, XMPP_ENOSERVICE,
              "the SRV record of %s says so", dial->targets[0].target);
    dial->done(dial->userdata, -1, NULL, 0);
}

/* Without an answer the domain itself is tried (RFC 6120 section 3.2.2). */
static void on_srv(void *userdata, const struct dns_answer *answer)
{
    struct dial *dial = userdata;
    struct srv_record *targets;

    note(dial, answer);
    if (answer->status != DNS_FOUND) {
        next_target(dial);
        return;
    }
    if (srv_declines(answer->srv, answer->count)) {
        declined(dial);
        return;
    }
    targets = env_alloc(dial->env, answer->count * sizeof(*targets));
    if (!targets) {
        lack_memory(dial);
        return;
    }
    memcpy(targets, answer->srv, answer->count * sizeof(*targets));
    srv_order(targets, answer->count, pick, NULL);
    env_free(dial->env, dial->targets);
    dial->targets = targets;
    dial->count = answer->count;
    next_target(dial);
}

static void on_alarm(struct alarm *alarm, uint64_t now)
{
    struct dial *dial = LIST_ENTRY(alarm, struct dial, alarm);

    (void)now;
    if (!dial->at) {
        next_target(dial); /* the first turn */
        return;
    }
    address_failed(dial, ETIMEDOUT);
    next_address(dial);
}

/* ---- life ------------------------------------------------------------- */

/* The domain or host itself, as the only target so far. */
static bool make_target(struct dial *dial, const struct dial_wanted *wanted)
{
    const char *name = wanted->host ? wanted->host : wanted->domain;
    size_t n = strlen(name);

    dial->targets = env_zalloc(dial->env, sizeof(*dial->targets));
    if (!dial->targets)
        return false;
    dial->count = 1;
    if (name[0] == '[' && name[n - 1] == ']') {
        name++;
        n -= 2;
    }
    if (n < sizeof(dial->targets->target))
        memcpy(dial->targets->target, name, n); /* else no name: no address */
    dial->targets->port = wanted->port;
    return true;
}

static bool start(struct dial *dial, const struct dial_wanted *wanted)
{
    char name[DNS_NAME_SIZE + 32];
    bool literal;
    int n;

    literal = is_literal(dial, dial->targets->target);
    forget_addresses(dial);
    if (wanted->host || !wanted->service || literal) {
        poll_again(dial->poll, &dial->alarm);
        return true;
    }
    n = snprintf(name, sizeof(name), "%s.%s", wanted->service, wanted->domain);
    return n > 0 && n < (int)sizeof(name) && has_dns(dial) &&
           dns_ask(dial->dns, name, DNS_SRV, on_srv, dial) == 0;
}

struct dial *dial_new(struct env *env, struct poll *poll,
                      const struct dial_wanted *wanted, struct fault *fault,
                      void (*done)(void *userdata, int fd, const char *host,
                                   unsigned port),
                      void *userdata)
{
    struct dial *dial = env_zalloc(env, sizeof(*dial));

    if (!dial)
        return NULL;
    dial->env = env;
    dial->poll = poll;
    dial->fault = fault;
    dial->done = done;
    dial->userdata = userdata;
    dial->prepare = wanted->prepare;
    dial->timeout = wanted->timeout;
    dial->most = wanted->most_records;
    dial->watch = (struct watch){.fd = -1, .ready = on_socket};
    alarm_init(&dial->alarm, on_alarm);
    dial->servers = env_strdup(env, wanted->servers);
    if ((wanted->servers && !dial->servers) || !make_target(dial, wanted) ||
        !start(dial, wanted)) {
        dial_free(dial);
        return NULL;
    }
    return dial;
}

void dial_free(struct dial *dial)
{
    int fd;

    if (!dial)
        return;
    if (dial->gone)
        *dial->gone = true;
    fd = stop_watching(dial);
    if (fd >= 0)
        close(fd);
    dns_free(dial->dns);
    forget_addresses(dial);
    env_free(dial->env, dial->targets);
    env_free(dial->env, dial->servers);
    env_free(dial->env, dial);
}
