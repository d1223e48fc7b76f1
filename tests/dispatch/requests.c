/* requests.c - requests by their id, addressee, topic, owner and deadline. */

#include "dispatch/requests.h"

#include <xmpp/error.h>

#include "base/arena.h"
#include "failmem.h"
#include "stanza/parse.h"
#include "tap.h"

#define ME "romeo@a.example/r"

static struct failmem memory;
static struct env env;
static struct slots slots;

static xmpp_stanza_t *read(const char *text)
{
    char whole[512];
    xmpp_stanza_t *node;

    snprintf(whole, sizeof(whole), "<iq xmlns='jabber:client'%s", text + 3);
    if (parse_string(&env, whole, &node))
        bail(whole);
    return node;
}

static void ended(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                  void *userdata)
{
    (void)conn;
    (void)status;
    (void)reply;
    ++*(int *)userdata;
}

static void other(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                  void *userdata)
{
    ended(conn, status, reply, userdata);
}

static void report(const struct asker *asker, xmpp_conn_t *conn, int status,
                   xmpp_stanza_t *reply, void *userdata)
{
    ((xmpp_reply_handler)asker->function)(conn, status, reply, userdata);
}

static struct actions actions;

static void begin(struct requests *r)
{
    actions_init(&actions, &env, &slots);
    requests_init(r, &actions);
}

static void end(struct requests *r)
{
    actions_free(&actions);
    requests_free(r);
}

static void add_until(struct requests *r, const char *id, const char *to,
                      uint64_t deadline, xmpp_reply_handler handler,
                      void *userdata)
{
    const struct slot_args args = {.user = {userdata, NULL}};
    const struct asked asked = {
        .id = str_of(id),
        .to = str_of(to),
        .ns = STR("urn:q"),
        .deadline = deadline,
        .asker = {(action_function)handler, report, NULL}};

    is_int(requests_add(r, &asked, &args), 0, "request %s", id);
}

static void add(struct requests *r, const char *id, const char *to,
                xmpp_reply_handler handler, void *userdata)
{
    add_until(r, id, to, 1, handler, userdata);
}

static int cancel(xmpp_reply_handler handler, void *userdata)
{
    return actions_cancel(&actions, (action_function)handler, userdata);
}

static void forgets(void)
{
    struct requests r;
    int mine = 0, yours = 0;

    begin(&r);
    ok(!requests_have(&r, STR("1")), "nothing was asked");
    add(&r, "1", NULL, ended, &mine);
    add(&r, "2", NULL, ended, &yours);
    add(&r, "3", NULL, other, &mine);
    ok(requests_have(&r, STR("1")) && requests_have(&r, STR("3")), "three are");
    ok(!requests_have(&r, STR("4")) && !requests_have(&r, STR_NONE),
       "but no others");
    is_int(cancel(ended, &mine), 1, "one of mine is cancelled");
    ok(requests_have(&r, STR("2")) && requests_have(&r, STR("3")),
       "not what only shares the function, or the data");
    requests_forget(&r, STR("1"));
    is_int(requests_count(&r), 2, "what is gone is not forgotten again");
    requests_forget(&r, STR("2"));
    actions_end(&actions, XMPP_ENOTCONN);
    is_int(mine * 10 + yours, 10, "who is left is told");
    end(&r);
}

static bool is_lost(struct requests *r, const char *text)
{
    xmpp_stanza_t *node = read(text);
    bool lost = requests_answer_lost(r, node, STR(ME));

    xmpp_stanza_release(node);
    return lost;
}

static void loses(void)
{
    struct requests r;
    int mine = 0;

    begin(&r);
    add(&r, "1", "x@b", ended, &mine);
    ok(!is_lost(&r, "<iq type='result' id='1' from='y@b'/>"),
       "what somebody else says is the answer to nothing");
    ok(!is_lost(&r, "<iq type='result' id='2' from='x@b'/>"), "nor this");
    is_int(mine, 0, "nobody is told");
    ok(is_lost(&r, "<iq type='result' id='1' from='x@b'/>"), "this is one");
    is_int(mine, 1, "and that it was skipped is told");
    is_int((long)requests_count(&r), 0, "nothing is open");
    end(&r);
}

