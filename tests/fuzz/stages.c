/* stages.c - fuzz target: any bytes as what a proxy or a WebSocket answers. The
 * first byte says which, and how many bytes arrive at once. */

#include <string.h>

#include "base/arena.h"
#include "fuzz/fuzz.h"
#include "net/proxy.h"
#include "net/websocket.h"
#include "net/websocket_peer.h"
#include "stream/messages.h"

const char fuzz_corpus[] = "stages";

/* UPGRADED: its request is answered as it should be, the bytes are frames. */
enum kind { SOCKS, SOCKS_USER, CONNECT, WEBSOCKET, UPGRADED, KINDS };

/* A socket that has it all already; of what is written only a request is kept.
 */
struct floor {
    struct stage stage;
    struct buf in, request;
    size_t piece;
    bool answers;
};

static struct floor *floor_of(struct stage *stage)
{
    return (struct floor *)stage;
}

static ssize_t floor_read(struct stage *stage, char *to, size_t n)
{
    struct floor *floor = floor_of(stage);
    struct str bytes = buf_view(&floor->in);

    if (!bytes.n)
        return PIPE_EOF;
    n = n < bytes.n ? n : bytes.n;
    n = n < floor->piece ? n : floor->piece;
    memcpy(to, bytes.s, n);
    buf_consume(&floor->in, n);
    return (ssize_t)n;
}

static ssize_t floor_write(struct stage *stage, const char *from, size_t n)
{
    static const struct websocket_answer right = {.status = NULL};
    struct floor *floor = floor_of(stage);
    struct buf answer;

    if (!floor->answers)
        return (ssize_t)n;
    buf_put(&floor->request, from, n);
    buf_init(&answer, floor->in.env, SIZE_MAX / 4);
    if (websocket_peer_answer(buf_view(&floor->request), &right, &answer)) {
        buf_puts(&answer, buf_view(&floor->in));
        buf_clear(&floor->in);
        buf_puts(&floor->in, buf_view(&answer));
        floor->answers = false;
    }
    buf_free(&answer);
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
    return buf_size(&floor_of(stage)->in) > 0;
}

static void floor_free(struct stage *stage)
{
    buf_free(&floor_of(stage)->in);
    buf_free(&floor_of(stage)->request);
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

/* ---- what travels in messages ------------------------------------ */

struct spoken {
    struct websocket_content content;
    struct messages messages;
};

static size_t put(struct websocket_content *content, struct str bytes,
                  struct buf *payload, bool *ret_ends)
{
    return messages_put(&((struct spoken *)content)->messages, bytes, payload,
                        ret_ends);
}

static int get(struct websocket_content *content, struct str piece, bool begins,
               bool ends, struct buf *in, const char **ret_why)
{
    return messages_get(&((struct spoken *)content)->messages, piece, begins,
                        ends, in, ret_why);
}

/* ---- the stages -------------------------------------------------- */

static struct stage *make(enum kind kind, const struct env *env,
                          struct stage *below, struct spoken *spoken)
{
    static const struct proxy plain, user = {
                                         .has_user = true,
                                         .user = "user",
                                         .password = "password",
                                     };
    struct target target = {
        .host = "example.org",
        .port = 5222,
        .proxy = kind == SOCKS_USER ? &user : &plain,
    };
    struct websocket_wanted wanted = {
        .host = "example.org",
        .path = "/",
        .protocol = "xmpp",
        .content = &spoken->content,
    };

    if (kind == CONNECT)
        return connect_stage_new(env, below, &target, below->fault);
    if (kind == WEBSOCKET || kind == UPGRADED)
        return websocket_stage_new(env, below, &wanted, below->fault);
    return socks_stage_new(env, below, &target, below->fault);
}

static void play(struct pipe *pipe, const struct floor *floor)
{
    char out[512];
    ssize_t n = 0;
    int rc;

    rc = pipe_progress(pipe);
    MUST(rc != PIPE_AGAIN); /* the socket never is without an answer */
    if (rc == 0)
        pipe_write(pipe, "<a/>", 4);
    while (rc == 0 && n != PIPE_EOF && n != PIPE_FAIL) {
        n = pipe_read(pipe, out, sizeof(out));
        MUST(n != 0 && n <= (ssize_t)sizeof(out));
        pipe_flush(pipe);
    }
    MUST((rc != PIPE_FAIL && n != PIPE_FAIL) ||
         fault_is_set(floor->stage.fault));
    if (rc == 0)
        pipe_close(pipe);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fault fault = {0};
    struct floor floor = {.stage = {&row, NULL, &fault}};
    struct spoken spoken = {.content = {put, get}};
    struct pipe pipe = {.top = NULL};
    struct env env;

    if (size < 1)
        return 0;
    env_init(&env, NULL, NULL);
    messages_init(&spoken.messages, &env);
    buf_init(&floor.in, &env, SIZE_MAX / 4);
    buf_init(&floor.request, &env, SIZE_MAX / 4);
    buf_put(&floor.in, (const char *)data + 1, size - 1);
    floor.piece = data[0] / KINDS ? data[0] / KINDS : SIZE_MAX;
    floor.answers = data[0] % KINDS == UPGRADED;
    pipe_push(&pipe, &floor.stage);
    pipe_push(&pipe,
              make((enum kind)(data[0] % KINDS), &env, &floor.stage, &spoken));
    play(&pipe, &floor);
    pipe_free(&pipe);
    messages_free(&spoken.messages);
    arena_drain(&env);
    return 0;
}
