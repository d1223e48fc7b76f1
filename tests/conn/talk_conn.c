/* talk_conn.c - a talk played through a whole connection.
 *
 * What tests/talk/play.c does with a stream alone is done with an xmpp_conn_t
 * here. The server's lines travel through a pipe, with TLS where the talk has
 * it; events are what the application's handlers get. */

#include "conn/talk_conn_inside.h"

#include "conn/ctx.h"

void talk_conn_deviate(struct player *p, const char *fmt, ...)
{
    va_list ap;

    if (p->wrong[0])
        return;
    va_start(ap, fmt);
    vsnprintf(p->wrong, sizeof(p->wrong), fmt, ap);
    va_end(ap);
}

void talk_conn_settle(struct player *p)
{
    for (int i = 0; i < 1000 && xmpp_ctx_process(p->testbed.ctx); i++)
        ;
}

bool talk_conn_has(const struct player *p, const char *word)
{
    for (size_t i = 0; i < p->script->count; i++)
        if (strcmp(p->script->lines[i].word, word) == 0)
            return true;
    return false;
}

struct failmem talk_conn_spare(struct player *p)
{
    struct failmem *memory = &p->testbed.memory, spared = *memory;

    memory->fail_at = 0;
    return spared;
}

void talk_conn_count(struct player *p, const struct failmem *spared)
{
    p->testbed.memory.fail_at = spared->fail_at;
    p->testbed.memory.calls = spared->calls;
}

/* ---- events ------------------------------------------------------ */

/* What ends by it is told at once. */
static void release(struct player *p)
{
    xmpp_conn_t *conn = p->testbed.conn;

    p->testbed.conn = NULL;
    p->is_released = true;
    xmpp_conn_release(conn);
}

void talk_conn_event(struct player *p, const char *word, const char *text)
{
    size_t n = strlen(word) + strlen(text) + 2;
    char *event = malloc(n);

    if (!event || p->last == EVENTS_MOST)
        bail("too many events");
    snprintf(event, n, "%s%s%s", word, *text ? " " : "", text);
    p->events[p->last++] = event;
    if (++p->told == p->how->release_at)
        release(p);
}

static void on_event(struct testbed *testbed, xmpp_conn_event_t event)
{
    struct player *p = testbed->pointer;

    if (event == XMPP_CONN_CONNECT)
        talk_conn_event(p, "up", "");
    if (event == XMPP_CONN_DISCONNECT)
        talk_conn_event(p, "down", "");
}

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct failmem spared = talk_conn_spare(userdata);
    char *text;
    size_t n;

    if (xmpp_stanza_to_text(stanza, &text, &n))
        bail("no memory");
    talk_conn_event(userdata, "stanza", text);
    xmpp_free(xmpp_conn_get_context(conn), text);
    talk_conn_count(userdata, &spared);
    return 1;
}

/* "stanza *" is any; of "sent" the text is not looked at here. */
static bool is_event(struct player *p, const char *event, const char *want)
{
    size_t n = strlen(want);

    if (n > 2 && strcmp(want + n - 2, " *") == 0)
        return strncmp(event, want, n - 1) == 0;
    return talk_holes_match(&p->holes, str_of(event), str_of(want)) ==
           strlen(event);
}

void talk_conn_expect(struct player *p, const struct line *l, const char *want)
{
    const char *event = p->first < p->last ? p->events[p->first++] : "none";

    if (!is_event(p, event, want))
        talk_conn_deviate(p, "line %d: the event is: %.900s\nnot: %.900s",
                          l->number, event, want);
}

bool talk_conn_take(struct player *p, const char *event)
{
    size_t i = p->first;

    while (i < p->last && strcmp(p->events[i], event) != 0)
        i++;
    if (i == p->last)
        return false;
    free(p->events[i]);
    memmove(&p->events[i], &p->events[i + 1],
            (--p->last - i) * sizeof(p->events[0]));
    return true;
}

/* ---- attempts ---------------------------------------------------- */

/* Lines that lead to TLS, which a WebSocket is under from the beginning. */
#define TO_TLS 5

static bool leads_to_tls(const struct script *script, size_t i)
{
    static const char *const words[TO_TLS] = {"C", "S", "C", "S", "tls"};
    const struct line *lines = script->lines + i;

    for (size_t n = 0; n < TO_TLS; n++)
        if (i + n >= script->count || strcmp(lines[n].word, words[n]) != 0)
            return false;
    return strstr(lines[3].text, "<proceed") != NULL;
}