static void keep_status(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                        void *userdata)
{
    (void)conn;
    *(int *)userdata = reply ? status : 1;
}

static bool is_answered(struct requests *r, const char *text)
{
    xmpp_stanza_t *node = read(text);
    bool answered = requests_answer(r, node, STR(ME));

    xmpp_stanza_release(node);
    return answered;
}

/* RFC 6120 section 8.1.2.1: an answer comes from whom the request went to, and
 * one without a sender from our own account. Whatever else it is, it belongs to
 * others. */
static void answers(void)
{
    struct requests r;
    int one = -1, two = -1, ours = -1;

    begin(&r);
    add(&r, "1", "x@b", keep_status, &one);
    add(&r, "2", "x@b/r", keep_status, &two);
    add(&r, "3", NULL, keep_status, &ours);
    ok(!is_answered(&r, "<iq type='result' id='1' from='x@b/r'/>"),
       "a resource of it is somebody else");
    ok(!is_answered(&r, "<iq type='result' id='1'/>"), "our server, too");
    ok(!is_answered(&r, "<iq type='set' id='1' from='x@b'/>"), "a request");
    ok(!is_answered(&r, "<iq type='result' id='4' from='x@b'/>"), "unknown");
    is_int(one, -1, "nobody has heard of them");
    ok(is_answered(&r, "<iq type='result' id='1' from='X@B'/>"), "a result");
    is_int(one, 0, "without an error");
    ok(is_answered(&r, "<iq type='error' id='2' from='x@b/r'/>"), "an error");
    is_int(two, XMPP_ESTANZA, "is one");
    ok(is_answered(&r, "<iq type='result' id='3'/>"), "from our account");
    is_int(ours, 0, "without an error");
    is_int((long)requests_count(&r), 0, "nothing is open");
    end(&r);
}

/* More than fit without a table. */
static void many(void)
{
    struct requests r;
    char id[16], to[16];
    int times = 0;

    begin(&r);
    for (int i = 0; i < 100; i++) {
        const struct slot_args args = {.user = {&times, NULL}};
        struct asked asked = {.to = STR("x@b"),
                              .ns = STR("urn:q"),
                              .deadline = 1,
                              .asker = {(action_function)ended, report, NULL}};

        snprintf(id, sizeof(id), "q%d", i);
        snprintf(to, sizeof(to), "x%d@b", i);
        asked.id = str_of(id);
        asked.to = str_of(to);
        if (requests_add(&r, &asked, &args))
            bail("no request");
    }
    is_int((long)requests_count(&r), 100, "many are open");
    ok(is_lost(&r, "<iq type='result' id='q57' from='x57@b'/>"),
       "one is found");
    actions_end(&actions, XMPP_ENOTCONN);
    is_int(times, 100, "all are over");
    end(&r);
}

/* Only who waits has a deadline. */
static void deadlines(void)
{
    struct requests r;
    int first = 0, second = 0;

    begin(&r);
    add_until(&r, "1", "x@b", 100, ended, &first);
    add_until(&r, "2", "x@b", 200, ended, &second);
    is_int(actions_deadline(&actions), 100, "the earlier one");
    actions_tick(&actions, 99);
    is_int(first, 0, "it is not late yet");
    ok(is_lost(&r, "<iq type='result' id='1' from='x@b'/>"), "it is answered");
    is_int(actions_deadline(&actions), 200, "so the other is the next");
    actions_tick(&actions, 150);
    is_int(first, 1, "who was answered is not late");
    actions_tick(&actions, 200);
    is_int(second, 1, "the other is");
    is_int(actions_deadline(&actions), TIME_NEVER, "nothing is waited for");
    end(&r);
}

/* An empty id is one, and no id is none. */
static void empty_id(void)
{
    struct requests r;
    int times = 0;

    begin(&r);
    add(&r, "", "x@b", ended, &times);
    ok(!is_lost(&r, "<iq type='result' from='x@b'/>"), "an answer without id");
    ok(!is_lost(&r, "<iq type='get' id='' from='x@b'/>"), "not an answer");
    ok(is_lost(&r, "<iq type='error' id='' from='x@b'/>"), "an empty id");
    is_int(times, 1, "which ended it");
    end(&r);
}

