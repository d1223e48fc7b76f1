/* questions.c - what is kept of questions: who is forgotten, and by whom what
 * is believed without an account, an archive or memory. */

#include "base/arena.h"
#include "conn/sender_rules.h"
#include "dispatch/guard.h"
#include "dispatch/requests.h"

#include "failmem.h"
#include "stanza/parse.h"
#include "tap.h"

#define ME "romeo@a.example/r"
#define ROSTER "<query xmlns='jabber:iq:roster'/></iq>"
#define ASKS "<query xmlns='urn:xmpp:mam:2'/></iq>"
#define RESULT "<result xmlns='urn:xmpp:mam:2' queryid='q' id='1'/></message>"

static struct failmem memory;
static struct env env;
static struct slots slots;

static xmpp_stanza_t *read(const char *text)
{
    char whole[512];
    xmpp_stanza_t *node;

    snprintf(whole, sizeof(whole), "<%c%s xmlns='jabber:client'%s", text[1],
             text[1] == 'i' ? "q" : "essage", text + (text[1] == 'i' ? 3 : 8));
    if (parse_string(&env, whole, &node))
        bail(whole);
    return node;
}

/* ---- requests ---------------------------------------------------- */

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

static void add(struct requests *r, const char *id, const char *to,
                xmpp_reply_handler handler, void *userdata)
{
    const struct slot_args args = {.user = {userdata, NULL}};

    is_int(requests_add(r, str_of(id), str_of(to), 1, handler, &args), 0,
           "request %s", id);
}

static void forgets(void)
{
    struct requests r;
    int mine = 0, yours = 0;

    requests_init(&r, &env, &slots);
    ok(!requests_have(&r, STR("1")), "nothing was asked");
    add(&r, "1", NULL, ended, &mine);
    add(&r, "2", NULL, ended, &yours);
    add(&r, "3", NULL, other, &mine);
    ok(requests_have(&r, STR("1")) && requests_have(&r, STR("3")), "three are");
    ok(!requests_have(&r, STR("4")) && !requests_have(&r, STR_NONE),
       "but no others");
    is_int(requests_cancel(&r, ended, &mine), 1, "one of mine is cancelled");
    ok(requests_have(&r, STR("2")) && requests_have(&r, STR("3")),
       "not what only shares the function, or the data");
    requests_forget(&r, STR("1"));
    is_int(requests_count(&r), 2, "what is gone is not forgotten again");
    requests_forget(&r, STR("2"));
    ok(!requests_have(&r, STR("2")), "another is forgotten");
    requests_end(&r, NULL, XMPP_ENOTCONN);
    is_int(mine * 10 + yours, 10, "who is left is told");
    requests_free(&r);
}

static bool is_lost(struct requests *r, const char *text)
{
    xmpp_stanza_t *node = read(text);
    bool lost = requests_answer_lost(r, NULL, node, STR(ME));

    xmpp_stanza_release(node);
    return lost;
}

static void loses(void)
{
    struct requests r;
    int mine = 0;

    requests_init(&r, &env, &slots);
    add(&r, "1", "x@b", ended, &mine);
    ok(!is_lost(&r, "<iq type='result' id='1' from='y@b'/>"),
       "what somebody else says is the answer to nothing");
    ok(!is_lost(&r, "<iq type='result' id='2' from='x@b'/>"), "nor this");
    is_int(mine, 0, "nobody is told");
    ok(is_lost(&r, "<iq type='result' id='1' from='x@b'/>"), "this is one");
    is_int(mine, 1, "and that it was skipped is told");
    is_int((long)requests_count(&r), 0, "nothing is open");
    requests_free(&r);
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
    requests_init(&r, &env, &slots);
    add(&r, "1", NULL, told_nothing, one);
    add(&r, "2", NULL, told_nothing, two);
    is_int(requests_cancel(&r, told_nothing, one), 1, "one is cancelled");
    ok(!requests_have(&r, STR("1")) && requests_have(&r, STR("2")),
       "not the other");
    requests_end(&r, NULL, XMPP_ENOTCONN);
    requests_free(&r);
}

/* ---- the guard --------------------------------------------------- */

