/* reply.c - bodies without their fallbacks (XEP-0428), quotations above replies
 * (XEP-0461), and places in texts (XEP-0426). */

#include <xmpp/xep/reply.h>

#include <stdbool.h>
#include <stdlib.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/ns.h>

#include "failmem.h"
#include "tap.h"
#include "xep/is_xml.h"
#include "xep/message_of.h"

static struct failmem memory;
static xmpp_ctx_t *ctx;

/* ---- fallbacks --------------------------------------------------- */

#define BODY "<body>&gt; Anna:\n&gt; Hi\nGreat</body><subject>A cake</subject>"
#define WHOLE "> Anna:\n> Hi\nGreat"
#define FALLBACK(inside)                                                       \
    "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'>" inside     \
    "</fallback>"

static const struct {
    const char *inside, *known, *body, *subject;
} bodies[] = {
    {BODY, NULL, WHOLE, "A cake"},
    {BODY FALLBACK("<body start='0' end='13'/>"), NULL, "Great", "A cake"},
    {BODY FALLBACK("<body start='0' end='13'/>"), "urn:xmpp:reply:0", "Great",
     "A cake"},
    {BODY FALLBACK("<body start='0' end='13'/>"), " a  urn:xmpp:reply:0 b",
     "Great", "A cake"},
    {BODY FALLBACK("<body start='0' end='13'/>"), "urn:xmpp:reply:1", WHOLE,
     "A cake"},
    {BODY FALLBACK("<body start='0' end='13'/>"), "", WHOLE, "A cake"},
    {BODY FALLBACK("<body end='13'/>"), NULL, "Great", "A cake"},
    {BODY FALLBACK("<body start='13'/>"), NULL, "> Anna:\n> Hi\n", "A cake"},
    {BODY FALLBACK(""), NULL, "", ""},
    {BODY FALLBACK("<body/>"), NULL, "", "A cake"},
    {BODY FALLBACK("<subject/>"), NULL, WHOLE, ""},
    {BODY FALLBACK("<subject start='1' end='2'/>"), NULL, WHOLE, "Acake"},
    {BODY FALLBACK("<body start='5' end='5'/>"), NULL, WHOLE, "A cake"},
    {BODY FALLBACK("<body start='9' end='5'/>"), NULL, WHOLE, "A cake"},
    {BODY FALLBACK("<body start='-3' end='5'/>"), NULL, WHOLE, "A cake"},
    {BODY FALLBACK("<body start='13' end='99999999999'/>"), NULL,
     "> Anna:\n> Hi\n", "A cake"},
    {BODY FALLBACK("<body start='99' end='100'/>"), NULL, WHOLE, "A cake"},
    {BODY FALLBACK("<body start='8' end='13'/><body start='0' end='9'/>"), NULL,
     "Great", "A cake"},
    {BODY FALLBACK("<body start='0' end='8'/>")
         FALLBACK("<body start='8' end='13'/>"),
     NULL, "Great", "A cake"},
    {BODY "<fallback xmlns='urn:xmpp:fallback:0'><body end='13'/></fallback>",
     NULL, "Great", "A cake"},
    {BODY "<fallback xmlns='urn:xmpp:fallback:0'><body end='13'/></fallback>",
     "urn:xmpp:reply:0", WHOLE, "A cake"},
    {FALLBACK(""), NULL, NULL, NULL},
    {"<body/>" FALLBACK(""), NULL, "", NULL},
    /* code points, not octets */
    {"<body>\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa2 end</body>" FALLBACK(
         "<body start='1' end='3'/>"),
     NULL, "\xc3\xa4 end", NULL},
};

static void check_bodies(void)
{
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        xmpp_stanza_t *message = message_of(ctx, "", bodies[i].inside);

        is_str(xmpp_fallback_get_body(message, bodies[i].known), bodies[i].body,
               "the body of case %zu", i);
        is_str(xmpp_fallback_get_subject(message, bodies[i].known),
               bodies[i].subject, "and its subject");
        xmpp_stanza_release(message);
    }
    is_str(xmpp_fallback_get_body(NULL, NULL), NULL, "no message");
}

/* Regions at random, against a mark on each code point. */
static void check_random_regions(unsigned seed)
{
    char inside[8000] = "<body>abcdefghijklmnopqrst</body>"
                        "<fallback "
                        "xmlns='urn:xmpp:fallback:0'>";
    bool is_cut[20] = {false};
    char want[21] = "";
    int count = 1 + rand() % 12;
    xmpp_stanza_t *message;

    for (int i = 0; i < count; i++) {
        int start = rand() % 22, end = rand() % 24;

        snprintf(inside + strlen(inside), 60, "<body start='%d' end='%d'/>",
                 start, end);
        for (int at = start; at < end && at < 20; at++)
            is_cut[at] = true;
    }
    strcat(inside, "</fallback>");
    for (int at = 0; at < 20; at++)
        if (!is_cut[at])
            want[strlen(want)] = (char)('a' + at);
    message = message_of(ctx, "", inside);
    is_str(xmpp_fallback_get_body(message, NULL), want,
           "regions at random, seed %u", seed);
    xmpp_stanza_release(message);
}

