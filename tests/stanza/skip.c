/* skip.c - the way past a stanza, byte by byte: what of its own tag is kept,
 * where names are compared, and what a refusal is called. */

#include "stanza/skip.h"

#include <xmpp/build.h>
#include <xmpp/error.h>

#include "base/arena.h"
#include "failmem.h"
#include "tap.h"

#define NAMES_COMPARED 1048576 /* open elements */
#define ATTRIBUTE_MOST 4096    /* bytes of one that is kept */
#define TAG_FULL 65536         /* bytes behind which none is */

static struct failmem memory;
static struct env env;
static struct skip skip_;

static void feed(const char *text)
{
    skip_feed(&skip_, text, strlen(text));
}

static void begin(void)
{
    skip_begin(&skip_, NULL);
}

/* ---- the stanza's own tag ---------------------------------------- */

/* Names of two letters are those that are kept. */
static void attribute(const char *name, size_t size)
{
    static char text[2 * ATTRIBUTE_MOST];

    memset(text, 'v', size);
    memcpy(text, " ..='", 5);
    memcpy(text + 1, name, 2);
    text[size - 1] = '\'';
    text[size] = '\0';
    feed(text);
}

static size_t kept(void)
{
    return buf_size(&skip_.tag);
}

static void long_attributes(void)
{
    begin();
    feed("<m");
    attribute("id", ATTRIBUTE_MOST);
    is_int((long)kept(), 2 + ATTRIBUTE_MOST, "the longest that is kept");
    attribute("to", ATTRIBUTE_MOST + 1);
    is_int((long)kept(), 2 + ATTRIBUTE_MOST, "one byte more is not");
    feed(" to='d'>");
    is_int((long)kept(), 2 + ATTRIBUTE_MOST + 9, "the next one is");
}

static void wanted_attributes(void)
{
    static const char want[] = "<q:m xmlns='a' xmlns:q='b' from='c' type='f'/>";

    begin();
    feed("<q:m xmlns='a' xmlns:q='b' xmlns:r='c' xmlns:qq='c' a='b' from='c' "
         "q:to='d' fro='e' type='f' r:id='g'/>");
    is_mem(buf_view(&skip_.tag).s, kept(), want, sizeof(want) - 1,
           "what the stub needs is kept, and nothing else");
}

/* So many bytes stand in the tag: is one more attribute kept? */
static void full_tag(size_t size, bool is_kept)
{
    begin();
    feed("<m");
    while (kept() + 2000 < size)
        attribute("id", 1000);
    attribute("id", (size - kept()) / 2);
    attribute("id", size - kept());
    is_int((long)kept(), (long)size, "%zu bytes are there", size);
    feed(" to='d'");
    is_int((long)kept(), (long)(size + (is_kept ? 7 : 0)), "one more is %s",
           is_kept ? "kept" : "not kept");
}

/* ---- names ------------------------------------------------------- */

/* The name of the stanza itself is kept, so it has a limit. */
static void long_name(void)
{
    static char name[ATTRIBUTE_MOST];

    memset(name, 'a', sizeof(name) - 1);
    begin();
    feed("<");
    feed(name);
    is_int(skip_.code, 0, "the longest name");
    feed("a");
    is_int(skip_.code, XMPP_ELIMIT, "one character more");
    is_str(skip_.what, "a name is too long", "in these words");
}

/* What is open already may have had a prefix, so only the rest is compared. */
static void inherited(void)
{
    static const struct {
        const char *text;
        int code;
    } rows[] = {
        {"</b></a>", 0},           {"</p:b></q:a>", 0},
        {"</c>", XMPP_EXML},       {"</p:c>", XMPP_EXML},
        {"</b></p:b>", XMPP_EXML}, {"<x:y></y>", XMPP_EXML},
    };
    xmpp_stanza_t *outer = xmpp_stanza_new_tag(env_ctx(&env), "a", NULL);
    xmpp_stanza_t *inner = xmpp_stanza_add_tag(outer, "b", NULL);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        skip_begin(&skip_, inner);
        feed(rows[i].text);
        is_int(skip_.code, rows[i].code, "%s", rows[i].text);
        is_int(skip_.done, !rows[i].code, "whether that was all");
    }
    xmpp_stanza_release(outer);
}

/* From the middle of a start tag on, inside of others or not. */
static void in_tag(void)
{
    xmpp_stanza_t *outer = xmpp_stanza_new_tag(env_ctx(&env), "a", NULL);

    skip_begin(&skip_, outer);
    skip_begin_in_tag(&skip_, STR("b"));
    feed(" id='1'><c/></p:b></a>");
    ok(skip_.done && !skip_.code, "an element inside, whatever its prefix");
    skip_begin(&skip_, outer);
    skip_begin_in_tag(&skip_, STR("b"));
    feed("></c>");
    is_int(skip_.code, XMPP_EXML, "another name");
    begin();
    skip_begin_in_tag(&skip_, STR("m"));
    feed(" id='1'/>");
    ok(skip_.done && !skip_.code, "a stanza itself");
    is_int((long)kept(), 0, "of which nothing is kept");
    xmpp_stanza_release(outer);
}

