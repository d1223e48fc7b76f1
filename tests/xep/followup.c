/* followup.c - who may correct, retract and react to what (XEP-0308, XEP-0424,
 * XEP-0444), by which ids, and reactions as a set. */

#include <xmpp/xep/followup.h>

#include "conn/diary.h"
#include "xep/is_xml.h"
#include "xep/message_of.h"
#include <xmpp/ns.h>

#define OCCUPANT(id) "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='" id "'/>"
#define SID "xmlns='urn:xmpp:sid:0'"
#define ROOM "coven@chat.example"

static struct testbed testbed;

/* ---- authors ----------------------------------------------------- */

static const xmpp_author_t *author_of(xmpp_stanza_t *message)
{
    const void *author = NULL;

    xmpp_payload_read(message, &xmpp_author, &author);
    return author;
}

static const struct {
    const char *one[2], *other[2]; /* attributes, content */
    int in_room, want;
} authors[] = {
    {{"from='a@b/c'", ""}, {"from='a@b/d'", ""}, 0, 1},
    {{"from='a@b/c'", ""}, {"from='A@B/c'", ""}, 0, 1},
    {{"from='a@b/c'", ""}, {"from='x@b/c'", ""}, 0, 0},
    {{"from='a@b/c'", ""}, {"", ""}, 0, 0},
    {{"", ""}, {"", ""}, 0, 0},
    {{"from='a@b/c'", ""}, {"from='a@b/c' type='error'", ""}, 0, 0},
    {{"from='a@b/c' type='error'", ""},
     {"from='a@b/c' type='error'", ""},
     0,
     0},
    /* a nickname is not enough */
    {{"from='" ROOM "/a' type='groupchat'", ""},
     {"from='" ROOM "/a' type='groupchat'", ""},
     0,
     0},
    {{"from='" ROOM "/a' type='groupchat'", OCCUPANT("1")},
     {"from='" ROOM "/b' type='groupchat'", OCCUPANT("1")},
     1,
     1},
    {{"from='" ROOM "/a' type='groupchat'", OCCUPANT("1")},
     {"from='" ROOM "/a' type='groupchat'", OCCUPANT("2")},
     1,
     0},
    {{"from='" ROOM "/a' type='groupchat'", ""},
     {"from='" ROOM "/a' type='groupchat'", OCCUPANT("2")},
     1,
     0},
    {{"from='" ROOM "/a' type='groupchat'", OCCUPANT("1")},
     {"from='other@chat.example/a' type='groupchat'", OCCUPANT("1")},
     1,
     0},
    /* nor in private; and what is private is not said to all */
    {{"from='" ROOM "/a' type='chat'", ""},
     {"from='" ROOM "/a' type='chat'", ""},
     1,
     0},
    {{"from='" ROOM "/a' type='chat'", OCCUPANT("1")},
     {"from='" ROOM "/a' type='chat'", OCCUPANT("1")},
     1,
     1},
    {{"from='" ROOM "/a' type='groupchat'", OCCUPANT("1")},
     {"from='" ROOM "/a' type='chat'", OCCUPANT("1")},
     1,
     0},
};

static void check_authors(void)
{
    for (size_t i = 0; i < sizeof(authors) / sizeof(authors[0]); i++) {
        xmpp_stanza_t *one =
            message_of(testbed.ctx, authors[i].one[0], authors[i].one[1]);
        xmpp_stanza_t *other =
            message_of(testbed.ctx, authors[i].other[0], authors[i].other[1]);

        is_int(xmpp_author_is_same(author_of(one), author_of(other),
                                   authors[i].in_room),
               authors[i].want,
               "the same author: <message %s> and <message %s>",
               authors[i].one[0], authors[i].other[0]);
        is_int(xmpp_author_is_same(author_of(other), author_of(one),
                                   authors[i].in_room),
               authors[i].want, "and the other way round");
        xmpp_stanza_release(one);
        xmpp_stanza_release(other);
    }
    is_int(xmpp_author_is_same(NULL, NULL, 0), 0, "nobody is the same");
}

