/* reader_skip.c - a stanza above a limit is passed over, whatever it is made of
 * and however it is cut; and what is not well-formed in it is found. */

#include "base/arena.h"
#include "failmem.h"
#include "stanza/find.h"
#include "stanza/reader.h"
#include "stanza/writer.h"
#include "tap.h"

#include <xmpp/error.h>

#define HEAD                                                                   \
    "<stream:stream xmlns='jabber:client' "                                    \
    "xmlns:stream='http://etherx.jabber.org/streams'>"

static struct failmem memory;
static struct env env;
static struct reader_limits limits;
static struct reader *reader;
static struct fault fault;
static char said[4096]; /* what was read, as text */
static bool is_scarce;  /* no page is kept, which would serve a stub */
static bool was_inside; /* an element was still open at the end */

static void narrow(void)
{
    limits = (struct reader_limits){.depth = 4,
                                    .stanza = 4000,
                                    .tree = 20000,
                                    .gap = 3000,
                                    .attributes = 4,
                                    .names = 1000,
                                    .name_bytes = 100000,
                                    .more_names = 1000,
                                    .skipped = 100000,
                                    .content = NS_CLIENT};
}

static void note(enum reader_event event, const xmpp_stanza_t *node)
{
    struct env plenty;
    struct buf text;

    env_init(&plenty, NULL, NULL);
    buf_init(&text, &plenty, 65536);
    writer_write(&text, node, STR("jabber:client"));
    snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s%.*s",
             event == READER_SKIPPED ? "!" : "", (int)buf_size(&text),
             buf_view(&text).s);
    buf_free(&text);
}

/* Read it in pieces; 0, or why not. */
static int feed(const char *text, size_t n, size_t piece)
{
    for (size_t at = 0, used = 0; at < n; at += used) {
        xmpp_stanza_t *node;
        enum reader_event event;
        int rc = reader_feed(reader, text + at, piece < n - at ? piece : n - at,
                             &used, &fault);

        while ((event = reader_next(reader, &node)) != READER_NONE) {
            if (event == READER_STANZA || event == READER_SKIPPED)
                note(event, node);
            xmpp_stanza_release(node);
        }
        if (is_scarce)
            arena_drain(&env);
        if (rc)
            return rc;
        if (!used)
            return XMPP_EINT; /* it hangs */
    }
    return 0;
}

static int reads(const char *text, size_t piece)
{
    int rc;

    fault = (struct fault){0};
    said[0] = '\0';
    reader = reader_new(&env, &limits);
    if (!reader)
        return XMPP_EMEM;
    rc = feed(HEAD, sizeof(HEAD) - 1, SIZE_MAX);
    if (rc == 0)
        rc = feed(text, strlen(text), piece);
    was_inside = reader_is_inside(reader);
    reader_free(reader);
    return rc;
}

/* Whole, in pieces of each size, and with each allocation failing. */
static void gives(const char *text, const char *want, const char *name)
{
    bool good = true;

    for (size_t piece = 1; piece <= 40 && good; piece++) {
        int rc = reads(text, piece == 40 ? SIZE_MAX : piece);

        good = rc == 0 && strcmp(said, want) == 0;
        if (!good)
            printf("# in pieces of %zu: %d (%s), %s\n", piece, rc, fault.detail,
                   said);
    }
    ok(good, "%s", name);
    is_scarce = true;
    for (unsigned long i = 1; good; i++) {
        int rc;

        failmem_arm(&memory, i, 0);
        rc = reads(text, 7);
        if (!memory.failed)
            break;
        good = rc == XMPP_EMEM || (rc == 0 && strcmp(said, want) == 0);
    }
    failmem_arm(&memory, 0, 0);
    is_scarce = false;
    ok(good, "%s: without memory it says so", name);
}

/* ---- each limit -------------------------------------------------- */

#define OWN "from='a@b' id='i' type='chat' to='c@d'"
#define STUB "<message from=\"a@b\" id=\"i\" type=\"chat\" to=\"c@d\"/>"
#define DEEP "<a><b><c><d><e><f/></e></d></c></b></a>"