const char *talk_conn_websocket(const struct script *script)
{
    if (script->wanted.kind != STREAM_CLIENT)
        return NULL;
    if (script->direct || leads_to_tls(script, 0))
        return "wss://example.org/ws";
    return script->wanted.tls == TLS_NEVER ? "ws://localhost/ws" : NULL;
}

static bool begins_with_tls(const struct player *p)
{
    return p->script->direct ||
           (p->how->websocket && p->how->websocket[2] == 's');
}

static void begin(struct player *p)
{
    bool is_component = p->script->wanted.kind == STREAM_COMPONENT;
    int rc = is_component
                 ? xmpp_connect_component(p->testbed.conn, "localhost", 0,
                                          testbed_handler, &p->testbed)
                 : xmpp_connect_client(p->testbed.conn, NULL, 0,
                                       testbed_handler, &p->testbed);

    if (rc)
        talk_conn_deviate(p, "connect: %s", xmpp_strerror_name(rc));
    talk_conn_settle(p);
    if (begins_with_tls(p) &&
        !memory_server_obey(p->testbed.server, p->how->tls))
        talk_conn_deviate(p, "no handshake");
    if (p->how->websocket && !memory_server_obey(p->testbed.server, "ws"))
        talk_conn_deviate(p, "no WebSocket");
}

static void do_again(struct player *p, const struct line *l)
{
    (void)l;
    p->end_due = false;
    begin(p);
}

static void do_cut(struct player *p, const struct line *l)
{
    p->end_due = true;
    memory_server_obey(p->testbed.server, "reset");
    talk_conn_settle(p);
    if (!talk_conn_take(p, "down"))
        talk_conn_deviate(p, "line %d: the connection is not lost", l->number);
}

static const struct {
    const char *word;
    void (*act)(struct player *p, const struct line *l);
} words[] = {{"again", do_again}, {"cut", do_cut}};

#define WORDS (sizeof(words) / sizeof(words[0]))

static size_t find_word(const char *word)
{
    size_t i = 0;

    while (i < WORDS && strcmp(words[i].word, word) != 0)
        i++;
    return i;
}

static bool is_more(struct player *p, const struct talk_words *more,
                    const struct line *l)
{
    return more && more->line(p, l);
}

static void act(struct player *p, const struct line *l)
{
    if (!is_more(p, p->how->more, l) && !talk_conn_server_line(p, l) &&
        !talk_conn_app_line(p, l))
        words[find_word(l->word)].act(p, l);
    talk_conn_settle(p);
}

/* ---- which talks ------------------------------------------------- */

/* Settings that a connection has in another form, or that only a stream can be
 * given. */
static const char *unfit_setting(const struct script *s)
{
    const struct wanted *w = &s->wanted;

    if (w->kind == STREAM_RAW)
        return "raw";
    if (w->external || !w->tls_verified)
        return "another certificate";
    if (w->can_get_password || w->zlib || w->offer || w->avoid || w->keys ||
        w->fast_token || w->keeps_tokens || w->drops_token ||
        w->min_strength.mechanism)
        return "a setting of the stream";
    if ((!str_is(w->domain, "example.org") && w->kind == STREAM_CLIENT) ||
        s->channel.version != TLS_1_3)
        return "another server";
    return s->has_own_binding ? "another channel" : NULL;
}

const char *talk_conn_unfit(const struct script *script,
                            const struct talk_words *more)
{
    for (size_t i = 0; i < script->count; i++) {
        const struct line *l = &script->lines[i];

        if (!is_more(NULL, more, l) && !talk_conn_server_line(NULL, l) &&
            !talk_conn_app_line(NULL, l) && find_word(l->word) == WORDS)
            return l->word;
        if (strcmp(l->word, "again") == 0 && *l->text)
            return "again, as saved";
    }
    return unfit_setting(script);
}

/* ---- playing ----------------------------------------------------- */

static long flags_of(const struct wanted *w)
{
    unsigned long flags = 0;

    if (w->tls == TLS_NEVER || w->kind == STREAM_COMPONENT)
        flags |= XMPP_CONN_FLAG_DISABLE_TLS;
    if (w->legacy)
        flags |= XMPP_CONN_FLAG_LEGACY_AUTH;
    if (w->no_sm)
        flags |= XMPP_CONN_FLAG_DISABLE_SM;
    return (long)flags;
}

static void set_jid(xmpp_conn_t *conn, const struct wanted *w)
{
    char jid[3100];

    snprintf(jid, sizeof(jid), "%.*s%s%.*s%s%.*s", STR_ARG(w->local),
             w->local.n ? "@" : "", STR_ARG(w->domain),
             w->resource.n ? "/" : "", STR_ARG(w->resource));
    xmpp_conn_set_jid(conn, jid);
}

