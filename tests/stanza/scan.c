/* scan.c - where elements end in raw XML, and which of them are stanzas. */

#include "stanza/scan.h"

#include "tap.h"

/* What stands behind the text, where nobody may look. */
static const char *const tails[] = {"", "/>", ">", "<iq/>", " q>", "-->"};

#define TAILS (sizeof(tails) / sizeof(tails[0]))

/* ---- elements ---------------------------------------------------- */

/* The text up to '|' is the first piece; the rest is there, too. */
static const struct {
    const char *text;
    bool is_stanza;
} elements[] = {
    {"<message/>|", true},
    {"<message/>|<message/>", true},
    {"<message></message>|<iq/>", true},
    {"<presence><a/><b><c></c></b></presence>|<a/>", true},
    {"<iq\ttype='get'/>|<a/>", true},
    {"<iq\n/>|", true},
    {"<iq\r/>|", true},
    {"<iq />|", true},
    {"<iq>|", true},
    {"<r xmlns='urn:xmpp:sm:3'/>|<iq/>", false},
    {"<messages/>|<iq/>", false},
    {"<messag/>|<iq/>", false},
    {"<x:iq/>|<iq/>", false},
    {"<iq/>|", true},
    {"<a><iq/></a>|<iq/>", false},
    {" <iq/> |<a/>", true},
    {" |", false},
    {"|", false},
    {"text|", false},
    {"<a b='>'/>|<iq/>", false},
    {"<a b='/>'>x</a>|<iq/>", false},
    {"<a b=\"'>\"/>|<iq/>", false},
    {"<a b='\">'/>|<iq/>", false},
    {"<a b='x' c='<iq/>'/>|<iq/>", false},
    {"<a><!--</a><iq/>--></a>|<iq/>", false},
    {"<!--<iq/>--><a/>|<iq/>", false},
    {"<!-- > <iq/> --><a/>|<iq/>", false},
    {"<iq></iq|", true},
    {"<a><![CDATA[</a>]]></a>|<iq/>", false},
    {"<a><![CDATA[>]></a>]]></a>|<iq/>", false},
    {"<?xml version='1.0'?><a/>|<iq/>", false},
    {"<?x > <iq/> ?><a/>|<iq/>", false},
    {"<!DOCTYPE x><a/>|<iq/>", false},
    {"<!-- open <iq/>|", false},
    {"<![CDATA[ open <iq/>|", false},
    {"<?x <iq/>|", false},
    {"<!x <iq|", false},
    {"<!-->--><a/>|<iq/>", false},
    {"<a|", false},
    {"<iq|", true},
    {"<iq to='x|", true},
    {"<a><b></b>|", false},
    {"<a/ >x</a>|<iq/>", false},
    {"</iq><a/>|<iq/>", false},
    {"</stream:stream>|", false},
    {"</a></a><iq/>|<a/>", true},
    {"<|", false},
};

static void one_element(size_t i, const char *text, bool want_stanza)
{
    size_t first = (size_t)(strchr(text, '|') - text), n;

    for (size_t t = 0; t < TAILS; t++) {
        bool is_stanza = !want_stanza;
        char all[200];

        snprintf(all, sizeof(all), "%.*s%s%s", (int)first, text,
                 text + first + 1, tails[t]);
        n = scan_element(str_n(all, strlen(text) - 1), &is_stanza);
        is_int(n, first, "element %zu ends there", i);
        is_int(is_stanza, want_stanza, "  a stanza, or not");
    }
}

/* ---- start tags -------------------------------------------------- */

static const struct {
    const char *text, *want;
} tags[] = {
    {"<a/>", "<a/>"},
    {"<a>x</a>", "<a>"},
    {" <a b='>'>x</a>", "<a b='>'>"},
    {"</a><b>", "<b>"},
    {"<?xml version='1.0'?><!-- <x> --><!D><a>", "<a>"},
    {"<![CDATA[<x>]]><a>", "<a>"},
    {"<a", NULL},
    {"</a>", NULL},
    {"text", NULL},
    {"<", NULL},
    {"", NULL},
};

static void start_tag(const char *text, const char *want)
{
    for (size_t t = 0; t < TAILS; t++) {
        char all[200];
        struct str got;

        snprintf(all, sizeof(all), "%s%s", text, tails[t]);
        got = scan_start_tag(str_n(all, strlen(text)));
        if (want)
            ok(str_is(got, want), "the start tag of %s: %.*s", text,
               STR_ARG(got));
        else
            ok(!got.s, "%s has no start tag", text);
    }
}

int main(void)
{
    for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
        one_element(i, elements[i].text, elements[i].is_stanza);
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
        start_tag(tags[i].text, tags[i].want);
    return done_testing();
}
