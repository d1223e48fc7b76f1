/* post.c - functions that other threads and signal handlers want to run in the
 * context's thread: each once, in order, up to a limit, to the end. Built with
 * -fsanitize=thread by runtests, too. */

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

#include "failmem.h"
#include "tap.h"
#include <xmpp/xmpp.h>

#define THREADS 4
#define EACH 5000

static struct failmem memory;
static xmpp_ctx_t *ctx;

static void begin(void)
{
    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
}

static void end(const char *what)
{
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "%s: no memory is left", what);
}

/* ---- several threads --------------------------------------------- */

/* Only the thread of the loop touches `seen`, `wrong` and `total`. */
struct sender {
    pthread_t thread;
    long next, seen, wrong;
};

static struct sender senders[THREADS];
static long total;

static void on_post(xmpp_ctx_t *in, void *userdata)
{
    struct sender *s = userdata;

    s->wrong += in != ctx;
    s->seen++;
    if (++total == (long)THREADS * EACH)
        xmpp_stop(in);
}

static void *post_many(void *userdata)
{
    for (int i = 0; i < EACH; i++)
        while (xmpp_ctx_post(ctx, on_post, userdata) == XMPP_EFULL)
            sched_yield();
    return NULL;
}

static int start_threads(xmpp_ctx_t *in, void *userdata)
{
    (void)in;
    (void)userdata;
    for (int i = 0; i < THREADS; i++)
        pthread_create(&senders[i].thread, NULL, post_many, &senders[i]);
    return 0;
}

static void from_threads(void)
{
    begin();
    xmpp_ctx_set_timeout(ctx, 1000000); /* what is posted ends the wait */
    xmpp_global_timed_handler_add(ctx, start_threads, 0, NULL);
    xmpp_run(ctx);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(senders[i].thread, NULL);
        is_int(senders[i].seen, EACH, "thread %d: each is called once", i);
        is_int(senders[i].wrong, 0, "with the context");
    }
    end("threads");
}

/* ---- in order ---------------------------------------------------- */

static int order[4], ordered;

static void on_number(xmpp_ctx_t *in, void *userdata)
{
    (void)in;
    order[ordered++] = *(int *)userdata;
}

static void on_again(xmpp_ctx_t *in, void *userdata)
{
    if (++*(int *)userdata < 3)
        xmpp_ctx_post(in, on_again, userdata);
}

static void on_nested(xmpp_ctx_t *in, void *userdata)
{
    if (++*(int *)userdata == 1)
        xmpp_run_once(in, 0);
}

static void in_order(void)
{
    int numbers[] = {1, 2, 3}, again = 0, nested = 0;

    begin();
    for (int i = 0; i < 3; i++)
        xmpp_ctx_post(ctx, on_number, &numbers[i]);
    is_int(ordered, 0, "nothing is called at once");
    xmpp_run_once(ctx, 1000000);
    ok(order[0] == 1 && order[1] == 2 && order[2] == 3, "in order");
    xmpp_ctx_post(ctx, on_again, &again);
    xmpp_run_once(ctx, 1000000);
    is_int(again, 1, "one that is posted again waits for the next turn");
    is_int(xmpp_ctx_process(ctx), 0, "which a loop of another may serve");
    is_int(again, 2, "and does");
    xmpp_run_once(ctx, 1000000);
    xmpp_ctx_post(ctx, on_nested, &nested);
    xmpp_ctx_post(ctx, on_nested, &nested);
    xmpp_run_once(ctx, 1000000);
    is_int(nested, 2, "one that runs the loop is not called again by it");
    end("order");
}

/* ---- a signal ---------------------------------------------------- */

static int signalled;

static void on_signalled(xmpp_ctx_t *in, void *userdata)
{
    (void)userdata;
    signalled++;
    xmpp_stop(in);
}

static void on_signal(int number)
{
    (void)number;
    xmpp_ctx_post(ctx, on_signalled, NULL);
}

static int raise_signal(xmpp_ctx_t *in, void *userdata)
{
    (void)in;
    (void)userdata;
    raise(SIGUSR1);
    return 0;
}

static void from_signal(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    begin();
    sigaction(SIGUSR1, &action, NULL);
    xmpp_global_timed_handler_add(ctx, raise_signal, 0, NULL);
    xmpp_ctx_set_timeout(ctx, 1000000);
    xmpp_run(ctx);
    is_int(signalled, 1, "a signal handler may post");
    end("signal");
}

/* ---- the limit, and the end -------------------------------------- */

static int called, given_back;

static void on_left(xmpp_ctx_t *in, void *userdata)
{
    (void)userdata;
    if (in)
        called++;
    else
        given_back++;
}

/* The context that it wants is being freed. */
static void on_late(xmpp_ctx_t *in, void *userdata)
{
    is_int(in == NULL, 1, "it is given back");
    is_int(xmpp_ctx_post(userdata, on_left, NULL), XMPP_EINVOP,
           "and nothing is accepted any more");
}

static void fill(void)
{
    for (int i = 0; i < XMPP_POSTS_MOST; i++)
        if (xmpp_ctx_post(ctx, on_left, NULL))
            bail("it is full too soon");
}

static void limited(void)
{
    begin();
    is_int(xmpp_ctx_post(NULL, on_left, NULL), XMPP_EINVOP, "no context");
    is_int(xmpp_ctx_post(ctx, NULL, NULL), XMPP_EARG, "no function");
    for (int round = 1; round < 4; round++) {
        fill();
        is_int(xmpp_ctx_post(ctx, on_left, NULL), XMPP_EFULL,
               "one more than XMPP_POSTS_MOST is refused");
        xmpp_run_once(ctx, 0);
        is_int(called, round * XMPP_POSTS_MOST, "all others are called");
    }
    fill();
    xmpp_run_once(ctx, 0);
    xmpp_ctx_post(ctx, on_left, NULL);
    xmpp_ctx_post(ctx, on_late, ctx);
    called = 0;
    end("left");
    is_int(called, 0, "what is left when the context is freed");
    is_int(given_back, 1, "is called without it");
}

static void on_free(xmpp_ctx_t *in, void *userdata)
{
    (void)userdata;
    xmpp_ctx_free(in);
}

static void freed_inside(void)
{
    begin();
    given_back = called = 0;
    xmpp_ctx_post(ctx, on_left, NULL);
    xmpp_ctx_post(ctx, on_free, NULL);
    xmpp_ctx_post(ctx, on_left, NULL);
    xmpp_run(ctx);
    is_int(called, 1, "a posted function may free the context");
    is_int(given_back, 1, "the ones behind it are given back");
    is_int(memory.held, 0, "freed inside: no memory is left");
}

int main(void)
{
    from_threads();
    in_order();
    from_signal();
    limited();
    freed_inside();
    return done_testing();
}
