/* lookup.c - what no name server knows is asked of the host's own resolver,
 * beside the loop: it may hang, and nobody waits for it. */

#include <dirent.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/arena.h"
#include "failmem.h"
#include "net/dial.h"
#include "net/name_server.h"
#include "tap.h"

#define GUARD 60000 /* milliseconds; only to end a test that hangs */

static struct failmem memory;
static struct env env;
static struct poll *loop;
static struct lookups lookups;

/* ---- the host's resolver ----------------------------------------- */

/* Names that it knows begin with "known", those that it never answers with
 * "hang" until they may; "again" is a failure. */
static atomic_uint calls, inside, most_inside, ended;
static atomic_bool no_threads;
static sem_t may_end;
static char last_name[256]; /* read behind the lookup's end only */

static int known(const char *name, struct addrinfo **ret)
{
    struct addrinfo *list = NULL, hints = {.ai_flags = AI_NUMERICHOST,
                                           .ai_socktype = SOCK_STREAM};
    int rc;
    int __real_getaddrinfo(const char *, const char *, const struct addrinfo *,
                           struct addrinfo **);

    rc = __real_getaddrinfo(strcmp(name, "known6") ? "127.0.0.1" : "fe80::1%lo",
                            NULL, &hints, &list);
    *ret = list;
    return rc;
}

int __wrap_getaddrinfo(const char *name, const char *service,
                       const struct addrinfo *hints, struct addrinfo **ret);
int __wrap_getaddrinfo(const char *name, const char *service,
                       const struct addrinfo *hints, struct addrinfo **ret)
{
    unsigned n = atomic_fetch_add(&inside, 1) + 1;
    unsigned most = atomic_load(&most_inside);

    (void)service;
    (void)hints;
    while (n > most && !atomic_compare_exchange_weak(&most_inside, &most, n))
        ;
    atomic_fetch_add(&calls, 1);
    if (strncmp(name, "hang", 4) == 0)
        sem_wait(&may_end);
    else
        snprintf(last_name, sizeof(last_name), "%s", name);
    atomic_fetch_sub(&inside, 1);
    atomic_fetch_add(&ended, 1);
    if (strncmp(name, "known", 5) == 0)
        return known(name, ret);
    return strcmp(name, "again") == 0 ? EAI_AGAIN : EAI_NONAME;
}

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
                          void *(*start)(void *), void *arg);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
                          void *(*start)(void *), void *arg);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attr,
                          void *(*start)(void *), void *arg)
{
    return atomic_load(&no_threads)
               ? EAGAIN
               : __real_pthread_create(thread, attr, start, arg);
}

static void wait_until(atomic_uint *number, unsigned want)
{
    for (int i = 0; i < GUARD && atomic_load(number) < want; i++)
        usleep(1000);
}

/* ---- dialling ---------------------------------------------------- */

static struct name_server_row rows[] = {
    {"known.test", NAME_SERVER_A, NAME_SERVER_ABSENT, "", 0, 0, "", 0, {0}},
    {"known.test", NAME_SERVER_AAAA, NAME_SERVER_ABSENT, "", 0, 0, "", 0, {0}},
    {"_xmpp-client._tcp.srv.test",
     NAME_SERVER_SRV,
     NAME_SERVER_ANSWER,
     "b.test",
     0,
     0,
     "",
     0,
     {0}},
    {"b.test",
     NAME_SERVER_A,
     NAME_SERVER_ANSWER,
     "127.0.0.1",
     0,
     0,
     "",
     0,
     {0}},
    {"b.test", NAME_SERVER_AAAA, NAME_SERVER_ABSENT, "", 0, 0, "", 0, {0}},
    {"known", NAME_SERVER_A, NAME_SERVER_ABSENT, "", 0, 0, "", 0, {0}},
    {"known.local", NAME_SERVER_A, NAME_SERVER_ABSENT, "", 0, 0, "", 0, {0}},
    {"known.onion", NAME_SERVER_A, NAME_SERVER_ABSENT, "", 0, 0, "", 0, {0}},
    {NULL, 0, NAME_SERVER_SILENT, NULL, 0, 0, "", 0, {0}}};

static unsigned door_port;

struct search {
    struct name_server dns;
    struct dial *dial;
    struct fault fault;
    bool done, connected;
};

