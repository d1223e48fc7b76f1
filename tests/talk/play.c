/* play.c - one run of a talk: a stream, and what came out of it.
 * play_inside.h lists the words of a talk. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <libxml/xmlerror.h>

#include "base/arena.h"
#include "stanza/build.h"
#include "talk/play_inside.h"
#include "tap.h"

void play_deviate(struct play *p, const char *fmt, ...)
{
    va_list ap;

    if (!p->deviated) {
        va_start(ap, fmt);
        vsnprintf(p->wrong, sizeof(p->wrong), fmt, ap);
        va_end(ap);
    }
    p->deviated = true;
}

/* ---- moving ------------------------------------------------------ */

static void drain(struct play *p)
{
    struct stream_event event;
    struct str bytes;

    while (!p->busy && stream_wants(p->stream) & WANT_TURN) {
        p->turns++;
        stream_turn(p->stream, p->now);
    }
    while (stream_next(p->stream, &event)) {
        if (p->last == EVENTS_MOST)
            bail("too many events");
        if (event.kind == STREAM_SENT) {
            snprintf(p->sent_text, sizeof(p->sent_text), "%.*s",
                     STR_ARG(buf_view(&event.sent.text)));
            outbox_reclaim(&p->sm->out, &event.sent);
        }
        p->events[p->last++] = event;
    }
    while ((bytes = stream_peek(p->stream)).n) {
        size_t n = p->piece && p->piece < bytes.n ? p->piece : bytes.n;

        p->out = realloc(p->out, p->out_n + n + 1);
        memcpy(p->out + p->out_n, bytes.s, n);
        p->out_n += n;
        p->out[p->out_n] = '\0';
        stream_sent(p->stream, n);
    }
}

/* As the pump does it: whatever one call does not take comes again. */
void play_feed(struct play *p, const char *bytes, size_t n)
{
    while (n) {
        size_t piece = p->piece && p->piece < n ? p->piece : n;
        size_t used = stream_recv(p->stream, bytes, piece, p->now);

        drain(p);
        if (used == 0)
            return;
        bytes += used;
        n -= used;
    }
}

/* ---- lines ------------------------------------------------------- */

static void do_server(struct play *p, const struct line *l)
{
    play_feed(p, l->text, l->n);
}

static void do_server_often(struct play *p, const struct line *l)
{
    char *rest;
    long times = strtol(l->text, &rest, 10);
    size_t n = l->n - (size_t)(++rest - l->text);

    for (long i = 0; i < times; i++)
        play_feed(p, rest, n);
}

void play_eat(struct play *p, size_t n)
{
    memmove(p->out, p->out + n, p->out_n - n);
    p->out_n -= n;
    p->out[p->out_n] = '\0';
}

static void do_client(struct play *p, const struct line *l)
{
    if (p->out_n < l->n || memcmp(p->out, l->text, l->n) != 0)
        play_deviate(p, "line %d: the client said: %.900s\nnot: %.900s",
                     l->number, p->out ? p->out : "(nothing)", l->text);
    else
        play_eat(p, l->n);
}

static void do_client_any(struct play *p, const struct line *l)
{
    if (!p->out || !strstr(p->out, l->text))
        play_deviate(p, "line %d: the client said: %.900s\nwithout: %.900s",
                     l->number, p->out ? p->out : "(nothing)", l->text);
    else
        play_eat(p, p->out_n);
}

static void do_quiet(struct play *p, const struct line *l)
{
    if (p->out_n)
        play_deviate(p, "line %d: the client said: %.900s", l->number, p->out);
}

bool play_event(struct play *p, const struct line *l,
                enum stream_event_kind kind, struct stream_event *event)
{
    *event = (struct stream_event){.kind = STREAM_NOTHING};
    if (p->first < p->last)
        *event = p->events[p->first++];
    if (event->kind == kind)
        return true;
    play_deviate(p, "line %d: event %d, not %s", l->number, (int)event->kind,
                 l->word);
    xmpp_stanza_release(event->stanza);
    return false;
}

static void do_up(struct play *p, const struct line *l)
{
    struct stream_event event;

    if (play_event(p, l, STREAM_UP, &event) && strcmp(l->text, "*") != 0 &&
        !str_is(stream_agreed(p->stream)->jid, l->text))
        play_deviate(p, "line %d: bound as %.*s", l->number,
                     STR_ARG(stream_agreed(p->stream)->jid));
}

