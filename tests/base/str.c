/* str.c - views of text. */

#include "base/str.h"

#include "tap.h"

static void test_compare(void)
{
    ok(str_eq(STR("abc"), str_n("abcd", 3)), "equal");
    ok(!str_eq(STR("abc"), STR("abd")), "not equal");
    ok(str_eq(STR_NONE, STR("")), "none and empty have the same bytes");
    ok(str_is(STR("abc"), "abc") && !str_is(STR("abc"), "abcd") &&
           !str_is(STR("abc"), "ab"),
       "is");
    ok(!str_is(str_n("abc\0\0\0\0\0", 8), "abc"), "a NUL is no end");
    ok(!str_is(STR_NONE, ""), "none is not empty");
    ok(str_eq_nocase(STR("aBc"), STR("AbC")) &&
           !str_eq_nocase(STR("a["), STR("a{")),
       "ASCII case only");
    ok(str_starts(STR("abc"), STR("ab")) && !str_starts(STR("a"), STR("ab")),
       "starts");
}

static void test_cut(void)
{
    struct str head, rest = str_cut(STR("a,b,"), ',', &head);
    struct str list = STR("  one two  three ");

    ok(str_is(head, "a") && str_is(rest, "b,"), "cut");
    rest = str_cut(rest, ',', &head);
    ok(str_is(head, "b") && str_is(rest, "") && rest.s, "at the end");
    rest = str_cut(rest, ',', &head);
    ok(head.n == 0 && !rest.s, "and after it");
    ok(str_is(str_word(&list), "one") && str_is(str_word(&list), "two") &&
           str_is(str_word(&list), "three") && !str_word(&list).s,
       "words");
}

static void test_number(void)
{
    static const char *const bad[] = {"",    "-1",  "+1",
                                      " 1",  "1 ",  "1a",
                                      "0x1", "101", "99999999999999999999999"};
    unsigned long n = 7;

    ok(str_number(STR("100"), 100, &n) && n == 100, "a number");
    ok(str_number(STR("0007"), 100, &n) && n == 7, "with zeros");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ok(!str_number(str_of(bad[i]), 100, &n), "\"%s\" is none", bad[i]);
    is_int(n, 7, "and changes nothing");
}

static void test_utf8(void)
{
    static const char *const good[] = {
        "",
        "ascii",
        "\x7f",
        "\xc2\x80",
        "\xdf\xbf",
        "\xe0\xa0\x80",
        "\xed\x9f\xbf",
        "\xee\x80\x80",
        "\xf0\x90\x80\x80",
        "\xf4\x8f\xbf\xbf",
    };
    static const char *const bad[] = {
        "\x80",     /* a continuation alone */
        "\xc0\x80", /* overlong */
        "\xc1\xbf",
        "\xe0\x9f\xbf",
        "\xf0\x8f\xbf\xbf",
        "\xed\xa0\x80",     /* a surrogate */
        "\xf4\x90\x80\x80", /* beyond Unicode */
        "\xf5\x80\x80\x80",
        "\xff",
        "\xc2", /* cut short */
        "\xe2\x82",
        "\xf0\x9f\x98",
        "\xe2\x28\xa1",
    };

    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        ok(str_is_utf8(str_of(good[i])), "UTF-8, %zu", i);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ok(!str_is_utf8(str_of(bad[i])), "not UTF-8, %zu", i);
}

int main(void)
{
    test_compare();
    test_cut();
    test_number();
    test_utf8();
    ok(str_is_ascii(STR("a~\x7f")) && str_is_ascii(STR_NONE), "ASCII");
    ok(!str_is_ascii(STR("a\x80")) && !str_is_ascii(STR("\xff")), "and not");
    ok(str_lower('A') == 'a' && str_lower('Z') == 'z' &&
           str_lower('[') == '[' && str_lower('@') == '@',
       "lower case");
    return done_testing();
}
