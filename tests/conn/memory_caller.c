/* memory_caller.c - one that came to a server in memory. */

#include "conn/memory_caller.h"

/* Below a WebSocket, if there is one. */
static struct buf *bytes_of(struct caller *c)
{
    return c->tls ? &c->plain : &c->memory.out;
}

struct buf *caller_sent(struct caller *c)
{
    return c->ws ? memory_websocket_text(c->ws) : bytes_of(c);
}

bool caller_is_closed(const struct caller *c)
{
    return c->memory.closed || c->has_ended;
}

/* ---- TLS --------------------------------------------------------- */

static ssize_t push(void *at, const void *from, size_t n)
{
    memory_send(at, str_n(from, n));
    return (ssize_t)n;
}

static ssize_t pull(void *at, void *to, size_t n)
{
    struct memory *m = at;
    struct str bytes = buf_view(&m->out);

    if (!bytes.n)
        return m->closed ? 0 : -1;
    n = n < bytes.n ? n : bytes.n;
    memcpy(to, bytes.s, n);
    memory_take(m, n);
    return (ssize_t)n;
}

/* Whatever has come, without its encryption. */
void caller_read(struct caller *c)
{
    char text[16384];
    ssize_t n = 0;

    while (c->tls && buf_size(&c->plain) < CALLER_ROOM && n >= 0 &&
           !c->has_ended) {
        n = fake_server_tls_read(c->tls, text, sizeof(text));
        if (n > 0)
            buf_put(&c->plain, text, (size_t)n);
        c->has_ended = n == 0;
    }
    if (c->ws && !memory_websocket_take(c->ws, bytes_of(c)))
        c->has_ended = true;
}

/* ---- out --------------------------------------------------------- */

static bool put_bytes(struct caller *c, const char *bytes, size_t n)
{
    if (c && c->tls)
        return n == 0 || fake_server_tls_write(c->tls, bytes, n) == (ssize_t)n;
    if (c)
        memory_send(&c->memory, str_n(bytes, n));
    return c != NULL;
}

static bool put_all(struct caller *c, struct buf *bytes)
{
    struct str all = buf_view(bytes);
    bool good = put_bytes(c, all.s, all.n);

    buf_free(bytes);
    return good;
}

bool caller_send(struct caller *c, struct str bytes)
{
    struct buf frames;

    if (!c->ws)
        return put_bytes(c, bytes.s, bytes.n);
    buf_init(&frames, c->env, SIZE_MAX / 4);
    memory_websocket_put(c->ws, bytes, &frames);
    return put_all(c, &frames);
}

void caller_begin_tls(struct caller *c, const char *prefix)
{
    struct fake_server_transport transport = {
        .at = &c->memory, .push = push, .pull = pull};

    c->tls = fake_server_tls_over(&transport, prefix);
}

bool caller_upgrade(struct caller *c)
{
    struct buf answer;

    caller_read(c);
    buf_init(&answer, c->env, SIZE_MAX / 4);
    if (!memory_websocket_accept(bytes_of(c), &answer))
        return false;
    c->ws = memory_websocket_new(c->env);
    return put_all(c, &answer);
}

void caller_end(struct caller *c)
{
    struct buf frames;

    buf_init(&frames, c->env, SIZE_MAX / 4);
    if (c->ws) {
        memory_websocket_end(&frames);
        put_all(c, &frames);
    }
    if (c->tls)
        fake_server_tls_end(c->tls);
}

/* ---- life -------------------------------------------------------- */

void caller_init(struct caller *c, struct env *env)
{
    c->env = env;
    memory_init(&c->memory, env);
    buf_init(&c->plain, env, SIZE_MAX);
    c->memory.room = CALLER_ROOM;
}

void caller_clear(struct caller *c)
{
    memory_websocket_free(c->ws);
    fake_server_tls_free(c->tls);
    buf_free(&c->plain);
    memory_free(&c->memory);
}
