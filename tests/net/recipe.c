/* recipe.c - the stage in memory, and pipes that are built by rows. */

#include <errno.h>
#include <unistd.h>

#include "failmem.h"
#include "net/memory.h"
#include "net/recipe.h"
#include "tap.h"

/* A client's pipe over a memory, and what it is made with. */
struct client {
    struct failmem failmem;
    struct env env, server;
    struct poll *poll;
    struct memory memory;
    struct target target;
    struct watch watch;
    struct fault fault;
    struct tls_trusts trusts;
    struct tls_wanted tls;
    struct pipe pipe;
    int calls; /* of the watch */
    unsigned events;
};

static void on_watch(struct watch *watch, unsigned events)
{
    struct client *c = LIST_ENTRY(watch, struct client, watch);

    c->calls++;
    c->events = events;
}

static void client_init(struct client *c)
{
    *c = (struct client){.calls = 0};
    failmem_init(&c->failmem);
    env_init(&c->env, &c->failmem.mem, NULL);
    env_init(&c->server, NULL, NULL);
    c->poll = poll_new(&c->env);
    memory_init(&c->memory, &c->server);
    c->watch.ready = on_watch;
    c->target = (struct target){.fd = -1, .memory = &c->memory};
}

static bool client_build(struct client *c, const struct recipe_row *rows)
{
    const struct recipe recipe = {
        .env = &c->env,
        .poll = c->poll,
        .watch = &c->watch,
        .fault = &c->fault,
        .target = &c->target,
        .tls = &c->tls,
    };

    return recipe_build(&recipe, rows, &c->pipe);
}

static void client_free(struct client *c, const char *what)
{
    pipe_free(&c->pipe);
    if (c->tls.trust)
        tls_trust_release(&c->trusts, c->tls.trust);
    tls_trusts_free(&c->trusts);
    poll_free(c->poll);
    memory_free(&c->memory);
    is_int(c->failmem.held, 0, "%s: no memory is left", what);
}

static void client_trust(struct client *c)
{
    const struct tls_config config = {.trust_any = true};

    c->tls.trust = tls_trust_get(&c->env, &c->trusts, &config);
    c->tls.domain = "example.org";
}

static bool server_has(struct client *c, const char *text)
{
    bool has = str_is(buf_view(&c->memory.out), text);

    memory_take(&c->memory, buf_size(&c->memory.out));
    return has;
}

/* Turn once; was the watch called, and for what? */
static unsigned turn(struct client *c)
{
    c->events = 0;
    poll_turn(c->poll, 0);
    return c->events;
}

/* ---- the stage --------------------------------------------------- */

static void bytes(void)
{
    struct client c;
    char got[16];

    client_init(&c);
    ok(client_build(&c, recipe_rows), "a pipe in memory");
    is_int(c.watch.fd, -1, "it has no descriptor");
    is_int(pipe_progress(&c.pipe), 0, "it is there at once");
    is_int(pipe_read(&c.pipe, got, 16), PIPE_AGAIN, "nothing came");
    memory_send(&c.memory, str_of("hello"));
    is_int(pipe_read(&c.pipe, got, 3), 3, "part of it");
    is_int(pipe_read(&c.pipe, got, 16), 2, "and the rest");
    is_int(pipe_write(&c.pipe, "abc", 3), 3, "all is taken");
    ok(server_has(&c, "abc"), "and arrives");
    c.memory.piece = 1;
    memory_send(&c.memory, str_of("xy"));
    is_int(pipe_read(&c.pipe, got, 16), 1, "in pieces");
    is_int(pipe_write(&c.pipe, "abc", 3), 1, "both ways");
    c.memory.room = 2;
    c.memory.piece = 16;
    is_int(pipe_write(&c.pipe, "bc", 2), 1, "as far as there is room");
    is_int(pipe_write(&c.pipe, "c", 1), PIPE_AGAIN, "then no more");
    ok(server_has(&c, "ab"), "until it is taken");
    is_int(pipe_write(&c.pipe, "c", 1), 1, "then there is again");
    ok(!pipe_pending(&c.pipe) && pipe_flush(&c.pipe) == 0, "nothing inside");
    pipe_close(&c.pipe);
    ok(c.memory.closed, "it is closed");
    client_free(&c, "bytes");
}

