/* uri_format.c - XMPP URIs and IRIs put together, and turned into each other.
 */

#include "address/uri_testbed.h"

/* ---- putting together -------------------------------------------- */

static char *link_to(const char *jid, const char *value, xmpp_uri_form_t form)
{
    xmpp_uri_param_t param = {"k", value};
    xmpp_uri_t uri = {0};
    xmpp_jid_t *value_of = xmpp_jid_from_string(ctx, jid, NULL);
    char *text = NULL;

    uri.jid = value_of;
    if (value) {
        uri.type = "x";
        uri.params = &param;
        uri.param_count = 1;
    }
    if (xmpp_uri_format(ctx, &uri, form, &text, NULL) != 0)
        text = NULL;
    xmpp_free(ctx, value_of);
    return text;
}

static void links(const char *jid, const char *value, const char *want_uri,
                  const char *want_iri)
{
    char *uri = link_to(jid, value, XMPP_URI_ASCII);
    char *iri = link_to(jid, value, XMPP_URI_UNICODE);

    is_str(uri, want_uri, "a URI: %s", want_uri);
    is_str(iri, want_iri, "an IRI: %s", want_iri);
    xmpp_free(ctx, uri);
    xmpp_free(ctx, iri);
}

static void together(void)
{
    links(NASTY, NULL, NASTY_URI "@example.com", NASTY_URI "@example.com");
    links(REPULSIVE, NULL, REPULSIVE_URI, REPULSIVE_URI);
    links("ji" R_CARON "i@" C_CARON "echy.example/v Praze", NULL,
          "xmpp:ji%C5%99i@%C4%8Dechy.example/v%20Praze",
          "xmpp:ji" R_CARON "i@" C_CARON "echy.example/v%20Praze");
    links("a@[FE80::1%eth0]/r", NULL, "xmpp:a@[fe80::1%25eth0]/r",
          "xmpp:a@[fe80::1%25eth0]/r");
    links("a@[fe80::1%25eth0]", NULL, "xmpp:a@[fe80::1%25eth0]",
          "xmpp:a@[fe80::1%25eth0]");
    links("a@" ALEF BET ".example", NULL, "xmpp:a@%D7%90%D7%91.example",
          "xmpp:a@" ALEF BET ".example");
    links("a@b", "x+y&z;= \n'", "xmpp:a@b?x;k=x%2By%26z%3B%3D%20%0A%27",
          "xmpp:a@b?x;k=x%2By%26z%3B%3D%20%0A%27");
    links("a@b/\xf0\x9f\x8e\x89", "",
          "xmpp:a@b/%F0%9F%8E%89?x;k=", "xmpp:a@b/\xf0\x9f\x8e\x89?x;k=");
}

/* What is put into an IRI as it is, and what is not: the value, and how it
 * stands there, NULL for encoded in full. */
static const struct {
    const char *value, *shown, *what;
} readable[] = {
    {"\xe6\x97\xa5\xe6\x9c\xac\xe3\x80\x82",
     "\xe6\x97\xa5\xe6\x9c\xac\xe3\x80\x82", "Japanese"},
    {"a\xcc\x88", "a\xcc\x88", "a mark on a letter"},
    {"\xcc\xb8", NULL, "a mark on nothing"},
    {"=\xcc\xb8", "%3D%CC%B8", "a mark on a delimiter"},
    {"\xe2\x80\x8b", NULL, "zero width"},
    {"\xe2\x80\xae", NULL, "an override"},
    {"\xc2\xa0", NULL, "no break"},
    {"\xe3\x80\x80", NULL, "an ideographic space"},
    {"\xe2\x80\xa8", NULL, "a line separator"},
    {"\xc2\xad", NULL, "a soft hyphen"},
    {"\xef\xbb\xbf", NULL, "a byte order mark"},
    {"\xe1\x85\x9f", NULL, "a filler that is a letter"},
    {"\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4%EF%B8%8F",
     "a variation selector"},
    {"\xef\xbc\x8f", NULL, "a full-width slash"},
    {"\xef\xbc\x9f", NULL, "a full-width question mark"},
    {"\xcd\xbe", NULL, "the Greek question mark, which is a semicolon"},
    {"\xe2\x84\xaa", NULL, "the Kelvin sign, which is a K"},
    {"\xef\xbc\xa1", NULL, "a full-width letter"},
    {"\xe2\x80\xa6", NULL, "an ellipsis, which is dots"},
    {"\xef\xbd\xb1", "\xef\xbd\xb1", "a half-width Katakana"},
    {"\xe2\x81\x84", NULL, "a fraction slash"},
    {"\xe2\x88\x95", NULL, "a division slash"},
    {"\xe2\xa0\x80", NULL, "a Braille blank"},
    {"\xee\x80\x80", NULL, "private use"},
    {"\xef\xb7\x90", NULL, "no character"},
    {"\xcd\xb8", NULL, "unassigned"},
    {"\xf3\xa0\x81\x81", NULL, "a tag"},
    {ALEF BET, ALEF BET, "Hebrew"},
    {ALEF "1", ALEF "1", "Hebrew and a digit at the end"},
    {"1" ALEF, "1%D7%90", "and at the start"},
    {"a" ALEF, "a%D7%90", "two directions"},
    {ALEF "a", "%D7%90a", "or the other way round"},
    {ALEF " " BET, ALEF "%20" BET, "two words"},
    {ALEF "/" BET, "%D7%90%2F%D7%91", "with a letter in the escape"},
};

