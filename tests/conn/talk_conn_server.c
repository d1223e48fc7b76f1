/* talk_conn_server.c - the lines of a talk that the server's side plays. */

#include "conn/attempt.h"
#include "conn/talk_conn_inside.h"
#include "net/tls_binding.h"
#include "stream/sm.h"

#define PASSWORD "secret" /* of every account */

/* Requests and answers of stream management are not what talks with words of
 * their own are about. */
static size_t management_size(struct str out)
{
    static const char *const starts[] = {"<r xmlns=\"urn:xmpp:sm:3\"",
                                         "<a xmlns=\"urn:xmpp:sm:3\""};
    const char *end = out.n ? memchr(out.s, '>', out.n) : NULL;

    for (size_t i = 0; end && i < 2; i++)
        if (str_starts(out, str_of(starts[i])))
            return (size_t)(end + 1 - out.s);
    return 0;
}

struct str talk_conn_sent(struct player *p)
{
    struct str out;
    size_t n;

    talk_conn_settle(p);
    out = memory_server_sent(p->testbed.server);
    while (p->how->more && (n = management_size(out))) {
        memory_server_take(p->testbed.server, n);
        out = memory_server_sent(p->testbed.server);
    }
    return out;
}

/* With what the talk does not know beforehand. */
void talk_conn_say(struct player *p, const char *line, size_t line_n)
{
    const xmpp_conn_t *conn = p->testbed.conn;
    const xmpp_sm_state_t *sm = conn ? conn->sm : NULL;
    char number[16], *text;
    size_t n;

    snprintf(number, sizeof(number), "%lu",
             sm ? (unsigned long)sm_sent(sm) : 0);
    talk_holes_set(&p->holes, "h", str_of(number));
    text = talk_holes_fill(&p->holes, str_n(line, line_n), &n);
    p->end_due |= strstr(text, "</stream:stream>") != NULL;
    memory_server_send(p->testbed.server, str_n(text, n));
    free(text);
}

static void do_server(struct player *p, const struct line *l)
{
    talk_conn_say(p, l->text, l->n);
}

static void do_server_often(struct player *p, const struct line *l)
{
    char *rest, number[32];
    long times = strtol(l->text, &rest, 10);
    size_t n = l->n - (size_t)(++rest - l->text);

    for (long i = 0; i < times && !p->is_released; i++) {
        snprintf(number, sizeof(number), "%ld", i);
        talk_holes_set(&p->holes, "n", str_of(number));
        talk_conn_say(p, rest, n);
        talk_conn_settle(p);
    }
}

static void do_client(struct player *p, const struct line *l)
{
    struct str out = talk_conn_sent(p);
    size_t n = talk_holes_match(&p->holes, out, str_n(l->text, l->n));

    if (n == SIZE_MAX)
        talk_conn_deviate(p, "line %d: the client sent: %.*s\nnot: %.900s",
                          l->number, out.n < 900 ? (int)out.n : 900, out.s,
                          l->text);
    else
        memory_server_take(p->testbed.server, n);
}

static void do_client_any(struct player *p, const struct line *l)
{
    struct str out = talk_conn_sent(p);
    char *copy = calloc(1, out.n + 1);

    memcpy(copy, out.s, out.n);
    if (!strstr(copy, l->text))
        talk_conn_deviate(p,
                          "line %d: the client sent: %.900s\nwithout: %.900s",
                          l->number, copy, l->text);
    else
        memory_server_take(p->testbed.server, out.n);
    free(copy);
}

static void do_quiet(struct player *p, const struct line *l)
{
    struct str out = talk_conn_sent(p);

    if (out.n)
        talk_conn_deviate(p, "line %d: the client sent: %.*s", l->number,
                          out.n < 900 ? (int)out.n : 900, out.s);
}

static void do_tls(struct player *p, const struct line *l)
{
    talk_conn_settle(p);
    if (!memory_server_obey(p->testbed.server, p->how->tls))
        talk_conn_deviate(p, "line %d: no handshake", l->number);
}

static void do_eof(struct player *p, const struct line *l)
{
    (void)l;
    p->end_due = true;
    memory_server_obey(p->testbed.server, "end");
}

/* The channel that the server sees is the client's: nobody is in between. */
static void show_channel(struct player *p)
{
    const char *name = strstr(p->judge.header, "p=");
    struct attempt *attempt = p->is_released ? NULL : p->testbed.conn->attempt;
    struct stage *stage = attempt ? tls_stage_find(&attempt->pipe) : NULL;
    char type[32] = "";
    size_t n;

    if (!name || !stage)
        return;
    snprintf(type, sizeof(type), "%.*s", (int)strcspn(name + 2, ","), name + 2);
    n = tls_binding_data(stage, type, p->binding, sizeof(p->binding));
    p->judge.bound = str_n(p->binding, n);
}

static void do_scram(struct player *p, const struct line *l)
{
    char text[3 * JUDGE_MOST] = "";
    struct str out = talk_conn_sent(p);
    /* The judge reads it as a string. */
    char *copy = strndup(out.n ? out.s : "", out.n);
    struct str string = str_of(copy);
    bool good = true;

    if (strcmp(l->word, "scram-auth") == 0)
        good = judge_read_auth(&p->judge, string, l->text);
    else if (strcmp(l->word, "scram-check") == 0)
        good = judge_check(&p->judge, string);
    else if (strcmp(l->word, "scram-challenge") == 0)
        judge_challenge(&p->judge, l->text, PASSWORD, text, sizeof(text));
    else
        judge_final(&p->judge, l->text, text, sizeof(text));
    free(copy);
    show_channel(p);
    if (!good)
        talk_conn_deviate(p, "line %d: %s: the client sent: %.*s", l->number,
                          l->word, out.n < 900 ? (int)out.n : 900, out.s);
    else if (text[0])
        memory_server_send(p->testbed.server, str_of(text));
    else
        memory_server_take(p->testbed.server, out.n);
}

static const struct {
    const char *word;
    void (*act)(struct player *p, const struct line *l);
} server_words[] = {
    {"S", do_server},          {"S*", do_server_often},
    {"C", do_client},          {"C?", do_client_any},
    {"quiet", do_quiet},       {"tls", do_tls},
    {"eof", do_eof},           {"scram-auth", do_scram},
    {"scram-check", do_scram}, {"scram-challenge", do_scram},
    {"scram-final", do_scram},
};

bool talk_conn_server_line(struct player *p, const struct line *l)
{
    for (size_t i = 0; i < sizeof(server_words) / sizeof(server_words[0]); i++)
        if (strcmp(server_words[i].word, l->word) == 0) {
            if (p)
                server_words[i].act(p, l);
            return true;
        }
    return false;
}
