/* modules_life.c - the turns in the life of a connection, as its modules see
 * them. */

#include "conn/diary.h"
#include "conn/fate.h"

static struct testbed testbed;
static int refuses; /* what the next ATTACHED of `a` returns */
static void (*deed)(const char *who, xmpp_lifecycle_t event);

/* ---- the modules under test -------------------------------------- */

struct counted {
    long most, other;
    int is_used;
};

static int live(const char *who, xmpp_lifecycle_t event, struct counted *state)
{
    diary_add("%s.%s", who, diary_event(event));
    if (event == XMPP_ATTACHED && state->is_used++)
        diary_add("not zeroed");
    if (deed)
        deed(who, event);
    return 0;
}

static int on_a(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    (void)conn;
    live("a", event, state);
    return event == XMPP_ATTACHED ? refuses : 0;
}

static int on_b(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    (void)conn;
    return live("b", event, state);
}

static int on_c(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    (void)conn;
    return live("c", event, state);
}

static const xmpp_row_t a_rows[] = {
    XMPP_LIFECYCLE(on_a),
    XMPP_LIMIT("most", 5, 1, 9, offsetof(struct counted, most)),
    XMPP_LIMIT("other", -1, -1, 1, offsetof(struct counted, other)),
    XMPP_ROWS_END};
static XMPP_MODULE(mod_a, "a", sizeof(struct counted), a_rows);

/* It needs another, and in a circle itself. */
extern const xmpp_module_t mod_b;
static const xmpp_row_t b_rows[] = {XMPP_NEEDS(&mod_a), XMPP_NEEDS(&mod_b),
                                    XMPP_LIFECYCLE(on_b), XMPP_ROWS_END};
XMPP_MODULE(mod_b, "b", sizeof(struct counted), b_rows);

static const xmpp_row_t c_rows[] = {XMPP_LIFECYCLE(on_c), XMPP_ROWS_END};
static XMPP_MODULE(mod_c, "c", sizeof(struct counted), c_rows);

static int on_one(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    (void)conn;
    (void)state;
    diary_add("one.%s", diary_event(event));
    return 1;
}

static int on_two(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    (void)conn;
    (void)state;
    diary_add("two.%s", diary_event(event));
    return event == XMPP_ATTACHED ? refuses : -1;
}

static const xmpp_row_t d_rows[] = {XMPP_LIFECYCLE(on_one),
                                    XMPP_LIFECYCLE(on_two), XMPP_ROWS_END};
static XMPP_MODULE(mod_d, "d", 0, d_rows);

static void note_event(struct testbed *bed, xmpp_conn_event_t event)
{
    (void)bed;
    diary_add(event == XMPP_CONN_CONNECT ? "CONNECT" : "DISCONNECT");
}

static void begin(void)
{
    diary_begin(&testbed);
    testbed.on_event = note_event;
    refuses = 0;
    deed = NULL;
}

static void release(void)
{
    xmpp_conn_t *conn = testbed.conn;

    testbed.conn = NULL;
    xmpp_conn_release(conn);
}

static void end(const char *diary, const char *what)
{
    release();
    diary_is(diary, what);
    testbed_free(&testbed, what);
}

/* ---- attached ---------------------------------------------------- */

static void attaches(void)
{
    begin();
    is_int(xmpp_conn_use(testbed.conn, &mod_b), 0, "used");
    diary_is("a.attached b.attached a.changed", "what it needs comes first");
    is_int(xmpp_conn_use(testbed.conn, &mod_b), 1, "once only");
    is_int(xmpp_conn_use(testbed.conn, &mod_a), 1, "and so what it needs");
    diary_is("", "nothing happens");
    end("b.detached a.detached", "without a session none ends");
}

static void refuses_to_attach(void)
{
    begin();
    refuses = XMPP_EPOLICY;
    is_int(xmpp_conn_use(testbed.conn, &mod_b), XMPP_EPOLICY,
           "the code of what it needs");
    diary_is("a.attached", "it was not attached itself");
    ok(!xmpp_conn_next_module(testbed.conn, NULL), "neither is used");
    refuses = 0;
    is_int(xmpp_conn_use(testbed.conn, &mod_a), 0, "later it can be");
    diary_is("a.attached", "with a new state");
    end("a.detached", "refused once");
}

/* What they return counts for nothing but a refusal to attach. */
static void has_two_rows(void)
{
    begin();
    refuses = XMPP_EPOLICY;
    is_int(xmpp_conn_use(testbed.conn, &mod_d), XMPP_EPOLICY, "one refuses");
    diary_is("one.attached two.attached one.detached",
             "the one before it frees what it holds");
    refuses = 0;
    xmpp_conn_use(testbed.conn, &mod_d);
    diary_login(&testbed);
    diary_is("one.attached two.attached one.started two.started CONNECT",
             "both learn of all");
    end("one.lost two.lost DISCONNECT one.ended two.ended one.detached "
        "two.detached",
        "two rows");
}

