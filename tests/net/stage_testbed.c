/* stage_testbed.c - a pipe over memory. */

#include "net/stage_testbed.h"

static void on_watch(struct watch *watch, unsigned events)
{
    (void)watch;
    (void)events;
}

void bench_init(struct bench *b)
{
    *b = (struct bench){.target = {.fd = -1}};
    failmem_init(&b->failmem);
    env_init(&b->env, &b->failmem.mem, NULL);
    env_init(&b->server, NULL, NULL);
    b->poll = poll_new(&b->server);
    memory_init(&b->memory, &b->server);
    b->watch.ready = on_watch;
    b->target.memory = &b->memory;
}

bool bench_build(struct bench *b)
{
    const struct recipe recipe = {
        .env = &b->env,
        .poll = b->poll,
        .watch = &b->watch,
        .fault = &b->fault,
        .target = &b->target,
        .tls = &b->tls,
    };

    return recipe_build(&recipe, recipe_rows, &b->pipe);
}

bool bench_sent(struct bench *b, struct str want)
{
    struct str got = buf_view(&b->memory.out);
    bool same = str_eq(got, want);

    if (!same)
        printf("#  sent %.*s\n", STR_ARG(got));
    memory_take(&b->memory, got.n);
    return same;
}

/* As the pump would: as long as the peer has said something, or something still
 * leaves. */
static int establish(struct bench *b)
{
    int rc = PIPE_AGAIN;
    size_t before;

    do {
        before = buf_size(&b->memory.in) + ~buf_size(&b->memory.out);
        rc = pipe_progress(&b->pipe);
    } while (rc == PIPE_AGAIN &&
             before != buf_size(&b->memory.in) + ~buf_size(&b->memory.out));
    return rc;
}

int bench_play(struct bench *b, const struct line *lines, size_t piece)
{
    int rc;

    b->memory.piece = piece;
    rc = establish(b);
    for (; lines->kind != LINE_END; lines++) {
        if (lines->kind == LINE_SENT)
            ok(bench_sent(b, lines->bytes), "as it has to be sent");
        else if (lines->kind == LINE_ANSWER)
            memory_send(&b->memory, lines->bytes);
        else
            b->memory.ended = true;
        if (rc == PIPE_AGAIN)
            rc = establish(b);
    }
    return rc;
}

void bench_free(struct bench *b, const char *what)
{
    pipe_free(&b->pipe);
    poll_free(b->poll);
    memory_free(&b->memory);
    is_int(b->failmem.held, 0, "%s: no memory is left", what);
}
