/* reader.c - reading, building and writing trees, and what is refused. */

#include "base/arena.h"
#include "base/buf.h"
#include "failmem.h"
#include "stanza/find.h"
#include "stanza/reader.h"
#include "tap.h"

#include <libxml/parser.h>
#include <xmpp/build.h>
#include <xmpp/error.h>

#include "xml_calls.h"

#define HEAD                                                                   \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:client' "               \
    "xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'>"

static struct failmem memory;
static struct env env;

static struct reader_limits limits = {8,   4000,  65536, 3000, 20,
                                      300, 65536, 65536, 0,    NAME_NONE};

/* ---- names ------------------------------------------------------- */

static void knows_names(void)
{
    int lost = 0;

    for (int id = 1; id < NAME_COUNT; id++)
        lost += name_find(name_text((enum name_id)id)) != (enum name_id)id;
    is_int(lost, 0, "every name is found");
    is_int(name_find(STR("nobody")), NAME_NONE, "a stranger is not");
    is_int(name_find(STR("")), NAME_NONE, "nor is nothing");
}

/* ---- writing ----------------------------------------------------- */

static void is_text(xmpp_stanza_t *node, const char *want, const char *name)
{
    char *got;
    size_t n;

    xmpp_stanza_to_text(node, &got, &n);
    is_str(got, want, "%s", name);
    env_free(&env, got);
}

static void builds(void)
{
    xmpp_ctx_t *ctx = env_ctx(&env);
    xmpp_stanza_t *m = xmpp_message_new(ctx, "chat", "a@b", "1"), *x, *y;

    xmpp_message_set_body(m, "1 < 2 & \"3\"\r\n");
    is_int(xmpp_message_set_body(m, "again"), XMPP_EINVOP, "one body only");
    x = xmpp_stanza_add_tag(m, "x", "urn:x");
    xmpp_stanza_set_attribute(x, "a", "\t'");
    xmpp_stanza_add_tag(x, "y", "urn:x");
    xmpp_stanza_add_tag(m, "z", "jabber:client");
    is_int(xmpp_stanza_get_status(m), 0, "nothing failed");
    is_text(m,
            "<message type=\"chat\" to=\"a@b\" id=\"1\"><body>1 &lt; 2 &amp; "
            "&quot;3&quot;&#13;\n</body><x xmlns=\"urn:x\" a=\"&#9;'\"><y/></x>"
            "<z/></message>",
            "a built message");
    y = xmpp_stanza_copy(x);
    is_text(y, "<x xmlns=\"urn:x\" a=\"&#9;'\"><y/></x>", "a copy of a part");
    is_int(xmpp_stanza_release(m), 1, "the tree is freed");
    is_int(xmpp_stanza_release(y), 1, "and the copy");

    m = xmpp_presence_new(ctx);
    x = xmpp_stanza_new_tag(ctx, "x", NULL);
    y = xmpp_stanza_new_tag(ctx, "y", NULL);
    is_int(xmpp_stanza_add_child(x, y), 0, "a child");
    is_int(xmpp_stanza_add_child(m, x), 0, "a grandchild");
    is_int(xmpp_stanza_add_child(y, m), XMPP_EINVOP, "no circles");
    is_int(xmpp_stanza_add_child(m, y), XMPP_EINVOP, "no second parent");
    is_int(xmpp_stanza_release(x), 0, "held by others");
    is_int(xmpp_stanza_release(m), 0, "held by the grandchild");
    is_str(xmpp_stanza_get_name(xmpp_stanza_get_parent(y)), "x",
           "which keeps all around it");
    is_int(xmpp_stanza_remove(x), 0, "removed");
    ok(!xmpp_stanza_get_children(m), "is gone");
    is_int(xmpp_stanza_release(y), 1, "the last hold");

    m = xmpp_message_new(ctx, NULL, "a\x01", NULL);
    is_int(xmpp_stanza_get_status(m), XMPP_EARG, "XML cannot carry that");
    xmpp_stanza_release(m);
}

