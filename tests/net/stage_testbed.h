/* stage_testbed.h - a pipe over memory, for tests of stages that talk to a peer
 * before anything passes. */

#ifndef TESTS_NET_STAGE_TESTBED_H
#define TESTS_NET_STAGE_TESTBED_H

#include "failmem.h"
#include "net/memory.h"
#include "net/recipe.h"
#include "tap.h"

struct bench {
    struct failmem failmem; /* of the stages */
    struct env env, server;
    struct poll *poll;
    struct memory memory;
    struct target target;
    struct watch watch;
    struct fault fault;
    struct tls_wanted tls;
    struct pipe pipe;
};

/* One line of a dialogue: what the client has to have sent, or what the peer
 * answers. */
struct line {
    enum { LINE_END, LINE_SENT, LINE_ANSWER, LINE_EOF } kind;
    struct str bytes;
};

#define SENT(literal)                                                          \
    {                                                                          \
        LINE_SENT,                                                             \
        {                                                                      \
            literal, sizeof(literal) - 1                                       \
        }                                                                      \
    }
#define ANSWER(literal)                                                        \
    {                                                                          \
        LINE_ANSWER,                                                           \
        {                                                                      \
            literal, sizeof(literal) - 1                                       \
        }                                                                      \
    }

void bench_init(struct bench *bench);

/* Of the target's stages; false if it could not be built. */
bool bench_build(struct bench *bench);

/* Take what the client sent: is it this? */
bool bench_sent(struct bench *bench, struct str want);

/* Establish the pipe while the peer obeys the lines, and bytes travel in
 * `pieces`. The last result of pipe_progress(). */
int bench_play(struct bench *bench, const struct line *lines, size_t piece);

/* Free all, and look for leaks. */
void bench_free(struct bench *bench, const char *what);

#endif