static void do_stanza(struct play *p, const struct line *l)
{
    struct stream_event event;
    char *text = NULL;
    size_t n;

    if (!play_event(p, l, STREAM_STANZA, &event))
        return;
    if ((strcmp(l->word, "skipped") == 0) != event.skipped)
        play_deviate(p, "line %d: skipped or not", l->number);
    if (strcmp(l->text, "*") != 0 &&
        (xmpp_stanza_to_text(event.stanza, &text, &n) ||
         strcmp(text, l->text) != 0))
        play_deviate(p, "line %d: the stanza was: %.900s", l->number,
                     text ? text : "(no memory)");
    p->told_memory |= !text && strcmp(l->text, "*") != 0;
    env_free(&p->env, text);
    xmpp_stanza_release(event.stanza);
}

static void do_simple_event(struct play *p, const struct line *l)
{
    struct stream_event event;
    enum stream_event_kind kind = STREAM_DOWN;

    if (strcmp(l->word, "header") == 0)
        kind = STREAM_HEADER;
    if (strcmp(l->word, "error") == 0)
        kind = STREAM_ERROR;
    if (play_event(p, l, kind, &event))
        xmpp_stanza_release(event.stanza);
}

static void do_tls(struct play *p, const struct line *l)
{
    bool wants = stream_wants(p->stream) == WANT_TLS;

    if (!wants)
        play_deviate(p, "line %d: it does not want TLS", l->number);
    else if (strcmp(l->word, "tls") == 0) {
        stream_set_channel(p->stream, &p->script->channel);
        stream_secured(p->stream, p->now);
    } else
        stream_abort(p->stream);
}

static void do_zlib(struct play *p, const struct line *l)
{
    if (stream_wants(p->stream) == WANT_ZLIB)
        stream_compressed(p->stream, p->now);
    else
        play_deviate(p, "line %d: it does not want compression", l->number);
}

void play_result(struct play *p, const struct line *l, int rc, int want)
{
    if (rc == XMPP_EMEM)
        p->told_memory = true;
    if (rc != want)
        play_deviate(p, "line %d: returned %s", l->number,
                     xmpp_strerror_name(rc));
}

static void do_call(struct play *p, const struct line *l)
{
    if (strcmp(l->word, "raw") == 0)
        play_result(p, l, stream_send_raw(p->stream, str_n(l->text, l->n)), 0);
    else if (strcmp(l->word, "starttls") == 0)
        play_result(p, l, stream_want_tls(p->stream), 0);
    else if (strcmp(l->word, "open") == 0)
        play_result(p, l, stream_open_raw(p->stream, NULL, 0), 0);
    else if (strcmp(l->word, "close") == 0)
        stream_close(p->stream, p->now);
    else if (strcmp(l->word, "eof") == 0)
        stream_eof(p->stream, p->now);
    else
        stream_abort(p->stream);
}

static void do_tick(struct play *p, const struct line *l)
{
    p->now += (uint64_t)strtoull(l->text, NULL, 10);
    stream_tick(p->stream, p->now);
}

static const struct {
    const char *word;
    void (*act)(struct play *p, const struct line *l);
} words[] = {
    {"S", do_server},
    {"S*", do_server_often},
    {"C", do_client},
    {"C?", do_client_any},
    {"quiet", do_quiet},
    {"up", do_up},
    {"stanza", do_stanza},
    {"header", do_simple_event},
    {"error", do_simple_event},
    {"down", do_simple_event},
    {"tls", do_tls},
    {"zlib", do_zlib},
    {"skipped", do_stanza},
    {"tls-fail", do_tls},
    {"scram-auth", play_scram},
    {"scram-check", play_scram},
    {"scram-challenge", play_scram},
    {"scram-final", play_scram},
    {"say", play_say},
    {"say!", play_say},
    {"say*", play_say},
    {"raw", do_call},
    {"starttls", do_call},
    {"open", do_call},
    {"close", do_call},
    {"eof", do_call},
    {"abort", do_call},
    {"tick", do_tick},
    {"check", play_check},
    {"fault", play_fault},
    {"asks", play_password},
    {"words", play_words},
    {"give", play_password},
    {"give-none", play_password},
    {"left-strength", play_left},
    {"left-keys", play_left},
    {"tracked", play_tracked},
    {"sent", play_sent},
    {"unacked", play_unacked},
    {"location", play_location},
    {"again", play_again},
    {"resumed", play_resumed},
    {"not-resumed", play_resumed},
    {"left", play_gone},
    {"not-left", play_gone},
    {"owner", play_owner},
    {"turns", play_turns},
    {"busy", play_busy},
    {"idle", play_busy},
    {"auth2", play_auth2},
    {"success2", play_success2},
    {"continue2", play_success2},
    {"token", play_token},
    {"left-offer", play_offer},
    {"trips", play_trips},
    {"paths", play_paths},
};

