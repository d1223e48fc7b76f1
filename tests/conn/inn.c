/* inn.c - a server in memory that lets any number of anonymous clients in. */

#define _GNU_SOURCE
#include "conn/inn.h"

#include <errno.h>
#include <stdlib.h>

#include "tap.h"

#define ROOM 65536
#define START 1000000

struct inn inn;

static bool put(void *guest, const char *bytes, size_t n)
{
    memory_send(&((struct inn_guest *)guest)->memory, str_n(bytes, n));
    return true;
}

/* What a login says, and what it is answered. */
static const struct {
    const char *end, *answer;
} words[] = {
    {"'>", PEER_HEADER PEER_SASL},
    {"ANONYMOUS", "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"},
    {"<stream:stream", PEER_HEADER PEER_BIND},
    {"</iq>", "<iq type='result' id='%id%'><bind "
              "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
              "<jid>guest@example.org/r</jid></bind></iq>"},
};

static bool has_said(const struct inn_guest *g, const char *end)
{
    struct str sent = buf_view(&g->memory.out);

    return sent.n && (memmem(sent.s, sent.n, end, strlen(end)) ||
                      memmem(sent.s, sent.n, "<stream:stream", 14));
}

static void on_heard(struct memory *memory)
{
    struct inn_guest *g = (struct inn_guest *)memory;

    if (memory->closed)
        return;
    if (g->said == sizeof(words) / sizeof(words[0])) {
        g->heard += buf_size(&memory->out);
        memory_take(memory, buf_size(&memory->out));
        return;
    }
    if (!has_said(g, words[g->said].end))
        return;
    fake_words_keep_id(buf_view(&memory->out).s, buf_size(&memory->out), g->id);
    memory_take(memory, buf_size(&memory->out));
    fake_words_say(words[g->said++].answer, g->id, put, g);
}

static struct memory *on_call(struct memory_host *host, const char *name,
                              unsigned port)
{
    uint64_t second = (poll_now(inn.ctx->poll) - inn.origin) / 1000;
    struct inn_guest *g;

    (void)host;
    (void)name;
    (void)port;
    if (second < INN_SECONDS)
        inn.calls[second]++;
    inn.calls_in_turn++;
    if (inn.is_down)
        return NULL;
    g = calloc(1, sizeof(*g));
    if (!g)
        bail("no memory");
    memory_init(&g->memory, &inn.env);
    g->memory.room = g->memory.piece = ROOM;
    g->memory.heard = on_heard;
    g->next = inn.guests;
    inn.guests = g;
    return &g->memory;
}

void inn_open(xmpp_ctx_t *ctx)
{
    inn = (struct inn){.host.accept = on_call, .ctx = ctx, .origin = START};
    env_init(&inn.env, NULL, NULL);
    ctx->memory = &inn.host;
    poll_stop_clock(ctx->poll, START);
}

void inn_count_anew(void)
{
    inn.origin = poll_now(inn.ctx->poll);
    memset(inn.calls, 0, sizeof(inn.calls));
    inn.most_in_turn = 0;
}

void inn_crash(void)
{
    inn.is_down = true;
    inn_count_anew();
    for (struct inn_guest *g = inn.guests; g; g = g->next) {
        g->memory.broken = ECONNRESET;
        memory_changed(&g->memory);
    }
}

void inn_close(void)
{
    while (inn.guests) {
        struct inn_guest *g = inn.guests;

        inn.guests = g->next;
        memory_free(&g->memory);
        free(g);
    }
}

xmpp_conn_t *inn_client(void)
{
    xmpp_conn_t *conn = xmpp_conn_new(inn.ctx);

    xmpp_conn_set_jid(conn, "example.org");
    xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_DISABLE_TLS);
    return conn;
}
