/* zlib.c - the stage that compresses: both directions, what waits, what is
 * broken, no memory. */

#include <limits.h>
#include <zlib.h>

#include "base/buf.h"
#include "failmem.h"
#include "net/poll.h"
#include "net/zlib.h"
#include "tap.h"

/* Below: takes `room` bytes, gives what is in `in`. */
struct floor {
    struct stage stage;
    struct buf in, out;
    size_t room, piece;
    bool is_broken;
};

static struct floor *floor_of(struct stage *stage)
{
    return (struct floor *)stage;
}

static ssize_t floor_read(struct stage *stage, char *to, size_t n)
{
    struct floor *f = floor_of(stage);
    struct str bytes = buf_view(&f->in);

    if (f->is_broken)
        return PIPE_FAIL;
    if (bytes.n == 0)
        return PIPE_AGAIN;
    if (n > bytes.n)
        n = bytes.n;
    if (n > f->piece)
        n = f->piece;
    memcpy(to, bytes.s, n);
    buf_consume(&f->in, n);
    return (ssize_t)n;
}

static ssize_t floor_write(struct stage *stage, const char *from, size_t n)
{
    struct floor *f = floor_of(stage);

    if (f->is_broken)
        return PIPE_FAIL;
    if (f->room == 0)
        return PIPE_AGAIN;
    if (n > f->room)
        n = f->room;
    buf_put(&f->out, from, n);
    f->room -= n;
    return (ssize_t)n;
}

static unsigned floor_wants(struct stage *stage, unsigned above)
{
    (void)stage;
    return above;
}

static bool floor_pending(struct stage *stage)
{
    (void)stage;
    return false;
}

static int floor_nothing(struct stage *stage)
{
    (void)stage;
    return 0;
}

static void floor_free(struct stage *stage)
{
    buf_free(&floor_of(stage)->in);
    buf_free(&floor_of(stage)->out);
}

static const struct stage_row floor_row = {
    .name = "floor",
    .progress = floor_nothing,
    .read = floor_read,
    .write = floor_write,
    .flush = floor_nothing,
    .wants = floor_wants,
    .pending = floor_pending,
    .close = floor_nothing,
    .free = floor_free,
};

struct bench {
    struct failmem memory;
    struct env env;
    struct fault fault;
    struct floor floor;
    struct pipe pipe;
};

static bool open_bench(struct bench *b, bool keeps)
{
    struct stage *zlib;

    memset(&b->fault, 0, sizeof(b->fault));
    memset(&b->floor, 0, sizeof(b->floor));
    env_init(&b->env, &b->memory.mem, NULL);
    b->floor.stage = (struct stage){&floor_row, NULL, &b->fault};
    b->floor.room = b->floor.piece = SIZE_MAX;
    buf_init(&b->floor.in, &b->env, SIZE_MAX / 4);
    buf_init(&b->floor.out, &b->env, SIZE_MAX / 4);
    b->pipe.top = NULL;
    pipe_push(&b->pipe, &b->floor.stage);
    zlib = zlib_stage_new(&b->env, keeps, &b->fault);
    if (zlib)
        pipe_push(&b->pipe, zlib);
    return zlib != NULL;
}

static void close_bench(struct bench *b, const char *what)
{
    pipe_free(&b->pipe);
    is_int(b->memory.held, 0, "%s: no memory is left", what);
}

static void make(struct bench *b, bool keeps)
{
    failmem_init(&b->memory);
    if (!open_bench(b, keeps))
        bail("no stage");
}

/* Write all of it; what comes out is moved to the way in. */
static bool send_all(struct bench *b, const char *text, size_t n)
{
    struct str bytes;

    while (n) {
        ssize_t sent = pipe_write(&b->pipe, text, n);

        if (sent < 0)
            return false;
        text += sent;
        n -= (size_t)sent;
    }
    bytes = buf_view(&b->floor.out);
    buf_puts(&b->floor.in, bytes);
    buf_clear(&b->floor.out);
    return true;
}

/* Read until there is no more; how many bytes were as in `text`. */
static size_t read_all(struct bench *b, const char *text, size_t piece)
{
    char to[5000];
    size_t all = 0;
    ssize_t n;

    while ((n = pipe_read(&b->pipe, to, piece)) > 0) {
        if (memcmp(to, text + all, (size_t)n) != 0)
            return 0;
        all += (size_t)n;
    }
    return n == PIPE_AGAIN ? all : 0;
}

#define LONG 300000

static char *long_text(void)
{
    char *text = malloc(LONG);

    for (size_t i = 0; i < LONG; i++)
        text[i] = (char)(i % 251 ^ (i / 1000) % 7);
    return text;
}

static void there_and_back(bool keeps)
{
    const char *what = keeps ? "with memory" : "without";
    char *text = long_text();
    struct bench b;

    make(&b, keeps);
    ok(send_all(&b, "<stream>", 8), "%s: a little", what);
    is_int(read_all(&b, "<stream>", 100), 8, "%s: comes out", what);
    ok(send_all(&b, text, LONG), "%s: much", what);
    ok(buf_size(&b.floor.in) < LONG / 2, "%s: becomes less", what);
    b.floor.piece = 7;
    is_int(read_all(&b, text, 11), LONG, "%s: all of it comes out", what);
    ok(!pipe_pending(&b.pipe), "%s: and nothing is left", what);
    close_bench(&b, what);
    free(text);
}

/* The same text twice: only with memory the second costs next to nothing. */
static size_t second_time(bool keeps)
{
    char random[2000];
    struct bench b;
    size_t n;

    for (size_t i = 0; i < sizeof(random); i++)
        random[i] = (char)(i * i * 31 + i * 7 + (i * i * i >> 5));
    make(&b, keeps);
    pipe_write(&b.pipe, random, sizeof(random));
    n = buf_size(&b.floor.out);
    pipe_write(&b.pipe, random, sizeof(random));
    n = buf_size(&b.floor.out) - n;
    close_bench(&b, "twice");
    return n;
}

