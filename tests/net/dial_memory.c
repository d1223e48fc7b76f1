/* dial_memory.c - a target in memory: reached, refused, and without memory. */

#include <errno.h>

#include "base/arena.h"
#include "failmem.h"
#include "net/dial.h"
#include "net/memory.h"
#include "tap.h"

#define TURNS_MOST 1000

/* One dial and what came of it. */
struct search {
    struct failmem failmem;
    struct env env;
    struct poll *poll;
    struct fault fault;
    struct dial *dial;
    struct target target;
    int calls;       /* of done */
    bool is_reached; /* then `target` is it */
};

static void on_done(void *userdata, const struct target *target)
{
    struct search *s = userdata;

    s->calls++;
    s->is_reached = target != NULL;
    if (target)
        s->target = *target;
}

static void search_init(struct search *s)
{
    *s = (struct search){.calls = 0};

    failmem_init(&s->failmem);
    env_init(&s->env, &s->failmem.mem, NULL);
    s->poll = poll_new(&s->env);
    poll_stop_clock(s->poll, 1000);
}

/* False when memory was out at once. */
static bool search_run(struct search *s, struct dial_wanted wanted)
{
    wanted.most_records = 8;
    wanted.timeout = 30000;
    s->dial = dial_new(&s->env, s->poll, &wanted, &s->fault, on_done, s);
    if (!s->dial)
        return false;
    is_int(s->calls, 0, "nothing is delivered from inside the call");
    for (int i = 0; s->dial && !s->calls && i < TURNS_MOST; i++)
        poll_turn(s->poll, 1);
    return true;
}

static void search_end(struct search *s, const char *what)
{
    dial_free(s->dial);
    poll_free(s->poll);
    arena_drain(&s->env);
    is_int(s->failmem.held, 0, "%s: no memory is left", what);
}

/* ---- in memory --------------------------------------------------- */

struct home {
    struct memory_host host;
    struct memory memory;
    char name[64];
    unsigned port;
    bool refuses;
    int calls;
};

/* Three targets; of them the last is there. */
static size_t on_find(struct memory_host *host, const char *domain,
                      struct srv_record *to, size_t most)
{
    static const char *const names[] = {"one", "two", "three"};

    (void)host;
    for (size_t i = 0; i < 3 && i < most; i++) {
        to[i] = (struct srv_record){.priority = (uint16_t)i,
                                    .port = (uint16_t)(i + 1),
                                    .direct = i == 2};
        snprintf(to[i].target, sizeof(to[i].target), "%s.%s", names[i], domain);
    }
    return most < 3 ? most : 3;
}

static struct memory *on_accept(struct memory_host *host, const char *name,
                                unsigned port)
{
    struct home *home = LIST_ENTRY(host, struct home, host);

    snprintf(home->name, sizeof(home->name), "%s", name);
    home->port = port;
    home->calls++;
    if (host->find)
        return port == 3 ? &home->memory : NULL;
    return home->refuses ? NULL : &home->memory;
}

static void in_memory(bool refuses)
{
    struct home home = {.host.accept = on_accept, .refuses = refuses};
    struct search s;

    search_init(&s);
    search_run(&s, (struct dial_wanted){.domain = "example.org",
                                        .service = "_xmpp-client._tcp",
                                        .port = 5222,
                                        .memory = &home.host});
    is_str(home.name, "example.org", "the domain is reached without a query");
    is_int(home.port, 5222, "at its port");
    is_int(s.calls, 1, "done");
    is_int(s.is_reached, !refuses, "accepted or not");
    if (refuses)
        is_int(s.fault.os, ECONNREFUSED, "refused");
    else
        ok(s.target.memory == &home.memory && s.target.fd < 0,
           "by no socket, but in memory");
    search_end(&s, "in memory");
}

static void several(void)
{
    struct home home = {.host = {.accept = on_accept, .find = on_find}};
    struct search s;

    search_init(&s);
    search_run(&s, (struct dial_wanted){.domain = "example.org",
                                        .service = SRV_CLIENT,
                                        .memory = &home.host});
    is_int(home.calls, 3, "several targets: one after the other");
    is_str(s.target.host, "three.example.org", "reached the last");
    ok(s.target.direct_tls, "with TLS from the first byte");
    search_end(&s, "several targets");
}

/* ---- without memory ---------------------------------------------- */

static bool starves(unsigned long fail_at)
{
    struct home home = {.host.accept = on_accept};
    struct search s;
    bool good;

    search_init(&s);
    failmem_arm(&s.failmem, fail_at, 0);
    good = search_run(&s, (struct dial_wanted){.domain = "example.org",
                                               .servers = "127.0.0.1",
                                               .port = 5222,
                                               .memory = &home.host});
    ok(good == (s.calls == 1) &&
           (s.is_reached || !good || s.fault.code == XMPP_EMEM),
       "the %lu-th allocation: reached, or not for that reason", fail_at);
    search_end(&s, "without memory");
    return s.failmem.failed == 0;
}

int main(void)
{
    unsigned long n = 1;

    in_memory(false);
    in_memory(true);
    several();
    while (!starves(n))
        n++;
    ok(n > 2, "%lu allocations failed", n - 1);
    dial_free(NULL);
    return done_testing();
}