static void limits(void)
{
    struct counted *state;

    begin();
    xmpp_conn_use(testbed.conn, &mod_a);
    state = xmpp_conn_get_state(testbed.conn, &mod_a);
    is_int(state->most, 5, "a default");
    is_int(xmpp_conn_get_limit(testbed.conn, &mod_a, "other"), -1, "another");
    is_int(xmpp_conn_set_limit(testbed.conn, &mod_a, "most", 9), 0, "the most");
    is_int(state->most, 9, "is set");
    is_int(xmpp_conn_set_limit(testbed.conn, &mod_a, "most", 10), XMPP_EARG,
           "not more");
    is_int(xmpp_conn_set_limit(testbed.conn, &mod_a, "most", 0), XMPP_EARG,
           "not less than the least");
    is_int(xmpp_conn_set_limit(testbed.conn, &mod_a, "least", 1), XMPP_EARG,
           "an unknown one");
    is_int(xmpp_conn_set_limit(testbed.conn, &mod_a, NULL, 1), XMPP_EARG,
           "none");
    is_int(xmpp_conn_get_limit(testbed.conn, &mod_a, "most"), 9,
           "it keeps its value");
    diary_is("a.attached", "limits");
    end("a.detached", "limits");
}

/* ---- sessions ---------------------------------------------------- */

static const char *const enable[] = {TO_ENABLE, ENABLED, NULL};
static const char *const resume[] = {TO_FEATURES, RESUME("0"), RESUMED("0"),
                                     NULL};

static void log_in(const char *const *lines)
{
    testbed_connect_again(&testbed);
    diary_obey(&testbed, lines);
}

static void resumes(void)
{
    begin();
    xmpp_conn_use(testbed.conn, &mod_b);
    diary_is("a.attached b.attached a.changed", "before");
    log_in(enable);
    diary_is("a.started b.started CONNECT", "a session starts");
    diary_cut(&testbed);
    diary_is("a.lost b.lost DISCONNECT", "and is lost");
    log_in(resume);
    diary_is("a.resumed b.resumed CONNECT", "and goes on");
    diary_cut(&testbed);
    diary_is("a.lost b.lost DISCONNECT", "and is lost again");
    end("a.ended b.ended b.detached a.detached", "it ends at the release");
}

static void starts_anew(void)
{
    begin();
    xmpp_conn_use(testbed.conn, &mod_a);
    diary_login(&testbed);
    diary_is("a.attached a.started CONNECT", "a session starts");
    diary_cut(&testbed);
    diary_is("a.lost DISCONNECT", "and is lost");
    diary_login(&testbed);
    diary_is("a.ended a.started CONNECT", "it ends when the next one starts");
    end("a.lost DISCONNECT a.ended a.detached", "released while it is up");
}

static void used_while_up(void)
{
    begin();
    log_in(enable);
    is_int(xmpp_conn_use(testbed.conn, &mod_b), 0, "used in a session");
    diary_is("CONNECT a.attached a.started b.attached b.started a.changed",
             "it starts at once");
    diary_cut(&testbed);
    diary_is("a.lost b.lost DISCONNECT", "it is lost");
    xmpp_conn_use(testbed.conn, &mod_c);
    diary_is("c.attached a.changed b.changed", "used between");
    log_in(resume);
    diary_is("a.resumed b.resumed c.started CONNECT",
             "who came meanwhile knows nothing of the session");
    end("a.lost b.lost c.lost DISCONNECT a.ended b.ended c.ended c.detached "
        "b.detached a.detached",
        "used while up");
}

static void fails_to_log_in(void)
{
    static const char *const fails[] = {"C <stream:stream", "hangup", NULL};

    begin();
    xmpp_conn_use(testbed.conn, &mod_a);
    log_in(fails);
    diary_is("a.attached DISCONNECT", "no session, no loss of it");
    end("a.detached", "never logged in");
}

/* ---- deeds of modules -------------------------------------------- */

static void use_more(const char *who, xmpp_lifecycle_t event)
{
    if (*who == 'a' && event == XMPP_SESSION_STARTED)
        xmpp_conn_use(testbed.conn, &mod_c);
}

static void uses_in_a_walk(void)
{
    begin();
    deed = use_more;
    xmpp_conn_use(testbed.conn, &mod_b);
    diary_is("a.attached b.attached a.changed", "before");
    diary_login(&testbed);
    diary_is("a.started c.attached c.started a.changed b.changed b.started "
             "CONNECT",
             "a module uses another when the session starts");
    end("a.lost b.lost c.lost DISCONNECT a.ended b.ended c.ended c.detached "
        "b.detached a.detached",
        "used in a walk");
}

static void use_at_end(const char *who, xmpp_lifecycle_t event)
{
    if (*who == 'a' && event == XMPP_SESSION_ENDED)
        xmpp_conn_use(testbed.conn, &mod_c);
}

static void uses_at_an_end(void)
{
    begin();
    deed = use_at_end;
    xmpp_conn_use(testbed.conn, &mod_b);
    diary_login(&testbed);
    diary_cut(&testbed);
    diary_forget();
    diary_login(&testbed);
    diary_is("a.ended c.attached a.changed b.changed b.ended a.started "
             "b.started c.started CONNECT",
             "used when the old session ends, it starts with the others");
    end("a.lost b.lost c.lost DISCONNECT a.ended b.ended c.ended c.detached "
        "b.detached a.detached",
        "used at an end");
}