/* Our address is guest@example.org. */
static const struct {
    const char *from, *chat;
    int in_room, want;
} reactors[] = {
    {"from='a@b/c'", "a@b", 0, 1},
    {"from='a@b'", "a@b/x", 0, 1},
    {"from='guest@example.org/phone'", "a@b", 0, 1},
    {"from='x@b/c'", "a@b", 0, 0},
    {"", "a@b", 0, 0},
    {"from='a@b/c' type='error'", "a@b", 0, 0},
    {"from='" ROOM "/a' type='groupchat'", ROOM, 1, 1},
    {"from='" ROOM "' type='groupchat'", ROOM, 0, 0},
    {"from='" ROOM "'", ROOM, 1, 0},
    {"from='guest@example.org/phone' type='groupchat'", ROOM, 1, 0},
};

static void check_reactors(void)
{
    for (size_t i = 0; i < sizeof(reactors) / sizeof(reactors[0]); i++) {
        xmpp_stanza_t *message = message_of(testbed.ctx, reactors[i].from, "");
        xmpp_jid_t *chat =
            xmpp_jid_from_string(testbed.ctx, reactors[i].chat, NULL);

        is_int(xmpp_author_may_react(testbed.conn, author_of(message), chat,
                                     reactors[i].in_room),
               reactors[i].want, "<message %s> reacts in %s", reactors[i].from,
               reactors[i].chat);
        xmpp_free(testbed.ctx, chat);
        xmpp_stanza_release(message);
    }
    is_int(xmpp_author_may_react(testbed.conn, NULL, NULL, 0), 0, "nobody");
}

/* ---- ids --------------------------------------------------------- */

#define IDS                                                                    \
    "<origin-id " SID " id='o'/><stanza-id " SID " id='s' by='" ROOM "'/>"

static const struct {
    const char *attributes, *inside, *ns, *want;
} ids[] = {
    {"id='1'", "", XMPP_NS_CORRECT, "1"},
    {"id='1'", IDS, XMPP_NS_CORRECT, "1"},
    {"id='1' type='groupchat' from='" ROOM "/a'", IDS, XMPP_NS_CORRECT, "1"},
    {"id='1'", IDS, NULL, "1"},
    {"id='1'", IDS, XMPP_NS_RETRACT, "1"},
    {"id='1' type='groupchat' from='" ROOM "/a'", IDS, XMPP_NS_RETRACT, "s"},
    {"id='1' type='groupchat' from='" ROOM "/a'", "<origin-id " SID " id='o'/>",
     XMPP_NS_RETRACT, "o"},
    {"id='1' type='chat'", IDS, XMPP_NS_REACTIONS, "o"},
    {"id='1' type='chat'", "", XMPP_NS_REACTIONS, "1"},
    {"id='1' type='groupchat' from='" ROOM "/a'", IDS, XMPP_NS_REACTIONS, "s"},
    {"id='1' type='groupchat' from='" ROOM "/a'", "<origin-id " SID " id='o'/>",
     XMPP_NS_REACTIONS, NULL},
    {"id='1' type='groupchat'", IDS, XMPP_NS_REPLY, NULL},
    {"id='1' type='groupchat' from='x@y/a'", IDS, XMPP_NS_REPLY, NULL},
    {"id='1'", IDS, XMPP_NS_REPLY, "o"},
    {"", "", XMPP_NS_REPLY, NULL},
};

static void check_ids(void)
{
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        xmpp_stanza_t *message =
            message_of(testbed.ctx, ids[i].attributes, ids[i].inside);

        is_str(xmpp_followup_get_id(testbed.conn, message, ids[i].ns),
               ids[i].want, "<message %s> for %s", ids[i].attributes,
               ids[i].ns ? ids[i].ns : "nothing");
        xmpp_stanza_release(message);
    }
    is_str(xmpp_followup_get_id(testbed.conn, NULL, XMPP_NS_REPLY), NULL,
           "no message");
}

/* ---- retractions ------------------------------------------------- */

