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

/* ---- events ------------------------------------------------------ */

static void add_event(struct player *p, const char *word, const char *text)
{
    size_t n = strlen(word) + strlen(text) + 2;
    char *event = malloc(n);

    if (!event || p->last == EVENTS_MOST)
        bail("too many events");
    snprintf(event, n, "%s%s%s", word, *text ? " " : "", text);
    p->events[p->last++] = event;
}

static void on_event(struct testbed *testbed, xmpp_conn_event_t event)
{
    struct player *p = testbed->pointer;

    if (event == XMPP_CONN_CONNECT)
        add_event(p, "up", "");
    if (event == XMPP_CONN_DISCONNECT)
        add_event(p, "down", "");
}

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    char *text;
    size_t n;

    (void)conn;
    if (xmpp_stanza_to_text(stanza, &text, &n))
        bail("no memory");
    add_event(userdata, "stanza", text);
    xmpp_free(xmpp_conn_get_context(conn), text);
    return 1;
}

/* The userdata is the line, whose text begins with the stanza's name. */
struct tracked {
    struct player *player;
    char name[64];
};

static void on_sent(xmpp_conn_t *conn, int status, const char *text, size_t n,
                    void *userdata)
{
    struct tracked *tracked = userdata;
    char said[128];

    (void)conn, (void)text, (void)n;
    snprintf(said, sizeof(said), "%s %s", tracked->name,
             status == 1 ? "1" : xmpp_strerror_name(status));
    add_event(tracked->player, "sent", said);
    free(tracked);
}

static void expect_event(struct player *p, const struct line *l,
                         const char *want)
{
    const char *event = p->first < p->last ? p->events[p->first++] : "none";
    size_t n = strlen(want);

    /* "stanza *" is any; of "sent" the text is not looked at here */
    if (n > 2 && strcmp(want + n - 2, " *") == 0 ? strncmp(event, want, n - 1)
                                                 : strcmp(event, want))
        talk_conn_deviate(p, "line %d: the event is: %.900s\nnot: %.900s",
                          l->number, event, want);
}

/* ---- the application's lines ------------------------------------- */

static void check_code(struct player *p, const struct line *l, int rc,
                       const char *want)
{
    if (strcmp(xmpp_strerror_name(rc), want) != 0)
        talk_conn_deviate(p, "line %d: returned %s", l->number,
                          xmpp_strerror_name(rc));
}

static void do_send(struct player *p, const struct line *l)
{
    const char *text = l->text;
    char code[32] = "XMPP_EOK";
    xmpp_stanza_t *stanza;

    if (strcmp(l->word, "say!") == 0) {
        sscanf(text, "%31s", code);
        text += strlen(code) + 1;
    }
    stanza = xmpp_stanza_new_from_string(p->testbed.ctx, text);
    check_code(p, l, xmpp_send_take(p->testbed.conn, stanza), code);
}

static void do_tracked(struct player *p, const struct line *l)
{
    const char *xml = strchr(l->text, ' ') + 1;
    struct tracked *tracked = calloc(1, sizeof(*tracked));
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(p->testbed.ctx, xml);

    tracked->player = p;
    snprintf(tracked->name, sizeof(tracked->name), "%.*s",
             (int)(xml - 1 - l->text), l->text);
    check_code(p, l,
               xmpp_send_tracked(p->testbed.conn, stanza, on_sent, tracked),
               "XMPP_EOK");
}

/* Of one that nobody tracks the application hears nothing. */
static void do_sent(struct player *p, const struct line *l)
{
    char name[64] = "", code[32] = "", want[128];

    sscanf(l->text, "%63s %31s", name, code);
    snprintf(want, sizeof(want), "sent %s %s", name, code);
    if (name[0] != '-')
        expect_event(p, l, want);
}

static void do_call(struct player *p, const struct line *l)
{
    xmpp_conn_t *conn = p->testbed.conn;

    if (strcmp(l->word, "raw") == 0)
        xmpp_send_raw(conn, l->text, l->n);
    else if (strcmp(l->word, "close") == 0)
        xmpp_disconnect(conn);
    else
        xmpp_conn_drop(conn);
}

static void do_tick(struct player *p, const struct line *l)
{
    poll_move_clock(p->testbed.ctx->poll, strtoull(l->text, NULL, 10));
}

static void do_check(struct player *p, const struct line *l)
{
    char code[32] = "";
    unsigned long patience = 0;

    sscanf(l->text, "%31s %lu", code, &patience);
    check_code(p, l, xmpp_conn_check(p->testbed.conn, patience), code);
}

/* An application gets the server's stream error together with the end. */
static void do_error(struct player *p, const struct line *l)
{
    (void)l;
    p->error_due = true;
}

static void do_down(struct player *p, const struct line *l)
{
    expect_event(p, l, "down");
    if (p->testbed.had_stream_error != p->error_due)
        talk_conn_deviate(p, "line %d: a stream error came, or none",
                          l->number);
    p->error_due = false;
}

static void do_up(struct player *p, const struct line *l)
{
    const char *jid = xmpp_conn_get_bound_jid(p->testbed.conn);

    expect_event(p, l, "up");
    if (strcmp(l->text, "*") != 0 && (!jid || strcmp(jid, l->text) != 0))
        talk_conn_deviate(p, "line %d: bound as %s", l->number,
                          jid ? jid : "nobody");
}