static void copies_and_answers(void)
{
    xmpp_ctx_t *ctx = env_ctx(&env);
    xmpp_stanza_t *m, *x;
    const char *type, *text;

    m = xmpp_stanza_new_from_string(
        ctx, "<iq from='a@b/c' to='d' id='7' type='get' xml:lang='de'>"
             "<q xmlns='u'>t</q></iq>");
    is_text(m,
            "<iq from=\"a@b/c\" to=\"d\" id=\"7\" type=\"get\" "
            "xml:lang=\"de\"><q xmlns=\"u\">t</q></iq>",
            "from a string and back");
    is_str(xmpp_stanza_get_attribute(m, "lang"), "de", "lang is xml:lang");
    is_str(xmpp_stanza_get_child_text(m, "q", "u"), "t", "a child's text");
    ok(xmpp_stanza_get_child_by_path(m, "iq", XMPP_STANZA_NAME_IN_NS("q", "u"),
                                     (char *)NULL) != NULL,
       "a path");
    ok(!xmpp_stanza_get_child_by_path(m, "iq", XMPP_STANZA_NAME_IN_NS("q", "v"),
                                      (char *)NULL),
       "a path to nowhere");
    x = xmpp_stanza_reply_error(m, "cancel", "item-not-found", "no");
    is_text(x,
            "<iq id=\"7\" type=\"error\" xml:lang=\"de\" to=\"a@b/c\" "
            "from=\"d\"><error type=\"cancel\"><item-not-found "
            "xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/><text "
            "xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\">no</text></error>"
            "</iq>",
            "an error answer");
    is_str(xmpp_stanza_get_error(x, &type, &text), "item-not-found",
           "its condition");
    is_str(type, "cancel", "its type");
    is_str(text, "no", "its text");
    xmpp_stanza_release(x);
    xmpp_stanza_release(m);
    ok(!xmpp_stanza_new_from_string(ctx, "<a><b></a>"), "malformed");
    ok(!xmpp_stanza_new_from_string(ctx, "<a>"), "not whole");
    ok(!xmpp_stanza_new_from_string(ctx, ""), "nothing");
}

/* ---- reading ----------------------------------------------------- */

/* Feed in steps; how many stanzas came, and the code. */
static int read_all(const char *bytes, size_t n, size_t step, int *ret_stanzas,
                    bool *ret_ended)
{
    struct reader *r = reader_new(&env, &limits);
    struct fault fault = {0};
    xmpp_stanza_t *node;
    size_t used, at = 0;
    int rc = r ? 0 : XMPP_EMEM;

    *ret_stanzas = 0;
    *ret_ended = false;
    while (at < n && rc == 0) {
        enum reader_event event;
        size_t piece = n - at < step ? n - at : step;

        rc = reader_feed(r, bytes + at, piece, &used, &fault);
        at += used;
        while ((event = reader_next(r, &node)) != READER_NONE) {
            *ret_stanzas += event == READER_STANZA;
            *ret_ended |= event == READER_END;
            xmpp_stanza_release(node);
        }
    }
    reader_free(r);
    return rc;
}

#define LONG50 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define LONG600                                                                \
    LONG50 LONG50 LONG50 LONG50 LONG50 LONG50 LONG50 LONG50 LONG50 LONG50      \
        LONG50 LONG50

