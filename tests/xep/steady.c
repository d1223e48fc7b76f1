/* steady.c - modules that a message does not concern cost it no allocation:
 * ten and fifty made for this, and all that the library has. What libxml2
 * allocates for the namespaces of a message is the same as without modules. */

#include "conn/talk_conn_inside.h"
#include "top.h"
#include "xep/call.h"
#include "xep/many_modules.h"
#include "xml_calls.h"

#define WARM 300
#define STANZAS 1000
#define MESSAGE                                                                \
    "<message from='juliet@example.org/balcony' to='romeo@example.org/r' "     \
    "type='chat' id='m1'><body>Wherefore art thou, Romeo?</body>"              \
    "<thread>e0ffe42b28561960</thread>"                                        \
    "<origin-id xmlns='urn:xmpp:sid:0' id='de305d54-75b4-431b'/>"              \
    "<more xmlns='urn:example:more'/></message>"

static struct {
    unsigned modules; /* made for this */
    bool has_all;     /* and those of the library */
    const struct failmem *memory;
    unsigned long ours, xml; /* when it was warm, and from there on */
    int seen;
} run;

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    (void)userdata;
    if (++run.seen == WARM) {
        run.ours = run.memory->calls;
        run.xml = xml_calls;
    }
    return 1;
}

/* All before the loop turns: a stream that rests gives memory back. */
static void send_some(struct player *p, int n)
{
    for (int i = 0; i < n; i++)
        memory_server_send(p->testbed.server, STR(MESSAGE));
    talk_conn_settle(p);
}

static bool steady_line(struct player *p, const struct line *l)
{
    if (strcmp(l->word, "steady") != 0)
        return false;
    if (!p)
        return true;
    run.memory = &p->testbed.memory;
    send_some(p, WARM + STANZAS);
    run.ours = p->testbed.memory.calls - run.ours;
    run.xml = xml_calls - run.xml;
    return true;
}

static void use_modules(struct player *p)
{
    xmpp_conn_t *conn = p->testbed.conn;

    /* or each would be rendered for the log */
    xmpp_ctx_set_log_level(p->testbed.ctx, XMPP_LEVEL_WARN);
    for (unsigned i = 0; i < run.modules; i++)
        if (xmpp_conn_use(conn, many_modules_at(i)) < 0)
            talk_conn_deviate(p, "a module cannot be used");
    for (size_t i = 0; run.has_all && call_modules[i]; i++)
        if (strncmp(call_modules[i]->name, "sync", 4) == 0)
            continue; /* every message concerns them: they remember it */
        else if (xmpp_conn_use(conn, call_modules[i]) < 0)
            talk_conn_deviate(p, "%s cannot be used", call_modules[i]->name);
    xmpp_handler_add(conn, on_message, NULL, "message", NULL, NULL);
}

static void forget_modules(struct player *p)
{
    (void)p;
}

static const struct talk_words steady_words = {steady_line, use_modules,
                                               forget_modules};

/* Returns what libxml2 allocated. */
static long play(const struct script *script, unsigned modules, bool has_all,
                 const char *what)
{
    struct talk_how how = {.piece = SIZE_MAX, .more = &steady_words};
    char *wrong;

    memset(&run, 0, sizeof(run));
    run.modules = modules;
    run.has_all = has_all;
    wrong = talk_conn_play(script, &how);
    is_str(wrong, NULL, "%s: messages arrive", what);
    is_int(run.seen, WARM + STANZAS, "each of them");
    is_int(run.ours, 0, "and for the last %d nothing is allocated", STANZAS);
    free(wrong);
    return (long)run.xml;
}

int main(void)
{
    static struct script script;
    char folder[1024];
    long xml;

    if (xml_calls_begin())
        bail("libxml2 keeps its own allocator");
    snprintf(folder, sizeof(folder), "%s/tests/talk", tests_top());
    script_read(&script, folder, "parts/steady.part");
    xml = play(&script, 0, false, "no module");
    is_int(play(&script, 10, false, "ten modules"), xml,
           "by libxml2 as much as without");
    is_int(play(&script, 50, false, "fifty modules"), xml, "likewise");
    is_int(play(&script, 0, true, "all modules of the library"), xml,
           "likewise");
    script_free(&script);
    return done_testing();
}
