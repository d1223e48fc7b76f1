/* memory_server.c - a server in memory that follows a script. */

#define _GNU_SOURCE
#include "conn/memory_server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "conn/ctx.h"
#include "conn/fake_words.h"
#include "net/memory.h"
#include "tap.h"

#define CALLERS_MOST 32
#define ROOM 65536   /* as much as a kernel may hold */
#define BEGIN 100000 /* of its clock */

/* One that came. Those before `present` are gone, those after it wait. */
struct caller {
    struct memory memory;
    struct memory_server *server;
};

struct memory_server {
    struct memory_host host;
    struct env env;
    xmpp_ctx_t *ctx;
    struct alarm alarm; /* the turn in which it goes on */
    const char *const *script;
    const char *wrong; /* a line that cannot be obeyed any more */
    struct caller *callers[CALLERS_MOST];
    int came, present; /* present: -1 before the first */
    bool is_over;      /* nobody is accepted any more */
    bool is_gone;      /* the present one was hung up on */
    uint64_t pause;    /* before each read */
    uint64_t read_at;  /* of the pause under way, or 0 */
    size_t piece;
    char id[FAKE_ID_SIZE];
};

static struct memory *present(struct memory_server *s)
{
    return s->present >= 0 && !s->is_gone ? &s->callers[s->present]->memory
                                          : NULL;
}

static void go_on(struct memory_server *s)
{
    poll_again(s->ctx->poll, &s->alarm);
}

/* Whoever speaks to somebody who hung up gets an error. */
static void on_heard(struct memory *memory)
{
    struct caller *caller = LIST_ENTRY(memory, struct caller, memory);
    struct memory_server *s = caller->server;
    bool waits = s->came - 1 > s->present && s->callers[s->came - 1] == caller;

    if (memory == present(s) || waits)
        go_on(s);
    else if (buf_size(&memory->out))
        memory->broken = EPIPE;
}

static struct caller *add_caller(struct memory_server *s)
{
    struct caller *caller = calloc(1, sizeof(*caller));

    if (!caller || s->came == CALLERS_MOST)
        bail("too many connections");
    memory_init(&caller->memory, &s->env);
    caller->memory.room = ROOM;
    caller->memory.piece = s->piece;
    caller->memory.heard = on_heard;
    caller->server = s;
    s->callers[s->came++] = caller;
    go_on(s);
    return caller;
}

static struct memory *on_accept(struct memory_host *host, const char *name,
                                unsigned port)
{
    struct memory_server *s = LIST_ENTRY(host, struct memory_server, host);

    (void)name;
    (void)port;
    return s->is_over ? NULL : &add_caller(s)->memory;
}

/* ---- lines: DONE, or not yet ------------------------------------- */

enum outcome { DONE, LATER, NEVER };

/* May it read now? With a pause, when that is over. */
static bool may_read(struct memory_server *s)
{
    uint64_t now = poll_now(s->ctx->poll);

    if (!s->pause || (s->read_at && now >= s->read_at)) {
        s->read_at = 0;
        return true;
    }
    if (!s->read_at)
        s->read_at = now + s->pause;
    poll_set_alarm(s->ctx->poll, &s->alarm, s->read_at);
    return false;
}

static void forget(struct memory_server *s, struct memory *m, size_t n)
{
    fake_words_keep_id(buf_view(&m->out).s, n, s->id);
    memory_take(m, n);
}

/* What came before it is dropped, and so is what cannot be a part of it. */
static enum outcome expect(struct memory_server *s, const char *text)
{
    struct memory *m = present(s);
    size_t length = strlen(text);
    struct str sent = m ? buf_view(&m->out) : STR_NONE;
    const char *at;

    if (!m)
        return NEVER;
    if (sent.n && !may_read(s))
        return LATER;
    at = sent.n ? memmem(sent.s, sent.n, text, length) : NULL;
    if (at) {
        forget(s, m, (size_t)(at - sent.s) + length);
        return DONE;
    }
    if (m->closed)
        return NEVER;
    if (sent.n > ROOM / 2)
        forget(s, m, sent.n - (length - 1));
    return LATER;
}