static bool hears(struct guard *guard, const char *text, const char *self)
{
    xmpp_stanza_t *node = read(text);
    const char *refused = guard_refuses(guard, node, str_of(self));

    xmpp_stanza_release(node);
    return !refused;
}

static bool hears_answer(struct guard *guard, const char *text,
                         const char *self)
{
    xmpp_stanza_t *node = read(text);
    const char *refused = guard_refuses_answer(guard, node, str_of(self));

    xmpp_stanza_release(node);
    return !refused;
}

/* Is a result of that archive believed, after this was sent? */
static bool believes(const char *sent, const char *from)
{
    struct guard guard;
    char result[256];
    xmpp_stanza_t *node = read(sent);
    bool good;

    guard_init(&guard, &env, &sender_rules);
    guard_sent(&guard, node);
    xmpp_stanza_release(node);
    snprintf(result, sizeof(result), "<message from='%s'>" RESULT, from);
    good = hears(&guard, result, ME);
    guard_clear(&guard);
    return good;
}

static void archives(void)
{
    ok(believes("<iq type='set' id='1' to='room@b'>" ASKS, "room@b"),
       "an archive that was asked");
    ok(!believes("<iq type='set' id='1' to='room@b'>" ASKS, "room@c"),
       "another");
    ok(!believes("<iq type='get' id='1' to='room@b'>" ASKS, "room@b"),
       "one that was asked for its fields only");
    ok(!believes("<iq type='set' id='1' to='room@b'><query "
                 "xmlns='urn:x'/></iq>",
                 "room@b"),
       "one that was asked something else");
    ok(!believes("<message type='set' id='1' to='room@b'><query "
                 "xmlns='urn:xmpp:mam:2'/></message>",
                 "room@b"),
       "one that was sent a message");
    ok(!believes("<iq type='set' to='room@b'>" ASKS, "room@b"),
       "one that was asked without an id");
}

/* The rule is for all versions of a namespace, and for no other namespace. */
static void versions(void)
{
    static const struct {
        const char *ns;
        bool good;
    } rows[] = {
        {"urn:xmpp:mam:0", false},  {"urn:xmpp:mam:2", false},
        {"urn:xmpp:mam:99", false}, {"urn:xmpp:mam:tmp", false},
        {"urn:xmpp:mam", true},     {"urn:xmpp:mam:", true},
        {"urn:xmpp:sid:0", true},   {"urn:xmpp:mam:2#extended", true},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct guard guard;
        char text[256];

        guard_init(&guard, &env, &sender_rules);
        snprintf(text, sizeof(text),
                 "<message from='x@b'><result xmlns='%s'/></message>",
                 rows[i].ns);
        is_int(hears(&guard, text, ME), rows[i].good, "a result of %s",
               rows[i].ns);
        guard_clear(&guard);
    }
}

static void owners(void)
{
    struct guard guard;
    static const char push[] = "<iq type='set' id='1' from='x@b'>" ROSTER;
    static const char answer[] = "<iq type='result' id='1' from='x@b'>" ROSTER;

    guard_init(&guard, &env, &sender_rules);
    ok(!hears(&guard, push, ME), "somebody else's roster push");
    ok(hears(&guard, push, "c.example"), "a component has no roster");
    ok(hears(&guard, push, "@"), "nor who has no address");
    ok(!hears_answer(&guard, answer, ME), "somebody else's roster");
    ok(hears_answer(&guard, "<iq type='result' id='1' from='a.example'>" ROSTER,
                    ME),
       "the server's word");
    ok(hears_answer(&guard, "<iq type='result' id='1'>" ROSTER, ME),
       "our account's");
    ok(hears_answer(&guard, answer, "c.example"), "a component's");
    ok(hears_answer(&guard, answer, "@"), "without an address");
    ok(hears_answer(&guard,
                    "<iq type='result' id='1' from='x@b'><query "
                    "xmlns='urn:x'/></iq>",
                    ME),
       "which is no roster");
    guard_clear(&guard);
}

int main(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    slots_init(&slots, &env);
    forgets();
    loses();
    twins();
    archives();
    versions();
    owners();
    arena_drain(&env);
    is_int(memory.held, 0, "nothing is left");
    return done_testing();
}
