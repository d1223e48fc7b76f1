/* guard.c - rules of any kind are applied as they are written: by their order,
 * their versions and their queries. tests/conn/guard.c has those in use. */

#include "base/arena.h"
#include "dispatch/guard.h"

#include "failmem.h"
#include "stanza/parse.h"
#include "tap.h"

#define ME "romeo@a.example/r"
#define VERSIONED "urn:example:a:1"

static const char *const item[] = {"item", NULL};

/* The first row is queried, so that its place matters. */
static const struct guard_row rows[] = {
    {.stanza = GUARD_MESSAGE,
     .sender = GUARD_QUERIED,
     .ns = {VERSIONED, sizeof(VERSIONED) - 1},
     .any_version = true,
     .names = item,
     .query = "query",
     .why = "not queried"},
    /* As long as the longest version of the first and one octet more. */
    {.stanza = GUARD_MESSAGE,
     .sender = GUARD_ACCOUNT,
     .ns = {"urn:example:bbbbbb", 18},
     .why = "not ours"},
};
static const struct guard_rules rules = {rows, 2};

static struct failmem memory;
static struct env env;
static struct guard guard;

static xmpp_stanza_t *read(const char *text)
{
    xmpp_stanza_t *node;

    if (parse_string(&env, text, &node))
        bail(text);
    return node;
}

static const char *judge(const char *from, const char *child)
{
    char text[256];
    xmpp_stanza_t *node;
    const char *why;

    snprintf(text, sizeof(text),
             "<message xmlns='jabber:client'%s%s%s>%s"
             "</message>",
             from ? " from='" : "", from ? from : "", from ? "'" : "", child);
    node = read(text);
    why = guard_refuses(&guard, node, STR(ME));
    xmpp_stanza_release(node);
    return why;
}

static void versions(void)
{
    static const struct {
        const char *child, *why, *name;
    } cases[] = {
        {"<item xmlns='urn:example:a:1'/>", "not queried", "its own version"},
        {"<item xmlns='urn:example:a:2'/>", "not queried", "another version"},
        {"<item xmlns='urn:example:a:tmp'/>", "not queried", "three octets"},
        {"<item xmlns='urn:example:a:'/>", NULL, "no version"},
        {"<item xmlns='urn:example:a:temp'/>", NULL, "four octets"},
        {"<item xmlns='urn:example:b:1'/>", NULL, "another namespace"},
        {"<other xmlns='urn:example:a:1'/>", NULL, "another name"},
        {"<item xmlns='urn:example:bbbbbb'/>", "not ours", "the second row"},
        {"<item xmlns='urn:example:bbbbbbb'/>", NULL, "the second has one"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *why = judge("mallory@b.example", cases[i].child);

        if (cases[i].why)
            is_str(why, cases[i].why, "%s", cases[i].name);
        else
            ok(!why, "%s is free", cases[i].name);
    }
    ok(!judge(NULL, "<item xmlns='urn:example:a:1'/>"), "our account may");
}

/* A valid sender is not read again when it comes next. Nothing but the address
 * that was read last may pass for it. */
static void senders(void)
{
    static const char why[] = "its sender is not a valid address";
    char ats[65] = "", name[101] = "";

    memset(ats, '@', sizeof(ats) - 1);
    is_str(judge(ats, ""), why, "memory that was there before is no sender");
    is_str(judge("@", ""), why, "not even its first octet");
    ok(!judge("d@b.example", ""), "a sender");
    ok(!judge("d@b.example", ""), "the same again");
    is_str(judge("@@@@@@@@@@@", ""), why, "another one of this length");
    memset(name, 'd', sizeof(name) - 1);
    memcpy(name + 90, "@b.example", 10);
    ok(!judge(name, ""), "a sender that is too long to be kept");
    is_int(guard.sender_n, 11, "leaves the one before");
    ok(!judge(name, ""), "and is read again");
}

static void query(const char *element)
{
    char text[256];
    xmpp_stanza_t *iq;

    snprintf(text, sizeof(text),
             "<iq xmlns='jabber:client' type='set' id='0123456789abcdef' "
             "to='d@b.example'>%s</iq>",
             element);
    iq = read(text);
    guard_sent(&guard, iq);
    xmpp_stanza_release(iq);
}

/* Also that of the first row. */
static void queries(void)
{
    query("<other xmlns='" VERSIONED "'/>");
    ok(judge("d@b.example", "<item xmlns='" VERSIONED "'/>"),
       "another element is not a query");
    query("<query xmlns='" VERSIONED "'/>");
    ok(!judge("d@b.example", "<item xmlns='" VERSIONED "'/>"),
       "who was queried may send it");
    ok(judge("e@b.example", "<item xmlns='" VERSIONED "'/>"), "nobody else");
}

int main(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    memset(&guard, '@', sizeof(guard)); /* it need not be zeroed before */
    guard_init(&guard, &env, &rules);
    senders();
    versions();
    queries();
    guard_clear(&guard);
    guard_init(&guard, &env, &rules);
    ok(!(guard.lengths[GUARD_IQ_SET] | guard.lengths[GUARD_IQ_ANSWER]),
       "an iq costs nothing if no row is about one");
    arena_drain(&env);
    is_int(memory.held, 0, "nothing is left");
    return done_testing();
}
