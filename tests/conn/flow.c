/* flow.c - several requests with one result. */

#include "conn/testbed.h"

#define MOST 5

/* <v>text</v>, the value at the end. */
struct value {
    size_t size;
    const char *text;
};

static const xmpp_field_t value_fields[] = {
    XMPP_TEXT(struct value, text, TEXT),
};
static XMPP_PAYLOAD(value_table, struct value, "v", "urn:q", value_fields);

/* The test's own memory of a flow: which steps were taken, and where each one
 * leads. */
struct memory {
    const char *text;
    xmpp_stanza_t *tree;
    const struct value *value;
    int leads[MOST]; /* by the number of the answer, 0 is the first */
    int answers;
    char *taken; /* room for MOST letters */
    void (*meanwhile)(struct memory *memory);
    struct test *test;
};

struct test {
    struct testbed testbed;
    int calls, status;
    char words[40]; /* the condition, or what is in the answer */
    char taken[MOST + 1];
    xmpp_flow_t *flow;
};

static void on_result(xmpp_conn_t *conn, const xmpp_result_t *result,
                      void *userdata)
{
    struct test *test = userdata;
    xmpp_stanza_t *child =
        result->stanza ? xmpp_stanza_get_children(result->stanza) : NULL;

    (void)conn;
    test->calls++;
    test->status = result->status;
    if (result->payload == &value_table)
        snprintf(test->words, sizeof(test->words), "%s",
                 ((const struct value *)result->value)->text);
    else if (result->condition)
        snprintf(test->words, sizeof(test->words), "%s", result->condition);
    else if (child)
        snprintf(test->words, sizeof(test->words), "%s",
                 xmpp_stanza_get_name(child));
}

/* ---- the steps --------------------------------------------------- */

static xmpp_stanza_t *send_named(xmpp_flow_t *flow, struct memory *m,
                                 const char *name)
{
    xmpp_stanza_t *iq = xmpp_iq_to(xmpp_flow_get_conn(flow), "set", NULL);

    m->taken[strlen(m->taken)] = name[0];
    if (m->meanwhile)
        m->meanwhile(m);
    xmpp_stanza_add_tag(iq, name, "urn:q");
    return iq;
}

static xmpp_stanza_t *send_a(xmpp_flow_t *flow, void *memory)
{
    return send_named(flow, memory, "a");
}

static xmpp_stanza_t *send_b(xmpp_flow_t *flow, void *memory)
{
    return send_named(flow, memory, "b");
}

static xmpp_stanza_t *send_none(xmpp_flow_t *flow, void *memory)
{
    (void)flow, (void)memory;
    return NULL;
}

static int receive(xmpp_flow_t *flow, void *memory, const xmpp_result_t *result)
{
    struct memory *m = memory;

    (void)result;
    ok(xmpp_flow_get_conn(flow) == m->test->testbed.conn, "  its connection");
    if (m->text)
        is_str(m->text, "kept", "  its text is kept");
    if (m->tree)
        is_str(xmpp_stanza_get_name(m->tree), "tree", "  and its tree");
    if (m->value) {
        is_str(m->value->text, "kept", "  and its value");
        xmpp_flow_set_value(flow, &value_table, m->value);
    }
    if (m->meanwhile)
        m->meanwhile(m);
    return m->leads[m->answers++];
}

static const xmpp_step_t steps[] = {{"a", send_a, receive, NULL},
                                    {"b", send_b, receive, NULL},
                                    {"none", send_none, receive, NULL}};

/* ---- a test ------------------------------------------------------ */

static xmpp_flow_t *make_flow(struct test *test, size_t count, const int *leads)
{
    struct memory *m = NULL;

    test->flow = xmpp_flow_new(test->testbed.conn, steps, count,
                               sizeof(struct memory), (void **)&m);
    if (!test->flow)
        return NULL;
    ok(!m->text && !m->answers, "  its memory is empty");
    m->test = test;
    m->taken = test->taken;
    memcpy(m->leads, leads, sizeof(m->leads));
    return test->flow;
}