/* The 65th region does not count. */
static void check_most(void)
{
    for (int others = 63; others <= 64; others++) {
        char inside[8000] = "<body>ab</body><fallback "
                            "xmlns='urn:xmpp:fallback:0'>";
        xmpp_stanza_t *message;

        for (int i = 0; i < others; i++)
            strcat(inside, "<body start='90' end='91'/>");
        strcat(inside, "<body start='0' end='1'/></fallback>");
        message = message_of(ctx, "", inside);
        is_str(xmpp_fallback_get_body(message, NULL), others < 64 ? "b" : "ab",
               "behind %d regions", others);
        xmpp_stanza_release(message);
    }
}

/* ---- replies ----------------------------------------------------- */

static const struct {
    const char *quoted, *body, *end;
} quotations[] = {
    {"Hi", "> Hi\nGreat", "5"},
    {"Hi\n", "> Hi\nGreat", "5"},
    {"Hi\nyou", "> Hi\n> you\nGreat", "11"},
    {"\n\na", "> \n> \n> a\nGreat", "10"},
    {"", "> \nGreat", "3"},
    {"\xf0\x9f\x90\xa2\xc3\xa4", "> \xf0\x9f\x90\xa2\xc3\xa4\nGreat", "5"},
};

static xmpp_reply_t reply_to(const char *id)
{
    xmpp_reply_t reply;

    XMPP_INIT(xmpp_reply, reply);
    reply.id = id;
    return reply;
}

static void check_quotations(void)
{
    xmpp_reply_t reply = reply_to("1");

    for (size_t i = 0; i < sizeof(quotations) / sizeof(quotations[0]); i++) {
        xmpp_stanza_t *message = xmpp_message_new(ctx, "chat", NULL, "2");
        xmpp_stanza_t *region;

        is_int(xmpp_reply_add(message, &reply, quotations[i].quoted, "Great"),
               0, "quotation %zu", i);
        is_str(xmpp_stanza_get_child_text(message, "body", NULL),
               quotations[i].body, "quotes it");
        region = xmpp_stanza_get_child_by_name(
            xmpp_stanza_get_child_by_name(message, "fallback"), "body");
        is_str(xmpp_stanza_get_attribute(region, "start"), "0", "from 0");
        is_str(xmpp_stanza_get_attribute(region, "end"), quotations[i].end,
               "in code points");
        is_str(xmpp_fallback_get_body(message, XMPP_NS_REPLY), "Great",
               "and can be read without");
        xmpp_stanza_release(message);
    }
}

static void check_replies(void)
{
    xmpp_reply_t reply = reply_to("1");
    xmpp_stanza_t *message = xmpp_message_new(ctx, "chat", NULL, "2");

    is_int(xmpp_reply_add(message, &reply, NULL, "Great"), 0, "no quotation");
    is_xml(message,
           "<message type=\"chat\" id=\"2\"><reply xmlns=\"urn:xmpp:reply:0\" "
           "id=\"1\"/><body>Great</body></message>",
           "a reply");
    is_int(xmpp_reply_add(message, &reply, NULL, "Great"), XMPP_EINVOP,
           "a second body");
    xmpp_stanza_release(message);
    message = xmpp_message_new(ctx, "chat", NULL, "2");
    is_int(xmpp_reply_add(message, NULL, NULL, "Great"), XMPP_EINVOP,
           "to none");
    is_int(xmpp_reply_add(message, &reply, "Hi", NULL), XMPP_EINVOP, "no body");
    is_int(xmpp_reply_add(NULL, &reply, "Hi", "Great"), XMPP_EINVOP, "nowhere");
    xmpp_stanza_release(message);
}

static void check_without_memory(void)
{
    xmpp_reply_t reply = reply_to("1");
    int code = XMPP_EMEM;

    for (unsigned long n = 1; code && n < 50; n++) {
        xmpp_stanza_t *message = xmpp_message_new(ctx, "chat", NULL, "2");
        const char *body = NULL;

        failmem_arm(&memory, n, 0);
        code = xmpp_reply_add(message, &reply, "Hi", "Great");
        if (!code)
            body = xmpp_fallback_get_body(message, NULL);
        failmem_arm(&memory, 0, 0);
        is_int(code, code ? XMPP_EMEM : 0, "the %lu-th allocation", n);
        ok(!body || !strcmp(body, "Great"), "nothing or all of it");
        xmpp_stanza_release(message);
    }
}

/* ---- places ------------------------------------------------------ */

#define TEXT "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa2z" /* 1 2 3 4 1 octets */

static const struct {
    long points, octets;
} places[] = {{0, 0}, {1, 1}, {2, 3}, {3, 6}, {4, 10}, {5, 11}};

static void check_places(void)
{
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        is_int(xmpp_text_octets(TEXT, places[i].points), places[i].octets,
               "the octet of point %ld", places[i].points);
        is_int(xmpp_text_points(TEXT, places[i].octets), places[i].points,
               "and back");
    }
    is_int(xmpp_text_octets(TEXT, -1), 0, "before the beginning");
    is_int(xmpp_text_octets(TEXT, 99), 11, "behind the end");
    is_int(xmpp_text_points(TEXT, -1), 0, "before the beginning");
    is_int(xmpp_text_points(TEXT, 99), 5, "behind the end");
    is_int(xmpp_text_octets(NULL, 5), 0, "nothing");
    is_int(xmpp_text_points(NULL, 5), 0, "has no points");
}

int main(void)
{
    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    check_bodies();
    for (unsigned seed = 1; seed <= 300; seed++) {
        srand(seed);
        check_random_regions(seed);
    }
    check_most();
    check_quotations();
    check_replies();
    check_without_memory();
    check_places();
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "all memory is given back");
    return done_testing();
}
