/* dial.c - from a name to the target that was reached: targets and their
 * addresses, one after the other. */

#include "net/dial.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/crypt.h"
#include "net/dns.h"
#include "net/memory.h"
#include "net/opening.h"
#include "net/resolve.h"

#define FAMILIES 2
/* milliseconds after which SRV is no longer waited for: some routers never
 * answer it */
#define SILENCE 2000

/* It waits for an SRV answer, for addresses of the present target, or for one
 * socket. The addresses of the domain itself are looked up at the same time as
 * its SRV records, so that a domain without them costs no round trip more.
 * Invariant: `done` is called once, or dial_free() before that. */
struct dial {
    struct env *env;
    struct poll *poll;
    struct fault *fault;
    dial_done done;
    void *userdata;
    int (*prepare)(void *userdata, int fd);
    struct memory_host *memory; /* dialled instead of the network, or NULL */
    unsigned timeout;
    size_t most;

    struct dns *dns;      /* for SRV; NULL: no SRV records are looked up */
    bool srv_open;        /* their answer has not come */
    struct alarm silence; /* then it is not waited for any longer */
    char *servers;        /* owned, or NULL */
    struct srv_record *targets; /* owned */
    size_t count, next;
    const struct srv_record *at; /* the target in work */
    struct resolve resolve;      /* its addresses */

    struct opening opening; /* the socket that connects */
    struct alarm first;     /* the first turn, where no SRV answer is due */

    int refused;        /* errno of the last attempt to connect */
    unsigned tried;     /* addresses, of all targets: they have one limit, as
                         * each has a deadline */
    const char *reason; /* why some query had no answer, or NULL */
    char tried_last[ADDRESS_TEXT];
    unsigned tried_port;
    bool *gone; /* set when freed from inside prepare */
};

static void next_target(struct dial *dial);
static void next_address(struct dial *dial);

/* ---- the end ----------------------------------------------------- */

static void set_fault(struct dial *dial)
{
    const char *host = dial->targets[0].target;

    if (dial->tried) {
        fault_set(dial->fault, XMPP_LAYER_TCP,
                  dial->refused == ETIMEDOUT ? XMPP_ETIMEOUT : XMPP_ECONNECT,
                  "%u address%s tried, the last was %s port %u: %s",
                  dial->tried, dial->tried == 1 ? "" : "es", dial->tried_last,
                  dial->tried_port, strerror(dial->refused));
        fault_set_os(dial->fault, dial->refused);
    } else if (dial->reason) {
        fault_set(dial->fault, XMPP_LAYER_DNS, XMPP_EDNS, "%s: %s", host,
                  dial->reason);
    } else {
        fault_set(dial->fault, XMPP_LAYER_DNS, XMPP_ENOHOST,
                  "%s has no address", host[0] ? host : "an empty name");
    }
}

static void end_in_vain(struct dial *dial)
{
    dial->done(dial->userdata, NULL);
}

static void end_with_fault(struct dial *dial)
{
    set_fault(dial);
    end_in_vain(dial);
}