static void begin(struct test *test, const char *const *script)
{
    *test = (struct test){.calls = 0};
    testbed_make_virtual(&test->testbed);
    testbed_connect(&test->testbed, script);
    testbed_until(&test->testbed, &test->testbed.ups, 1, "up");
}

static void end(struct test *test, const char *what)
{
    if (test->testbed.conn)
        xmpp_conn_drop(test->testbed.conn);
    testbed_until(&test->testbed, &test->testbed.downs, 1, "down");
    testbed_peer_done(&test->testbed, what);
    testbed_free(&test->testbed, what);
}

#define ASKED "C <iq", "C </iq>"
#define OK "S <iq type='result' id='%id%'><last xmlns='urn:q'/></iq>"
#define REFUSED                                                                \
    "S <iq type='error' id='%id%'><error type='cancel'><conflict "             \
    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
#define NEXT XMPP_FLOW_NEXT
#define DONE XMPP_FLOW_DONE
#define FAIL XMPP_FLOW_FAIL

static const char *const one[] = {PEER_LOGIN, ASKED, OK, "eof", NULL};
static const char *const two[] = {PEER_LOGIN, ASKED, OK,  ASKED,
                                  OK,         "eof", NULL};
static const char *const three[] = {PEER_LOGIN, ASKED, REFUSED, ASKED, OK,
                                    ASKED,      OK,    "eof",   NULL};
static const char *const refused[] = {PEER_LOGIN, ASKED, REFUSED, "eof", NULL};

/* ---- ways through it --------------------------------------------- */

static const struct way {
    const char *what;
    const char *const *script;
    size_t count;
    int leads[MOST];
    const char *taken;
    int status;
    const char *words;
} ways[] = {
    {"one step", one, 1, {NEXT}, "a", 0, "last"},
    {"two steps", two, 2, {NEXT, NEXT}, "ab", 0, "last"},
    {"done early", one, 2, {DONE}, "a", 0, "last"},
    {"one step twice", three, 2, {1, 0, DONE}, "aba", 0, "last"},
    {"back to the same", two, 2, {0, DONE}, "aa", 0, "last"},
    {"refused", refused, 2, {FAIL}, "a", XMPP_ESTANZA, "conflict"},
    {"refused, and good all the same",
     refused,
     2,
     {XMPP_FLOW_OK},
     "a",
     0,
     "error"},
    {"refused and done", refused, 2, {DONE}, "a", XMPP_ESTANZA, "conflict"},
    {"nobody has it", one, 2, {XMPP_FLOW_NONE}, "a", XMPP_ENOSERVICE, ""},
    {"nobody has it, by an error",
     refused,
     2,
     {XMPP_FLOW_NONE},
     "a",
     XMPP_ENOSERVICE,
     ""},
    {"a nonsense", one, 2, {FAIL}, "a", XMPP_EPROTO, "last"},
    {"no such step", one, 2, {7}, "a", XMPP_EPROTO, "last"},
    {"no such verdict", one, 2, {-9}, "a", 0, "last"},
    {"no request", two, 3, {NEXT, NEXT}, "ab", XMPP_EMEM, ""},
};

static void goes(const struct way *way)
{
    struct test test;

    begin(&test, way->script);
    is_int(xmpp_flow_start(make_flow(&test, way->count, way->leads), on_result,
                           &test),
           0, "%s: started", way->what);
    testbed_until(&test.testbed, &test.calls, 1, way->what);
    is_str(test.taken, way->taken, "  by these steps");
    is_int(test.status, way->status, "  its status");
    is_str(test.words, way->words, "  and its answer");
    end(&test, way->what);
    is_int(test.calls, 1, "  it ended once");
}

/* ---- what is kept ------------------------------------------------ */

