/* liars.c - each row of each module by each sender that it may have or may not
 * have: twice, cut in the middle, in a resumed and a new session, too late, and
 * too long. A row is called for its senders and for nobody else; an iq has one
 * answer each time; and the session stays. */

#include "conn/talk_conn_inside.h"
#include "top.h"
#include "xep/call.h"
#include "xep/odd_xml.h"

#define CONTACT "contact@example.org"
#define ID "liar"
#define OURS                                                                   \
    (XMPP_SENDER_ANYONE | XMPP_SENDER_OWN | XMPP_SENDER_ACCOUNT |              \
     XMPP_SENDER_SERVER)

static const struct sender {
    const char *jid; /* NULL: none */
    unsigned bits;
    const char *what;
} senders[] = {
    {NULL, OURS, "nobody"},
    {"romeo@example.org", OURS, "our account"},
    {"ROMEO@Example.Org", OURS, "our account, in capitals"},
    {"romeo@example.org/r", XMPP_SENDER_ANYONE | XMPP_SENDER_OWN, "ourselves"},
    {"romeo@example.org/other", XMPP_SENDER_ANYONE | XMPP_SENDER_OWN,
     "another resource of ours"},
    {"example.org", XMPP_SENDER_ANYONE | XMPP_SENDER_SERVER, "our server"},
    {CONTACT "/x", XMPP_SENDER_ANYONE | XMPP_SENDER_CONTACT, "a contact"},
    {"mercutio@example.org/street", XMPP_SENDER_ANYONE, "a stranger"},
    {"romeo@example.org.example.net/r", XMPP_SENDER_ANYONE, "a longer domain"},
    {"r\xd0\xbemeo@example.org", XMPP_SENDER_ANYONE, "a look-alike"},
    {"example.net/romeo@example.org", XMPP_SENDER_ANYONE,
     "one whose resource is our address"},
};

#define SENDERS (sizeof(senders) / sizeof(senders[0]))

/* What is being tried. With a probe only that row is in use, and what it does
 * is to count; without, all modules as they are. */
static struct lie {
    const xmpp_row_t *row;
    const struct sender *sender;
    enum odd odd;
    bool is_probe;
    xmpp_row_t rows[3];
    xmpp_module_t probe;
    int calls;
    char *stanza;
} lie;

/* ---- the probe --------------------------------------------------- */

/* Not mine: the library answers. */
static int on_row(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    (void)in;
    (void)state;
    lie.calls++;
    return 0;
}

static int on_judge(xmpp_conn_t *conn, const xmpp_jid_t *jid, void *state)
{
    size_t n;
    const char *bare = xmpp_jid_view(jid, XMPP_JID_BARE, &n);

    (void)conn;
    (void)state;
    return n == strlen(CONTACT) && memcmp(bare, CONTACT, n) == 0;
}

static void make_probe(const xmpp_row_t *row)
{
    static const xmpp_row_t knows = XMPP_KNOWS(XMPP_SENDER_CONTACT, on_judge);
    static const xmpp_row_t end = XMPP_ROWS_END;

    lie.rows[0] = *row;
    lie.rows[0].handler = on_row;
    lie.rows[0].payload = NULL;
    lie.rows[1] = knows;
    lie.rows[2] = end;
    lie.probe = (xmpp_module_t){"probe", 1, sizeof(xmpp_row_t), lie.rows};
}

/* Who hands items of nodes on. */
static const xmpp_module_t *node_module(void)
{
    return call_find_module("pubsub");
}

static void use_probe(struct player *p)
{
    xmpp_conn_t *conn = p->testbed.conn;

    if (lie.row->kind == XMPP_ROW_NODE &&
        xmpp_conn_use(conn, node_module()) < 0)
        talk_conn_deviate(p, "nodes cannot be used");
    if (xmpp_conn_use(conn, &lie.probe) < 0)
        talk_conn_deviate(p, "the probe cannot be used");
}

static void use_modules(struct player *p)
{
    xmpp_conn_t *conn = p->testbed.conn;

    if (lie.is_probe)
        use_probe(p);
    for (size_t i = 0; !lie.is_probe && call_modules[i]; i++)
        if (xmpp_conn_use(conn, call_modules[i]) < 0)
            talk_conn_deviate(p, "%s cannot be used", call_modules[i]->name);
}

static void forget_modules(struct player *p)
{
    (void)p;
}

/* ---- stanzas ----------------------------------------------------- */

static bool is_iq(const xmpp_row_t *row)
{
    return row->kind == XMPP_ROW_IQ_GET || row->kind == XMPP_ROW_IQ_SET;
}

static const char *stanza_name(const xmpp_row_t *row)
{
    return is_iq(row)                       ? "iq"
           : row->kind == XMPP_ROW_PRESENCE ? "presence"
                                            : "message";
}

static void make_stanza(void)
{
    struct chance chance = {0};
    const char *name = stanza_name(lie.row);
    size_t n;
    FILE *out = open_memstream(&lie.stanza, &n);

    fprintf(out, "<%s to='romeo@example.org/r' id='" ID "'", name);
    if (is_iq(lie.row))
        fprintf(out, " type='%s'",
                lie.row->kind == XMPP_ROW_IQ_GET ? "get" : "set");
    if (lie.sender->jid)
        fprintf(out, " from='%s'", lie.sender->jid);
    fputc('>', out);
    odd_xml_write_row(out, lie.row, lie.odd, &chance);
    fprintf(out, "</%s>", name);
    fclose(out);
}