static void lack_memory(struct dial *dial)
{
    fault_set(dial->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    end_in_vain(dial);
}

/* By a socket or, where there is none, in memory. */
static void deliver_target(struct dial *dial, int fd, struct memory *memory)
{
    struct target target = {
        .port = dial->at->port,
        .direct_tls = dial->at->direct,
        .fd = fd,
        .memory = memory,
    };

    memcpy(target.host, dial->at->target, sizeof(target.host));
    dial->done(dial->userdata, &target);
}

/* ---- one address ------------------------------------------------- */

static void address_failed(struct dial *dial, int error)
{
    opening_stop(&dial->opening);
    dial->refused = error;
    env_log(dial->env, XMPP_LEVEL_INFO, "tcp", "%s port %u: %s",
            dial->tried_last, dial->tried_port, strerror(error));
}

static void on_opened(struct opening *opening, int error)
{
    struct dial *dial = LIST_ENTRY(opening, struct dial, opening);

    if (error == 0) {
        deliver_target(dial, opening_take(opening), NULL);
        return;
    }
    address_failed(dial, error);
    next_address(dial);
}

/* The application may set up the socket: 0, ECANCELED if it does not want this
 * one, GONE if it freed the dial. */
#define GONE -1

static int prepare_socket_of(struct dial *dial, int fd)
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

/* 0 when it is under way, else the errno of why not, or GONE. */
static int begin_address(struct dial *dial, const struct address *address)
{
    int fd = opening_socket(&dial->opening, address->family), rc;

    if (fd < 0)
        return errno;
    rc = prepare_socket_of(dial, fd);
    if (rc)
        return rc;
    return opening_start(&dial->opening, address, dial->at->port,
                         dial->timeout);
}

static void next_address(struct dial *dial)
{
    enum resolve_next what = RESOLVE_END;
    struct address address;

    while (dial->tried < FAMILIES * dial->most &&
           (what = resolve_next(&dial->resolve, &address)) == RESOLVE_ADDRESS) {
        int error;

        address_write(&address, dial->tried_last);
        dial->tried_port = dial->at->port;
        dial->tried++;
        error = begin_address(dial, &address);
        if (!error || error == GONE)
            return;
        address_failed(dial, error);
    }
    if (what != RESOLVE_LATER)
        next_target(dial);
}

/* ---- one target -------------------------------------------------- */

static void on_more(void *userdata)
{
    struct dial *dial = userdata;

    if (dial->at && !opening_is_busy(&dial->opening))
        next_address(dial);
}

static void keep_reason(struct dial *dial, const char *reason)
{
    if (reason)
        dial->reason = reason;
}

/* If its addresses are being looked up already, that goes on. */
static void begin_target(struct dial *dial, bool is_resolving)
{
    dial->at = &dial->targets[dial->next++];
    if (!is_resolving && resolve_start(&dial->resolve, dial->at->target))
        lack_memory(dial);
    else
        next_address(dial);
}

static void next_target(struct dial *dial)
{
    keep_reason(dial, dial->resolve.reason);
    if (dial->next < dial->count && dial->tried < FAMILIES * dial->most)
        begin_target(dial, false);
    else if (!dial->srv_open)
        end_with_fault(dial);
}

/* ---- all targets ------------------------------------------------- */

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

static void declined(struct dial *dial)
{
    fault_set(dial->fault, XMPP_LAYER_DNS, XMPP_ENOSERVICE,
              "the SRV record of %s declines it", dial->targets[0].target);
    end_in_vain(dial);
}

static bool take_targets(struct dial *dial, const struct dns_answer *answer)
{
    struct srv_record *targets =
        env_alloc(dial->env, answer->count * sizeof(*targets));

    if (!targets)
        return false;
    memcpy(targets, answer->srv, answer->count * sizeof(*targets));
    srv_order(targets, answer->count, pick, NULL);
    env_free(dial->env, dial->targets);
    dial->targets = targets;
    dial->count = answer->count;
    dial->next = 0;
    return true;
}

/* SRV records came late. Nothing is connected yet, so what was begun with the
 * domain's own addresses, for lack of an answer, gives way. */
static void drop_domain(struct dial *dial)
{
    opening_stop(&dial->opening);
    resolve_stop(&dial->resolve);
    dial->at = NULL;
    dial->reason = NULL;
    dial->tried = 0;
}

/* If there is no answer, or it is late, the domain itself is tried (RFC 6120
 * section 3.2.2). */
static void on_srv(void *userdata, const struct dns_answer *answer)
{
    struct dial *dial = userdata;

    dial->srv_open = false;
    poll_clear_alarm(dial->poll, &dial->silence);
    if (answer->status == DNS_FOUND) {
        drop_domain(dial);
        if (srv_declines(answer->srv, answer->count))
            declined(dial);
        else if (!take_targets(dial, answer))
            lack_memory(dial);
        else
            next_target(dial);
        return;
    }
    keep_reason(dial, answer->status == DNS_FAILED ? answer->reason : NULL);
    if (!dial->at)
        begin_target(dial, true);
    else
        on_more(dial);
}

static void on_silence(struct alarm *alarm, uint64_t now)
{
    struct dial *dial = LIST_ENTRY(alarm, struct dial, silence);

    (void)now;
    begin_target(dial, true);
}

static void dial_memory(struct dial *dial)
{
    struct srv_record *only = &dial->targets[0];
    struct memory *memory;

    dial->at = only;
    memory = dial->memory->accept(dial->memory, only->target, only->port);
    if (memory) {
        deliver_target(dial, -1, memory);
        return;
    }
    snprintf(dial->tried_last, sizeof(dial->tried_last), "memory");
    dial->tried_port = only->port;
    dial->tried = 1;
    dial->refused = ECONNREFUSED;
    end_with_fault(dial);
}

static void on_first(struct alarm *alarm, uint64_t now)
{
    struct dial *dial = LIST_ENTRY(alarm, struct dial, first);

    (void)now;
    if (dial->memory)
        dial_memory(dial);
    else
        next_target(dial);
}

/* ---- life -------------------------------------------------------- */

/* The domain or host itself, as the only target so far. */
static bool make_target(struct dial *dial, const struct dial_wanted *wanted)
{
    const char *name = wanted->host ? wanted->host : wanted->domain;
    size_t n = strlen(name);

    dial->targets = env_zalloc(dial->env, sizeof(*dial->targets));
    if (!dial->targets)
        return false;
    dial->count = 1;
    if (name[0] == '[' && name[n - 1] == ']') { /* as in a URI */
        name++;
        n -= 2;
    }
    if (n < sizeof(dial->targets->target))
        memcpy(dial->targets->target, name,
               n); /* a longer one has no address */
    dial->targets->port = wanted->port;
    dial->targets->direct = wanted->direct_tls;
    return true;
}

static bool query_srv(struct dial *dial, const struct dial_wanted *wanted)
{
    char name[DNS_NAME_SIZE + 32];
    int n =
        snprintf(name, sizeof(name), "%s.%s", wanted->service, wanted->domain);

    if (n <= 0 || n >= (int)sizeof(name))
        return false;
    dial->dns = dns_new(dial->env, dial->poll, wanted->servers, dial->most,
                        dial->timeout);
    if (!dial->dns || dns_query(dial->dns, name, DNS_SRV, on_srv, dial))
        return false;
    dial->srv_open = true;
    poll_set_alarm(dial->poll, &dial->silence, poll_now(dial->poll) + SILENCE);
    return resolve_start(&dial->resolve, dial->targets->target) == 0;
}

static bool begin_dial(struct dial *dial, const struct dial_wanted *wanted)
{
    struct address literal;

    /* a host that was set has no SRV records, nor has an address */
    if (!wanted->memory && !wanted->host && wanted->service &&
        !address_read(&literal, dial->targets->target))
        return query_srv(dial, wanted);
    poll_again(dial->poll, &dial->first);
    return true;
}

static void init_dial(struct dial *dial, struct env *env, struct poll *poll,
                      const struct dial_wanted *wanted)
{
    const struct resolve_wanted addresses = {
        .servers = dial->servers,
        .lookups = wanted->lookups,
        .most = wanted->most_records,
        .timeout = wanted->timeout,
    };

    dial->env = env;
    dial->poll = poll;
    dial->prepare = wanted->prepare;
    dial->memory = wanted->memory;
    dial->timeout = wanted->timeout;
    dial->most = wanted->most_records;
    opening_init(&dial->opening, poll, on_opened);
    alarm_init(&dial->first, on_first);
    alarm_init(&dial->silence, on_silence);
    resolve_init(&dial->resolve, env, poll, &addresses, on_more, dial);
}

struct dial *dial_new(struct env *env, struct poll *poll,
                      const struct dial_wanted *wanted, struct fault *fault,
                      dial_done done, void *userdata)
{
    struct dial *dial = env_zalloc(env, sizeof(*dial));

    if (!dial)
        return NULL;
    dial->servers = env_strdup(env, wanted->servers);
    init_dial(dial, env, poll, wanted);
    dial->fault = fault;
    dial->done = done;
    dial->userdata = userdata;
    if ((wanted->servers && !dial->servers) || !make_target(dial, wanted) ||
        !begin_dial(dial, wanted)) {
        dial_free(dial);
        return NULL;
    }
    return dial;
}

void dial_free(struct dial *dial)
{
    if (!dial)
        return;
    if (dial->gone)
        *dial->gone = true;
    opening_stop(&dial->opening);
    poll_clear_alarm(dial->poll, &dial->first);
    dns_free(dial->dns);
    poll_clear_alarm(dial->poll, &dial->silence);
    resolve_stop(&dial->resolve);
    env_free(dial->env, dial->targets);
    env_free(dial->env, dial->servers);
    env_free(dial->env, dial);
}
