/* form_match.c - patterns of validated fields, friendly and hostile. */

#include <string.h>

#include <xmpp/xep/form_match.h>

#include "tap.h"

static const struct {
    const char *pattern, *text;
    int result;
} cases[] = {
    {"([0-9]{3})-([0-9]{2})-([0-9]{4})", "123-12-1234", 1},
    {"([0-9]{3})-([0-9]{2})-([0-9]{4})", "123-12-12345", 0},
    {"([0-9]{3})-([0-9]{2})-([0-9]{4})", "x123-12-1234", 0},
    {"", "", 1},
    {"", "a", 0},
    {"abc", "abc", 1},
    {"abc", "ab", 0},
    {"a.c",
     "a\xc3\xa4"
     "c",
     1},
    {"a*", "", 1},
    {"a*", "aaaa", 1},
    {"a*b", "aaac", 0},
    {"a+", "", 0},
    {"a+", "aaa", 1},
    {"a?b?c", "c", 1},
    {"a?b?c", "abc", 1},
    {"a?b?c", "aabc", 0},
    {"a{0}b", "b", 1},
    {"a{0}b", "ab", 0},
    {"a{2}", "a", 0},
    {"a{2}", "aa", 1},
    {"a{2}", "aaa", 0},
    {"a{2,}", "aaaaa", 1},
    {"a{2,}", "a", 0},
    {"a{0,}", "", 1},
    {"a{0,}", "aaa", 1},
    {"a{1,3}", "", 0},
    {"a{1,3}", "aaa", 1},
    {"a{1,3}", "aaaa", 0},
    {"a{0,2}", "", 1},
    {"a{0,2}", "aaa", 0},
    {"(ab|cd)*", "abcdab", 1},
    {"(ab|cd)*", "abca", 0},
    {"a|b|c|d", "d", 1},
    {"a|b|c|d", "e", 0},
    {"(a||b)c", "c", 1},
    {"(a|b){2}c", "bac", 1},
    {"(a|b){2}c", "bc", 0},
    {"((a{2}){2}){2}", "aaaaaaaa", 1},
    {"((a{2}){2}){2}", "aaaaaaa", 0},
    {"()", "", 1},
    {"(()*)*x", "x", 1},
    {"^ab$", "ab", 1},
    {"a^b", "ab", 0},
    {"(^a|b)c$", "bc", 1},
    {"a\\.b", "a.b", 1},
    {"a\\.b", "acb", 0},
    {"[abc]+", "cab", 1},
    {"[^abc]", "b", 0},
    {"[^abc]", "d", 1},
    {"[]a]", "]", 1},
    {"[^]a]", "]", 0},
    {"[a-]", "-", 1},
    {"[a-f0-3]*", "cafe01", 1},
    {"[a-f0-3]*", "cafe04", 0},
    {"[[:digit:][:upper:]_]+", "A_1", 1},
    {"[[:digit:][:upper:]_]+", "a", 0},
    {"[[:xdigit:]]{4}", "BeeF", 1},
    {"[[:space:][:punct:]]*", " ,\t!", 1},
    {"[^[:alnum:]]", "7", 0},
    {"[\xc3\xa4-\xc3\xbc]", "\xc3\xb6", 1},
    {"[\xc3\xa4-\xc3\xbc]", "o", 0},
    {"\xe2\x82\xac{2}", "\xe2\x82\xac\xe2\x82\xac", 1},
    {"\xf0\x9f\x98\x80?x", "\xf0\x9f\x98\x80x", 1},
    /* not patterns */
    {"(", "", XMPP_EARG},
    {")", "", XMPP_EARG},
    {"a)b", "a", XMPP_EARG},
    {"[", "", XMPP_EARG},
    {"[a", "", XMPP_EARG},
    {"[z-a]", "", XMPP_EARG},
    {"[[:nothing:]]", "", XMPP_EARG},
    {"[[:alpha", "", XMPP_EARG},
    {"[[=a=]]", "", XMPP_EARG},
    {"[[.a.]]", "", XMPP_EARG},
    {"*a", "", XMPP_EARG},
    {"a**", "", XMPP_EARG},
    {"{2}", "", XMPP_EARG},
    {"a{", "", XMPP_EARG},
    {"a{,2}", "", XMPP_EARG},
    {"a{3,2}", "", XMPP_EARG},
    {"a{2", "", XMPP_EARG},
    {"a{256}", "", XMPP_EARG},
    {"a{99999999999}", "", XMPP_EARG},
    {"a\\", "a", XMPP_EARG},
    /* attacks: too large, however they are nested */
    {"((a{99}){99}){99}", "a", XMPP_ELIMIT},
    {"((((((){99}){99}){99}){99}){99}){99}", "", XMPP_ELIMIT},
    {"[abc]{200}[abc]{200}[abc]{200}", "", XMPP_ELIMIT},
};