static void keeps(void)
{
    const int leads[MOST] = {NEXT, NEXT};
    char text[] = "kept";
    struct value value;
    struct memory *m;
    struct test test;
    xmpp_stanza_t *tree;

    begin(&test, two);
    make_flow(&test, 2, leads);
    m = NULL;
    xmpp_flow_free(test.flow); /* given up before its start */
    test.flow = xmpp_flow_new(test.testbed.conn, steps, 2,
                              sizeof(struct memory), (void **)&m);
    *m = (struct memory){.taken = test.taken, .test = &test};
    memcpy(m->leads, leads, sizeof(leads));
    tree = xmpp_stanza_new_from_string(test.testbed.ctx, "<tree/>");
    m->text = xmpp_flow_keep_text(test.flow, text);
    m->tree = xmpp_flow_keep(test.flow, tree);
    xmpp_stanza_release(tree);
    XMPP_INIT(value_table, value);
    value.text = text;
    m->value = xmpp_flow_keep_value(test.flow, &value_table, &value);
    ok(!xmpp_flow_keep_value(test.flow, &value_table, NULL) &&
           !xmpp_flow_keep_value(test.flow, NULL, &value) &&
           !xmpp_flow_keep_value(NULL, &value_table, &value),
       "no value is none");
    memset(text, 'x', 4);
    ok(!xmpp_flow_keep_text(test.flow, NULL) &&
           !xmpp_flow_keep(test.flow, NULL),
       "nothing is nothing");
    is_int(xmpp_flow_start(test.flow, on_result, &test), 0, "kept: started");
    testbed_until(&test.testbed, &test.calls, 1, "kept");
    is_int(test.status, 0, "  to its end");
    is_str(test.words, "kept", "  with a value of its own");
    end(&test, "kept");
}

/* Every allocation fails in turn, from the start to the end. */
static bool starves_at(unsigned long n)
{
    const int leads[MOST] = {NEXT, NEXT};
    struct value value;
    struct memory *m = NULL;
    struct test test;
    bool failed;
    int rc;

    begin(&test, two);
    XMPP_INIT(value_table, value);
    value.text = "kept";
    failmem_arm(&test.testbed.memory, n, 0);
    test.flow = xmpp_flow_new(test.testbed.conn, steps, 2,
                              sizeof(struct memory), (void **)&m);
    if (m) {
        *m = (struct memory){.taken = test.taken, .test = &test};
        memcpy(m->leads, leads, sizeof(leads));
        m->value = xmpp_flow_keep_value(test.flow, &value_table, &value);
    }
    rc = xmpp_flow_start(test.flow, on_result, &test);
    for (int i = 0; i < 50; i++)
        xmpp_run_once(test.testbed.ctx, 10);
    failed = test.testbed.memory.failed > 0;
    failmem_arm(&test.testbed.memory, 0, 0);
    if (xmpp_conn_is_connected(test.testbed.conn))
        xmpp_conn_drop(test.testbed.conn);
    testbed_until(&test.testbed, &test.testbed.downs, 1, "down");
    testbed_peer_end(&test.testbed);
    testbed_free(&test.testbed, "starved");
    is_int(test.calls, rc == 0, "%s: reported once, if it was started",
           xmpp_strerror_name(rc));
    if (!failed)
        is_str(test.words, "kept", "nothing fails");
    return failed;
}

static void starves(void)
{
    unsigned long n = 1;

    while (starves_at(n))
        n++;
    ok(n > 5, "%lu allocations failed in turn", n - 1);
}

static void refuses(void)
{
    const int leads[MOST] = {NEXT};
    struct test test;

    begin(&test, one);
    is_int(xmpp_flow_start(NULL, on_result, &test), XMPP_EMEM, "no flow");
    ok(!xmpp_flow_new(test.testbed.conn, NULL, 0, 0, NULL), "without steps");
    ok(!xmpp_flow_new(NULL, steps, 1, 0, NULL), "without a connection");
    xmpp_conn_set_option(test.testbed.conn, XMPP_OPT_MAX_REQUESTS, 1);
    is_int(xmpp_flow_start(make_flow(&test, 1, leads), on_result, &test), 0,
           "as many as are allowed");
    is_int(xmpp_flow_start(make_flow(&test, 1, leads), on_result, &test),
           XMPP_EFULL, "one more");
    ok(!xmpp_pending_new(test.testbed.conn, 0, on_result, &test),
       "of any kind");
    testbed_until(&test.testbed, &test.calls, 1, "one ended");
    end(&test, "full");
    is_int(test.calls, 1, "the other was not reported");
}