static const struct {
    const char *name, *text;
    int code, stanzas;
} rows[] = {
    {"a long tag", "<a b='" LONG600 "'/>", 0, 1},
    {"a '<' in a long tag", "<a b='" LONG600 "' c='x='y'/><b/>", XMPP_EXML, 0},
    {"two stanzas", "<message><body>a&amp;b</body></message> \n<iq/>", 0, 2},
    {"CDATA", "<a><![CDATA[<x>]]></a>", 0, 1},
    {"an ampersand in CDATA", "<a><![CDATA[& b &; &&c]]></a>", 0, 1},
    {"a comment", "<a><!-- x --></a>", XMPP_ERESTRICTED, 0},
    {"an instruction", "<a><?php x?></a>", XMPP_ERESTRICTED, 0},
    {"an entity", "<a>&foo;</a>", XMPP_ERESTRICTED, 0},
    {"a prefix", "<foo:a/>", XMPP_EPREFIX, 0},
    {"an attribute's prefix", "<a foo:b='1'/>", XMPP_EPREFIX, 0},
    {"a mismatch", "<a></b>", XMPP_EXML, 0},
    {"twice the same", "<a b='1' b='2'/>", XMPP_EXML, 0},
    {"a control", "<a>\x01</a>", XMPP_EXML, 0},
    {"text between", "<a/>x<b/>", XMPP_EXML, 1},
    {"three octets", "<a b='\xe2\x82\xac'>\xe2\x82\xac</a>", 0, 1},
    {"and in CDATA", "<a><![CDATA[\xe2\x82\xac]]></a>", 0, 1},
    {"too long in text", "<a>\xc1\x81</a>", XMPP_EENCODING, 0},
    {"too long by two", "<a>\xe0\x81\x81</a>", XMPP_EENCODING, 0},
    {"too long in a value", "<a b='\xc1\x81'/>", XMPP_EENCODING, 0},
    {"too long in CDATA", "<a><![CDATA[\xc1\x81]]></a>", XMPP_EENCODING, 0},
    {"a surrogate", "<a>\xed\xa0\x80</a>", XMPP_EXML, 0},
    {"a surrogate in a value", "<a b='\xed\xa0\x80'/>", XMPP_EXML, 0},
    {"U+FFFE in a value", "<a b='\xef\xbf\xbe'/>", XMPP_EXML, 0},
    {"U+FFFE in text", "<a>\xef\xbf\xbe</a>", XMPP_EXML, 0},
    {"U+FFFE as a reference", "<a>&#xfffe;</a>", XMPP_EXML, 0},
    {"a control in a value", "<a b='\x01'/>", XMPP_EXML, 0},
    {"depth 8", "<a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a>", 0, 1},
    {"depth 9", "<a><a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a></a>",
     XMPP_ELIMIT, 0},
    {"20 attributes",
     "<a a='' b='' c='' d='' e='' f='' g='' h='' i='' j='' k='' l='' m='' n='' "
     "o='' p='' q='' r='' s='' t=''/>",
     0, 1},
    {"21 attributes",
     "<a a='' b='' c='' d='' e='' f='' g='' h='' i='' j='' k='' l='' m='' n='' "
     "o='' p='' q='' r='' s='' t='' u=''/>",
     XMPP_ELIMIT, 0},
};

static void reads(size_t i, size_t step)
{
    char bytes[4096];
    int stanzas, rc;
    bool ended;
    int n = snprintf(bytes, sizeof(bytes), "%s%s", HEAD, rows[i].text);

    rc = read_all(bytes, (size_t)n, step, &stanzas, &ended);
    is_str(xmpp_strerror_name(rc), xmpp_strerror_name(rows[i].code),
           "%s, by %zu", rows[i].name, step);
    is_int(stanzas, rows[i].stanzas, "  stanzas before");
}

/* An element as its tree has it, below a stanza and in no namespace. */
static const struct {
    const char *name, *text, *want;
} trees[] = {
    {"attributes in their order", "<a z='1' id='2' y=\"&quot;&lt;\"/>",
     "<a z=\"1\" id=\"2\" y=\"&quot;&lt;\"/>"},
    {"xml: keeps its prefix", "<a xml:lang='de' xml:space='x' lang='en'/>",
     "<a xml:lang=\"de\" xml:space=\"x\" lang=\"en\"/>"},
    {"other prefixes are dropped", "<a xmlns:e='urn:e' e:b='1' c='2'/>",
     "<a b=\"1\" c=\"2\"/>"},
    {"but own attributes come first", "<a xmlns:e='urn:e' b='2' e:b='1'/>",
     "<a b=\"2\"/>"},
    {"the last of two prefixes counts",
     "<a xmlns:e='urn:e' xmlns:f='urn:f' e:id='1' f:id='2'/>", "<a id=\"2\"/>"},
    {"evil:xmlns is no namespace", "<a xmlns:e='urn:e' e:xmlns='urn:f' b='1'/>",
     "<a b=\"1\"/>"},
    {"a namespace is inherited",
     "<a xmlns='urn:e'><b/><c xmlns='urn:f'><d xmlns=''/></c></a>",
     "<a xmlns=\"urn:e\"><b/><c xmlns=\"urn:f\"><d xmlns=\"\"/></c></a>"},
    {"a prefix becomes a namespace", "<e:a xmlns:e='urn:e'><e:b/><c/></e:a>",
     "<a xmlns=\"urn:e\"><b/><c xmlns=\"\"/></a>"},
    {"texts are joined", "<a>x&amp;y<![CDATA[<z>]]><b/>w</a>",
     "<a>x&amp;y&lt;z&gt;<b/>w</a>"},
};