static void without_memory(void)
{
    unsigned long n = 0;
    bool failed = true;
    xmpp_stanza_t *outer = xmpp_stanza_new_tag(env_ctx(&env), "a", NULL);

    while (failed) {
        int first, second;

        failmem_arm(&memory, ++n, 0);
        begin();
        feed("<m id='1' xmlns='urn:x'><b><c/></b></m>");
        first = skip_.code;
        skip_begin(&skip_, outer);
        if (!skip_.code)
            skip_begin_in_tag(&skip_, STR("b"));
        if (!skip_.code)
            feed("><c/></b></a>");
        second = skip_.code;
        failed = memory.failed > 0;
        if (failed != (first == XMPP_EMEM || second == XMPP_EMEM))
            ok(false, "allocation %lu failed unnoticed", n);
    }
    failmem_arm(&memory, 0, 0);
    ok(n > 3, "each of %lu allocations failed", n - 1);
    xmpp_stanza_release(outer);
}

static void nest(size_t n)
{
    begin();
    for (size_t i = 0; i < n; i++)
        feed("<a>");
}

/* Beyond so many the names are not known. */
static void compared(void)
{
    nest(NAMES_COMPARED);
    feed("</b>");
    is_int(skip_.code, XMPP_EXML, "the last name that is compared");
    nest(NAMES_COMPARED + 1);
    feed("</b>");
    is_int(skip_.code, 0, "the first that is not");
    feed("</b>");
    is_int(skip_.code, XMPP_EXML, "and the one around it is");
    nest(NAMES_COMPARED + 1);
    for (size_t i = 0; i <= NAMES_COMPARED; i++)
        feed("</a>");
    ok(skip_.done && !skip_.code, "all of them are closed");
}

/* ---- brackets (XML 1.0 sections 2.4 and 2.7) --------------------- */

static void brackets(void)
{
    static const struct {
        const char *text;
        int code;
    } rows[] = {
        {"<m>x]></m>", 0},
        {"<m>]]</m>", 0},
        {"<m>]]x></m>", 0},
        {"<m>]]]></m>", XMPP_EXML},
        {"<m>]]]]></m>", XMPP_EXML},
        {"<m>]<b/>]></m>", 0},
        {"<m>]]<b/>></m>", 0},
        {"<m>]]<![CDATA[<x>]]></m>", 0},
        {"<m><![CDATA[x]>]] ></n>]]></m>", 0},
        {"<m><![CDATA[]>]]></m>", 0},
        {"<m><![CDATA[]]]></m>", 0},
        {"<m><![CDATA[]]]]></m>", 0},
        {"<m><![CDATA[]]>></m>", 0},
        {"<m><![CDATA[]]>]></m>", 0},
        {"<m a=']]>'/>", 0},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        begin();
        feed(rows[i].text);
        is_int(skip_.code, rows[i].code, "%s", rows[i].text);
        is_int(skip_.done, !rows[i].code, "whether that was all");
    }
}

/* ---- refusals ---------------------------------------------------- */

static void refused(void)
{
    static const struct {
        const char *text;
        int code;
        const char *what;
    } rows[] = {
        {"<m>\x01", XMPP_EXML, "malformed"},
        {"<m>\xff", XMPP_EENCODING, "it is not UTF-8"},
        {"<m>&;", XMPP_EXML, "malformed"},
        {"<m>&own;", XMPP_ERESTRICTED, "an entity"},
        {"<m a='&own;", XMPP_ERESTRICTED, "an entity"},
        {"<m><!-", XMPP_ERESTRICTED, "a comment"},
        {"<m><?", XMPP_ERESTRICTED, "a processing instruction"},
        {"<m>]]>", XMPP_EXML, "malformed"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        begin();
        feed(rows[i].text);
        is_int(skip_.code, rows[i].code, "%s", rows[i].text);
        is_str(skip_.what ? skip_.what : "", rows[i].what, "in these words");
    }
}

int main(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    skip_init(&skip_, &env);
    long_attributes();
    wanted_attributes();
    full_tag(TAG_FULL, true);
    full_tag(TAG_FULL + 1, false);
    long_name();
    inherited();
    in_tag();
    without_memory();
    compared();
    brackets();
    refused();
    skip_clear(&skip_);
    arena_drain(&env);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
