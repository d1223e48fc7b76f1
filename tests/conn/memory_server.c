/* memory_server.c - a server in memory that follows a script. */

#define _GNU_SOURCE
#include "conn/memory_server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "conn/ctx.h"
#include "conn/fake_server_tls.h"
#include "conn/fake_words.h"
#include "conn/memory_caller.h"
#include "net/memory.h"
#include "tap.h"

#define CALLERS_MOST 32
#define BEGIN 100000 /* of its clock */
#define TURNS_MOST 100

struct memory_server {
    struct memory_host host;
    struct env env;
    xmpp_ctx_t *ctx;
    struct alarm alarm;        /* the turn in which it goes on */
    const char *const *script; /* NULL: by hand */
    const char *wrong;         /* a line that cannot be obeyed any more */
    struct caller *callers[CALLERS_MOST];
    int came, present; /* present: -1 before the first */
    bool is_over;      /* nobody is accepted any more */
    bool is_gone;      /* the present one was hung up on */
    uint64_t pause;    /* before each read */
    uint64_t read_at;  /* of the pause under way, or 0 */
    size_t piece;
    char id[FAKE_ID_SIZE];
    unsigned targets, refused; /* 0: the domain itself is the only target */
    char dialled[300];
};

static struct caller *present(struct memory_server *s)
{
    return s->present >= 0 && !s->is_gone ? s->callers[s->present] : NULL;
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

    if (caller == present(s) || waits)
        go_on(s);
    else if (buf_size(&memory->out))
        memory->broken = EPIPE;
}

static struct caller *add_caller(struct memory_server *s)
{
    struct caller *caller = calloc(1, sizeof(*caller));

    if (!caller || s->came == CALLERS_MOST)
        bail("too many connections");
    caller_init(caller, &s->env);
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

    snprintf(s->dialled, sizeof(s->dialled), "%s %u", name, port);
    return s->is_over || port <= s->refused ? NULL : &add_caller(s)->memory;
}

const char *memory_server_dialled(const struct memory_server *s)
{
    return s->dialled;
}

/* Their ports are their numbers. */
static size_t on_find(struct memory_host *host, const char *domain,
                      struct srv_record *to, size_t most)
{
    struct memory_server *s = LIST_ENTRY(host, struct memory_server, host);
    size_t n = 0;

    for (; n < s->targets && n < most; n++) {
        to[n] = (struct srv_record){.priority = (uint16_t)n};
        to[n].port = (uint16_t)(n + 1);
        snprintf(to[n].target, sizeof(to[n].target), "s%zu.%s", n + 1, domain);
    }
    return n;
}