/* ---- lines ------------------------------------------------------- */

/* Take what the client sent; how many answers to the lie are in it? */
static int take_answers(struct player *p)
{
    struct str out = memory_server_sent(p->testbed.server);
    char *copy = strndup(out.n ? out.s : "", out.n), *at = copy;
    int answers = 0;

    while ((at = strstr(at, " id=\"" ID "\""))) {
        answers++;
        at++;
    }
    free(copy);
    memory_server_take(p->testbed.server, out.n);
    return answers;
}

static void send_bytes(struct player *p, size_t n)
{
    memory_server_send(p->testbed.server, str_n(lie.stanza, n));
    talk_conn_settle(p);
}

/* Events of nodes come through the module for them, which accepts those of our
 * account; of the other senders here it knows none. */
static bool may_call(void)
{
    return (lie.row->sender & lie.sender->bits) &&
           (lie.row->kind != XMPP_ROW_NODE ||
            (lie.sender->bits & XMPP_SENDER_ACCOUNT));
}

/* In use, the module's handler of the row may refuse what it gets. */
static void check_calls(struct player *p, int calls)
{
    bool may = may_call();

    if (lie.is_probe && calls != (int)may)
        talk_conn_deviate(p, "called %d times", calls);
}

/* A push of contacts from anybody but our account is to be ignored (RFC 6121
 * section 2.1.6). */
static int answers_due(void)
{
    if (lie.row->kind == XMPP_ROW_IQ_SET &&
        strcmp(lie.row->ns, XMPP_NS_ROSTER) == 0)
        return (lie.sender->bits & XMPP_SENDER_ACCOUNT) != 0;
    return is_iq(lie.row);
}

static void check_answers(struct player *p, int answers)
{
    if (answers != answers_due())
        talk_conn_deviate(p, "it has %d answers", answers);
}

static void do_lie(struct player *p)
{
    int calls = lie.calls;

    talk_conn_settle(p);
    take_answers(p);
    send_bytes(p, strlen(lie.stanza));
    check_calls(p, lie.calls - calls);
    check_answers(p, take_answers(p));
}

/* Nothing happens before it is whole. */
static void do_half(struct player *p)
{
    int calls = lie.calls;

    send_bytes(p, strlen(lie.stanza) / 2);
    if (lie.calls != calls || take_answers(p))
        talk_conn_deviate(p, "half of it is enough");
}

/* The stream is closed on our side. */
static void do_late(struct player *p)
{
    send_bytes(p, strlen(lie.stanza));
}

static bool lie_line(struct player *p, const struct line *l)
{
    static const struct {
        const char *word;
        void (*act)(struct player *p);
    } words[] = {{"lie", do_lie}, {"half", do_half}, {"late", do_late}};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].word, l->word) == 0) {
            if (p)
                words[i].act(p);
            return true;
        }
    return false;
}

static const struct talk_words lie_words = {lie_line, use_modules,
                                            forget_modules};

/* ---- rows -------------------------------------------------------- */

static void play(const struct script *script, const struct sender *sender,
                 bool is_probe, enum odd odd, int *faults)
{
    struct talk_how how = {.piece = SIZE_MAX, .more = &lie_words};
    char *wrong;

    lie.sender = sender;
    lie.is_probe = is_probe;
    lie.odd = odd;
    make_stanza();
    wrong = talk_conn_play(script, &how);
    if (wrong) {
        printf("# %s%s%s: %s\n# %.300s\n", sender->what,
               is_probe ? ", a probe" : "", odd == ODD_LONG ? ", long" : "",
               wrong, lie.stanza);
        ++*faults;
    }
    free(wrong);
    free(lie.stanza);
}

static void play_row(const struct script *script, const xmpp_module_t *module,
                     const xmpp_row_t *row)
{
    int faults = 0;

    lie.row = row;
    make_probe(row);
    for (size_t i = 0; i < SENDERS; i++) {
        play(script, &senders[i], true, ODD_RIGHT, &faults);
        play(script, &senders[i], false, ODD_RIGHT, &faults);
        play(script, &senders[i], false, ODD_LONG, &faults);
    }
    is_int(faults, 0, "%s: %s %s %s", module->name, stanza_name(row),
           row->ns ? row->ns : "any", row->name ? row->name : "");
}

static bool is_tried(const xmpp_row_t *row)
{
    return is_iq(row) || row->kind == XMPP_ROW_MESSAGE ||
           row->kind == XMPP_ROW_WRAP || row->kind == XMPP_ROW_PRESENCE ||
           (row->kind == XMPP_ROW_NODE && node_module());
}

static void play_module(const struct script *script,
                        const xmpp_module_t *module)
{
    const xmpp_row_t *row = module->rows;

    for (; row->kind != XMPP_ROW_END; row++)
        if (is_tried(row) && tap_has_turn())
            play_row(script, module, row);
}

/* With a word: that module only. */
int main(int argc, char **argv)
{
    static struct script script;
    char folder[1024];

    snprintf(folder, sizeof(folder), "%s/tests/talk", tests_top());
    script_read(&script, folder, "parts/lies.part");
    for (size_t i = 0; call_modules[i]; i++)
        if (argc < 2 || strcmp(call_modules[i]->name, argv[1]) == 0)
            play_module(&script, call_modules[i]);
    script_free(&script);
    ok(true, "every module was tried");
    return done_testing();
}
