/* fetch_testbed.c - a GET under test: the servers in memory that it meets, and
 * what came of it. */

#include "net/fetch_testbed.h"

#include <errno.h>

#include "base/arena.h"

#define TURNS_MOST 4000

/* True when all of it was sent. */
static bool drip(struct getting *g, struct memory *m, struct str answer)
{
    if (g->dripped < answer.n)
        memory_send(m, str_n(answer.s + g->dripped, 1));
    return ++g->dripped > answer.n;
}

/* The answer comes once the request has its end. */
static void answer_all(struct getting *g)
{
    for (size_t i = 0; i < g->came; i++) {
        struct memory *m = &g->memories[i];
        struct str asked = buf_view(&m->out);

        if (g->silent || asked.n < 4 ||
            memcmp(asked.s + asked.n - 4, "\r\n\r\n", 4) != 0)
            continue;
        snprintf(g->asked, sizeof(g->asked), "%.*s", STR_ARG(asked));
        if (g->drips && !drip(g, m, g->answers[i]))
            continue;
        memory_take(m, asked.n);
        if (!g->drips)
            memory_send(m, g->answers[i]);
        m->ended = !g->broken;
        m->broken = g->broken;
        memory_changed(m);
    }
}

static struct memory *on_accept(struct memory_host *host, const char *name,
                                unsigned port)
{
    struct getting *g = LIST_ENTRY(host, struct getting, host);
    struct memory *m = &g->memories[g->came];

    (void)name;
    (void)port;
    if (g->came == g->accepts)
        return NULL;
    g->came++;
    memory_init(m, &g->server);
    m->piece = g->piece;
    if (g->unasked) {
        memory_send(m, str_of(g->unasked));
        m->broken = EPIPE;
    }
    return m;
}

static void on_done(void *userdata, struct fetch *fetch)
{
    struct getting *g = userdata;
    const struct fault *fault = fetch_fault(fetch);

    g->calls++;
    g->is_closed = !g->came || g->memories[g->came - 1].closed;
    g->code = fault ? fault->code : 0;
    g->layer = fault ? fault->layer : XMPP_LAYER_NONE;
    snprintf(g->words, sizeof(g->words), "%s", fault ? fault->detail : "");
    g->status = fetch_status(fetch);
    snprintf(g->location, sizeof(g->location), "%s", fetch_location(fetch));
    g->content_n = fetch_content(fetch).n;
    snprintf(g->content, sizeof(g->content), "%.*s",
             STR_ARG(fetch_content(fetch)));
    if (g->frees) {
        fetch_free(fetch);
        g->fetch = NULL;
    }
}

/* Each is a target of its own. */
static size_t on_find(struct memory_host *host, const char *domain,
                      struct srv_record *to, size_t most)
{
    struct getting *g = LIST_ENTRY(host, struct getting, host);
    size_t n = g->count < most ? g->count : most;

    (void)domain;
    for (size_t i = 0; i < n; i++) {
        to[i] = (struct srv_record){.port = (uint16_t)(443 + i)};
        snprintf(to[i].target, sizeof(to[i].target), "s%zu.example.org", i + 1);
    }
    return n;
}

static void on_missed(void *userdata, const struct target *target,
                      const struct fault *why)
{
    struct getting *g = userdata;

    (void)target;
    (void)why;
    g->missed++;
}

void getting_init(struct getting *g, struct str answer)
{
    *g = (struct getting){
        .accepts = 1, .count = 1, .frees = true, .path = "/a?b"};
    failmem_init(&g->failmem);
    env_init(&g->env, &g->failmem.mem, NULL);
    env_init(&g->server, NULL, NULL);
    g->poll = poll_new(&g->env);
    poll_stop_clock(g->poll, 1000);
    g->host.accept = on_accept;
    g->host.find = on_find;
    g->answers[0] = answer;
    g->piece = 100000;
}

bool getting_start(struct getting *g)
{
    const struct fetch_wanted wanted = {
        .dial = {.domain = "example.org",
                 .service = "a service", /* asks for targets */
                 .port = 443,
                 .most_records = 8,
                 .most_targets = 8,
                 .timeout = 3000,
                 .missed = on_missed,
                 .memory = &g->host},
        .host = "example.org",
        .port = 443,
        .authority = "example.org",
        .path = g->path,
        .accept = "text/plain",
        .timeout = 5000,
    };

    g->fetch = fetch_new(&g->env, g->poll, &wanted, on_done, g);
    return g->fetch != NULL;
}

void getting_turn(struct getting *g, int timeout)
{
    poll_turn(g->poll, timeout);
    answer_all(g);
}

void getting_run(struct getting *g)
{
    for (int i = 0; g->fetch && !g->calls && i < TURNS_MOST; i++)
        getting_turn(g, -1);
    is_int(g->calls, 1, "it ends once");
}

void getting_end(struct getting *g, const char *what)
{
    fetch_free(g->fetch);
    poll_free(g->poll);
    arena_drain(&g->env);
    for (size_t i = 0; i < g->came; i++)
        memory_free(&g->memories[i]);
    is_int(g->failmem.held, 0, "%s: no memory is left", what);
}