static void check_cases(void)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        is_int(xmpp_form_match(cases[i].pattern, cases[i].text),
               cases[i].result, "%s", cases[i].pattern);
    is_int(xmpp_form_match(NULL, "a"), XMPP_EARG, "no pattern");
    is_int(xmpp_form_match("a", NULL), XMPP_EARG, "no text");
}

static char *repeat(char *buf, size_t n, char c)
{
    memset(buf, c, n);
    buf[n] = 0;
    return buf;
}

/* `inside`, between `open` and `close` n times. */
static const char *nested(size_t n, const char *open, const char *inside,
                          const char *close)
{
    static char buf[3000];

    buf[0] = 0;
    for (size_t i = 0; i < n; i++)
        strcat(buf, open);
    strcat(buf, inside);
    for (size_t i = 0; i < n; i++)
        strcat(buf, close);
    return buf;
}

/* Just below each limit, and just above it. */
static void check_limits(void)
{
    static char text[2001], pattern[2001];

    repeat(pattern, 1000, 'a');
    pattern[0] = '[';
    pattern[999] = ']';
    is_int(xmpp_form_match(pattern, "a"), 1, "a pattern of 1000 octets");
    repeat(pattern, 1001, 'a');
    pattern[0] = '[';
    pattern[1000] = ']';
    is_int(xmpp_form_match(pattern, "a"), XMPP_ELIMIT, "one more");
    is_int(xmpp_form_match(repeat(pattern, 499, 'a'), repeat(text, 499, 'a')),
           1, "500 states");
    is_int(xmpp_form_match(repeat(pattern, 500, 'a'), repeat(text, 500, 'a')),
           XMPP_ELIMIT, "one more");
    is_int(xmpp_form_match(nested(99, "(", "a", ")"), "a"), 1, "99 groups");
    is_int(xmpp_form_match(nested(100, "(", "a", ")"), "a"), XMPP_ELIMIT,
           "one more");
    is_int(xmpp_form_match("((){63}){63}", ""), 1, "4000 pieces");
    is_int(xmpp_form_match("((){99}){99}", ""), XMPP_ELIMIT, "9000");
}

/* What takes an engine that goes back exponential time, or much memory. */
static void check_attacks(void)
{
    static char text[300001], pattern[2001];

    is_int(xmpp_form_match("(a*)*(a*)*(a*)*b", repeat(text, 300, 'a')), 0,
           "loops in loops");
    is_int(xmpp_form_match("(a|aa|a?){40}", repeat(text, 400, 'a')), 0,
           "many ways to match");
    is_int(xmpp_form_match("(x+x+)+y", repeat(text, 3000, 'x')), 0, "x and y");
    is_int(
        xmpp_form_match("([a-z]{9}[a-z0-9_.]*){20}", repeat(text, 300000, 'a')),
        XMPP_ELIMIT, "a text that takes too long");
    is_int(xmpp_form_match(repeat(pattern, 2000, 'a'), "a"), XMPP_ELIMIT,
           "a long pattern");
    is_int(xmpp_form_match(repeat(pattern, 900, '('), "a"), XMPP_ELIMIT,
           "a deep pattern");
    is_int(xmpp_form_match(repeat(pattern, 900, '|'), ""), XMPP_ELIMIT,
           "many alternatives");
}

int main(void)
{
    check_cases();
    check_limits();
    check_attacks();
    return done_testing();
}