/* The text with `what` so often in the place of its '%', each with its number
 * for a '#'. */
static char *often(const char *text, const char *what, int n)
{
    static char all[20000];
    const char *place = strchr(text, '%');
    char *to = all + sprintf(all, "%.*s", (int)(place - text), text);

    for (int i = 0; i < n; i++)
        for (const char *c = what; *c; c++)
            to += *c == '#' ? sprintf(to, "%d", i) : sprintf(to, "%c", *c);
    strcpy(to, place + 1);
    return all;
}

/* It leaves this, between others and twice in a row. */
static void leaves(const char *stub, const char *text, const char *name)
{
    char all[20000], want[1000];

    snprintf(all, sizeof(all), "<presence/>%s<presence id='1'/>", text);
    snprintf(want, sizeof(want), "<presence/>!%s<presence id=\"1\"/>", stub);
    gives(all, want, name);
    snprintf(all, sizeof(all), "%s%s \n<iq/>", text, text);
    snprintf(want, sizeof(want), "!%s!%s<iq/>", stub, stub);
    gives(all, want, "twice in a row");
}

static void each_limit(void)
{
    narrow();
    leaves(STUB, "<message " OWN ">" DEEP "</message>", "depth");
    leaves(STUB, "<message " OWN " x='' y=''/>", "attributes of the stanza");
    leaves(STUB, "<message " OWN " x='' y=''>t<a/></message>",
           "and something in it");
    leaves(STUB,
           "<message " OWN "><x a='' b='' c='' xmlns='u:x' d=''/></message>",
           "attributes inside of it");
    leaves(
        STUB,
        often("<message " OWN "><body>%</body></message>", "0123456789", 400),
        "bytes");
    leaves(STUB, often("<message " OWN "><b>%</b></message>", "]]&gt;", 700),
           "bytes of references");
    limits.tree = 16384;
    leaves(STUB, often("<message " OWN ">%</message>", "<a/>", 300), "memory");
    narrow();
    limits.names = 60;
    limits.more_names = 10;
    leaves(STUB, often("<message " OWN ">%</message>", "<n#/>", 100), "names");
    leaves(STUB, often("<message " OWN ">%</message>", "<n xmlns='u:#'/>", 70),
           "namespaces");
}

static void long_tags(void)
{
    static const char digits[] = "0123456789";

    narrow();
    limits.stanza = limits.tree = 100000;
    limits.attributes = 8;
    leaves(STUB,
           often("<message " OWN "><x y='%'>z</x></message>", digits, 310),
           "a long tag inside of it");
    leaves(STUB,
           often("<message " OWN "><x></x%></message>", "          ", 310),
           "an end tag with spaces");
    leaves(STUB, often("<message " OWN ">t&#%65;</message>", "0000000000", 940),
           "a reference");
    leaves(STUB, often("<message " OWN " y='%'>z<a/></message>", digits, 310),
           "the stanza's own tag");
    leaves(STUB, often("<message y='%' " OWN "/>", "\">&gt;6/9", 400),
           "what is behind the long attribute");
    leaves(STUB, often("<message x:z='%' xmlns:x='u:x' " OWN "/>", digits, 310),
           "a long attribute with a prefix");
    leaves(STUB,
           often("<c:message xmlns:c='jabber:client' y='%' " OWN " />", digits,
                 500),
           "an element with one");
    leaves("<message id=\"1&amp;2\"/>",
           often("<message y = '%' xmlns=\"jabber:client\" id='1&amp;2'/>",
                 digits, 500),
           "its own namespace");
    leaves("<message to=\"c\"/>",
           often("<message id='%' to='c'/>", digits, 500),
           "what is left has a limit of its own");
}

/* ---- what may stand in it, and what may not ---------------------- */