static void set_up(struct player *p)
{
    const struct script *s = p->script;
    const struct wanted *w = &s->wanted;
    xmpp_conn_t *conn = p->testbed.conn;

    set_jid(conn, w);
    xmpp_conn_set_pass(conn, w->secrets.pass);
    xmpp_conn_set_oauth_token(conn, w->secrets.oauth_token);
    xmpp_conn_set_mechanisms(conn, w->identity.mechanisms);
    xmpp_conn_set_lang(conn, w->identity.lang);
    xmpp_conn_set_user_agent(conn, w->identity.agent_id, w->identity.software,
                             w->identity.device);
    xmpp_conn_set_bind2_tag(conn, w->identity.tag);
    xmpp_conn_set_flags(
        conn, flags_of(w) | (s->direct ? (long)XMPP_CONN_FLAG_LEGACY_SSL : 0));
    xmpp_conn_set_cafile(conn, p->how->ca_file);
    for (int i = 0; i < XMPP_OPT_COUNT_; i++)
        if (s->options[i] != xmpp_conn_get_option(conn, (xmpp_option_t)i))
            xmpp_conn_set_option(conn, (xmpp_option_t)i, s->options[i]);
    if (w->tls == TLS_OPTIONAL)
        xmpp_conn_set_option(conn, XMPP_OPT_TLS_OPTIONAL, 1);
    if (!p->how->more || talk_conn_has(p, "stanza"))
        xmpp_handler_add(conn, on_stanza, NULL, NULL, NULL, p);
}

/* All of it was played; or, without memory, as much as could be. */
static void look_back(struct player *p)
{
    struct str out = talk_conn_sent(p);

    if (!p->wrong[0] && out.n)
        talk_conn_deviate(p, "the client also sent: %.*s",
                          out.n < 900 ? (int)out.n : 900, out.s);
    if (p->first != p->last)
        talk_conn_deviate(p, "not expected: %.900s", p->events[p->first]);
}

static bool is_down(const struct player *p)
{
    return p->last > p->first && strcmp(p->events[p->last - 1], "down") == 0;
}

/* Without memory it may go otherwise, but the session ends for no other
 * reason. */
static void forgive(struct player *p)
{
    const xmpp_failure_t *f =
        p->is_released ? NULL : xmpp_conn_get_failure(p->testbed.conn);
    bool is_lost = is_down(p) && !p->end_due && !p->is_released;

    p->wrong[0] = '\0';
    if (is_lost && (!f || f->code != XMPP_EMEM))
        talk_conn_deviate(p, "the session is lost: %s",
                          f ? f->message : "no reason");
}

static void end(struct player *p)
{
    struct testbed *t = &p->testbed;

    talk_conn_settle(p);
    look_back(p);
    if (p->how->has_failed || p->is_released)
        forgive(p);
    memory_server_end(t->server);
    if (!p->is_released)
        xmpp_conn_release(t->conn);
    if (p->how->more)
        p->how->more->end(p);
    xmpp_ctx_free(t->ctx);
    memory_server_free(t->server);
    if (t->memory.held)
        talk_conn_deviate(p, "%ld blocks are left", t->memory.held);
    for (size_t i = 0; i < p->last; i++)
        free(p->events[i]);
}

/* The further words that a talk begins with come before the connection. */
static size_t play_first(struct player *p)
{
    const struct script *s = p->script;
    size_t i = 0;

    while (i < s->count && is_more(p, p->how->more, &s->lines[i]))
        i++;
    return i;
}

char *talk_conn_play(const struct script *script, struct talk_how *how)
{
    static struct player p;
    size_t i;

    memset(&p, 0, sizeof(p));
    testbed_make_virtual(&p.testbed);
    p.script = script;
    p.how = how;
    p.testbed.pointer = &p;
    p.testbed.on_event = on_event;
    p.testbed.server = memory_server_start(p.testbed.ctx, NULL);
    memory_server_set_piece(p.testbed.server, how->piece);
    set_up(&p);
    xmpp_conn_set_websocket(p.testbed.conn, how->websocket);
    if (how->more)
        how->more->begin(&p);
    failmem_arm(&p.testbed.memory, how->fail_at, 0);
    i = play_first(&p);
    begin(&p);
    while (i < script->count && !p.wrong[0] && !p.is_released)
        if (how->websocket && leads_to_tls(script, i))
            i += TO_TLS;
        else
            act(&p, &script->lines[i++]);
    how->has_failed = p.testbed.memory.failed > 0;
    how->has_released = p.is_released;
    end(&p);
    return p.wrong[0] ? strdup(p.wrong) : NULL;
}
