/* open_questions.c - requests that were sent and not answered: who closes them,
 * which are forgotten, and the memory that they take. */

#include "dispatch/questions.h"

#include <xmpp/error.h>

#include "base/arena.h"
#include "failmem.h"
#include "stanza/parse.h"
#include "tap.h"

#define ME "romeo@a.example/r"

static struct failmem memory;
static struct env env;
static struct slots slots;
static struct routes routes;
static struct questions questions;

static void begin(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    slots_init(&slots, &env);
    routes_init(&routes, &env, &slots);
    questions_init(&questions, &env, &routes);
}

static void end(const char *what)
{
    questions_free(&questions);
    routes_free(&routes);
    slots_free(&slots);
    arena_drain(&env);
    is_int(memory.held, 0, "%s: no memory is left", what);
}

static xmpp_stanza_t *read(const char *text)
{
    xmpp_stanza_t *node;

    if (parse_string(&env, text, &node))
        bail(text);
    return node;
}

/* It is sent; is it remembered, and as what? */
static struct question *sent(const char *text)
{
    struct question *q = (struct question *)(void *)&memory;
    xmpp_stanza_t *node = read(text);
    int rc = questions_add(&questions, node, &q);

    xmpp_stanza_release(node);
    if (rc && rc != XMPP_EMEM)
        bail("another code");
    return q;
}

static struct question *asked(const char *id, const char *to)
{
    char text[400];

    snprintf(text, sizeof(text),
             "<iq xmlns='jabber:client' type='get' id='%s'%s%s%s/>", id,
             to ? " to='" : "", to ? to : "", to ? "'" : "");
    return sent(text);
}

static bool answers(const char *type, const char *id, const char *from)
{
    char text[400];
    xmpp_stanza_t *node;
    bool good;

    snprintf(text, sizeof(text),
             "<iq xmlns='jabber:client' type='%s' id='%s'%s%s%s/>", type, id,
             from ? " from='" : "", from ? from : "", from ? "'" : "");
    node = read(text);
    good = questions_answer(&questions, node, str_of(ME));
    xmpp_stanza_release(node);
    return good;
}

static int on_answer(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn, (void)stanza, (void)userdata;
    return 0;
}

/* ---- who closes one ---------------------------------------------- */

static void closed(void)
{
    begin();
    ok(!sent("<message xmlns='jabber:client' type='get' id='1'/>"),
       "a message asks nothing");
    ok(!sent("<iq xmlns='jabber:client' type='get'/>"), "nor what has no id");
    ok(!sent("<iq xmlns='jabber:client' type='result' id='1'/>"),
       "nor an answer");
    ok(!answers("result", "1", "b.example"), "nothing was asked");
    asked("1", "b.example");
    ok(questions_have(&questions, STR("1")), "now it was");
    ok(!questions_have(&questions, STR("2")), "and nothing else");
    ok(!answers("get", "1", "b.example"), "a question is no answer");
    ok(!answers("result", "1", "c.example"), "somebody else's is none");
    ok(!answers("result", "2", "b.example"), "nor that to another question");
    ok(answers("error", "1", "b.example"), "an error is one");
    ok(!answers("result", "1", "b.example"), "once");
    asked("1", "@");
    ok(answers("error", "1", NULL),
       "our server answers for what is no address");
    questions_forget(&questions, NULL);
    questions_forget(&questions, asked("1", "b.example"));
    ok(!questions_have(&questions, STR("1")), "what was not sent is forgotten");
    end("closed");
}

/* Several of one id: to the same addressee it is one, that is closed as often
 * as it was asked. */
static void same_id(void)
{
    begin();
    asked("1", "b.example");
    asked("1", NULL);
    asked("1", "b.example");
    asked("1", "c.example");
    asked("1", NULL);
    is_int((long)questions.by_id.count, 3, "to three addressees");
    ok(answers("result", "1", "b.example"), "one answers");
    ok(answers("result", "1", NULL), "another");
    is_int((long)questions.by_id.count, 3, "each was asked twice");
    ok(answers("result", "1", "b.example"), "again");
    ok(!answers("result", "1", "b.example"), "no more than that");
    is_int((long)questions.by_id.count, 2, "that one is closed");
    end("one id");
}

/* ---- the old ones ------------------------------------------------ */

static void fill(int n)
{
    for (int i = 0; i < n; i++) {
        char id[20];

        snprintf(id, sizeof(id), "q%d", i);
        asked(id, "b.example");
    }
}