static void ends_all(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                     void *userdata)
{
    (void)conn, (void)status, (void)reply;
    actions_clear(userdata);
}

static bool asks(struct requests *r, const char *to, const char *ns)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid;

    if (to &&
        xmpp_jid_parse(to, strlen(to), XMPP_JID_LENIENT, room, &jid, NULL))
        bail(to);
    return requests_ask(r, to ? &jid : NULL, str_of(ns));
}

/* Who is asked, and what about. */
static void topics(void)
{
    struct requests r;
    int mine = 0;

    begin(&r);
    ok(!asks(&r, "x@b", "urn:q"), "nobody is asked");
    add(&r, "1", "X@b", ended, &mine);
    add(&r, "2", "x@b", ended, &mine);
    add(&r, "3", NULL, ended, &mine);
    ok(asks(&r, "x@b", "urn:q"), "an address in normal form");
    ok(!asks(&r, "x@b/r", "urn:q") && !asks(&r, "b", "urn:q"), "no other");
    ok(!asks(&r, "x@b", "urn:other"), "nor about something else");
    ok(asks(&r, NULL, "urn:q"), "our account");
    ok(is_lost(&r, "<iq type='result' id='1' from='x@b'/>"), "one is answered");
    ok(asks(&r, "x@b", "urn:q"), "the other is open");
    ok(is_lost(&r, "<iq type='result' id='2' from='x@b'/>"), "and answered");
    ok(!asks(&r, "x@b", "urn:q"), "none is open");
    requests_forget(&r, STR("3"));
    ok(!asks(&r, NULL, "urn:q"), "what is not sent is no question");
    is_int(mine, 2, "two have ended");
    end(&r);
}

/* The first handler that hears of the end has all others dropped. */
static void cleared_while_ending(void)
{
    struct requests r;
    int times = 0;

    begin(&r);
    add(&r, "1", NULL, ends_all, &actions);
    add(&r, "2", NULL, ended, &times);
    add(&r, "3", NULL, ended, &times);
    actions_end(&actions, XMPP_ENOTCONN);
    is_int(times, 0, "nobody else is called");
    end(&r);
}

struct owner {
    uint32_t hash;
    uintptr_t number;
};

static int by_hash(const void *a, const void *b)
{
    const struct owner *x = a, *y = b;

    return (x->hash > y->hash) - (x->hash < y->hash);
}

/* Two different pointers that the books of one handler look for in one place.
 */
static void find_twins(xmpp_reply_handler handler, void **one, void **two)
{
    enum { MANY = 1000000 };
    struct owner *all = malloc(MANY * sizeof(*all));
    uint32_t seed =
        map_hash(MAP_SEED, str_n((const char *)&handler, sizeof(handler)));

    for (size_t i = 0; i < MANY; i++) {
        all[i].number = (uintptr_t)(i * UINT64_C(0x9E3779B97F4A7C15));
        all[i].hash = map_hash_pointer(seed, (void *)all[i].number);
    }
    qsort(all, MANY, sizeof(*all), by_hash);
    *one = *two = NULL;
    for (size_t i = 1; i < MANY; i++)
        if (all[i].hash == all[i - 1].hash) {
            *one = (void *)all[i].number;
            *two = (void *)all[i - 1].number;
        }
    free(all);
}

static void told_nothing(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                         void *userdata)
{
    (void)conn, (void)status, (void)reply, (void)userdata;
}

static void twins(void)
{
    struct requests r;
    void *one, *two;

    find_twins(told_nothing, &one, &two);
    if (one == two) {
        skip("no two pointers of this machine have one hash");
        return;
    }
    begin(&r);
    add(&r, "1", NULL, told_nothing, one);
    add(&r, "2", NULL, told_nothing, two);
    is_int(cancel(told_nothing, one), 1, "one is cancelled");
    ok(!requests_have(&r, STR("1")) && requests_have(&r, STR("2")),
       "not the other");
    actions_end(&actions, XMPP_ENOTCONN);
    end(&r);
}

int main(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    slots_init(&slots, &env);
    forgets();
    loses();
    answers();
    many();
    deadlines();
    empty_id();
    cleared_while_ending();
    topics();
    twins();
    arena_drain(&env);
    is_int(memory.held, 0, "nothing is left");
    return done_testing();
}
