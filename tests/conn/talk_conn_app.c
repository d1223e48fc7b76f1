/* talk_conn_app.c - the lines of a talk that the application plays: what it
 * does, and what it gets. */

#include "conn/ctx.h"
#include "conn/talk_conn_inside.h"

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
    talk_conn_event(tracked->player, "sent", said);
    free(tracked);
}

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
    struct failmem spared;
    xmpp_stanza_t *stanza;

    if (strcmp(l->word, "say!") == 0) {
        sscanf(text, "%31s", code);
        text += strlen(code) + 1;
    }
    spared = talk_conn_spare(p);
    stanza = xmpp_stanza_new_from_string(p->testbed.ctx, text);
    talk_conn_count(p, &spared);
    check_code(p, l, xmpp_send_take(p->testbed.conn, stanza), code);
}

static void do_tracked(struct player *p, const struct line *l)
{
    const char *xml = strchr(l->text, ' ') + 1;
    struct tracked *tracked = calloc(1, sizeof(*tracked));
    struct failmem spared = talk_conn_spare(p);
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(p->testbed.ctx, xml);
    int rc;

    talk_conn_count(p, &spared);
    tracked->player = p;
    snprintf(tracked->name, sizeof(tracked->name), "%.*s",
             (int)(xml - 1 - l->text), l->text);
    rc = xmpp_send_tracked(p->testbed.conn, stanza, on_sent, tracked);
    if (rc) /* then nobody hears of it */
        free(tracked);
    check_code(p, l, rc, "XMPP_EOK");
}

/* Of one that nobody tracks the application hears nothing. */
static void do_sent(struct player *p, const struct line *l)
{
    char name[64] = "", code[32] = "", want[128];

    sscanf(l->text, "%63s %31s", name, code);
    snprintf(want, sizeof(want), "sent %s %s", name, code);
    if (name[0] != '-')
        talk_conn_expect(p, l, want);
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
    p->end_due |= strcmp(l->word, "raw") != 0;
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
    talk_conn_expect(p, l, "down");
    if (p->testbed.had_stream_error != p->error_due)
        talk_conn_deviate(p, "line %d: a stream error came, or none",
                          l->number);
    p->error_due = false;
}

static void do_up(struct player *p, const struct line *l)
{
    const char *jid = xmpp_conn_get_bound_jid(p->testbed.conn);

    if (!p->how->more || !talk_conn_take(p, "up"))
        talk_conn_expect(p, l, "up");
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
    talk_conn_expect(p, l, want);
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

static const struct {
    const char *word;
    void (*act)(struct player *p, const struct line *l);
} app_words[] = {
    {"up", do_up},           {"stanza", do_stanza},
    {"error", do_error},     {"down", do_down},
    {"say", do_send},        {"say!", do_send},
    {"tracked", do_tracked}, {"sent", do_sent},
    {"raw", do_call},        {"close", do_call},
    {"abort", do_call},      {"tick", do_tick},
    {"check", do_check},     {"fault", do_fault},
    {"words", do_words},     {"unacked", do_unacked},
    {"resumed", do_resumed}, {"not-resumed", do_resumed},
};

bool talk_conn_app_line(struct player *p, const struct line *l)
{
    for (size_t i = 0; i < sizeof(app_words) / sizeof(app_words[0]); i++)
        if (strcmp(app_words[i].word, l->word) == 0) {
            if (p)
                app_words[i].act(p, l);
            return true;
        }
    return false;
}
