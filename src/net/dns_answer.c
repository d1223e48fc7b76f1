/* dns_answer.c - the bytes of a DNS answer to records, within a limit. */

#include "net/dns_answer.h"

#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/str.h"

static void failed(struct dns_records *r, const char *reason)
{
    r->status = DNS_FAILED;
    r->reason = reason;
}

static void settle_records(struct dns_records *r)
{
    r->status = r->count ? DNS_FOUND : DNS_ABSENT;
    r->reason = r->count ? "found" : "no such record";
}

/* An array for `n` records, or for as many as are kept. */
static void *room_for(const struct env *env, struct dns_records *r, size_t n,
                      size_t size)
{
    if (n > r->most)
        n = r->most;
    return n ? env_zalloc(env, n * size) : NULL;
}

static size_t srv_length(const struct ares_srv_reply *s)
{
    size_t n = 0;

    for (; s; s = s->next)
        n++;
    return n;
}

static void copy_srv(struct dns_records *r, const struct ares_srv_reply *s)
{
    for (; s && r->count < r->most; s = s->next) {
        struct srv_record *to = &r->srv[r->count];
        size_t n = strlen(s->host);

        if (n >= sizeof(to->target)) /* RFC 1035 section 2.3.4 */
            continue;
        while (n && s->host[n - 1] == '.') /* "." becomes "": srv_declines() */
            n--;
        memcpy(to->target, s->host, n); /* zeroed before */
        to->priority = s->priority;
        to->weight = s->weight;
        to->port = s->port;
        r->count++;
    }
}

static int read_srv_records(const struct env *env, struct dns_records *r,
                            const unsigned char *bytes, int n)
{
    struct ares_srv_reply *list = NULL;
    int rc = ares_parse_srv_reply(bytes, n, &list);

    if (rc == ARES_SUCCESS && list) {
        r->srv = room_for(env, r, srv_length(list), sizeof(*r->srv));
        if (r->srv)
            copy_srv(r, list);
        else
            rc = ARES_ENOMEM;
    }
    if (list)
        ares_free_data(list);
    return rc;
}

#define ADDRESSES_MOST 64 /* of one name: nobody tries more */

/* `from` is the first address; each other one is `stride` bytes further on, as
 * in an array of c-ares. */
static int keep_addresses(const struct env *env, struct dns_records *r,
                          const void *from, size_t stride, size_t size, int n)
{
    r->address = room_for(env, r, (size_t)n, sizeof(*r->address));
    if (!r->address)
        return n ? ARES_ENOMEM : ARES_SUCCESS;
    for (; r->count < (size_t)n && r->count < r->most; r->count++)
        memcpy(r->address[r->count],
               (const unsigned char *)from + r->count * stride, size);
    return ARES_SUCCESS;
}

static int read_a(const struct env *env, struct dns_records *r,
                  const unsigned char *bytes, int n)
{
    struct ares_addrttl a[ADDRESSES_MOST];
    int count = ADDRESSES_MOST;
    int rc = ares_parse_a_reply(bytes, n, NULL, a, &count);

    if (rc != ARES_SUCCESS)
        return rc;
    return keep_addresses(env, r, &a[0].ipaddr, sizeof(a[0]),
                          sizeof(a[0].ipaddr), count);
}

static int read_aaaa(const struct env *env, struct dns_records *r,
                     const unsigned char *bytes, int n)
{
    struct ares_addr6ttl a[ADDRESSES_MOST];
    int count = ADDRESSES_MOST;
    int rc = ares_parse_aaaa_reply(bytes, n, NULL, a, &count);

    if (rc != ARES_SUCCESS)
        return rc;
    return keep_addresses(env, r, &a[0].ip6addr, sizeof(a[0]),
                          sizeof(a[0].ip6addr), count);
}

void dns_records_read(const struct env *env, struct dns_records *r, int status,
                      const unsigned char *bytes, int n)
{
    static int (*const read[])(const struct env *, struct dns_records *,
                               const unsigned char *,
                               int) = {read_srv_records, read_a, read_aaaa};

    if (status == ARES_SUCCESS)
        status = read[r->kind](env, r, bytes, n);
    /* that there is no such record or name is an answer, too */
    if (status == ARES_SUCCESS || status == ARES_ENODATA ||
        status == ARES_ENOTFOUND)
        settle_records(r);
    else
        failed(r, ares_strerror(status));
}

static void keep_host(const struct env *env, struct dns_records *r,
                      const struct hostent *host)
{
    size_t n = 0, size = r->kind == DNS_A ? 4 : 16;

    while (host->h_addr_list[n])
        n++;
    r->address = room_for(env, r, n, sizeof(*r->address));
    for (; r->address && r->count < n && r->count < r->most; r->count++)
        memcpy(r->address[r->count], host->h_addr_list[r->count], size);
    if (n && !r->address)
        failed(r, "out of memory");
    else
        settle_records(r);
}

/* A name that the file has for the other family only counts as answered: it is
 * not the network's to know. */
bool dns_records_from_hosts(const struct env *env, struct dns_records *r,
                            ares_channel channel, const char *name)
{
    struct hostent *host = NULL;
    int family = r->kind == DNS_A ? AF_INET : AF_INET6;
    int other = r->kind == DNS_A ? AF_INET6 : AF_INET;

    if (r->kind == DNS_SRV)
        return false;
    if (ares_gethostbyname_file(channel, name, family, &host) == ARES_SUCCESS)
        keep_host(env, r, host);
    else if (ares_gethostbyname_file(channel, name, other, &host) ==
             ARES_SUCCESS)
        settle_records(r);
    if (!host)
        return false;
    ares_free_hostent(host);
    return true;
}

bool dns_is_below(const char *name, const char *top)
{
    struct str all = str_of(name), end = str_of(top);

    if (all.n && all.s[all.n - 1] == '.') /* of an absolute name */
        all.n--;
    return all.n >= end.n &&
           str_eq_nocase(str_n(all.s + all.n - end.n, end.n), end) &&
           (all.n == end.n || all.s[all.n - end.n - 1] == '.');
}

bool dns_records_of_localhost(const struct env *env, struct dns_records *r,
                              const char *name)
{
    static const unsigned char v4[16] = {127, 0, 0, 1};
    static const unsigned char v6[16] = {[15] = 1};

    if (!dns_is_below(name, "localhost"))
        return false;
    if (r->kind != DNS_SRV) { /* which it does not have */
        r->address = room_for(env, r, 1, sizeof(*r->address));
        if (r->address)
            memcpy(r->address[r->count++], r->kind == DNS_A ? v4 : v6, 16);
    }
    settle_records(r);
    return true;
}

void dns_records_free(const struct env *env, struct dns_records *records)
{
    env_free(env, records->srv);
    env_free(env, records->address);
    records->srv = NULL;
    records->address = NULL;
}