static void builds_tree(const char *name, const char *text, const char *want)
{
    char whole[1000];
    xmpp_stanza_t *m;

    snprintf(whole, sizeof(whole), "<m>%s</m>", text);
    m = xmpp_stanza_new_from_string(env_ctx(&env), whole);
    is_text(xmpp_stanza_get_children(m), want, name);
    xmpp_stanza_release(m);
}

static void drops_foreign_of_stanza(void)
{
    xmpp_stanza_t *m = xmpp_stanza_new_from_string(
        env_ctx(&env), "<m xmlns:e='urn:e' e:from='1' xml:lang='de' to='2'/>");

    is_text(m, "<m xml:lang=\"de\" to=\"2\"/>",
            "a stanza's own tag has no foreign attributes");
    xmpp_stanza_release(m);
}

static void too_much(const char *name, const char *open, const char *fill,
                     size_t times)
{
    struct buf b;
    int stanzas;
    bool ended;

    buf_init(&b, &env, 10000000);
    buf_puts(&b, str_of(HEAD));
    buf_puts(&b, str_of(open));
    for (size_t i = 0; i < times; i++)
        buf_puts(&b, str_of(fill));
    is_int(read_all(buf_view(&b).s, buf_size(&b), 100000, &stanzas, &ended),
           XMPP_ELIMIT, "%s", name);
    buf_free(&b);
}

/* ---- where one thing ends and the next begins -------------------- */

static void stops_exactly(void)
{
    static const char text[] = HEAD "<a b='>'>x</a>REST";
    struct reader *r = reader_new(&env, &limits);
    struct fault fault = {0};
    xmpp_stanza_t *node;
    size_t used, at;

    reader_set_exact(r, true);
    is_int(reader_feed(r, text, sizeof(text) - 1, &used, &fault), 0, "feed");
    is_int(used, sizeof(HEAD) - 1, "stops behind the header");
    is_int(reader_next(r, &node), READER_HEADER, "which is told");
    xmpp_stanza_release(node);
    at = used;
    reader_feed(r, text + at, sizeof(text) - 1 - at, &used, &fault);
    is_str(text + at + used, "REST", "stops behind the element");
    is_int(reader_next(r, &node), READER_STANZA, "which is told too");
    is_str(xmpp_stanza_get_text_view(node), "x", "and whole");
    xmpp_stanza_release(node);
    reader_restart(r);
    is_int(reader_feed(r, " " HEAD "</stream:stream>",
                       sizeof(HEAD "</stream:stream>"), &used, &fault),
           0, "a new stream");
    is_int(reader_next(r, &node), READER_HEADER, "begins");
    xmpp_stanza_release(node);
    reader_feed(r, &(" " HEAD "</stream:stream>")[used],
                sizeof(HEAD "</stream:stream>") - used, &used, &fault);
    is_int(reader_next(r, &node), READER_END, "and ends");
    reader_free(r);
}

