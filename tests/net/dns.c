/* dns.c - questions to a name server on loopback that lies. */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "failmem.h"
#include "net/dial.h"
#include "net/dns.h"
#include "net/dns_packet.h"
#include "net/poll.h"
#include "tap.h"

static struct failmem memory;
static struct env env;

/* ---- a name server ----------------------------------------------- */

/* What it does is the first letter of the name asked for: `a`nswer, `g`arbage,
 * `i`d of another question, `r`efuse, `n`o such name, `s`ilence, `m`any; `_`
 * are services, of which there are many too. */
struct liar {
    pthread_t thread;
    int fd;
    unsigned port;
    volatile int stop;
};

/* Three of what is asked for. */
static ssize_t give_many(unsigned char *b, ssize_t n)
{
    static struct dns_packet p;
    unsigned type = b[n - 3];

    p.n = 0;
    dns_packet_put(&p, b, (size_t)n);
    for (unsigned i = 0; i < 3; i++) {
        if (type == 33)
            dns_packet_put_srv(&p, i, 1, "many.test");
        else if (type == 1)
            dns_packet_put_record(&p, 1, "\x7f\0\0\1", 4);
        else
            dns_packet_put_record(&p, 28, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1",
                                  16);
    }
    p.bytes[7] = 3;
    memcpy(b, p.bytes, (size_t)p.n);
    return p.n;
}

static void lie(struct liar *l, unsigned char *b, ssize_t n,
                struct sockaddr_in *to)
{
    char what = (char)b[13];

    b[2] = 0x81;
    b[3] = 0x80;
    if (what == 'a') {
        static struct dns_packet p;

        p.n = 0;
        dns_packet_put(&p, b, (size_t)n);
        dns_packet_put_record(&p, 1, "\x7f\0\0\x09", 4);
        p.bytes[7] = 1;
        p.bytes[11] = 0; /* no additional records */
        memcpy(b, p.bytes, (size_t)p.n);
        n = p.n;
    }
    if (what == 'm' || what == '_')
        n = give_many(b, n);
    if (what == 'g')
        memset(b + 2, 0xff, (size_t)n - 2);
    if (what == 'i')
        b[0] ^= 0x55;
    if (what == 'r')
        b[3] |= 5;
    if (what == 'n')
        b[3] |= 3;
    if (what != 's')
        sendto(l->fd, b, (size_t)n, 0, (struct sockaddr *)to, sizeof(*to));
}

static void *serve(void *at)
{
    struct liar *l = at;
    static unsigned char b[70000];

    while (!l->stop) {
        struct pollfd wait = {l->fd, POLLIN, 0};
        struct sockaddr_in from;
        socklen_t size = sizeof(from);
        ssize_t n;

        if (poll(&wait, 1, 50) <= 0)
            continue;
        n = recvfrom(l->fd, b, 512, 0, (struct sockaddr *)&from, &size);
        if (n > 16)
            lie(l, b, n, &from);
    }
    return NULL;
}

static void liar_open(struct liar *l)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t n = sizeof(at);

    l->stop = 0;
    l->fd = socket(AF_INET, SOCK_DGRAM, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(l->fd, (struct sockaddr *)&at, n) ||
        getsockname(l->fd, (struct sockaddr *)&at, &n))
        bail("no name server");
    l->port = ntohs(at.sin_port);
    pthread_create(&l->thread, NULL, serve, l);
}

static void liar_close(struct liar *l)
{
    l->stop = 1;
    pthread_join(l->thread, NULL);
    close(l->fd);
}

/* ---- asking it --------------------------------------------------- */

struct reply {
    int times;
    enum dns_status status;
    size_t count;
    unsigned char last;
};

static void on_answer(void *userdata, const struct dns_answer *answer)
{
    struct reply *r = userdata;

    r->times++;
    r->status = answer->status;
    r->count = answer->count;
    if (answer->count && answer->address)
        r->last = answer->address[0][3];
}