void memory_server_set_targets(struct memory_server *s, unsigned n,
                               unsigned refused)
{
    s->host.find = on_find;
    s->targets = n;
    s->refused = refused;
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

static void forget(struct memory_server *s, struct caller *c, size_t n)
{
    fake_words_keep_id(buf_view(caller_sent(c)).s, n, s->id);
    if (c->tls || c->ws)
        buf_consume(caller_sent(c), n);
    else
        memory_take(&c->memory, n);
}

/* What came before it is dropped, and so is what cannot be a part of it. */
static enum outcome expect(struct memory_server *s, const char *text)
{
    struct caller *c = present(s);
    size_t length = strlen(text);
    struct str sent;
    const char *at;

    if (!c)
        return NEVER;
    caller_read(c);
    sent = buf_view(caller_sent(c));
    if (sent.n && !may_read(s))
        return LATER;
    at = sent.n ? memmem(sent.s, sent.n, text, length) : NULL;
    if (at) {
        forget(s, c, (size_t)(at - sent.s) + length);
        return DONE;
    }
    if (sent.n > CALLER_ROOM / 2)
        forget(s, c, sent.n - (length - 1));
    return caller_is_closed(c) ? NEVER : LATER;
}

static bool put(void *server, const char *bytes, size_t n)
{
    struct caller *c = present(server);

    return c && caller_send(c, str_n(bytes, n));
}

/* The client wants to speak WebSocket from here on. */
static enum outcome upgrade(struct memory_server *s)
{
    struct caller *c = present(s);

    if (!c)
        return NEVER;
    if (caller_upgrade(c))
        return DONE;
    return caller_is_closed(c) ? NEVER : LATER;
}

/* What came before it must be nothing, but for a client that begins by it. */
static enum outcome secure(struct memory_server *s, const char *prefix,
                           int wanted)
{
    struct caller *c = present(s);
    int rc;

    if (!c || (!c->tls && buf_size(&c->memory.out) &&
               buf_view(&c->memory.out).s[0] != 0x16))
        return NEVER;
    if (!c->tls)
        caller_begin_tls(c, prefix);
    rc = fake_server_tls_progress(c->tls);
    return rc == 0 ? LATER : rc == wanted ? DONE : NEVER;
}

static enum outcome hang_up(struct memory_server *s, int error)
{
    struct caller *c = present(s);

    if (!c)
        return DONE;
    c->memory.broken = error;
    c->memory.ended = !error;
    s->is_gone = true;
    memory_changed(&c->memory);
    return DONE;
}

static enum outcome end_properly(struct memory_server *s)
{
    struct caller *c = present(s);

    if (c)
        caller_end(c);
    return hang_up(s, 0);
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
    struct caller *c = present(s);

    if (!c || caller_is_closed(c))
        return DONE;
    if (may_read(s)) {
        caller_read(c);
        forget(s, c, buf_size(caller_sent(c)));
    }
    return caller_is_closed(c) ? DONE : LATER;
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
    if (!strncmp(line, "tls ", 4))
        return secure(s, line + 4, 1);
    if (!strncmp(line, "notls ", 6))
        return secure(s, line + 6, -1);
    if (!strcmp(line, "ws"))
        return upgrade(s);
    if (!strcmp(line, "accept"))
        return accept_next(s);
    if (!strcmp(line, "eof"))
        return await_end(s);
    if (!strcmp(line, "deaf"))
        return s->came - 1 > s->present ? DONE : LATER;
    if (!strcmp(line, "end"))
        return end_properly(s);
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
    if (!s->script || (s->present < 0 && accept_next(s) != DONE))
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

/* ---- by hand ----------------------------------------------------- */

/* One that came gets in when the one before is gone. */
static struct caller *by_hand(struct memory_server *s)
{
    if (s->came - 1 > s->present)
        accept_next(s);
    return present(s);
}

bool memory_server_obey(struct memory_server *s, const char *line)
{
    enum outcome outcome = LATER;

    by_hand(s);
    for (int i = 0; outcome == LATER && i < TURNS_MOST; i++) {
        outcome = obey(s, line);
        poll_turn(s->ctx->poll, 0);
    }
    return outcome == DONE;
}

bool memory_server_send(struct memory_server *s, struct str bytes)
{
    return by_hand(s) && put(s, bytes.s, bytes.n);
}

struct str memory_server_sent(struct memory_server *s)
{
    struct caller *c = by_hand(s);

    if (!c)
        return STR("");
    caller_read(c);
    return buf_view(caller_sent(c));
}

void memory_server_take(struct memory_server *s, size_t n)
{
    forget(s, by_hand(s), n);
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
    for (int i = 0; s->script && *s->script && !s->wrong && i < TURNS_MOST; i++)
        poll_turn(s->ctx->poll, 0);
    hang_up(s, 0);
    poll_clear_alarm(s->ctx->poll, &s->alarm);
    s->is_over = true;
    return s->wrong ? s->wrong : s->script ? *s->script : NULL;
}

void memory_server_poke(struct memory_server *s)
{
    add_caller(s)->memory.closed = true;
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
        caller_clear(s->callers[i]);
        free(s->callers[i]);
    }
    free(s);
}
