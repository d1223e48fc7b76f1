/* json.c - JSON: what is valid and what is not, walked through, decoded. */

#include "base/json.h"

#include "base/quote.h"
#include "tap.h"

static void valid(const char *text, bool want)
{
    struct quote said;

    is_int(json_is_valid(str_of(text)), want, "%svalid: %s", want ? "" : "not ",
           quote(&said, str_of(text)));
}

/* A text that is cut anywhere is not valid, and nothing behind the cut is read:
 * sanitizers see the copy's end. */
static void cut_anywhere(const char *text)
{
    bool any = false;

    for (size_t n = 0; n < strlen(text); n++) {
        char *copy = malloc(n ? n : 1);

        if (!copy)
            bail("no memory");
        memcpy(copy, text, n);
        any = any || json_is_valid(str_n(copy, n));
        free(copy);
    }
    ok(!any, "not valid when it is cut: %s", text);
}

static const char *const good[] = {
    "{}",
    " [ ] ",
    "null",
    "true",
    "false",
    "[false]",
    "99",
    "-0",
    "0.5e-10",
    "12E+3",
    "\"a\"",
    "\"\\u00e4\"",
    "\"\\u0000\\ud83d\\\"\\/\\b\"",
    "[1,[2,{}],3]",
    "{\"a\":{\"b\":[]},\"a\":1}",
    "\"\xc3\xa4\"",
    "\t[\n1 ,\r2 ]",
    "{\"a\" : \"b\"}",
};
static const char *const bad[] = {
    "",
    " ",
    "{",
    "]",
    "[1,]",
    "[,1]",
    "[1 2]",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{a:1}",
    "{1:1}",
    "{1}",
    "{:1}",
    "01",
    "1.",
    ".5",
    "+1",
    "1e",
    "tru",
    "nulls",
    "'a'",
    "\"a",
    "\"\\x\"",
    "\"\\u12g4\"",
    "\"\\ug123\"",
    "\"\n\"",
    "\"a\n",
    "[\"a\t]",
    "\"\xc3\"",
    "\"\xed\xa0\x80\"",
    "[]{}",
    "{}x",
    "[}",
    "{]",
    "//\n{}",
    "\xef\xbb\xbf{}",
    "NaN",
    "-",
    "{\"a\":1 \"b\":2}",
};

static void validity(void)
{
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        valid(good[i], true);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        valid(bad[i], false);
    ok(!json_is_valid(str_n("[1\0]", 4)), "not valid: a NUL");
    ok(!json_is_valid(str_n("\"\\\0\"", 4)), "not valid: an escaped NUL");
    cut_anywhere("{\"a\":[1,-2.5e3,true,null,\"\\u12ab\\n\"],\"b\":{}}");
}

static bool is_valid_at_depth(size_t opened, size_t closed)
{
    char text[4 * JSON_DEPTH_MOST];

    memset(text, '[', opened);
    memset(text + opened, ']', closed);
    return json_is_valid(str_n(text, opened + closed));
}

static void depth(void)
{
    ok(is_valid_at_depth(JSON_DEPTH_MOST, JSON_DEPTH_MOST),
       "as deep as may be");
    ok(!is_valid_at_depth(JSON_DEPTH_MOST + 1, JSON_DEPTH_MOST + 1) &&
           !is_valid_at_depth(JSON_DEPTH_MOST + 1, JSON_DEPTH_MOST),
       "one level too many");
}

static void walk(void)
{
    struct str at = STR(" { \"a\" : [1, \"]\", {\"x\":[]}] , \"b\":\"}\" } ");
    struct str name, value, item;

    ok(json_is_valid(at) && json_is_object(at) && !json_is_array(at),
       "an object");
    ok(json_next_member(&at, &name, &value), "its first member");
    ok(str_is(name, "\"a\"") && json_is_array(value), "  is an array");
    ok(json_next_item(&value, &item) && str_is(item, "1"), "    a number");
    ok(json_next_item(&value, &item) && json_is_string(item) &&
           str_is(item, "\"]\""),
       "    a string");
    ok(json_next_item(&value, &item) && str_is(item, "{\"x\":[]}"),
       "    an object");
    ok(!json_next_item(&value, &item), "    and that is all");
    ok(json_next_member(&at, &name, &value) && str_is(value, "\"}\""),
       "its second member");
    ok(!json_next_member(&at, &name, &value), "and that is all");
    at = STR("[1 , 2]");
    ok(json_next_item(&at, &item) && str_is(item, "1"), "spaces behind one");
    ok(json_next_item(&at, &item) && str_is(item, "2"), "spaces before one");
    at = STR("[]");
    ok(!json_next_item(&at, &item), "nothing in an empty one");
    at = STR("[ ]");
    ok(!json_next_item(&at, &item), "nor beside a space");
    at = STR("{ }");
    ok(!json_next_member(&at, &name, &value), "nor in an object");
}

static void decodes(const char *string, const char *want)
{
    char out[16];
    int n = json_text(str_of(string), out, sizeof(out));

    if (want)
        ok(n == (int)strlen(want) && strcmp(out, want) == 0, "%s", string);
    else
        is_int(n, -1, "not decoded: %s", string);
}

static void strings(void)
{
    decodes("\"\"", "");
    decodes(" \"a\\\"b\"", "a\"b");
    decodes("\"\\b\\f\\n\\r\\t\\\\\\/\"", "\b\f\n\r\t\\/");
    decodes("\"\\u00e4\\u20AC\"", "\xc3\xa4\xe2\x82\xac");
    decodes("\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80");
    decodes("\"\xc3\xa4\"", "\xc3\xa4");
    decodes("\"123456789012345\"", "123456789012345");
    decodes("\"1234567890123456\"", NULL);
    decodes("\"12345678901234\\u00e4\"", NULL);
    decodes("\"\\u0000\"", NULL);
    decodes("\"\\ud83d\"", NULL);
    decodes("\"\\ud83d\\u0041\"", NULL);
    decodes("\"\\ude00\"", NULL);
    decodes("12", NULL);
    /* the edges of UTF-8 and UTF-16 */
    decodes("\"\\u007f\\u0080\"", "\x7f\xc2\x80");
    decodes("\"\\u07ff\\u0800\"", "\xdf\xbf\xe0\xa0\x80");
    decodes("\"\\ud7ff\\ue000\"", "\xed\x9f\xbf\xee\x80\x80");
    decodes("\"\\uffff\\ud800\\udc00\"", "\xef\xbf\xbf\xf0\x90\x80\x80");
    decodes("\"\\udbff\\udfff!\"", "\xf4\x8f\xbf\xbf!");
    decodes("\"\\udc00\"", NULL);
    decodes("\"\\udfff\"", NULL);
    decodes("\"\\ud800\\ud800\"", NULL);
    decodes("\"\\udbff\\ue000\"", NULL);
    decodes("\"\\ud83dxude00\"", NULL);
    decodes("\"\\ud83d\\nde00\"", NULL);
}

int main(void)
{
    validity();
    depth();
    walk();
    strings();
    return done_testing();
}
