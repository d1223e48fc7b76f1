/* talk.c - fuzz target: a whole conversation. The input says what is wished,
 * then what happens: bytes from the server, and what the application does.
 *
 * First byte: 1 STARTTLS required, 2 anonymous, 4 only PLAIN, 8 TLS at once,
 * 16 a component, 32 raw, 64 a client certificate, 128 small pieces. Then
 * records: a byte below 200 is a number of bytes that the server says, the
 * others are the rows of the table below. */

#include <string.h>

#include <xmpp/build.h>

#include "base/arena.h"
#include "base/buf.h"
#include "conn/options.h"
#include "fuzz/fuzz.h"
#include "sasl/ht.h"
#include "stream/stream.h"

/* `out` is everything that was said, `clear` what of it was said before TLS. */
struct game {
    struct env env;
    long options[XMPP_OPT_COUNT_];
    struct wanted wanted;
    struct token token;
    struct fault fault;
    struct stream *stream;
    struct buf clear;
    uint64_t now;
    bool secured, down, up;
    size_t piece;
};

static void look(struct game *g)
{
    struct stream_event event;
    struct str bytes;

    while (stream_wants(g->stream) & WANT_TURN)
        stream_turn(g->stream, g->now);
    while (stream_next(g->stream, &event)) {
        MUST(!g->down);
        MUST(event.kind != STREAM_NOTHING);
        MUST((event.kind == STREAM_STANZA || event.kind == STREAM_ERROR) ==
             (event.stanza != NULL));
        MUST(event.kind != STREAM_UP || !g->up);
        g->up |= event.kind == STREAM_UP;
        g->down |= event.kind == STREAM_DOWN;
        xmpp_stanza_release(event.stanza);
    }
    while ((bytes = stream_peek(g->stream)).n) {
        size_t n = bytes.n > g->piece ? g->piece : bytes.n;

        if (!g->secured)
            buf_put(&g->clear, bytes.s, n);
        stream_sent(g->stream, n);
    }
    MUST(g->down == !!(stream_wants(g->stream) & WANT_DOWN));
}

static void hear(struct game *g, const uint8_t *data, size_t n)
{
    while (n > 0) {
        size_t some = n > g->piece ? g->piece : n;
        size_t used =
            stream_recv(g->stream, (const char *)data, some, g->now);

        MUST(used <= some);
        look(g);
        if (used == 0)
            return;
        data += used;
        n -= used;
    }
}

/* ---- what else happens ---------------------------------------------------- */

static void say(struct game *g)
{
    xmpp_stanza_t *presence = xmpp_presence_new(env_ctx(&g->env));

    stream_say(g->stream, presence, NULL, NULL);
    xmpp_stanza_release(presence);
}

static void say_raw(struct game *g)
{
    stream_say_raw(g->stream, STR("<iq/>"));
}

static void secure(struct game *g)
{
    if (stream_wants(g->stream) & WANT_ZLIB)
        stream_compressed(g->stream, g->now);
    if (!(stream_wants(g->stream) & WANT_TLS))
        return;
    g->secured = true;
    stream_secured(g->stream, g->now);
}

static void wish_tls(struct game *g)
{
    stream_want_tls(g->stream);
}

static void open_raw(struct game *g)
{
    stream_open_raw(g->stream, NULL, 0);
}

static void end(struct game *g)
{
    stream_close(g->stream, g->now);
}

static void eof(struct game *g)
{
    stream_eof(g->stream, g->now);
}

static void cut(struct game *g)
{
    stream_abort(g->stream);
}

static void wait(struct game *g)
{
    g->now += 5000;
    stream_tick(g->stream, g->now);
}

static void drop(struct game *g)
{
    env_free(&g->env, stream_queue_drop(g->stream, g->now & 1));
    MUST(stream_queue_length(g->stream) >= 0);
}

static void (*const rows[])(struct game *) = {
    secure, say, say_raw, wish_tls, open_raw, end, eof, cut, wait, drop,
};

/* ---- the game ------------------------------------------------------------ */

static void begin(struct game *g, unsigned flags)
{
    memset(g, 0, sizeof(*g));
    env_init(&g->env, NULL, NULL);
    options_init(g->options);
    g->options[XMPP_OPT_MAX_STANZA] = 10000;
    g->options[XMPP_OPT_MAX_NAMES] = 256;
    g->options[XMPP_OPT_MAX_ITERATIONS] = 5000;
    g->wanted = (struct wanted){
        .kind = flags & 32   ? STREAM_RAW
                : flags & 16 ? STREAM_COMPONENT
                             : STREAM_CLIENT,
        .tls = flags & 1 ? TLS_REQUIRED : TLS_OPTIONAL,
        .tls_verified = true,
        .external = flags & 64,
        .zlib = flags & 4,
        .domain = STR("example.org"),
        .local = flags & (2 | 16) ? STR_NONE : STR("romeo"),
        .password = STR("secret"),
        .mechanisms = flags & 4 ? STR("PLAIN") : STR_NONE,
        .fast = &g->token,
        .keeps_tokens = true,
        .agent_id = STR("d4565fa7-4d72-4749-b3d3-740edbf87770"),
        .tag = flags & 64 ? STR_NONE : STR("t"),
        .options = g->options,
    };
    token_set(&g->token, ht_find(STR("HT-SHA-256-NONE")), STR("token-1"), 0);
    g->piece = flags & 128 ? 3 : 100000;
    g->secured = flags & 8;
    buf_init(&g->clear, &g->env, SIZE_MAX / 4);
    g->stream = stream_new(&g->env, &g->wanted, &g->fault);
    stream_open(g->stream, flags & 8, 0);
    look(g);
}

/* "\0romeo\0secret" in base64, and the password itself. */
static void check_secrets(struct game *g)
{
    buf_putc(&g->clear, '\0');
    MUST(!strstr(buf_view(&g->clear).s, "AHJvbWVvAHNlY3JldA"));
    MUST(!strstr(buf_view(&g->clear).s, "secret"));
    MUST(!strstr(buf_view(&g->clear).s, "<authenticate"));
    if (g->wanted.tls == TLS_REQUIRED && g->wanted.kind == STREAM_CLIENT)
        MUST(!strstr(buf_view(&g->clear).s, "<auth"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct game game;
    size_t i = 1;

    if (size < 1)
        return 0;
    begin(&game, data[0]);
    while (i < size && !game.down) {
        unsigned what = data[i++];

        if (what < 200) {
            size_t n = what < size - i ? what : size - i;

            hear(&game, data + i, n);
            i += n;
        } else {
            rows[(what - 200) % (sizeof(rows) / sizeof(rows[0]))](&game);
            look(&game);
        }
    }
    check_secrets(&game);
    stream_free(game.stream);
    buf_free(&game.clear);
    arena_drain(&game.env);
    return 0;
}