static void lawful(void)
{
    static const char *const inside[] = {
        "<a b='>' c=\"'/>\"/>",
        "<![CDATA[</message>]]>",
        "<![CDATA[]]]]><![CDATA[>]]>]",
        "<a b=''/><a b = '1'\tc\n= \"2\" ></a >",
        "&lt;&gt;&amp;&quot;&apos;&#65;&#x41;&#x10FFFF;&#0000000000000065;]] >",
        "<p:a xmlns:p='u:p' p:b='&lt;'><p:a/></p:a>",
        "<message><message/></message>",
        "<message xmlns='u:m'></message>",
        ("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80<\xc3\xa4 "
         "\xc3\xb6='\xc3\xbc'/>\x7f"),
        "<_/><a-b.c1/>",
        "\r\n\t ",
    };
    char text[2000];

    narrow();
    for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
        snprintf(text, sizeof(text), "<message>" DEEP "%s</message><iq/>",
                 inside[i]);
        gives(text, "!<message/><iq/>", inside[i]);
    }
}

static const struct {
    const char *inside;
    int code;
} rows[] = {
    {"<a></b>", XMPP_EXML},
    {"<a></A>", XMPP_EXML},
    {"<p:a xmlns:p='u:p'></a>", XMPP_EXML},
    {"</iq>", XMPP_EXML},
    {"</>", XMPP_EXML},
    {"<>", XMPP_EXML},
    {"< a/>", XMPP_EXML},
    {"<a b/>", XMPP_EXML},
    {"<a b=c/>", XMPP_EXML},
    {"<a b='1'c='2'/>", XMPP_EXML},
    {"<a b='<'/>", XMPP_EXML},
    {"<a / >", XMPP_EXML},
    {"<1/>", XMPP_EXML},
    {"<a:b:c/>", XMPP_EXML},
    {"<:a/>", XMPP_EXML},
    {"<a:/>", XMPP_EXML},
    {"]]>", XMPP_EXML},
    {"<!DOCTYPE a>", XMPP_EXML},
    {"<![cdata[]]>", XMPP_EXML},
    {"<!-- -->", XMPP_ERESTRICTED},
    {"<?a?>", XMPP_ERESTRICTED},
    {"&amp ", XMPP_EXML},
    {"&;", XMPP_EXML},
    {"&#;", XMPP_EXML},
    {"&#x;", XMPP_EXML},
    {"&#a;", XMPP_EXML},
    {"&#0;", XMPP_EXML},
    {"&#xD800;", XMPP_EXML},
    {"&#xFFFE;", XMPP_EXML},
    {"&#x110000;", XMPP_EXML},
    {"&#99999999999999999999;", XMPP_EXML},
    {"&bogus;", XMPP_ERESTRICTED},
    {"<a b='&nbsp;'/>", XMPP_ERESTRICTED},
    {"\x01", XMPP_EXML},
    {"\xef\xbf\xbe", XMPP_EXML},
    {"\xff", XMPP_EENCODING},
    {"\xc0\xaf", XMPP_EENCODING},
    {"\xe2\x82<a/>", XMPP_EENCODING},
    {"\xed\xa0\x80", XMPP_EENCODING},
    {"\xf4\x90\x80\x80", XMPP_EENCODING},
};

static void unlawful(void)
{
    char text[2000];

    narrow();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool good = true;

        snprintf(text, sizeof(text), "<message>" DEEP "%s</message><iq/>",
                 rows[i].inside);
        for (size_t piece = 1; piece <= 20 && good; piece++) {
            int rc = reads(text, piece == 20 ? SIZE_MAX : piece);

            good = rc == rows[i].code && !said[0];
            if (!good)
                printf("# in pieces of %zu: %d, %s\n", piece, rc, said);
        }
        ok(good, "%s: %s", rows[i].inside, fault.detail);
    }
}

/* ---- what ends all the same -------------------------------------- */

static void ends(const char *text, const char *why)
{
    for (size_t piece = 1; piece < 100; piece *= 3) {
        int rc = reads(text, piece);

        ok(rc == XMPP_ELIMIT && !said[0] && strstr(fault.detail, why),
           "%d, in pieces of %zu: %s", rc, piece, fault.detail);
    }
}

