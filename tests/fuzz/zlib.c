/* zlib.c - fuzz target: any bytes as what a server compressed. The first byte
 * is how many arrive at once; reading goes on in small pieces, so that a bomb
 * shows. */

#include <string.h>

#include "base/arena.h"
#include "fuzz/fuzz.h"
#include "net/zlib.h"

const char fuzz_corpus[] = "zlib";

#define ENOUGH 1000000 /* bytes that came out */

/* A socket that has it all already; what is written is forgotten. */
struct floor {
    struct stage stage;
    const uint8_t *data;
    size_t n, piece;
};

static ssize_t floor_read(struct stage *stage, char *to, size_t n)
{
    struct floor *floor = (struct floor *)stage;

    if (floor->n == 0)
        return PIPE_EOF;
    if (n > floor->piece)
        n = floor->piece;
    if (n > floor->n)
        n = floor->n;
    memcpy(to, floor->data, n);
    floor->data += n;
    floor->n -= n;
    return (ssize_t)n;
}

static ssize_t floor_write(struct stage *stage, const char *from, size_t n)
{
    (void)stage;
    (void)from;
    return (ssize_t)n;
}

static int floor_done(struct stage *stage)
{
    (void)stage;
    return 0;
}

static unsigned floor_wants(struct stage *stage, unsigned above)
{
    (void)stage;
    return above;
}

static bool floor_pending(struct stage *stage)
{
    return ((struct floor *)stage)->n > 0;
}

static void floor_free(struct stage *stage)
{
    (void)stage;
}

static const struct stage_row row = {
    .name = "floor",
    .progress = floor_done,
    .read = floor_read,
    .write = floor_write,
    .flush = floor_done,
    .wants = floor_wants,
    .pending = floor_pending,
    .close = floor_done,
    .free = floor_free,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fault fault = {0};
    struct floor floor = {{&row, NULL, &fault}, data + 1, size - 1, 1};
    struct pipe pipe = {.top = NULL};
    struct env env;
    char out[512];
    size_t total = 0;
    ssize_t n = 0;

    if (size < 1 || !zlib_is_there())
        return 0;
    floor.piece = 1 + data[0];
    env_init(&env, NULL, NULL);
    pipe_push(&pipe, &floor.stage);
    pipe_push(&pipe, zlib_stage_new(&env, true, &fault));
    do {
        n = pipe_read(&pipe, out, sizeof(out));
        MUST(n <= (ssize_t)sizeof(out));
        MUST(n != 0);
        total += n > 0 ? (size_t)n : 0;
    } while (total < ENOUGH && (n > 0 || (n == PIPE_AGAIN && floor.n)));
    MUST(n != PIPE_FAIL || fault_is_set(&fault));
    pipe_free(&pipe);
    arena_drain(&env);
    return 0;
}