/* Thousands of different names: the parser has to be renewed on the way. */
static void renews(size_t step)
{
    struct buf b;
    int stanzas, rc;
    bool ended;

    buf_init(&b, &env, 10000000);
    buf_puts(&b, str_of(HEAD));
    for (int i = 0; i < 3000; i++) {
        char text[64];

        snprintf(text, sizeof(text), "<n%d xmlns='u%d'>%d</n%d>", i, i, i, i);
        buf_puts(&b, str_of(text));
    }
    buf_puts(&b, STR("</stream:stream>"));
    rc = read_all(buf_view(&b).s, buf_size(&b), step, &stanzas, &ended);
    is_int(rc, 0, "a stream of 3000 names, by %zu", step);
    is_int(stanzas, 3000, "  all stanzas");
    ok(ended, "  and its end");
    buf_free(&b);
}

/* ---- memory ------------------------------------------------------ */

static void no_steady_allocation(void)
{
    struct reader *r = reader_new(&env, &limits);
    struct fault fault = {0};
    xmpp_stanza_t *node;
    size_t used;
    unsigned long before = 0;
    static const char text[] =
        "<message from='a@b/c' to='d'><body>hello</body></message>";

    reader_feed(r, HEAD, sizeof(HEAD) - 1, &used, &fault);
    for (int i = 0; i < 1000; i++) {
        if (i == 10)
            before = memory.calls;
        reader_feed(r, text, sizeof(text) - 1, &used, &fault);
        while (reader_next(r, &node) != READER_NONE)
            xmpp_stanza_release(node);
    }
    is_int(memory.calls - before, 0, "990 stanzas without an allocation");
    reader_free(r);
}

/* How often libxml2 allocates for a hundred of them. */
static unsigned long xml_calls_for(const char *text)
{
    struct reader *r = reader_new(&env, &limits);
    struct fault fault = {0};
    unsigned long before = 0;
    xmpp_stanza_t *node;
    size_t used;

    reader_feed(r, HEAD, sizeof(HEAD) - 1, &used, &fault);
    for (int i = 0; i < 110; i++) {
        if (i == 10)
            before = xml_calls;
        reader_feed(r, text, strlen(text), &used, &fault);
        while (reader_next(r, &node) != READER_NONE)
            xmpp_stanza_release(node);
    }
    is_int(fault.code, 0, "read: %s", text);
    reader_free(r);
    return xml_calls - before;
}

/* libxml2 would render one for each namespace that is not an absolute URI. */
static void no_warnings(void)
{
    unsigned long usual = xml_calls_for("<x><a xmlns='urn:b'/></x>");
    unsigned long odd = xml_calls_for("<x><a xmlns='b'/></x>");

    ok(odd <= usual, "no warning is rendered: %lu calls, and %lu", odd, usual);
#if LIBXML_VERSION < 21200
    is_int(xmlGetWarningsDefaultValue, 1, "the program's own parsers warn");
#endif
}

static void fails_everywhere(void)
{
    static const char text[] =
        HEAD "<message a='1' b='2'><body>x</body></message></stream:stream>";
    unsigned long n = 0, failed = 1, lies = 0;

    arena_drain(&env);
    while (failed) {
        int stanzas, rc;
        bool ended;

        failmem_arm(&memory, ++n, 0);
        rc = read_all(text, sizeof(text) - 1, 1000, &stanzas, &ended);
        failed = memory.failed;
        failmem_arm(&memory, 0, 0);
        arena_drain(&env);
        lies += failed && rc != XMPP_EMEM;
    }
    is_int(lies, 0, "each of %lu failing allocations is told", n - 1);
}

int main(void)
{
    xml_calls_begin();
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    knows_names();
    builds();
    copies_and_answers();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        reads(i, 100000);
        reads(i, 1);
    }
    for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++)
        builds_tree(trees[i].name, trees[i].text, trees[i].want);
    drops_foreign_of_stanza();
    too_much("a stanza that never ends", "<a>", "<b/>", 4000);
    too_much("a token that never ends", "<a b='", "xxxxxxxx", 2000);
    stops_exactly();
    renews(100000);
    renews(7);
    no_steady_allocation();
    no_warnings();
    fails_everywhere();
    arena_drain(&env);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