static void ends(void)
{
    struct client c;
    char got[16];

    client_init(&c);
    client_build(&c, recipe_rows);
    memory_send(&c.memory, str_of("x"));
    c.memory.ended = true;
    is_int(pipe_read(&c.pipe, got, 16), 1, "what was said before the end");
    is_int(pipe_read(&c.pipe, got, 16), PIPE_EOF, "and the end");
    c.memory.ended = false;
    memory_send(&c.memory, str_of("y"));
    c.memory.broken = ECONNRESET;
    pipe_wants(&c.pipe, POLL_READ | POLL_WRITE);
    is_int(pipe_write(&c.pipe, "z", 1), PIPE_AGAIN,
           "the last words are read before a failure");
    is_int(pipe_read(&c.pipe, got, 16), 1, "they are there");
    is_int(pipe_write(&c.pipe, "z", 1), PIPE_FAIL, "then writing fails");
    is_int(c.fault.os, ECONNRESET, "as it was set");
    is_int(pipe_read(&c.pipe, got, 16), PIPE_FAIL, "and so does reading");
    client_free(&c, "ends");
}

static void watched(void)
{
    struct client c;
    char got[16];

    client_init(&c);
    client_build(&c, recipe_rows);
    memory_send(&c.memory, str_of("x"));
    is_int(turn(&c), 0, "who wants nothing is not called");
    is_int(pipe_wants(&c.pipe, POLL_READ), 0, "no descriptor is watched");
    is_int(turn(&c), POLL_READ, "who wants to read is");
    is_int(turn(&c), POLL_READ, "again, for it did not");
    pipe_read(&c.pipe, got, 16);
    is_int(turn(&c), 0, "nothing is left");
    c.memory.room = 0;
    pipe_wants(&c.pipe, POLL_READ | POLL_WRITE);
    is_int(turn(&c), 0, "there is no room");
    c.memory.room = 1;
    memory_changed(&c.memory);
    is_int(turn(&c), POLL_WRITE, "there is");
    c.memory.ended = true;
    is_int(turn(&c), POLL_READ | POLL_WRITE, "an end can be read");
    pipe_wants(&c.pipe, 0);
    is_int(turn(&c), 0, "by who wants to");
    pipe_wants(&c.pipe, POLL_READ);
    pipe_free(&c.pipe);
    is_int(turn(&c), 0, "whoever is gone is not called");
    client_free(&c, "watched");
}

/* ---- a stage that knocks ----------------------------------------- */

/* As a proxy would: it sends a word, and lets nothing pass before another has
 * come. */
struct knock {
    struct stage stage;
    const struct env *env;
    bool has_sent, is_open;
};

static struct knock *knock_of(struct stage *stage)
{
    return (struct knock *)stage;
}

static int knock_progress(struct stage *stage)
{
    struct knock *k = knock_of(stage);
    struct stage *below = stage->below;
    char answer;
    ssize_t n;

    if (k->is_open)
        return 0;
    if (!k->has_sent && below->row->write(below, "knock", 5) != 5)
        return PIPE_AGAIN;
    k->has_sent = true;
    n = below->row->read(below, &answer, 1);
    if (n < 0)
        return (int)n;
    k->is_open = answer == '!';
    return k->is_open ? 0 : PIPE_FAIL;
}

static ssize_t knock_read(struct stage *stage, char *to, size_t n)
{
    return knock_of(stage)->is_open
               ? stage->below->row->read(stage->below, to, n)
               : PIPE_AGAIN;
}

static ssize_t knock_write(struct stage *stage, const char *from, size_t n)
{
    return knock_of(stage)->is_open
               ? stage->below->row->write(stage->below, from, n)
               : PIPE_AGAIN;
}

static int knock_nothing(struct stage *stage)
{
    (void)stage;
    return 0;
}

static unsigned knock_wants(struct stage *stage, unsigned above)
{
    if (!knock_of(stage)->is_open)
        above = knock_of(stage)->has_sent ? POLL_READ : POLL_WRITE;
    return stage->below->row->wants(stage->below, above);
}

static bool knock_pending(struct stage *stage)
{
    return stage->below->row->pending(stage->below);
}

static void knock_free(struct stage *stage)
{
    env_free(knock_of(stage)->env, stage);
}

static const struct stage_row knock_row = {
    .name = "knock",
    .progress = knock_progress,
    .read = knock_read,
    .write = knock_write,
    .flush = knock_nothing,
    .wants = knock_wants,
    .pending = knock_pending,
    .close = knock_nothing,
    .free = knock_free,
};

static bool always(const struct target *target)
{
    return target != NULL;
}

static struct stage *make_knock(const struct recipe *recipe,
                                struct stage *below)
{
    struct knock *k = env_zalloc(recipe->env, sizeof(*k));

    if (!k)
        return NULL;
    k->stage = (struct stage){&knock_row, below, recipe->fault};
    k->env = recipe->env;
    return &k->stage;
}

#define BOTTOMS 2 /* rows: in memory, or a socket */

/* One file and one row: here the file is this test, and the row stands among
 * those of the library, under TLS. */