static struct reply ask_kind(struct poll *poll, const char *servers,
                             const char *name, enum dns_kind kind)
{
    struct reply r = {0};
    /* Little patience only where no answer will do. */
    unsigned patience = strchr("gis", name[0]) ? 400 : 60000;
    struct dns *dns = dns_new(&env, poll, servers, 8, patience);
    uint64_t end = poll_now(poll) + 60000;

    is_int(dns_query(dns, name, kind, on_answer, &r), 0, "%s is asked", name);
    is_int(r.times, 0, "and not answered at once");
    while (!r.times && poll_now(poll) < end)
        poll_turn(poll, 1000);
    is_int(r.times, 1, "but once");
    dns_free(dns);
    return r;
}

static struct reply ask(struct poll *poll, const char *servers,
                        const char *name)
{
    return ask_kind(poll, servers, name, DNS_A);
}

/* Nobody is asked about names of this machine; the server would answer. */
static void asks_nobody(struct poll *poll, const char *servers)
{
    struct reply r = ask(poll, servers, "any.localhost");

    ok(r.status == DNS_FOUND && r.last == 1, "localhost is this machine");
    r = ask_kind(poll, servers, "LocalHost.", DNS_AAAA);
    is_int(r.status, DNS_FOUND, "in either family");
    r = ask_kind(poll, servers, "_xmpp-client._tcp.localhost", DNS_SRV);
    is_int(r.status, DNS_ABSENT, "and has no services");
    r = ask(poll, servers, "answer.notlocalhost");
    ok(r.last == 9, "what only ends like it is asked for");
}

static void asks(void)
{
    struct liar liar;
    struct poll *poll = poll_new(&env);
    struct dns *dns;
    struct reply r = {0};
    char servers[64];

    liar_open(&liar);
    snprintf(servers, sizeof(servers), "127.0.0.1:%u", liar.port);
    r = ask(poll, servers, "answer.test");
    is_int(r.status, DNS_FOUND, "an answer");
    ok(r.count == 1 && r.last == 9, "as it was given");
    asks_nobody(poll, servers);
    is_int(ask(poll, servers, "nobody.test").status, DNS_ABSENT,
           "no such name");
    is_int(ask(poll, servers, "refuse.test").status, DNS_FAILED, "refused");
    is_int(ask(poll, servers, "garbage.test").status, DNS_FAILED, "garbage");
    is_int(ask(poll, servers, "id.test").status, DNS_FAILED,
           "an answer to another question");
    is_int(ask(poll, servers, "silence.test").status, DNS_FAILED, "silence");
    dns = dns_new(&env, poll, servers, 8, 400);
    r = (struct reply){0};
    dns_query(dns, "silence.test", DNS_A, on_answer, &r);
    dns_free(dns);
    poll_turn(poll, 0);
    is_int(r.times, 0, "whoever gives up is not answered");
    liar_close(&liar);
    poll_free(poll);
}

/* ---- connecting -------------------------------------------------- */

static void on_dialed(void *userdata, const struct target *target)
{
    ok(!target, "nobody listens there");
    *(bool *)userdata = true;
}

/* Each of many targets has many addresses: all together have a limit. */
static void tries(size_t most, const char *says)
{
    struct liar liar;
    char servers[64];
    struct dial_wanted wanted = {.domain = "test",
                                 .service = "_xmpp-client._tcp",
                                 .servers = servers,
                                 .most_records = most,
                                 .timeout = 60000};
    struct poll *poll = poll_new(&env);
    uint64_t end = poll_now(poll) + 60000;
    struct fault fault = {0};
    struct dial *dial;
    bool done = false;

    liar_open(&liar);
    snprintf(servers, sizeof(servers), "127.0.0.1:%u", liar.port);
    dial = dial_new(&env, poll, &wanted, &fault, on_dialed, &done);
    while (!done && poll_now(poll) < end)
        poll_turn(poll, 1000);
    ok(strncmp(fault.detail, says, strlen(says)) == 0, "%s", fault.detail);
    dial_free(dial);
    liar_close(&liar);
    poll_free(poll);
}

static void valid_servers(void)
{
    ok(dns_servers_valid("127.0.0.1") && dns_servers_valid("[::1]:53,1.2.3.4"),
       "lists of servers");
    ok(!dns_servers_valid("") && !dns_servers_valid("nobody") &&
           !dns_servers_valid("1.2.3.4:x"),
       "and what is none");
}

int main(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    asks();
    tries(1, "2 addresses");
    tries(2, "4 addresses");
    tries(9, "18 addresses");
    valid_servers();
    arena_drain(&env);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
