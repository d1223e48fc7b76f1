/* resolve.c - the addresses of one host, as soon as they can be used. */

#include "net/resolve.h"

#include <string.h>

#include <xmpp/error.h>

/* Milliseconds that AAAA may come later than A (RFC 8305 section 3), and that
 * one family is waited for when all addresses of the other failed. */
#define DELAY 50
#define SILENCE 2000

/* ---- answers ----------------------------------------------------- */

static bool keep_found(struct resolve *r, enum resolve_source source, size_t n)
{
    struct resolve_found *to = &r->found[source];

    to->of = n ? env_alloc(r->env, n * sizeof(*to->of)) : NULL;
    to->count = to->of ? n : 0;
    to->is_open = false;
    if (n && !to->of)
        r->reason = "out of memory";
    return to->of != NULL;
}

static void begin_delay(struct resolve *r)
{
    r->delayed = true;
    poll_set_alarm(r->poll, &r->alarm, poll_now(r->poll) + DELAY);
}

static void keep_dns_answer(struct resolve *r, const struct dns_answer *answer)
{
    bool v4 = answer->kind == DNS_A;
    enum resolve_source source = v4 ? RESOLVE_A : RESOLVE_AAAA;
    struct address *to;

    if (answer->status == DNS_FAILED)
        r->reason = answer->reason;
    if (keep_found(r, source, answer->count)) {
        to = r->found[source].of;
        for (size_t i = 0; i < answer->count; i++) {
            to[i] = (struct address){.family = v4 ? AF_INET : AF_INET6};
            memcpy(to[i].bytes, answer->address[i], sizeof(to[i].bytes));
        }
    }
    if (v4 && r->found[source].count && r->found[RESOLVE_AAAA].is_open)
        begin_delay(r);
}

/* The resolver of c-ares is large, so it goes with the last answer. */
static void on_dns_answer(void *userdata, const struct dns_answer *answer)
{
    struct resolve *r = userdata;

    keep_dns_answer(r, answer);
    if (!r->found[RESOLVE_AAAA].is_open && !r->found[RESOLVE_A].is_open) {
        dns_free(r->dns);
        r->dns = NULL;
    }
    r->more(r->userdata);
}

/* This is the last way there is, so its reason replaces that of the others. */
static void on_lookup(void *userdata, const struct lookup_answer *answer)
{
    struct resolve *r = userdata;

    poll_clear_alarm(r->poll, &r->alarm);
    r->reason = answer->status == DNS_FAILED ? answer->reason : NULL;
    if (keep_found(r, RESOLVE_HOST, answer->count))
        memcpy(r->found[RESOLVE_HOST].of, answer->addresses,
               answer->count * sizeof(*answer->addresses));
    r->more(r->userdata);
}

/* The families take turns, as if the DNS had answered. */
static void keep_family(struct resolve *r, int family,
                        const struct address *from, size_t n)
{
    enum resolve_source source = family == AF_INET ? RESOLVE_A : RESOLVE_AAAA;
    size_t count = 0, to = 0;

    for (size_t i = 0; i < n; i++)
        count += from[i].family == family;
    if (count > r->wanted.most)
        count = r->wanted.most;
    if (!keep_found(r, source, count))
        return;
    for (size_t i = 0; to < count; i++)
        if (from[i].family == family)
            r->found[source].of[to++] = from[i];
}

static void keep_families(struct resolve *r, const struct address *from,
                          size_t n)
{
    keep_family(r, AF_INET6, from, n);
    keep_family(r, AF_INET, from, n);
}

static void on_inquiry_answer(void *userdata,
                              const struct inquiry_answer *answer)
{
    struct resolve *r = userdata;

    if (answer->status == DNS_FAILED)
        r->reason = answer->reason;
    r->found[RESOLVE_HOST].is_open = false;
    keep_families(r, answer->addresses, answer->count);
    r->more(r->userdata);
}

static void on_delay(struct alarm *alarm, uint64_t now)
{
    struct resolve *r = LIST_ENTRY(alarm, struct resolve, alarm);

    (void)now;
    r->delayed = false;
    /* its thread goes on, but is not waited for */
    if (r->found[RESOLVE_HOST].is_open) {
        lookup_free(r->lookup);
        r->lookup = NULL;
        r->found[RESOLVE_HOST].is_open = false;
        r->reason = "no answer in time";
    }
    r->more(r->userdata);
}

/* ---- queries ----------------------------------------------------- */

/* Names without a meaning in the DNS are not sent to its servers: those without
 * a dot, and those of mDNS (RFC 6762 section 3). localhost is left to
 * query_dns(), which answers it without any query. */
static bool is_of_this_network(const char *name)
{
    return (!strchr(name, '.') || dns_is_below(name, "local")) &&
           !dns_is_below(name, "localhost");
}

/* Both families come in one list, so it may be twice as long. */
static bool use_host(struct resolve *r)
{
    r->is_last = true;
    r->lookup = lookup_start(r->wanted.lookups, r->env, r->poll, r->name,
                             2 * r->wanted.most, on_lookup, r);
    if (!r->lookup) {
        r->reason = "the host's resolver could not be started";
        return false;
    }
    r->found[RESOLVE_HOST].is_open = true;
    poll_set_alarm(r->poll, &r->alarm, poll_now(r->poll) + r->wanted.timeout);
    return true;
}

/* AAAA goes first, so that its answer is not the later one without need (RFC
 * 8305 section 3). */
static int query_dns(struct resolve *r)
{
    const struct resolve_wanted *w = &r->wanted;

    r->dns = dns_new(r->env, r->poll, w->servers, w->most, w->timeout);
    if (!r->dns || dns_query(r->dns, r->name, DNS_AAAA, on_dns_answer, r) ||
        dns_query(r->dns, r->name, DNS_A, on_dns_answer, r))
        return XMPP_EMEM;
    r->found[RESOLVE_AAAA].is_open = r->found[RESOLVE_A].is_open = true;
    return 0;
}