static void bounds(void)
{
    char *text;

    narrow();
    limits.skipped = 6000;
    text = often("<message>" DEEP "<a>%</a></message>", "0123456789", 590);
    is_int(strlen(text), 5965, "almost too long");
    gives(text, "!<message/>", "is skipped");
    text = often("<message>" DEEP "<a>%</a></message>", "0123456789", 595);
    ends(text, "too long to be skipped");
    text = often("<message a='%'/>", "0123456789", 700);
    ends(text, "too long to be skipped");
    limits.stanza = 8000;
    text = often("<message>" DEEP "<a>%</a></message>", "0123456789", 595);
    gives(text, "!<message/>", "the larger of the limits counts");
    limits.skipped = 0;
    ends("<message>" DEEP "</message>", "nested too deeply");
    narrow();
    ends(often("<%/>", "abcdefghijklmno", 400), "too long");
    ends(often("</stream:stream%>", "          ", 400), "token is too long");
    ends("<message xmlns='u:m'>" DEEP "</message>", "nested too deeply");
    ends("<message xmlns='u:m'>" DEEP, "nested too deeply");
    ends(often("<message y='%' xmlns='u:m'/>", "0123456789", 400), "too long");
    ends(often("<messages>%", "<a/>", 2000), "too much memory");
    ends(often("</stream:stream%", "          ", 400), "token is too long");
    ok(!was_inside, "between two stanzas, where it stays");
    is_int(reads(often("</stream:stream%>", "          ", 400), SIZE_MAX),
           XMPP_ELIMIT, "an end tag that comes as a whole is no stanza either");
}

/* Very deep: four bytes for each element, up to a million of them. */
static void deep(void)
{
    const int levels = 1200000;
    char *text = malloc((size_t)levels * 7 + 100), *to = text;
    long before;

    to += sprintf(to, "<message>");
    for (int i = 0; i < levels; i++)
        to += sprintf(to, "<a>");
    for (int i = 0; i < levels; i++)
        to += sprintf(to, "</a>");
    to += sprintf(to, "</message><iq/>");
    narrow();
    limits.skipped = 100000000;
    reader = reader_new(&env, &limits);
    is_int(feed(HEAD, sizeof(HEAD) - 1, SIZE_MAX), 0, "a stream");
    said[0] = '\0';
    before = memory.most = memory.bytes;
    for (char *at = text; at < to; at += 5000) {
        size_t n = to - at < 5000 ? (size_t)(to - at) : 5000;

        if (feed(at, n, 1500))
            bail(fault.detail);
    }
    is_str(said, "!<message/><iq/>", "a million and more levels");
    ok(memory.most - before < 5000000, "cost %ld bytes", memory.most - before);
    ok(memory.bytes - before < 100000, "of which it keeps %ld",
       memory.bytes - before);
    is_int(reader_excess(reader)->reached, levels + 1, "and were counted");
    is_int(reader_excess(reader)->limit, 4, "where four are allowed");
    is_int(reader_excess(reader)->bytes, to - text - 5, "in so many bytes");
    reader_free(reader);
    free(text);
}

/* What was built is given back at once, and nothing is built any more. */
static void memory_of_it(void)
{
    char *text = often("<message>%</message>", "<a b='c'>d</a>", 1000);
    long before;

    narrow();
    reader = reader_new(&env, &limits);
    is_int(feed(HEAD, sizeof(HEAD) - 1, SIZE_MAX), 0, "a stream");
    before = memory.most = memory.bytes;
    is_int(feed(text, strlen(text), 1), 0, "a tree that is too large");
    ok(memory.most - before < 20000 + 8192, "took %ld bytes",
       memory.most - before);
    reader_free(reader);
}

int main(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    each_limit();
    long_tags();
    lawful();
    unlawful();
    bounds();
    deep();
    memory_of_it();
    arena_drain(&env);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
