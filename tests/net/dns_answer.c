/* dns_answer.c - DNS answers as bytes: what is read of those that are honest,
 * too many, or lies. */

#include <ares.h>

#include "base/arena.h"
#include "failmem.h"
#include "net/dns_answer.h"
#include "net/dns_packet.h"
#include "tap.h"

static struct failmem memory;
static struct env env;

static enum dns_status read_it(const struct dns_packet *p, enum dns_kind kind,
                               struct dns_records *r)
{
    *r = (struct dns_records){.kind = kind, .most = 8};
    dns_records_read(&env, r, ARES_SUCCESS, p->bytes, p->n);
    return r->status;
}

static void reads_srv(void)
{
    static struct dns_packet p;
    struct dns_records r;

    dns_packet_begin(&p, "_xmpp-client._tcp.example.org", 33, 2);
    dns_packet_put_srv(&p, 5, 5222, "one.example.org");
    dns_packet_put_srv(&p, 10, 5269, "");
    is_int(read_it(&p, DNS_SRV, &r), DNS_FOUND, "two records");
    is_int(r.count, 2, "both");
    is_str(r.srv[0].target, "one.example.org", "a target");
    is_int(r.srv[0].port, 5222, "its port");
    is_int(r.srv[0].priority, 5, "its priority");
    is_int(r.srv[0].weight, 7, "its weight");
    is_str(r.srv[1].target, "", "the root");
    dns_records_free(&env, &r);

    dns_packet_begin(&p, "x.example.org", 33, 20);
    for (unsigned i = 0; i < 20; i++)
        dns_packet_put_srv(&p, i, i, "a.example.org");
    read_it(&p, DNS_SRV, &r);
    is_int(r.count, 8, "no more than the limit");
    dns_records_free(&env, &r);

    dns_packet_begin(&p, "x.example.org", 33, 0);
    is_int(read_it(&p, DNS_SRV, &r), DNS_ABSENT, "none");
    dns_records_free(&env, &r);
}