static void act(struct play *p, const struct line *l)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].word, l->word) == 0) {
            words[i].act(p, l);
            if (p->stream)
                drain(p);
            return;
        }
    play_deviate(p, "line %d: unknown: %s", l->number, l->word);
}

/* ---- a run ------------------------------------------------------- */

void play_begin(struct play *p)
{
    p->stream = stream_new(&p->env, &p->wanted, &p->fault);
    if (!p->stream) {
        p->told_memory = true;
        return;
    }
    if (p->script->direct)
        stream_set_channel(p->stream, &p->script->channel);
    stream_open(p->stream, p->script->direct, p->now);
    drain(p);
}

const char *play_follow(struct play *p)
{
    const struct script *s = p->script;
    const char *word = NULL;

    p->wanted = s->wanted;
    if (s->wanted.kind != STREAM_RAW)
        p->sm = p->wanted.sm = sm_new(&p->env);
    if (s->wanted.kind != STREAM_RAW && !p->sm) {
        p->told_memory = true;
        play_deviate(p, "no memory to begin with");
        return NULL;
    }
    play_begin(p);
    for (size_t i = 0;
         p->stream && i < s->count && !(p->deviated && !p->lenient); i++) {
        act(p, &s->lines[i]);
        word = s->lines[i].word;
    }
    return word;
}

static void play_lines(struct play *p)
{
    const char *last = play_follow(p);

    if (!last || strcmp(last, "fault") != 0)
        play_deviate(p, "the last line has to tell the fault");
    if (p->out_n)
        play_deviate(p, "the client also said: %.900s", p->out);
    if (p->first != p->last)
        play_deviate(p, "event %d was not expected",
                     (int)p->events[p->first].kind);
}

void play_clean(struct play *p)
{
    while (p->first < p->last)
        xmpp_stanza_release(p->events[p->first++].stanza);
    stream_free(p->stream);
    sm_free(p->sm);
    arena_drain(&p->env);
    free(p->out);
}

/* The password, the same for PLAIN, a token, the same for OAUTHBEARER, the
 * digest of XEP-0078, and what SCRAM-SHA-1 makes of the password: the
 * beginnings of what is salted and of the client's key; what SCRAM-SHA-256
 * makes of it for the salt of the upgrades, and the same in base64. */
static const char *const secrets[] = {
    "secret",
    "AHJvbWVvAHNlY3JldA",
    "abc.DEF==",
    "QmVhcmVyIGFiYy5ERUY9",
    "3d1121b21f6287dc58010ebe9a95fa84ee2483d4",
    "\x37\x43\xbc\x90\x06\xb9\x60\x9c\xba\x23",
    "\xd7\x21\xc8\xb6\x7c\x04\x67\x5d\xba\x90",
    "\xfd\x76\xd3\xcb\x18\xb1\x76\x3f\x97\xc8",
    "/XbTyxixdj+XyDTs4fpS8RWBe1",
    NULL};

void play_prepare(struct play *p, const struct script *script)
{
    memset(p, 0, sizeof(*p));
    failmem_init(&p->memory);
    p->memory.secrets = secrets;
    env_init(&p->env, &p->memory.mem, NULL);
    p->script = script;
    p->now = 1000;
}

const char *play_run(struct play *p, const struct script *script, size_t piece,
                     unsigned long fail_at, bool *ret_failed)
{
    struct failmem *before;

    play_prepare(p, script);
    failmem_arm(&p->memory, fail_at, 0);
    p->piece = piece;
    p->lenient = fail_at != 0;
    before = play_swap_libxml(&p->memory);
    play_lines(p);
    play_clean(p);
    xmlResetLastError(); /* libxml2 keeps it for each thread */
    play_swap_libxml(before);
    *ret_failed = p->memory.failed > 0;
    if (p->memory.held) {
        snprintf(p->wrong, sizeof(p->wrong), "%ld blocks are left",
                 p->memory.held);
        return p->wrong;
    }
    if (p->memory.spilled) {
        snprintf(p->wrong, sizeof(p->wrong), "memory with %s was given back",
                 p->memory.spilled);
        return p->wrong;
    }
    if (!p->deviated)
        return NULL;
    if (*ret_failed &&
        (p->told_memory || p->as_told || p->fault.code == XMPP_EMEM))
        return NULL;
    if (*ret_failed && strlen(p->wrong) < 1500)
        snprintf(p->wrong + strlen(p->wrong), 400, "; the fault is %s: %s",
                 xmpp_strerror_name(p->fault.code), p->fault.detail);
    return p->wrong;
}