static void on_done(void *userdata, const struct target *target)
{
    struct search *s = userdata;

    s->done = true;
    s->connected = target != NULL;
    if (target)
        close(target->fd);
}

/* With a host or a domain. False without memory. */
static bool begin(struct search *s, const char *host, const char *domain,
                  unsigned timeout)
{
    struct dial_wanted wanted = {.domain = domain,
                                 .host = host,
                                 .service = "_xmpp-client._tcp",
                                 .port = (uint16_t)door_port,
                                 .servers = s->dns.servers,
                                 .lookups = &lookups,
                                 .most_records = 8,
                                 .timeout = timeout};

    *s = (struct search){0};
    name_server_open(&s->dns, rows);
    s->dial = dial_new(&env, loop, &wanted, &s->fault, on_done, s);
    return s->dial != NULL;
}

static void run(struct search *s)
{
    uint64_t end = poll_now(loop) + GUARD;

    while (!s->done && poll_now(loop) < end) {
        name_server_serve(&s->dns);
        poll_turn(loop, 5);
    }
}

static void end(struct search *s)
{
    dial_free(s->dial);
    name_server_close(&s->dns);
}

/* How often the host's resolver was asked, and the code of the end. */
static void finds(const char *host, const char *domain, unsigned asked,
                  int code, const char *what)
{
    unsigned before = atomic_load(&calls);
    struct search s;

    begin(&s, host, domain, GUARD);
    run(&s);
    is_int(atomic_load(&calls) - before, asked, "%s: is it asked?", what);
    is_str(xmpp_strerror_name(s.fault.code), xmpp_strerror_name(code),
           "%s: the end", what);
    is_int(s.connected, code == XMPP_EOK, "%s: connected or not", what);
    end(&s);
}

static void names(void)
{
    finds("known.test", "x", 1, XMPP_EOK, "what no name server knows");
    finds(NULL, "known.test", 1, XMPP_EOK, "a domain");
    finds(NULL, "known", 1, XMPP_EOK, "a name without a dot");
    is_str(last_name, "known", "as it is, for search domains");
    is_int(rows[5].asked, 0, "and no name server sees it");
    finds("known.local", "x", 1, XMPP_EOK, "a name of mDNS");
    is_int(rows[6].asked, 0, "nor that");
    finds("known6", "x", 1, XMPP_ECONNECT, "an address with a zone");
    finds(NULL, "nobody.test", 1, XMPP_ENOHOST, "what nobody knows");
    finds(NULL, "again", 1, XMPP_EDNS, "what nobody knows for now");
    finds(NULL, "srv.test", 0, XMPP_ECONNECT, "what a name server knows");
    finds("b.test", "x", 0, XMPP_EOK, "an address of a name server");
    finds("known.onion", "x", 0, XMPP_ENOHOST, "an onion");
    finds("LOCALHOST", "x", 0, XMPP_EOK, "this host");
    finds("127.0.0.1", "x", 0, XMPP_EOK, "a literal");
    finds("[::1%lo]", "x", 0, XMPP_ECONNECT, "a literal with a zone");
    finds("fe80::1%nothing", "x", 1, XMPP_ENOHOST, "a zone that is none");
}

/* ---- what hangs -------------------------------------------------- */

static void in_time(void)
{
    unsigned before = atomic_load(&ended);
    struct search s;

    begin(&s, "hang", "x", 300);
    run(&s);
    is_int(s.fault.code, XMPP_EDNS, "nobody waits for a resolver that hangs");
    is_str(s.fault.detail, "hang: no answer in time", "and it is told");
    end(&s);
    sem_post(&may_end);
    wait_until(&ended, before + 1);
    poll_turn(loop, 100);
    finds("known", "x", 1, XMPP_EOK, "another name after that");
}

/* All is freed while a thread is inside of the resolver. */
static void given_up(void)
{
    unsigned before = atomic_load(&ended), asked = atomic_load(&calls);
    struct search s;

    begin(&s, "hang", "x", GUARD);
    while (atomic_load(&calls) == asked)
        poll_turn(loop, 5);
    end(&s);
    lookups_free(&lookups);
    poll_free(loop);
    loop = poll_new(&env);
    sem_post(&may_end);
    wait_until(&ended, before + 1);
    is_int(atomic_load(&ended), before + 1, "a thread ends after its context");
    finds("known", "x", 1, XMPP_EOK, "the next context");
}