static bool put(void *server, const char *bytes, size_t n)
{
    struct memory *m = present(server);

    if (m)
        memory_send(m, str_n(bytes, n));
    return m != NULL;
}

static enum outcome hang_up(struct memory_server *s, int error)
{
    struct memory *m = present(s);

    if (m && error)
        m->broken = error;
    if (m) {
        m->ended = !error;
        s->is_gone = true;
        memory_changed(m);
    }
    return DONE;
}

static enum outcome accept_next(struct memory_server *s)
{
    hang_up(s, 0);
    if (s->came - 1 <= s->present)
        return LATER;
    s->present++;
    s->is_gone = false;
    return DONE;
}

static enum outcome await_end(struct memory_server *s)
{
    struct memory *m = present(s);

    if (!m || m->closed)
        return DONE;
    if (may_read(s))
        memory_take(m, buf_size(&m->out));
    return m->closed ? DONE : LATER;
}

static enum outcome said(bool put_all)
{
    return put_all ? DONE : NEVER;
}

static enum outcome obey(struct memory_server *s, const char *line)
{
    unsigned long ms;

    if (!strncmp(line, "C ", 2))
        return expect(s, line + 2);
    if (!strncmp(line, "S ", 2))
        return said(fake_words_say(line + 2, s->id, put, s));
    if (!strncmp(line, "X ", 2))
        return said(fake_words_say_bytes(line + 2, put, s));
    if (!strcmp(line, "accept"))
        return accept_next(s);
    if (!strcmp(line, "eof"))
        return await_end(s);
    if (!strcmp(line, "deaf"))
        return s->came - 1 > s->present ? DONE : LATER;
    if (!strcmp(line, "hangup"))
        return hang_up(s, 0);
    if (!strcmp(line, "reset"))
        return hang_up(s, ECONNRESET);
    if (sscanf(line, "slow %lu", &ms) != 1)
        return NEVER;
    s->pause = ms;
    return DONE;
}

static void on_turn(struct alarm *alarm, uint64_t now)
{
    struct memory_server *s = LIST_ENTRY(alarm, struct memory_server, alarm);
    enum outcome outcome = DONE;

    (void)now;
    if (s->present < 0 && accept_next(s) != DONE)
        return;
    while (outcome == DONE && *s->script && !s->wrong) {
        outcome = obey(s, *s->script);
        if (outcome == DONE)
            s->script++;
    }
    if (outcome == NEVER)
        s->wrong = *s->script;
    if (outcome == NEVER || !*s->script)
        hang_up(s, 0);
}

/* ---- life -------------------------------------------------------- */

struct memory_server *memory_server_start(xmpp_ctx_t *ctx,
                                          const char *const *script)
{
    struct memory_server *s = calloc(1, sizeof(*s));

    if (!s)
        bail("no memory");
    env_init(&s->env, NULL, NULL);
    s->host.accept = on_accept;
    s->ctx = ctx;
    s->script = script;
    s->present = -1;
    s->piece = SIZE_MAX;
    alarm_init(&s->alarm, on_turn);
    if (!ctx->memory)
        poll_stop_clock(ctx->poll, BEGIN);
    ctx->memory = &s->host;
    return s;
}

const char *memory_server_end(struct memory_server *s)
{
    for (int i = 0; *s->script && !s->wrong && i < 100; i++)
        poll_turn(s->ctx->poll, 0);
    hang_up(s, 0);
    poll_clear_alarm(s->ctx->poll, &s->alarm);
    s->is_over = true;
    return s->wrong ? s->wrong : *s->script;
}

void memory_server_poke(struct memory_server *s)
{
    struct memory *m = &add_caller(s)->memory;

    m->closed = true;
}

int memory_server_count(const struct memory_server *s)
{
    return s->came;
}

void memory_server_set_piece(struct memory_server *s, size_t piece)
{
    s->piece = piece;
    for (int i = 0; i < s->came; i++)
        s->callers[i]->memory.piece = piece;
}

void memory_server_free(struct memory_server *s)
{
    for (int i = 0; i < s->came; i++) {
        memory_free(&s->callers[i]->memory);
        free(s->callers[i]);
    }
    free(s);
}
