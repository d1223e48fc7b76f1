/* websocket_testbed.c - a stage of WebSocket over memory, and its peer. */

#include "net/websocket_testbed.h"

#include "net/websocket.h"

static size_t put(struct websocket_content *content, struct str bytes,
                  struct buf *payload, bool *ret_ends)
{
    const char *end = memchr(bytes.s, '|', bytes.n);

    (void)content;
    if (bytes.s[0] == ' ' && !buf_size(payload))
        return 1; /* between two messages */
    buf_put(payload, bytes.s, end ? (size_t)(end - bytes.s) : bytes.n);
    *ret_ends = end != NULL;
    return end ? (size_t)(end - bytes.s) + 1 : bytes.n;
}

static int get(struct websocket_content *content, struct str piece, bool begins,
               bool ends, struct buf *in, const char **ret_why)
{
    (void)content;
    if (begins && piece.n && piece.s[0] == '!') {
        *ret_why = "an exclamation";
        return XMPP_EPROTO;
    }
    buf_puts(in, piece);
    if (ends)
        buf_puts(in, STR("/"));
    return 0;
}

static struct websocket_content content = {put, get};

static const struct websocket_wanted wanted = {
    .host = "example.org:8443",
    .path = "/ws?a=b",
    .protocol = "xmpp",
    .content = &content,
};

const struct websocket_answer ws_right = {.status = NULL};

void ws_begin(struct bench *b)
{
    bench_init(b);
    b->target.websocket = &wanted;
}

void ws_answer(struct bench *b, const struct websocket_answer *how)
{
    struct buf out;

    buf_init(&out, &b->server, SIZE_MAX / 4);
    if (!websocket_peer_answer(buf_view(&b->memory.out), how, &out))
        bail("the request is not complete");
    memory_take(&b->memory, buf_size(&b->memory.out));
    memory_send(&b->memory, buf_view(&out));
    buf_free(&out);
}

void ws_open(struct bench *b)
{
    ws_begin(b);
    if (!bench_build(b) || pipe_progress(&b->pipe) != PIPE_AGAIN)
        bail("no pipe");
    ws_answer(b, &ws_right);
    is_int(pipe_progress(&b->pipe), 0, "it is up");
}

void ws_frame(struct bench *b, unsigned first, struct str payload)
{
    struct buf out;

    buf_init(&out, &b->server, SIZE_MAX / 4);
    websocket_peer_frame(&out, first, payload);
    memory_send(&b->memory, buf_view(&out));
    buf_free(&out);
}

/* All that can be read; the last result. */
ssize_t ws_read_all(struct bench *b, char *got, size_t size)
{
    size_t all = 0;
    ssize_t n;

    do {
        size_t before = buf_size(&b->memory.in);

        n = pipe_read(&b->pipe, got + all, size - all - 1);
        all += n > 0 ? (size_t)n : 0;
        if (n == PIPE_AGAIN && buf_size(&b->memory.in) != before)
            n = 1; /* as the loop would call again */
    } while (n > 0);
    got[all] = '\0';
    return n;
}

void ws_reads(struct bench *b, const char *want, const char *what)
{
    static char got[200000];

    is_int(ws_read_all(b, got, sizeof(got)), PIPE_AGAIN, "%s", what);
    is_str(got, want, "%s: as it was sent", what);
}

/* The next frame of ours. */
void ws_sent(struct bench *b, unsigned first, struct str payload,
             const char *what)
{
    struct str all = buf_view(&b->memory.out), got = STR_NONE;
    unsigned got_first = 0;
    size_t n =
        websocket_peer_read((char *)(uintptr_t)all.s, all.n, &got_first, &got);

    ok(n && got_first == first && str_eq(got, payload), "%s: %.60s", what,
       got.n ? got.s : "");
    memory_take(&b->memory, n);
}

void ws_sent_nothing(struct bench *b, const char *what)
{
    is_int(buf_size(&b->memory.out), 0, "%s: nothing is sent", what);
}