static void crowd(void)
{
    enum { MANY = LOOKUP_THREADS_MOST + 5 };
    unsigned before = atomic_load(&ended);
    static struct search s[MANY];
    int found = 0;

    atomic_store(&most_inside, 0);
    for (int i = 0; i < MANY; i++)
        begin(&s[i], i < LOOKUP_THREADS_MOST ? "hang" : "known", "x", GUARD);
    for (int i = 0; i < GUARD && atomic_load(&inside) < LOOKUP_THREADS_MOST;
         i++) {
        poll_turn(loop, 1);
    }
    for (int i = 0; i < MANY; i++)
        found += s[i].connected;
    is_int(found, 0, "more names than threads wait");
    for (int i = 0; i < LOOKUP_THREADS_MOST; i++) {
        sem_post(&may_end);
        if (i == 0)
            dial_free(s[i].dial); /* one that is given up makes room too */
    }
    s[0].dial = NULL;
    for (int i = 1; i < MANY; i++)
        run(&s[i]);
    for (int i = 0; i < MANY; i++)
        found += s[i].connected;
    is_int(found, MANY - LOOKUP_THREADS_MOST, "and have their turn");
    is_int(atomic_load(&most_inside), LOOKUP_THREADS_MOST, "not more at once");
    for (int i = 0; i < MANY; i++)
        end(&s[i]);
    wait_until(&ended, before + MANY);
}

static void without_threads(void)
{
    atomic_store(&no_threads, true);
    finds("known", "x", 0, XMPP_EDNS, "no thread");
    atomic_store(&no_threads, false);
}

/* Each allocation fails in turn. */
static void without_memory(void)
{
    bool more = true;
    int wrong = 0;
    unsigned long n;

    for (n = 1; more && n < 1000; n++) {
        struct search s;

        failmem_arm(&memory, n, 0);
        if (begin(&s, NULL, "known.test", GUARD)) {
            run(&s);
            more = memory.failed != 0;
            wrong += !more && !s.connected;
            wrong += !s.done;
        }
        end(&s);
    }
    failmem_arm(&memory, 0, 0);
    is_int(wrong, 0, "%lu allocations fail in turn", n - 1);
}

static void literals(void)
{
    static const struct {
        const char *text, *again;
    } good[] = {{"127.0.0.1", "127.0.0.1"},
                {"::1", "::1"},
                {"fe80::1%lo", "fe80::1%lo"},
                {"fe80::1%1", "fe80::1%lo"},
                {"FE80::1%4000000000", "fe80::1%4000000000"}};
    static const char *const bad[] = {"",
                                      "x",
                                      "1.2.3",
                                      "127.0.0.1%lo",
                                      "fe80::1%",
                                      "fe80::1%0",
                                      "%lo",
                                      "::1%1x",
                                      "fe80::1%nowhere",
                                      "[::1]",
                                      "::1 ",
                                      "::1%99999999999"};
    struct address address;
    char text[ADDRESS_TEXT];

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        strcpy(text, "");
        if (ok(address_read(&address, good[i].text), "%s", good[i].text))
            address_write(&address, text);
        is_str(text, good[i].again, "and back");
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ok(!address_read(&address, bad[i]), "'%s' is none", bad[i]);
}

/* Until no thread is left: what it has is no leak. */
static void wait_for_threads(void)
{
    int threads = 2;

    for (int i = 0; i < GUARD && threads > 1; i++) {
        DIR *dir = opendir("/proc/self/task");
        struct dirent *entry;

        for (threads = 0; dir && (entry = readdir(dir));)
            threads += entry->d_name[0] != '.';
        if (dir)
            closedir(dir);
        usleep(1000);
    }
    ok(threads <= 1, "all threads end");
}

/* Without `listens` connections are refused there; it stays open. */
static unsigned open_port(bool listens)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t n = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (struct sockaddr *)&at, n) || (listens && listen(fd, 100)) ||
        getsockname(fd, (struct sockaddr *)&at, &n))
        bail("no server");
    return ntohs(at.sin_port);
}

int main(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    loop = poll_new(&env);
    sem_init(&may_end, 0, 0);
    door_port = open_port(true);
    rows[2].port = open_port(false);
    literals();
    names();
    in_time();
    given_up();
    crowd();
    without_threads();
    without_memory();
    lookups_free(&lookups);
    poll_free(loop);
    wait_for_threads();
    arena_drain(&env);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