static void check_retracting(void)
{
    xmpp_stanza_t *message = xmpp_message_new(testbed.ctx, "chat", NULL, "2");

    is_int(xmpp_retract_add(message, "1", "A message was retracted."), 0,
           "a retraction");
    is_xml(message,
           "<message type=\"chat\" id=\"2\"><retract "
           "xmlns=\"urn:xmpp:message-retract:1\" id=\"1\"/>"
           "<body>A message was retracted.</body><fallback "
           "xmlns=\"urn:xmpp:fallback:0\" for=\"urn:xmpp:message-retract:1\"/>"
           "<store xmlns=\"urn:xmpp:hints\"/></message>",
           "with a fallback");
    xmpp_stanza_release(message);
    message = xmpp_message_new(testbed.ctx, "chat", NULL, "2");
    is_int(xmpp_retract_add(message, "1", NULL), 0, "another");
    is_xml(message,
           "<message type=\"chat\" id=\"2\"><retract "
           "xmlns=\"urn:xmpp:message-retract:1\" id=\"1\"/>"
           "<store xmlns=\"urn:xmpp:hints\"/></message>",
           "without");
    xmpp_stanza_release(message);
    is_int(xmpp_retract_add(NULL, "1", NULL), XMPP_EMEM, "no message");
}

/* ---- reactions --------------------------------------------------- */

#define R(text) "<reaction>" text "</reaction>"
#define REACTIONS(inside)                                                      \
    "<reactions xmlns='urn:xmpp:reactions:0' id='1'>" inside "</reactions>"
#define EIGHT "12345678"
#define LONG EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT EIGHT

static const struct {
    const char *what, *inside, *want;
} sets[] = {
    {"two", REACTIONS(R("\xf0\x9f\x91\x8b") R("\xf0\x9f\x90\xa2")),
     "{id: \"1\", reactions: [\"\xf0\x9f\x91\x8b\", \"\xf0\x9f\x90\xa2\"]}"},
    {"one twice", REACTIONS(R("a") R("b") R("a")),
     "{id: \"1\", reactions: [\"a\", \"b\"]}"},
    {"an empty one", REACTIONS(R("") R("b")),
     "{id: \"1\", reactions: [\"b\"]}"},
    {"as long as may be", REACTIONS(R(LONG)),
     "{id: \"1\", reactions: [\"" LONG "\"]}"},
    {"too long", REACTIONS(R(LONG "9") R("b")),
     "{id: \"1\", reactions: [\"b\"]}"},
    {"none", REACTIONS(""), "{id: \"1\"}"},
    {"none that counts", REACTIONS(R("")), "{id: \"1\"}"},
    {"two elements", REACTIONS(R("a")) REACTIONS(R("b")), "nothing"},
    {"no id", "<reactions xmlns='urn:xmpp:reactions:0'/>", "nothing"},
    {"no element", "", "nothing"},
};

static void check_sets(void)
{
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        xmpp_stanza_t *message = message_of(testbed.ctx, "", sets[i].inside);
        char text[300];

        xmpp_payload_print(&xmpp_reactions, xmpp_reactions_get(message), text,
                           sizeof(text));
        is_str(text, sets[i].want, "reactions: %s", sets[i].what);
        xmpp_stanza_release(message);
    }
    ok(!xmpp_reactions_get(NULL), "no message");
}

static xmpp_stanza_t *message_with(int count)
{
    char inside[2000] = "<reactions xmlns='urn:xmpp:reactions:0' id='1'>";

    for (int i = 0; i < count; i++)
        snprintf(inside + strlen(inside), 40, R("%d"), i);
    strcat(inside, "</reactions>");
    return message_of(testbed.ctx, "", inside);
}

static void check_most(void)
{
    for (int count = 31; count <= 34; count++) {
        xmpp_stanza_t *message = message_with(count);
        const xmpp_reactions_t *set = xmpp_reactions_get(message);

        is_int(set ? (long)set->reaction_count : -1, count < 32 ? count : 32,
               "at most 32 of %d", count);
        xmpp_stanza_release(message);
    }
}

static void check_same(void)
{
    xmpp_stanza_t *one = message_of(testbed.ctx, "", REACTIONS(R("a") R("b")));
    xmpp_stanza_t *two = message_of(testbed.ctx, "", REACTIONS(R("b") R("a")));
    xmpp_stanza_t *three =
        message_of(testbed.ctx, "", REACTIONS(R("b") R("c")));
    xmpp_stanza_t *none = message_of(testbed.ctx, "", REACTIONS(""));
    const xmpp_reactions_t *a = xmpp_reactions_get(one);

    is_int(xmpp_reactions_is_same(a, xmpp_reactions_get(two)), 1,
           "in any order");
    is_int(xmpp_reactions_is_same(a, xmpp_reactions_get(three)), 0, "others");
    is_int(xmpp_reactions_is_same(a, xmpp_reactions_get(none)), 0, "none");
    is_int(xmpp_reactions_is_same(a, NULL), 0, "nothing");
    is_int(xmpp_reactions_is_same(NULL, a), 0, "and the other way round");
    is_int(xmpp_reactions_is_same(NULL, xmpp_reactions_get(none)), 1,
           "none and nothing");
    xmpp_stanza_release(one);
    xmpp_stanza_release(two);
    xmpp_stanza_release(three);
    xmpp_stanza_release(none);
}