static void put_escaped(char *to, const char *text)
{
    for (; *text; text++)
        to += sprintf(to, "%%%02X", (unsigned char)*text);
}

static void shown(void)
{
    for
        EACH(i, readable)
        {
            char want[200] = "xmpp:a@b?x;k=";
            char *got = link_to("a@b", readable[i].value, XMPP_URI_UNICODE);

            if (readable[i].shown)
                strcat(want, readable[i].shown);
            else
                put_escaped(want + strlen(want), readable[i].value);
            is_str(got, want, "in an IRI: %s", readable[i].what);
            xmpp_free(ctx, got);
        }
}

static void refuses(const xmpp_uri_t *uri, const char *part, const char *what)
{
    xmpp_text_error_t wrong = {"", "", -1};
    char untouched[] = "untouched", *text = untouched;

    is_int(xmpp_uri_format(ctx, uri, XMPP_URI_ASCII, &text, &wrong), XMPP_EARG,
           "%s", what);
    is_str(wrong.part, part, "%s: %s", what, wrong.reason);
    ok(text == untouched, "%s: nothing is given", what);
}

static void no_links(void)
{
    static const xmpp_uri_param_t no_key = {NULL, ""}, no_value = {"k", NULL},
                                  latin = {"k", "\xe9"};
    static xmpp_uri_param_t many[XMPP_URI_PARAMS_MAX + 1];
    xmpp_jid_t jid = {"a@b/c", 1, 1, 1, 0}, bare = {"a@b", 1, 1, 0, 0};
    xmpp_jid_t domain = {"b", 0, 1, 0, 0}, nothing = {"", 0, 0, 0, 0};
    xmpp_uri_t uri = {0};

    refuses(&uri, "path", "no address");
    uri.account = &jid;
    refuses(&uri, "authority", "an account with a resource");
    uri.account = &domain;
    refuses(&uri, "authority", "an account without a localpart");
    uri.account = &bare;
    uri.jid = &nothing;
    refuses(&uri, "path", "an address that is none");
    uri.jid = &jid;
    uri.type = "\xc3";
    refuses(&uri, "query", "a type that is not UTF-8");
    uri.type = NULL;
    uri.fragment = "\xff";
    refuses(&uri, "fragment", "a fragment that is not UTF-8");
    uri.fragment = NULL;
    uri.param_count = 1;
    uri.params = &no_key;
    refuses(&uri, "query", "no key");
    uri.params = &no_value;
    refuses(&uri, "query", "no value");
    uri.params = &latin;
    refuses(&uri, "query", "a value that is not UTF-8");
    for
        EACH(i, many)
    many[i] = (xmpp_uri_param_t){"k", "v"};
    uri.params = many;
    uri.param_count = XMPP_URI_PARAMS_MAX + 1;
    refuses(&uri, "query", "too many parameters");
    is_int(xmpp_uri_format(NULL, &uri, XMPP_URI_ASCII, NULL, NULL), XMPP_EINVOP,
           "no context");
}

static void too_wide(void)
{
    static char text[XMPP_URI_MAX];
    xmpp_jid_t jid = {"a@b", 1, 1, 0, 0};
    xmpp_uri_t uri = {0};

    memset(text, '%', XMPP_URI_MAX / 2);
    uri.jid = &jid;
    uri.fragment = text;
    refuses(&uri, "URI", "too long when it is encoded");
}

/* ---- converting -------------------------------------------------- */