static void reads_addresses(void)
{
    static struct dns_packet p;
    struct dns_records r;

    dns_packet_begin(&p, "example.org", 1, 2);
    dns_packet_put_record(&p, 1, "\x7f\0\0\1", 4);
    dns_packet_put_record(&p, 1, "\x7f\0\0\2", 4);
    is_int(read_it(&p, DNS_A, &r), DNS_FOUND, "addresses");
    ok(r.count == 2 && memcmp(r.address[1], "\x7f\0\0\2", 4) == 0,
       "both, in order");
    dns_records_free(&env, &r);
    dns_packet_begin(&p, "example.org", 28, 1);
    dns_packet_put_record(&p, 28, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
    is_int(read_it(&p, DNS_AAAA, &r), DNS_FOUND, "of IPv6 too");
    dns_records_free(&env, &r);
    dns_packet_begin(&p, "example.org", 28, 1);
    dns_packet_put_record(&p, 28, "\1\2\3\4", 4);
    read_it(&p, DNS_AAAA, &r);
    is_int(r.count, 0, "one that is too short is none");
    dns_records_free(&env, &r);
}

/* ---- as many as are allowed -------------------------------------- */

static size_t count_srv(unsigned n, size_t most)
{
    static struct dns_packet p;
    struct dns_records r = {.kind = DNS_SRV, .most = most};

    dns_packet_begin(&p, "x.example.org", 33, n);
    for (unsigned i = 0; i < n; i++)
        dns_packet_put_srv(&p, i, i, "a.example.org");
    dns_records_read(&env, &r, ARES_SUCCESS, p.bytes, p.n);
    dns_records_free(&env, &r);
    return r.status == DNS_FOUND ? r.count : 0;
}

static size_t count_addresses(unsigned n, size_t most, enum dns_kind kind)
{
    static struct dns_packet p;
    unsigned type = kind == DNS_A ? 1 : 28;
    struct dns_records r = {.kind = kind, .most = most};

    dns_packet_begin(&p, "example.org", type, n);
    for (unsigned i = 0; i < n; i++)
        dns_packet_put_record(&p, type, "0123456789abcdef",
                              kind == DNS_A ? 4 : 16);
    dns_records_read(&env, &r, ARES_SUCCESS, p.bytes, p.n);
    dns_records_free(&env, &r);
    return r.count;
}

static void counts(void)
{
    is_int(count_srv(7, 8), 7, "fewer targets than the limit");
    is_int(count_srv(8, 8), 8, "as many targets as the limit");
    is_int(count_srv(9, 8), 8, "one more is left out");
    is_int(count_srv(1500, 64), 64, "65 kB of them: as many as the limit");
    is_int(count_addresses(8, 8, DNS_A), 8, "as many addresses as the limit");
    is_int(count_addresses(9, 8, DNS_A), 8, "one more is left out");
    is_int(count_addresses(64, 1024, DNS_A), 64, "as many as are of use");
    is_int(count_addresses(65, 1024, DNS_A), 64, "one more is not");
    is_int(count_addresses(64, 1024, DNS_AAAA), 64, "of IPv6 likewise");
    is_int(count_addresses(65, 1024, DNS_AAAA), 64, "one more is not");
    is_int(count_addresses(4000, 64, DNS_A), 64, "64 kB of addresses");
}

/* ---- answers that lie -------------------------------------------- */

/* An answer of `n` records is read, of each kind, and gives so many. */
static void lies(const struct dns_packet *p, enum dns_kind kind, size_t want,
                 const char *what)
{
    struct dns_records r;

    read_it(p, kind, &r);
    is_int(r.count, want, "%s", what);
    dns_records_free(&env, &r);
}

static void lying_counts(void)
{
    static struct dns_packet p;

    dns_packet_begin(&p, "example.org", 1, 65535);
    dns_packet_put_record(&p, 1, "\x7f\0\0\1", 4);
    lies(&p, DNS_A, 0, "65 535 addresses promised, one there: none");
    dns_packet_begin(&p, "example.org", 33, 65535);
    dns_packet_put_srv(&p, 1, 1, "a.example.org");
    lies(&p, DNS_SRV, 0, "65 535 targets promised, one there: none");
    dns_packet_begin(&p, "example.org", 1, 1);
    dns_packet_put_record(&p, 1, "\x7f\0\0\1", 4);
    p.bytes[p.n - 5] = 200;
    lies(&p, DNS_A, 0, "a length past the end");
    dns_packet_begin(&p, "example.org", 33, 1);
    dns_packet_put_srv(&p, 1, 1, "a.example.org");
    p.n -= 4;
    lies(&p, DNS_SRV, 0, "a name past the end");
    dns_packet_begin(&p, "example.org", 33, 1);
    dns_packet_put_record(&p, 33, "\0\1\0\1\0\1", 6);
    lies(&p, DNS_SRV, 0, "a target without a name");
}

/* A pointer to itself, two to each other, one past the end. */
static void loops(void)
{
    static struct dns_packet p;
    unsigned at;

    dns_packet_begin(&p, "example.org", 33, 1);
    at = 0xc000 + (unsigned)p.n + 12 + 6;
    dns_packet_put_record(&p, 33, "\0\1\0\1\0\1\0\0", 8);
    p.bytes[p.n - 2] = (unsigned char)(at >> 8);
    p.bytes[p.n - 1] = (unsigned char)at;
    lies(&p, DNS_SRV, 0, "a name that points at itself");
    p.bytes[p.n - 2] = p.bytes[p.n - 1] = 0xff;
    lies(&p, DNS_SRV, 0, "a name that points past the end");
    dns_packet_begin(&p, "example.org", 1, 2);
    dns_packet_put_record(&p, 5, "\xc0\x0c", 2);
    dns_packet_put_record(&p, 5, "\xc0\x0c", 2);
    lies(&p, DNS_A, 0, "an alias of itself leads nowhere");
    dns_packet_begin(&p, "example.org", 1, 3000);
    for (int i = 0; i < 3000; i++)
        dns_packet_put_record(&p, 5, "\xc0\x0c", 2);
    lies(&p, DNS_A, 0, "nor do 3 000 of them");
}

/* Whatever the bytes are, it ends and holds no more than the limit. */
static void reads_anything(void)
{
    static struct dns_packet p, q;
    struct dns_records r;
    unsigned seed = 7;
    bool bounded = true;

    dns_packet_begin(&p, "_xmpp-client._tcp.example.org", 33, 3);
    dns_packet_put_srv(&p, 5, 5222, "one.example.org");
    dns_packet_put_srv(&p, 5, 5222, "two.example.org");
    dns_packet_put_record(&p, 5, "\xc0\x0c", 2); /* an alias of itself */
    for (int i = 0; i < 20000; i++) {
        memcpy(q.bytes, p.bytes, (size_t)p.n);
        q.n = p.n;
        for (int k = 0; k < 3; k++) {
            seed = seed * 1103515245u + 12345u;
            q.bytes[(seed >> 8) % (unsigned)q.n] = (unsigned char)(seed >> 3);
        }
        if (i % 3 == 0)
            q.n = (int)((seed >> 5) % (unsigned)q.n);
        read_it(&q, (enum dns_kind)(i % 3), &r);
        bounded = bounded && r.count <= 8;
        dns_records_free(&env, &r);
    }
    ok(bounded, "20 000 answers that are wrong do no harm");
}

int main(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    reads_srv();
    reads_addresses();
    counts();
    lying_counts();
    loops();
    reads_anything();
    arena_drain(&env);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
