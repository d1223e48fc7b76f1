/* talk.c - fuzz target: a whole conversation. The input says what is wished,
 * then what happens: bytes from the server, and what the application does.
 *
 * First byte: 1 STARTTLS required, 2 anonymous, 4 only PLAIN, 8 TLS at once,
 * 16 a component, 32 raw, 64 a client certificate, 128 small pieces. Second
 * byte: 1 stream management, 2 a token of OAuth, 4 pipelining by an offer, 8
 * XEP-0078, 16 the token of FAST is to be dropped, 32 there is none, 64 a
 * password is asked for, 128 no SASL2. Then records: a byte below 200 is a
 * number of bytes that the server says, the others are the rows of the table
 * below. When all is over only `again` goes on: another stream, and the same
 * session. */

#include <string.h>

#include <xmpp/build.h>

#include "base/arena.h"
#include "base/buf.h"
#include "conn/settings.h"
#include "fuzz/fuzz.h"
#include "sasl/ht.h"
#include "stream/sm.h"
#include "stream/stream.h"

const char fuzz_corpus[] = "talk";

/* `out` is everything that was said, `clear` what of it was said before TLS. */
struct game {
    struct env env;
    int32_t options[XMPP_OPT_COUNT_];
    struct wanted wanted;
    struct fast_token token;
    struct fault fault;
    struct stream *stream;
    xmpp_sm_state_t *sm;
    struct buf clear;
    uint64_t now;
    bool direct, secured, down, up;
    size_t piece;
};

/* What outbox.h promises, at any time. */
static void check_session(const xmpp_sm_state_t *sm)
{
    const struct outbox *box;

    if (!sm)
        return;
    box = &sm->out;
    MUST(box->first <= box->sent);
    MUST(box->sent <= box->first + outbox_size(box));
    MUST(box->done <= box->written && box->written <= outbox_count(box));
    MUST(box->unacked <= box->written);
}

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
        if (event.kind == STREAM_SENT)
            outbox_reclaim(g->sm ? &g->sm->out : NULL, &event.sent);
    }
    while ((bytes = stream_peek(g->stream)).n) {
        size_t n = bytes.n > g->piece ? g->piece : bytes.n;

        if (!g->secured)
            buf_put(&g->clear, bytes.s, n);
        stream_sent(g->stream, n);
    }
    MUST(g->down == !!(stream_wants(g->stream) & WANT_DOWN));
    check_session(g->sm);
}

static void hear(struct game *g, const uint8_t *data, size_t n)
{
    while (n > 0) {
        size_t some = n > g->piece ? g->piece : n;
        size_t used = stream_recv(g->stream, (const char *)data, some, g->now);

        MUST(used <= some);
        look(g);
        if (used == 0)
            return;
        data += used;
        n -= used;
    }
}

/* ---- what else happens ------------------------------------------- */

static void say(struct game *g)
{
    xmpp_stanza_t *presence = xmpp_presence_new(env_ctx(&g->env));

    stream_send(g->stream, presence, &(struct tracking){0});
    xmpp_stanza_release(presence);
}

static void on_sent(xmpp_conn_t *conn, int status, const char *text,
                    size_t length, void *userdata)
{
    (void)conn, (void)status, (void)text, (void)length, (void)userdata;
}

/* Somebody wants to know what becomes of it. */
static void say_tracked(struct game *g)
{
    xmpp_stanza_t *message =
        xmpp_message_new(env_ctx(&g->env), NULL, NULL, NULL);

    stream_send(g->stream, message, &(struct tracking){on_sent, g, 0});
    xmpp_stanza_release(message);
}

static void give(struct game *g)
{
    if (stream_wants(g->stream) & WANT_PASSWORD)
        stream_password(g->stream, STR("secret"), g->now);
}

static void say_raw(struct game *g)
{
    stream_send_raw(g->stream, STR("<iq/>"));
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

static void start(struct game *g)
{
    g->down = g->up = false;
    g->secured = g->direct;
    g->fault = (struct fault){.code = 0};
    g->stream = stream_new(&g->env, &g->wanted, &g->fault);
    MUST(g->stream);
    stream_open(g->stream, g->direct, g->now);
    look(g);
}

/* The transport is gone, and there is another. */
static void again(struct game *g)
{
    stream_free(g->stream);
    check_session(g->sm);
    start(g);
}

static void (*const rows[])(struct game *) = {
    secure, say,  say_raw, wish_tls, open_raw,    end,  eof,
    cut,    wait, drop,    again,    say_tracked, give,
};

/* ---- the game ---------------------------------------------------- */

static const char offer[] =
    "<offer xmlns='urn:xmpp:iap:0'><authentication xmlns='urn:xmpp:sasl:2'>"
    "<mechanism>SCRAM-SHA-1</mechanism><mechanism>ANONYMOUS</mechanism>"
    "<inline><sm xmlns='urn:xmpp:sm:3'/><bind xmlns='urn:xmpp:bind:0'><inline>"
    "<feature var='urn:xmpp:sm:3'/></inline></bind>"
    "<fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism>"
    "</fast></inline></authentication>"
    "<config-version xmlns='urn:xmpp:iap:0' value='v1'/></offer>";

static void begin(struct game *g, unsigned flags, unsigned more)
{
    static char password[] = "secret",
                oauth_token[] = "abc.DEF==", plain[] = "PLAIN", tag[] = "t",
                agent_id[] = "d4565fa7-4d72-4749-b3d3-740edbf87770";

    memset(g, 0, sizeof(*g));
    env_init(&g->env, NULL, NULL);
    settings_init_options(g->options);
    g->options[XMPP_OPT_MAX_STANZA] = 10000;
    g->options[XMPP_OPT_MAX_NAMES] = 256;
    g->options[XMPP_OPT_MAX_ITERATIONS] = 5000;
    g->options[XMPP_OPT_PIPELINE] = !!(more & 4);
    g->options[XMPP_OPT_SASL2] = !(more & 128);
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
        .secrets.pass = more & 64 ? NULL : password,
        .secrets.oauth_token = more & 2 ? oauth_token : NULL,
        .identity = {.mechanisms = flags & 4 ? plain : NULL,
                     .agent_id = agent_id,
                     .tag = flags & 64 ? NULL : tag},
        .fast_token = more & 32 ? NULL : &g->token,
        .keeps_tokens = true,
        .options = g->options,
        .offer = more & 4 ? offer : NULL,
        .legacy = more & 8,
        .drops_token = more & 16,
        .can_get_password = more & 64,
    };
    fast_token_set(&g->token, ht_find(STR("HT-SHA-256-NONE")), STR("token-1"),
                   0);
    g->piece = flags & 128 ? 3 : 100000;
    g->direct = flags & 8;
    if (more & 1 && !(flags & 32))
        g->sm = g->wanted.sm = sm_new(&g->env);
    buf_init(&g->clear, &g->env, SIZE_MAX / 4);
    start(g);
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
    size_t i = 2;

    if (size < 2)
        return 0;
    begin(&game, data[0], data[1]);
    while (i < size) {
        unsigned what = data[i++];

        if (what < 200) {
            size_t n = what < size - i ? what : size - i;

            if (!game.down)
                hear(&game, data + i, n);
            i += n;
        } else {
            void (*row)(struct game *) =
                rows[(what - 200) % (sizeof(rows) / sizeof(rows[0]))];

            if (game.down && row != again)
                continue;
            row(&game);
            look(&game);
        }
    }
    check_secrets(&game);
    stream_free(game.stream);
    sm_free(game.sm);
    buf_free(&game.clear);
    arena_drain(&game.env);
    return 0;
}