/* The elements of stream management are not for handlers. */
static void do_stanza(struct player *p, const struct line *l)
{
    const char *ns = strstr(l->text, " xmlns=\"urn:xmpp:sm:3\"");
    char *want;

    if (ns && ns < strchr(l->text, '>'))
        return;
    want = malloc(l->n + 10);
    snprintf(want, l->n + 10, "stanza %s", l->text);
    expect_event(p, l, want);
    free(want);
}

static void do_fault(struct player *p, const struct line *l)
{
    const xmpp_failure_t *f = xmpp_conn_get_failure(p->testbed.conn);
    char got[160] = "none";

    if (f)
        snprintf(got, sizeof(got), "%s %s%s%s", xmpp_layer_name(f->layer),
                 xmpp_strerror_name(f->code), f->condition[0] ? " " : "",
                 f->condition);
    if (strcmp(got, l->text) != 0)
        talk_conn_deviate(p, "line %d: the fault is: %s (%s)", l->number, got,
                          f ? f->message : "");
}

static void do_words(struct player *p, const struct line *l)
{
    const xmpp_failure_t *f = xmpp_conn_get_failure(p->testbed.conn);

    if (!f || (!strstr(f->message, l->text) && !strstr(f->text, l->text)))
        talk_conn_deviate(p, "line %d: the fault's words are: %s", l->number,
                          f ? f->message : "none");
}

static void do_unacked(struct player *p, const struct line *l)
{
    unsigned long n = xmpp_conn_get_unacked(p->testbed.conn);

    if (n != strtoul(l->text, NULL, 10))
        talk_conn_deviate(p, "line %d: there are %lu", l->number, n);
}

static void do_resumed(struct player *p, const struct line *l)
{
    if (xmpp_conn_is_resumed(p->testbed.conn) != (l->word[0] == 'r'))
        talk_conn_deviate(p, "line %d: it is not so", l->number);
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
    if (p->script->direct && !memory_server_obey(p->testbed.server, p->tls))
        talk_conn_deviate(p, "no handshake");
}

static void do_again(struct player *p, const struct line *l)
{
    (void)l;
    begin(p);
}

static const struct {
    const char *word;
    void (*act)(struct player *p, const struct line *l);
} words[] = {
    {"up", do_up},           {"stanza", do_stanza},
    {"error", do_error},     {"down", do_down},
    {"say", do_send},        {"say!", do_send},
    {"tracked", do_tracked}, {"sent", do_sent},
    {"raw", do_call},        {"close", do_call},
    {"abort", do_call},      {"tick", do_tick},
    {"check", do_check},     {"fault", do_fault},
    {"words", do_words},     {"unacked", do_unacked},
    {"resumed", do_resumed}, {"not-resumed", do_resumed},
    {"again", do_again},
};

#define WORDS (sizeof(words) / sizeof(words[0]))

static size_t find_word(const char *word)
{
    size_t i = 0;

    while (i < WORDS && strcmp(words[i].word, word) != 0)
        i++;
    return i;
}

static void act(struct player *p, const struct line *l)
{
    if (!talk_conn_server_line(p, l))
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
    if (!str_is(w->domain, "example.org") || s->channel.version != TLS_1_3)
        return "another server";
    return s->has_own_binding ? "another channel" : NULL;
}

const char *talk_conn_unfit(const struct script *script)
{
    for (size_t i = 0; i < script->count; i++) {
        const struct line *l = &script->lines[i];

        if (!talk_conn_server_line(NULL, l) && find_word(l->word) == WORDS)
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

static void set_up(struct player *p, const char *ca_file)
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
    xmpp_conn_set_cafile(conn, ca_file);
    for (int i = 0; i < XMPP_OPT_COUNT_; i++)
        if (s->options[i] != xmpp_conn_get_option(conn, (xmpp_option_t)i))
            xmpp_conn_set_option(conn, (xmpp_option_t)i, s->options[i]);
    if (w->tls == TLS_OPTIONAL)
        xmpp_conn_set_option(conn, XMPP_OPT_TLS_OPTIONAL, 1);
    xmpp_handler_add(conn, on_stanza, NULL, NULL, NULL, p);
}

static void end(struct player *p)
{
    struct testbed *t = &p->testbed;

    talk_conn_settle(p);
    if (!p->wrong[0] && memory_server_sent(t->server).n)
        talk_conn_deviate(p, "the client also sent: %.*s",
                          (int)memory_server_sent(t->server).n,
                          memory_server_sent(t->server).s);
    if (p->first != p->last)
        talk_conn_deviate(p, "not expected: %.900s", p->events[p->first]);
    memory_server_end(t->server);
    xmpp_conn_release(t->conn);
    xmpp_ctx_free(t->ctx);
    memory_server_free(t->server);
    if (t->memory.held)
        talk_conn_deviate(p, "%ld blocks are left", t->memory.held);
    for (size_t i = 0; i < p->last; i++)
        free(p->events[i]);
}

char *talk_conn_play(const struct script *script, const char *tls,
                     const char *ca_file, size_t piece)
{
    static struct player p;

    memset(&p, 0, sizeof(p));
    testbed_make_virtual(&p.testbed);
    p.script = script;
    p.tls = tls;
    p.testbed.pointer = &p;
    p.testbed.on_event = on_event;
    p.testbed.server = memory_server_start(p.testbed.ctx, NULL);
    memory_server_set_piece(p.testbed.server, piece);
    set_up(&p, ca_file);
    begin(&p);
    for (size_t i = 0; i < script->count && !p.wrong[0]; i++)
        act(&p, &script->lines[i]);
    end(&p);
    return p.wrong[0] ? strdup(p.wrong) : NULL;
}