static const struct recipe_row *with_knock(void)
{
    static struct recipe_row rows[16];
    size_t n = 0;

    for (const struct recipe_row *r = recipe_rows; r->make; r++) {
        if (r == recipe_rows + BOTTOMS)
            rows[n++] = (struct recipe_row){always, make_knock};
        rows[n++] = *r;
    }
    return rows;
}

static void establishes(void)
{
    struct client c;

    client_init(&c);
    ok(client_build(&c, with_knock()), "a pipe with a stage of ours");
    c.memory.room = 0;
    is_int(pipe_progress(&c.pipe), PIPE_AGAIN, "it cannot begin yet");
    pipe_wants(&c.pipe, POLL_READ);
    c.memory.room = 100;
    memory_changed(&c.memory);
    is_int(turn(&c), POLL_WRITE, "it waits for what it needs");
    is_int(pipe_progress(&c.pipe), PIPE_AGAIN, "it begins");
    ok(server_has(&c, "knock"), "by its own word");
    is_int(pipe_write(&c.pipe, "x", 1), PIPE_AGAIN, "nothing passes");
    pipe_wants(&c.pipe, POLL_READ);
    memory_send(&c.memory, str_of("!"));
    is_int(turn(&c), POLL_READ, "an answer comes");
    is_int(pipe_progress(&c.pipe), 0, "and all is set up");
    ok(!c.pipe.unready, "none is in work");
    is_int(pipe_write(&c.pipe, "x", 1), 1, "bytes pass");
    client_free(&c, "establishing");
}

static void refuses(void)
{
    struct client c;

    client_init(&c);
    client_build(&c, with_knock());
    memory_send(&c.memory, str_of("?"));
    is_int(pipe_progress(&c.pipe), PIPE_FAIL, "another answer is a failure");
    client_free(&c, "refused");
}

/* Direct TLS begins when what lies below is set up. */
static void under_tls(void)
{
    struct client c;

    client_init(&c);
    client_trust(&c);
    c.target.direct_tls = true;
    ok(client_build(&c, with_knock()), "a pipe of three stages");
    is_str(c.pipe.top->row->name, "tls", "TLS on top");
    is_str(c.pipe.top->below->row->name, "knock", "of ours");
    is_str(c.pipe.top->below->below->row->name, "memory", "of memory");
    ok(tls_stage_find(&c.pipe) == c.pipe.top, "TLS is found");
    is_int(pipe_progress(&c.pipe), PIPE_AGAIN, "the lower one begins");
    is_str(c.pipe.unready->row->name, "knock", "which is the one in work");
    ok(server_has(&c, "knock"), "alone");
    memory_send(&c.memory, str_of("!"));
    is_int(pipe_progress(&c.pipe), PIPE_AGAIN, "then the handshake");
    is_str(c.pipe.unready->row->name, "tls", "which is in work now");
    is_int(buf_view(&c.memory.out).s[0], 0x16, "and says hello");
    client_free(&c, "TLS");
}

/* ---- building ---------------------------------------------------- */

/* The descriptor belongs to the pipe, or to nobody if there is none. */
static void sockets(void)
{
    struct client c;
    int ends[2];
    char byte;

    if (pipe(ends))
        bail("no descriptors");
    client_init(&c);
    c.target = (struct target){.fd = ends[1]};
    ok(client_build(&c, recipe_rows), "a pipe with a socket");
    is_int(c.watch.fd, ends[1], "which is watched");
    ok(!tls_stage_find(&c.pipe), "it has no TLS");
    pipe_free(&c.pipe);
    is_int(read(ends[0], &byte, 1), 0, "it is closed with the pipe");
    close(ends[0]);
    if (pipe(ends))
        bail("no descriptors");
    c.target.fd = ends[1];
    recipe_decline(&c.target);
    is_int(read(ends[0], &byte, 1), 0, "or when none is built");
    close(ends[0]);
    recipe_decline(&(struct target){.fd = -1});
    client_free(&c, "sockets");
}

static bool builds(unsigned long fail_at)
{
    struct client c;
    bool good;

    client_init(&c);
    client_trust(&c);
    tls_trust_prepare(c.tls.trust, NULL, &c.fault);
    c.target.direct_tls = true;
    failmem_arm(&c.failmem, fail_at, 0);
    good = client_build(&c, with_knock());
    if (!good)
        is_int(c.fault.code, XMPP_EMEM, "the %lu-th: it is reported", fail_at);
    client_free(&c, "without memory");
    return good;
}

static void without_memory(void)
{
    unsigned long n = 1;

    while (!builds(n))
        n++;
    ok(n > 3, "%lu allocations failed", n - 1);
}

int main(void)
{
    bytes();
    ends();
    watched();
    establishes();
    refuses();
    under_tls();
    sockets();
    without_memory();
    return done_testing();
}