static void forgotten(void)
{
    begin();
    fill(QUESTIONS_MOST);
    is_int((long)questions.by_id.count, QUESTIONS_MOST, "so many stay");
    asked("new", "b.example");
    is_int((long)questions.by_id.count, QUESTIONS_MOST, "and no more");
    ok(!answers("result", "q0", "b.example"), "the oldest is forgotten");
    ok(answers("result", "q1", "b.example"), "the next is not");
    ok(answers("result", "new", "b.example"), "nor the newest, which took over "
                                              "the oldest's memory");
    ok(!answers("result", "new", "b.example"), "and is answered once");
    end("forgotten");
}

/* Those for which a handler waits are passed over, four at a time, as long as
 * there are not too many of them as well. */
static void waited_for(void)
{
    begin();
    for (int i = 0; i < 12; i++) {
        char id[20];

        snprintf(id, sizeof(id), "q%d", i);
        routes_add_id(&routes, on_answer, id, &(struct slot_args){0});
    }
    fill(QUESTIONS_MOST);
    for (int i = 1; i <= 3; i++) {
        char id[20];

        snprintf(id, sizeof(id), "more%d", i);
        asked(id, "b.example");
        is_int((long)questions.by_id.count, QUESTIONS_MOST + i,
               "those in front are waited for");
    }
    asked("more", "b.example");
    is_int((long)questions.by_id.count, QUESTIONS_MOST,
           "those behind them are not");
    for (int i = 0; i < 12; i++) {
        char id[20];

        snprintf(id, sizeof(id), "q%d", i);
        ok(answers("result", id, "b.example"), "%s is still open", id);
    }
    end("waited for");
}

/* One id of many questions: at last they go, too. */
static void too_many_waited_for(void)
{
    int most = QUESTIONS_MOST + QUESTIONS_EACH;

    begin();
    routes_add_id(&routes, on_answer, "x", &(struct slot_args){0});
    for (int i = 0; i < most + 10; i++) {
        char to[30];

        snprintf(to, sizeof(to), "b%d.example", i);
        asked("x", to);
    }
    is_int((long)questions.by_id.count, most, "a handler keeps four more");
    end("too many");
}

/* ---- memory ------------------------------------------------------ */

static void steady(void)
{
    unsigned long calls = 0;
    xmpp_stanza_t *ask, *answer;

    begin();
    ask = read("<iq xmlns='jabber:client' type='get' id='1' to='b.example'/>");
    answer = read(
        "<iq xmlns='jabber:client' type='result' id='1' from='b.example'/>");
    for (int i = 0; i < 45; i++) {
        struct question *q;
        char id[20] = "123456789012345";

        /* In the first round the stanzas get their room. */
        id[i % 15] = '\0';
        xmpp_stanza_set_id(ask, i % 15 ? id : "0");
        xmpp_stanza_set_id(answer, i % 15 ? id : "0");
        if (i == 16)
            calls = memory.calls;
        if (i < 15)
            continue;
        questions_add(&questions, ask, &q);
        questions_answer(&questions, answer, str_of(ME));
    }
    is_int((long)(memory.calls - calls), 0, "nothing is allocated any more");
    xmpp_stanza_release(ask);
    xmpp_stanza_release(answer);
    end("steady");
}

/* A few blocks stay, and one that is too short does not. */
static void blocks(void)
{
    static char longer[200];
    long held;

    begin();
    fill(40);
    held = memory.held;
    for (int i = 0; i < 40; i++) {
        char id[20];

        snprintf(id, sizeof(id), "q%d", i);
        answers("result", id, "b.example");
    }
    is_int(held - memory.held, 40 - 16, "sixteen blocks are kept");
    held = memory.held;
    memset(longer, 'x', 150);
    asked(longer, "b.example");
    is_int(memory.held, held, "one is replaced by a longer one");
    ok(answers("result", longer, "b.example"), "whose question is whole");
    end("blocks");
}

static void without_memory(void)
{
    bool failed = true;

    for (unsigned long n = 1; failed && n < 20; n++) {
        xmpp_stanza_t *node;
        struct question *q;
        int rc;

        begin();
        node = read(
            "<iq xmlns='jabber:client' type='get' id='1' to='b.example'/>");
        failmem_arm(&memory, n, 0);
        rc = questions_add(&questions, node, &q);
        failed = memory.failed > 0;
        failmem_arm(&memory, 0, 0);
        is_int(rc, failed ? XMPP_EMEM : 0, "allocation %lu", n);
        ok(!q == failed, "it is remembered if there is memory");
        xmpp_stanza_release(node);
        end("without memory");
    }
}

int main(void)
{
    closed();
    same_id();
    forgotten();
    waited_for();
    too_many_waited_for();
    steady();
    blocks();
    without_memory();
    return done_testing();
}
