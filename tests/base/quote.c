/* quote.c - nothing that is quoted forges a line, or hides what it says. */

#include "base/quote.h"

#include "tap.h"

static void is_quoted(struct str text, const char *want)
{
    struct quote room;

    is_str(quote(&room, text), want, "%s", want);
}

static void is_escaped(const char *text)
{
    struct quote room;

    quote(&room, str_of(text));
    ok(strncmp(room.s, "\\x", 2) == 0, "%s is escaped", room.s);
}

static void is_kept(const char *text)
{
    is_quoted(str_of(text), text);
}

static void cuts(void)
{
    char text[QUOTE_SIZE * 2];
    struct quote room;

    memset(text, 'x', sizeof(text));
    for (size_t n = 0; n < sizeof(text); n++) {
        quote(&room, str_n(text, n));
        if (strlen(room.s) != (n < QUOTE_SIZE - 3 ? n : QUOTE_SIZE - 1))
            break;
        if (n + 1 == sizeof(text))
            ok(true, "every length has its place");
    }
    ok(strcmp(room.s + QUOTE_SIZE - 5, "x...") == 0, "and a cut is seen");
    for (size_t i = 0; i + 1 < sizeof(text); i += 2)
        memcpy(text + i, "\xc3\xa4", 2);
    ok(str_is_utf8(str_of(quote(&room, str_n(text, sizeof(text))))),
       "no character is cut");
}

static void appends(void)
{
    char out[16] = "a: ";

    quote_append(out, sizeof(out), "\"b\"\n");
    is_str(out, "a: \"b\"\\x0A", "a sentence keeps its quotation marks");
    quote_append(out, sizeof(out), "\u00fc\u00fc\u00fc\u00fc");
    is_str(out, "a: \"b\"\\x0A\u00fc\u00fc", "no character of it is cut");
}

int main(void)
{
    is_kept("");
    is_kept("romeo@example.org/a b'c<>&");
    is_kept("\u00fc\u2163\U0001f600\u00a0\u200a\u2010\u2027\u202f\u205f\u2070");
    is_quoted(STR("a\"b\\c"), "a\\x22b\\x5Cc");
    is_quoted(STR("a\0b"), "a\\x00b");
    is_quoted(STR("a\nb\x1f\x7f"), "a\\x0Ab\\x1F\\x7F");
    is_quoted(STR("\xc3\xa4\xc3"), "\u00e4\\xC3");
    is_quoted(STR("\xed\xa0\x80"), "\\xED\\xA0\\x80");
    is_escaped("\xc2\x80");
    is_escaped("\xc2\x9f");
    is_escaped("\u200b");
    is_escaped("\u200f");
    is_escaped("\u2028");
    is_escaped("\u202e");
    is_escaped("\u2060");
    is_escaped("\u206f");
    is_escaped("\ufeff");
    cuts();
    appends();
    return done_testing();
}