#define FORM(fields)                                                           \
    "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' "           \
    "type='hidden'><value>" XMPP_REACTIONS_RESTRICTIONS                        \
    "</value></field>" fields "</x>"
#define MOST(n)                                                                \
    "<field var='max_reactions_per_user'><value>" n "</value></field>"
#define ONLY(values) "<field var='allowlist'>" values "</field>"

static const struct {
    const char *inside, *form;
    int want;
} rules[] = {
    {REACTIONS(R("a") R("b")), FORM(""), 1},
    {REACTIONS(R("a") R("b")), FORM(MOST("2")), 1},
    {REACTIONS(R("a") R("b")), FORM(MOST("1")), 0},
    {REACTIONS(""), FORM(MOST("0")), 1},
    {REACTIONS(R("a") R("b")), FORM(MOST("few")), 1},
    {REACTIONS(R("a")), FORM(ONLY("<value>b</value><value>a</value>")), 1},
    {REACTIONS(R("c")), FORM(ONLY("<value>b</value><value>a</value>")), 0},
    {REACTIONS(R("c")), FORM(ONLY("")), 0},
    {REACTIONS(""), FORM(ONLY("")), 1},
};

static void check_rules(void)
{
    xmpp_stanza_t *form;

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        xmpp_stanza_t *message = message_of(testbed.ctx, "", rules[i].inside);

        form = xmpp_stanza_new_from_string(testbed.ctx, rules[i].form);
        is_int(xmpp_reactions_is_allowed(xmpp_reactions_get(message),
                                         xmpp_form_read(form)),
               rules[i].want, "%s by the rule %s", rules[i].inside,
               strstr(rules[i].form, "</field>"));
        xmpp_stanza_release(form);
        xmpp_stanza_release(message);
    }
    is_int(xmpp_reactions_is_allowed(NULL, NULL), 1, "nothing by no rule");
    form = xmpp_stanza_new_from_string(testbed.ctx, FORM(MOST("0") ONLY("")));
    is_int(xmpp_reactions_is_allowed(NULL, xmpp_form_read(form)), 1,
           "nothing by any rule");
    xmpp_stanza_release(form);
}

static void check_reacting(void)
{
    static const char *const list[] = {"a", "b"};
    xmpp_stanza_t *message = xmpp_message_new(testbed.ctx, "chat", NULL, "2");
    xmpp_reactions_t reactions;

    XMPP_INIT(xmpp_reactions, reactions);
    reactions.id = "1";
    reactions.reactions = list;
    reactions.reaction_count = 2;
    is_int(xmpp_reactions_add(message, &reactions), 0, "reactions");
    is_xml(message,
           "<message type=\"chat\" id=\"2\"><reactions "
           "xmlns=\"urn:xmpp:reactions:0\" id=\"1\"><reaction>a</reaction>"
           "<reaction>b</reaction></reactions>"
           "<store xmlns=\"urn:xmpp:hints\"/></message>",
           "are worth storing");
    xmpp_stanza_release(message);
}

static void check_without_memory(void)
{
    for (unsigned long n = 1; n <= 3; n++) {
        xmpp_stanza_t *message = message_of(testbed.ctx, "", REACTIONS(R("a")));

        failmem_arm(&testbed.memory, n, 1);
        xmpp_reactions_get(message);
        failmem_arm(&testbed.memory, 0, 0);
        ok(xmpp_reactions_get(message) != NULL, "when there is memory again");
        xmpp_stanza_release(message);
    }
}

int main(void)
{
    diary_begin(&testbed);
    diary_login(&testbed);
    check_authors();
    check_reactors();
    check_ids();
    check_retracting();
    check_sets();
    check_most();
    check_same();
    check_rules();
    check_reacting();
    check_without_memory();
    testbed_free(&testbed, "all of it");
    return done_testing();
}
