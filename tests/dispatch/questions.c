/* questions.c - what is kept of questions: who is forgotten, and by whom what
 * is believed without an account, an archive or memory. */

#include "base/arena.h"
#include "conn/sender_rules.h"
#include "dispatch/guard.h"

#include "failmem.h"
#include "stanza/parse.h"
#include "tap.h"

#define ME "romeo@a.example/r"
#define ROSTER "<query xmlns='jabber:iq:roster'/></iq>"
#define ASKS "<query xmlns='urn:xmpp:mam:2'/></iq>"
#define RESULT "<result xmlns='urn:xmpp:mam:2' queryid='q' id='1'/></message>"

static struct failmem memory;
static struct env env;

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

/* ARCHIVE is queried; `text` comes from it; is a result believed then? */
#define ARCHIVE "room@b"

static bool believes_after(const char *text)
{
    struct guard guard;
    xmpp_stanza_t *query = read("<iq type='set' id='7' to='" ARCHIVE "'>" ASKS);
    bool good;

    guard_init(&guard, &env, &sender_rules);
    guard_sent(&guard, query);
    xmpp_stanza_release(query);
    hears(&guard, text, ME);
    good = hears(&guard, "<message from='" ARCHIVE "'>" RESULT, ME);
    is_int(guard.count, good, "queries are counted");
    guard_clear(&guard);
    is_int(guard.count, 0, "none is left");
    return good;
}

/* Only the answer of the archive to that query ends it. */
static void query_ends(void)
{
    ok(!believes_after("<iq type='result' id='7' from='" ARCHIVE "'/>"),
       "answered");
    ok(!believes_after("<iq type='error' id='7' from='" ARCHIVE "'/>"),
       "answered by an error");
    ok(believes_after("<iq type='get' id='7' from='" ARCHIVE "'/>"),
       "a request of the same id is not an answer");
    ok(believes_after("<iq type='result' id='8' from='" ARCHIVE "'/>"),
       "another answer");
    ok(believes_after("<iq type='result' id='7' from='x@b'/>"),
       "somebody else's");
    ok(believes_after("<iq type='result' id='7'/>"), "our account's");
}

/* Of more queries than are remembered the oldest is forgotten. */
static void many_queries(void)
{
    struct guard guard;

    guard_init(&guard, &env, &sender_rules);
    for (int i = 0; i <= GUARD_QUERIES_MOST; i++) {
        char text[256];
        xmpp_stanza_t *query;

        snprintf(text, sizeof(text), "<iq type='set' id='%d' to='r%d@b'>" ASKS,
                 i, i);
        query = read(text);
        guard_sent(&guard, query);
        xmpp_stanza_release(query);
    }
    is_int(guard.count, GUARD_QUERIES_MOST, "so many are remembered");
    ok(!hears(&guard, "<message from='r0@b'>" RESULT, ME), "not the first");
    ok(hears(&guard, "<message from='r1@b'>" RESULT, ME), "the second");
    guard_clear(&guard);
}

/* An event of a private node, whichever of them it is. */
static void private_nodes(void)
{
    for (size_t i = 0; i < sender_rules.count; i++) {
        const struct guard_row *row = &sender_rules.rows[i];

        for (size_t k = 0; row->nodes && row->nodes[k]; k++) {
            struct guard guard;
            char text[256];

            guard_init(&guard, &env, &sender_rules);
            snprintf(text, sizeof(text),
                     "<message from='x@b'><event xmlns='%.*s'><items "
                     "node='%s'/></event></message>",
                     STR_ARG(row->ns), row->nodes[k]);
            ok(!hears(&guard, text, ME), "%s of somebody else", row->nodes[k]);
            guard_clear(&guard);
        }
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
    archives();
    versions();
    query_ends();
    many_queries();
    private_nodes();
    owners();
    arena_drain(&env);
    is_int(memory.held, 0, "nothing is left");
    return done_testing();
}