static void drop_at_end(const char *who, xmpp_lifecycle_t event)
{
    if (*who != 'a' || event != XMPP_SESSION_ENDED || testbed.downs != 1)
        return;
    xmpp_conn_drop(testbed.conn);
    for (int i = 0; i < 20 && testbed.downs == 1; i++)
        xmpp_run_once(testbed.ctx, 10);
}

static void loses_at_an_end(void)
{
    static const char *const script[] = {PEER_LOGIN, "hangup", "accept",
                                         PEER_LOGIN, "eof",    NULL};

    testbed_make_virtual(&testbed);
    deed = drop_at_end;
    diary_forget();
    xmpp_conn_use(testbed.conn, &mod_b);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    diary_forget();
    testbed.on_event = note_event;
    testbed_connect_again(&testbed);
    testbed_until(&testbed, &testbed.downs, 2, "down again");
    diary_is("a.ended DISCONNECT b.ended",
             "lost while the old session ends: none starts");
    end("b.detached a.detached", "lost at an end");
}

static void release_at_start(const char *who, xmpp_lifecycle_t event)
{
    if (*who == 'a' && event == XMPP_SESSION_STARTED)
        release();
}

static void releases_in_a_walk(void)
{
    begin();
    deed = release_at_start;
    xmpp_conn_use(testbed.conn, &mod_b);
    diary_is("a.attached b.attached a.changed", "before");
    diary_login(&testbed);
    diary_is("a.started a.lost DISCONNECT a.ended b.detached a.detached",
             "released when the session starts: no more than was begun ends");
    testbed_free(&testbed, "released in a walk");
}

static void release_at_loss(const char *who, xmpp_lifecycle_t event)
{
    if (*who == 'a' && event == XMPP_CONNECTION_LOST)
        release();
}

static void releases_when_lost(void)
{
    begin();
    deed = release_at_loss;
    xmpp_conn_use(testbed.conn, &mod_b);
    diary_login(&testbed);
    diary_forget();
    diary_cut(&testbed);
    diary_is("a.lost DISCONNECT a.ended b.lost b.ended b.detached a.detached",
             "released when it is lost: each learns of the loss first");
    testbed_free(&testbed, "released when lost");
}

static void disconnect_at_start(const char *who, xmpp_lifecycle_t event)
{
    if (*who != 'a' || event != XMPP_SESSION_STARTED)
        return;
    xmpp_conn_drop(testbed.conn);
    for (int i = 0; i < 20 && testbed.downs == 0; i++)
        xmpp_run_once(testbed.ctx, 10);
}

static void loses_in_a_walk(void)
{
    static const char *const script[] = {PEER_LOGIN, "eof", NULL};

    testbed_make_virtual(&testbed);
    testbed.on_event = note_event;
    deed = disconnect_at_start;
    xmpp_conn_use(testbed.conn, &mod_b);
    diary_is("a.attached b.attached a.changed", "before");
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    diary_is("a.started a.lost DISCONNECT",
             "lost in a loop of a module: there is no CONNECT after it");
    end("a.ended b.detached a.detached", "lost in a walk");
}

static void refuse_in_use(const char *who, xmpp_lifecycle_t event)
{
    if (*who == 'a' && event == XMPP_ATTACHED)
        release();
}

static void releases_while_attaching(void)
{
    begin();
    deed = refuse_in_use;
    is_int(xmpp_conn_use(testbed.conn, &mod_b), XMPP_EINVOP,
           "released while a module attaches");
    diary_is("a.attached a.detached", "it is detached");
    testbed_free(&testbed, "released while attaching");
}

/* ---- without memory ---------------------------------------------- */

static void use_without_memory(void)
{
    unsigned long n = 0;
    int rc = XMPP_EMEM;

    while (rc) {
        begin();
        failmem_arm(&testbed.memory, ++n, 0);
        rc = xmpp_conn_use(testbed.conn, &mod_b);
        failmem_arm(&testbed.memory, 0, 0);
        if (rc != 0 && rc != XMPP_EMEM)
            ok(false, "the %lu-th allocation: %d", n, rc);
        is_int(xmpp_conn_use(testbed.conn, &mod_b), rc == 0, "used later");
        release();
        testbed_free(&testbed, "without memory");
    }
    ok(n > 4, "it allocates");
    diary_add("-");
    begin();
    testbed_free(&testbed, "after all");
}

int main(void)
{
    attaches();
    refuses_to_attach();
    has_two_rows();
    limits();
    resumes();
    starts_anew();
    used_while_up();
    fails_to_log_in();
    uses_in_a_walk();
    uses_at_an_end();
    loses_at_an_end();
    releases_in_a_walk();
    releases_when_lost();
    loses_in_a_walk();
    releases_while_attaching();
    use_without_memory();
    return done_testing();
}