/* RFC 3987 sections 3.1 and 3.2.1 first. */
static const struct {
    const char *uri, *iri, *back; /* NULL back: as uri */
} conversions[] = {
    {"http://www.example.org/D%C3%BCrst", "http://www.example.org/D\xc3\xbcrst",
     NULL},
    {"http://www.example.org/D%FCrst", "http://www.example.org/D%FCrst", NULL},
    {"http://xn--99zt52a.example.org/%e2%80%ae",
     "http://xn--99zt52a.example.org/%E2%80%AE",
     "http://xn--99zt52a.example.org/%E2%80%AE"},
    {"http://www.example.org/red%09ros%C3%A9#red",
     "http://www.example.org/red%09ros\xc3\xa9#red", NULL},
    {"http://example.com/%F0%90%8C%80%F0%90%8C%81%F0%90%8C%82",
     "http://example.com/\xf0\x90\x8c\x80\xf0\x90\x8c\x81\xf0\x90\x8c\x82",
     NULL},
    {"xmpp:ji%C5%99i@%C4%8Dechy.example/v%20Praze",
     "xmpp:ji" R_CARON "i@" C_CARON "echy.example/v%20Praze", NULL},
    {REPULSIVE_URI, REPULSIVE_URI, NULL},
    {"x:%41%2d%7E%2f%25%c3%a9", "x:A-~%2F%25\xc3\xa9", "x:A-~%2F%25%C3%A9"},
    {"x:%C3%A9%C3%C3%A9", "x:\xc3\xa9%C3\xc3\xa9", NULL},
    {"x:%E2%82", "x:%E2%82", NULL},
    {"x:%C0%AF%ED%A0%80", "x:%C0%AF%ED%A0%80", NULL},
    {"x:%CC%88a%CC%88", "x:%CC%88a\xcc\x88", NULL},
    {"x:%D7%90;a%D7%90", "x:" ALEF ";a%D7%90", NULL},
    {"", "", NULL},
};

static const char *const no_iris[] = {
    "x:a b",
    "x:<a>",
    "x:\"",
    "x:{}",
    "x:|",
    "x:\\",
    "x:^",
    "x:`",
    "x:%",
    "x:%4",
    "x:%g0",
    "x:\n",
    "x:\x7f",
    "x:\xc2\x80",
    "x:\xf3\xbf\xbf\xbf",
    "x:\xe2\x80\xae",
    "x:\xff",
    "x:\xef\xbf\xbf",
};

typedef int convert_fn(xmpp_ctx_t *, const char *, char **,
                       xmpp_text_error_t *);

static void converts(convert_fn *fn, const char *text, const char *want,
                     const char *what)
{
    char *got = NULL;

    is_int(fn(ctx, text, &got, NULL), 0, "%s: %s", what, text);
    is_str(got, want, "%s: %s", what, want);
    xmpp_free(ctx, got);
}

static void converting(void)
{
    for
        EACH(i, conversions)
        {
            const char *back = conversions[i].back;

            back = back ? back : conversions[i].uri;
            converts(xmpp_uri_to_iri, conversions[i].uri, conversions[i].iri,
                     "to an IRI");
            converts(xmpp_uri_to_iri, conversions[i].iri, conversions[i].iri,
                     "it is one");
            converts(xmpp_uri_from_iri, conversions[i].iri, back, "to a URI");
            converts(xmpp_uri_from_iri, conversions[i].uri, conversions[i].uri,
                     "it is one");
        }
    converts(xmpp_uri_from_iri, "x:\xee\x80\x80?", "x:%EE%80%80?",
             "private use");
    converts(xmpp_uri_from_iri, "x:\xf3\xb0\x80\x80", "x:%F3%B0%80%80",
             "and beyond the first plane");
    converts(xmpp_uri_to_iri, "x:\xc2\xa0", "x:%C2%A0", "a space in the raw");
    for
        EACH(i, no_iris)
        {
            xmpp_text_error_t wrong = {"", "", -1};
            char *got = NULL;

            is_int(xmpp_uri_from_iri(ctx, no_iris[i], &got, &wrong), XMPP_EARG,
                   "no IRI: %s", no_iris[i]);
            is_str(wrong.part, "URI", "%s (%ld)", wrong.reason,
                   wrong.character);
            is_int(xmpp_uri_to_iri(ctx, no_iris[i], &got, NULL), XMPP_EARG,
                   "and no URI");
            ok(!got, "nothing is given");
        }
    is_int(xmpp_uri_to_iri(ctx, NULL, NULL, NULL), XMPP_EINVOP, "nothing");
    is_int(xmpp_uri_from_iri(NULL, "x:", NULL, NULL), XMPP_EINVOP, "nothing");
}

int main(void)
{
    uri_testbed_init();
    together();
    shown();
    no_links();
    too_wide();
    converting();
    is_int(memory.held, 0, "all memory is given back");
    return done_testing();
}