/* Those that end together do not count, so that each may begin another. */
static int begun;

static void begin_next(xmpp_conn_t *conn, const xmpp_result_t *result,
                       void *userdata)
{
    (void)result;
    (void)userdata;
    begun += xmpp_pending_new(conn, 0, NULL, NULL) != NULL;
}

static void ends_together(void)
{
    static const char *const closed[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct test test;

    begin(&test, closed);
    begun = 0;
    xmpp_conn_set_option(test.testbed.conn, XMPP_OPT_MAX_REQUESTS, 3);
    for (int i = 0; i < 3; i++)
        xmpp_pending_new(test.testbed.conn, 0, begin_next, NULL);
    xmpp_disconnect(test.testbed.conn);
    testbed_until(&test.testbed, &test.testbed.downs, 1, "down");
    is_int(begun, 3, "what ends makes room at once");
    end(&test, "together");
}

/* ---- ended from inside ------------------------------------------- */

static void cancel(struct memory *m)
{
    struct test *test = m->test;

    m->meanwhile = NULL;
    is_int(xmpp_result_cancel(test->testbed.conn, on_result, test), 1,
           "  cancelled");
}

static void release(struct memory *m)
{
    xmpp_conn_t *conn = m->test->testbed.conn;

    m->meanwhile = NULL;
    m->test->testbed.conn = NULL;
    xmpp_conn_release(conn);
}

static void give_up(struct memory *m)
{
    m->meanwhile = NULL;
    xmpp_flow_free(m->test->flow);
}

static struct memory *memory_of(struct test *test, void **room)
{
    struct memory *m = *room;

    *m = (struct memory){.taken = test->taken, .test = test};
    m->leads[0] = NEXT;
    return m;
}

static void ends_in_send(void (*how)(struct memory *m), const char *what)
{
    static const char *const nothing[] = {PEER_LOGIN, "eof", NULL};
    struct test test;
    void *room;

    begin(&test, nothing);
    test.flow = xmpp_flow_new(test.testbed.conn, steps, 2,
                              sizeof(struct memory), &room);
    memory_of(&test, &room)->meanwhile = how;
    is_int(xmpp_flow_start(test.flow, on_result, &test), 0, "%s in send", what);
    is_int(test.calls, how == release, "  its handler");
    end(&test, what);
}

static struct memory *now; /* whose next call does `how` */
static void (*then)(struct memory *m);

static void at_answer(struct memory *m)
{
    now = m;
    m->meanwhile = then;
}

static void ends_in_receive(void (*how)(struct memory *m), const char *what)
{
    static const char *const asks[] = {PEER_LOGIN, ASKED, OK, "eof", NULL};
    struct test test;
    void *room;

    begin(&test, asks);
    test.flow = xmpp_flow_new(test.testbed.conn, steps, 2,
                              sizeof(struct memory), &room);
    then = how;
    memory_of(&test, &room)->meanwhile = at_answer;
    is_int(xmpp_flow_start(test.flow, on_result, &test), 0, "%s", what);
    for (int i = 0; i < 50; i++)
        xmpp_run_once(test.testbed.ctx, 10);
    is_int(test.calls, how == release, "  in receive: its handler");
    end(&test, what);
}

int main(void)
{
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
        goes(&ways[i]);
    keeps();
    starves();
    refuses();
    ends_together();
    ends_in_send(cancel, "cancelled");
    ends_in_send(release, "released");
    ends_in_send(give_up, "given up");
    ends_in_receive(cancel, "cancelled");
    ends_in_receive(release, "released");
    ends_in_receive(give_up, "given up");
    return done_testing();
}