static void what_waits(void)
{
    struct bench b;

    make(&b, true);
    b.floor.room = 5;
    is_int(pipe_write(&b.pipe, "hello", 5), 5, "taken, though not all is out");
    is_int(pipe_wants(&b.pipe, 0), POLL_WRITE, "so it wants to write");
    is_int(pipe_flush(&b.pipe), PIPE_AGAIN, "and cannot yet");
    is_int(pipe_write(&b.pipe, "more", 4), PIPE_AGAIN, "nothing more is taken");
    b.floor.room = SIZE_MAX;
    is_int(pipe_flush(&b.pipe), 0, "it goes out");
    is_int(pipe_wants(&b.pipe, 0), 0, "and wants nothing");
    send_all(&b, " you", 4);
    is_int(read_all(&b, "hello you", 100), 9, "all of it");
    close_bench(&b, "what waits");
}

/* Its memory is that of its beginning. */
static void no_allocation(void)
{
    char text[10000];
    unsigned long before = 0;
    struct bench b;

    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)(i * i * 31 + i * 7 + (i * i * i >> 5));
    make(&b, true);
    for (int i = 0; i < 40; i++) {
        if (i == 20)
            before = b.memory.calls;
        send_all(&b, text + i, sizeof(text) - 40);
        if (read_all(&b, text + i, 5000) != sizeof(text) - 40)
            bail("not the same");
    }
    is_int(b.memory.calls - before, 0, "a write needs no memory, nor a read");
    close_bench(&b, "no allocation");
}

static void broken(void)
{
    struct bench b;
    char to[100];

    make(&b, true);
    buf_puts(&b.floor.in, STR("this is not zlib"));
    is_int(pipe_read(&b.pipe, to, sizeof(to)), PIPE_FAIL, "no zlib");
    is_int(b.fault.code, XMPP_EPROTO, "is told");
    close_bench(&b, "no zlib");
    make(&b, true);
    b.floor.is_broken = true;
    is_int(pipe_write(&b.pipe, "x", 1), PIPE_FAIL, "a broken floor");
    is_int(pipe_read(&b.pipe, to, sizeof(to)), PIPE_FAIL, "both ways");
    close_bench(&b, "a broken floor");
}

/* A peer that sends blocks without anything in them cannot keep us for itself,
 * and what comes behind them is read. */
static void empty_blocks(void)
{
    struct bench b;
    char to[10];
    int again = 0;
    ssize_t n;

    make(&b, true);
    buf_puts(&b.floor.in, STR("\x78\x9c"));
    for (int i = 0; i < 1000; i++)
        buf_put(&b.floor.in, "\0\0\0\xff\xff", 5);
    buf_put(&b.floor.in,
            "\0\3\0\xfc\xff"
            "hey",
            8);
    b.floor.piece = 10;
    while ((n = pipe_read(&b.pipe, to, sizeof(to))) == PIPE_AGAIN &&
           buf_size(&b.floor.in))
        again++;
    is_int(n, 3, "1000 empty blocks and a word: the word arrives");
    ok(again >= 2, "and others had their turn %d times", again);
    close_bench(&b, "empty blocks");
}

/* The peer may end its side of the compressed stream. */
static void ended(void)
{
    unsigned char packed[100];
    uLongf n = sizeof(packed);
    struct bench b;
    char to[100];

    make(&b, true);
    compress(packed, &n, (const Bytef *)"bye", 3);
    buf_put(&b.floor.in, (const char *)packed, n);
    is_int(pipe_read(&b.pipe, to, sizeof(to)), 3, "the last words");
    ok(pipe_pending(&b.pipe), "there is more to be told");
    is_int(pipe_read(&b.pipe, to, sizeof(to)), PIPE_EOF, "the end");
    close_bench(&b, "ended");
}

/* A bomb comes out in pieces no larger than asked for. */
static void bomb(void)
{
    uLongf n = compressBound(10000000);
    unsigned char *zeros = calloc(1, 10000000), *packed = malloc(n);
    size_t all = 0;
    struct bench b;
    char to[1000];
    ssize_t got;

    make(&b, true);
    compress2(packed, &n, zeros, 10000000, 9);
    buf_put(&b.floor.in, (const char *)packed, n);
    while ((got = pipe_read(&b.pipe, to, sizeof(to))) > 0)
        all += (size_t)got;
    is_int(all, 10000000, "ten million zeros come one by one");
    close_bench(&b, "a bomb");
    free(zeros);
    free(packed);
}

static void no_memory(void)
{
    struct bench b;
    bool whole = false;
    unsigned long n = 0;

    failmem_init(&b.memory);
    while (!whole) {
        failmem_arm(&b.memory, ++n, 0);
        whole = open_bench(&b, true) && send_all(&b, "hello", 5) &&
                read_all(&b, "hello", 100) == 5 && !b.memory.failed;
        pipe_free(&b.pipe);
        if (b.memory.held)
            break;
    }
    ok(whole, "every allocation may fail (%lu)", n);
    is_int(b.memory.held, 0, "and nothing is left");
}

int main(void)
{
    if (!zlib_is_there()) {
        skip("built without zlib");
        return done_testing();
    }
    there_and_back(true);
    there_and_back(false);
    ok(second_time(true) < second_time(false) / 2,
       "what was said before helps only where that is wanted");
    what_waits();
    no_allocation();
    broken();
    empty_blocks();
    ended();
    bomb();
    no_memory();
    return done_testing();
}