static int begin_inquiry(struct resolve *r)
{
    r->is_last = true;
    r->inquiry =
        inquiry_start(r->wanted.inquiries, r->env, r->poll, INQUIRY_ADDRESSES,
                      r->name, r->wanted.timeout, on_inquiry_answer, r);
    r->found[RESOLVE_HOST].is_open = r->inquiry != NULL;
    return r->inquiry ? 0 : XMPP_EMEM;
}

#define GIVEN 16 /* addresses of a name that are used, see xmpp/dial.h */

/* Addresses that the application gave this name: how many. Or it gave it
 * another name, which is looked up instead. */
static size_t read_overrides(struct resolve *r, struct address *ret)
{
    const char *at = r->wanted.overrides;
    struct override found;
    size_t n = 0;

    r->override.host[0] = '\0';
    while (n < GIVEN && (at = overrides_next(at, r->name, &found)))
        if (address_read(&ret[n], found.host))
            n++;
        else if (!r->override.host[0])
            r->override = found;
    if (!n && r->override.host[0])
        r->name = r->override.host;
    return n;
}

int resolve_start(struct resolve *r, const char *name)
{
    struct address literal = {0}, given[GIVEN];
    size_t given_n;

    resolve_stop(r);
    r->name = name;
    given_n = read_overrides(r, given);
    name = r->name;
    r->begun_at = poll_now(r->poll);
    /* Without `lookups` only the application's name servers may see the name.
     * Onions are for Tor alone, not for any resolver (RFC 7686 section 2). */
    r->is_last = !r->wanted.lookups || dns_is_below(name, "onion");
    if (r->wanted.in_memory || address_read(&literal, name)) {
        r->is_last = true;
        if (!keep_found(r, RESOLVE_HOST, 1))
            return XMPP_EMEM;
        r->found[RESOLVE_HOST].of[0] = literal;
        return 0;
    }
    if (given_n) {
        r->is_last = true;
        keep_families(r, given, given_n);
        return r->found[RESOLVE_A].count || r->found[RESOLVE_AAAA].count
                   ? 0
                   : XMPP_EMEM;
    }
    /* localhost is this machine, whatever anybody answers (RFC 6761 section
     * 6.3): a WebSocket without TLS relies on it. */
    if (r->wanted.inquiries && !dns_is_below(name, "localhost"))
        return begin_inquiry(r);
    r->is_last = r->is_last || r->wanted.inquiries;
    return !r->is_last && is_of_this_network(name) ? 0 : query_dns(r);
}

/* ---- what there is ----------------------------------------------- */

static bool is_open(const struct resolve *r)
{
    for (size_t i = 0; i < RESOLVE_SOURCES; i++)
        if (r->found[i].is_open)
            return true;
    return false;
}

static bool has_found(const struct resolve *r)
{
    for (size_t i = 0; i < RESOLVE_SOURCES; i++)
        if (r->found[i].count)
            return true;
    return false;
}

/* If all addresses of one family failed, the other one is waited for, but not
 * for long. */
static bool wait_for_more(struct resolve *r)
{
    uint64_t end = r->begun_at + SILENCE;

    if (!is_open(r))
        return false;
    if (!has_found(r))
        return true;
    if (poll_now(r->poll) >= end)
        return false;
    poll_set_alarm(r->poll, &r->alarm, end);
    return true;
}

static bool take_found(struct resolve *r, enum resolve_source source,
                       struct address *ret)
{
    struct resolve_found *f = &r->found[source];

    if (f->next == f->count)
        return false;
    *ret = f->of[f->next++];
    r->last = source;
    return true;
}

enum resolve_next resolve_next(struct resolve *r, struct address *ret)
{
    if (!is_open(r) && !has_found(r) && !r->is_last)
        use_host(r);
    if (r->delayed && r->found[RESOLVE_AAAA].is_open)
        return RESOLVE_LATER;
    if (take_found(r, r->last == RESOLVE_AAAA ? RESOLVE_A : RESOLVE_AAAA,
                   ret) ||
        take_found(r, r->last, ret) || take_found(r, RESOLVE_HOST, ret))
        return RESOLVE_ADDRESS;
    return wait_for_more(r) ? RESOLVE_LATER : RESOLVE_END;
}

bool resolve_has_more(const struct resolve *r)
{
    for (size_t i = 0; i < RESOLVE_SOURCES; i++)
        if (r->found[i].next < r->found[i].count)
            return true;
    return is_open(r) || (!has_found(r) && !r->is_last);
}

/* ---- life -------------------------------------------------------- */

void resolve_init(struct resolve *r, struct env *env, struct poll *poll,
                  const struct resolve_wanted *wanted,
                  void (*more)(void *userdata), void *userdata)
{
    *r = (struct resolve){.env = env,
                          .poll = poll,
                          .wanted = *wanted,
                          .more = more,
                          .userdata = userdata};
    alarm_init(&r->alarm, on_delay);
}

void resolve_stop(struct resolve *r)
{
    dns_free(r->dns);
    lookup_free(r->lookup);
    inquiry_free(r->inquiry);
    poll_clear_alarm(r->poll, &r->alarm);
    for (size_t i = 0; i < RESOLVE_SOURCES; i++) {
        env_free(r->env, r->found[i].of);
        r->found[i] = (struct resolve_found){0};
    }
    r->dns = NULL;
    r->lookup = NULL;
    r->inquiry = NULL;
    r->delayed = false;
    r->last = RESOLVE_A; /* so that IPv6 comes next */
    r->reason = NULL;
}
