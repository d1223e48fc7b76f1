/* uri.c - XMPP URIs taken apart: the examples of RFC 5122 and XEP-0147, what
 * others write, and what is meant to confuse. */

#include "address/uri_testbed.h"

/* Refused with that error if `part` is given, else these are its parts. */
struct row {
    const char *text, *want, *part;
    long character;
};

static void check_row(const struct row *row, xmpp_jid_mode_t mode,
                      const char *how)
{
    xmpp_text_error_t wrong = {"", "", -1};
    char *got = uri_testbed_parts(row->text, mode, &wrong);

    is_str(got, row->want, "%s: %s", how, row->text);
    if (!row->want) {
        long character = strstr(row->text, "%00") ? 0 : -1;

        if (row->character)
            character = row->character;
        is_str(wrong.part, row->part, "%s: it is the %s: %s", how, row->part,
               wrong.reason);
        is_int(wrong.character, character, "%s: and this character", how);
    }
    env_free(&env, got);
}

/* ---- taking apart ------------------------------------------------ */

/* RFC 5122, in the order of its text. */
static const struct row rfc5122[] = {
    {"xmpp:node@example.com", "- | node@example.com | -", 0, 0},
    {"xmpp://guest@example.com", "guest@example.com | - | -", 0, 0},
    {"xmpp:guest@example.com", "- | guest@example.com | -", 0, 0},
    {"xmpp://guest@example.com/support@example.com?message",
     "guest@example.com | support@example.com | message", 0, 0},
    {"xmpp:support@example.com?message", "- | support@example.com | message", 0,
     0},
    {"xmpp:example-node@example.com", "- | example-node@example.com | -", 0, 0},
    {"xmpp:example-node@example.com/some-resource",
     "- | example-node@example.com/some-resource | -", 0, 0},
    {"xmpp:example.com", "- | example.com | -", 0, 0},
    {"xmpp:example-node@example.com?message",
     "- | example-node@example.com | message", 0, 0},
    {"xmpp:example-node@example.com?message;subject=Hello%20World",
     "- | example-node@example.com | message | subject=Hello World", 0, 0},
    {"xmpp:example-node@example.com?query",
     "- | example-node@example.com | query", 0, 0},
    {NASTY_URI "@example.com", "- | " NASTY " | -", 0, 0},
    {REPULSIVE_URI, "- | " REPULSIVE " | -", 0, 0},
    {"xmpp:ji" R_CARON "i@" C_CARON "echy.example/v%20Praze",
     "- | ji" R_CARON "i@" C_CARON "echy.example/v Praze | -", 0, 0},
    {"xmpp:ji%C5%99i@%C4%8Dechy.example/v%20Praze",
     "- | ji" R_CARON "i@" C_CARON "echy.example/v Praze | -", 0, 0},
    {"xmpp:stpeter@jabber.org", "- | stpeter@jabber.org | -", 0, 0},
};

static const struct row xep0147[] = {
    {"xmpp:romeo@montague.net?message", "- | romeo@montague.net | message", 0,
     0},
    {"xmpp:romeo@montague.net?message;subject=Test%20Message;"
     "body=Here%27s%20a%20test%20message",
     "- | romeo@montague.net | message | subject=Test Message | "
     "body=Here's a test message",
     0, 0},
    {"xmpp:romeo@montague.net?roster", "- | romeo@montague.net | roster", 0, 0},
    {"xmpp:romeo@montague.net?roster;name=Romeo%20Montague",
     "- | romeo@montague.net | roster | name=Romeo Montague", 0, 0},
    {"xmpp:romeo@montague.net?roster;name=Romeo%20Montague;group=Friends",
     "- | romeo@montague.net | roster | name=Romeo Montague | group=Friends", 0,
     0},
    {"xmpp:romeo@montague.net?remove", "- | romeo@montague.net | remove", 0, 0},
    {"xmpp:romeo@montague.net?subscribe", "- | romeo@montague.net | subscribe",
     0, 0},
    {"xmpp:romeo@montague.net?unsubscribe",
     "- | romeo@montague.net | unsubscribe", 0, 0},
};

/* What the grammar has beside its examples. */
static const struct row strict_rows[] = {
    {"XMPP:Node@EXAMPLE.com/Res", "- | node@example.com/Res | -", 0, 0},
    {"xmpp:example.com.", "- | example.com | -", 0, 0},
    {"xmpp:example%2Ecom", "- | example.com | -", 0, 0},
    {"xmpp:a@xn--echy-fua.example", "- | a@" C_CARON "echy.example | -", 0, 0},
    {"xmpp:a@192.0.2.1", "- | a@192.0.2.1 | -", 0, 0},
    {"xmpp:a@[2001:DB8::1]/r", "- | a@[2001:db8::1]/r | -", 0, 0},
    {"xmpp:a@[fe80::1%25eth0]", "- | a@[fe80::1%25eth0] | -", 0, 0},
    {"xmpp://a@[::1]/b@c", "a@[::1] | b@c | -", 0, 0},
    {"xmpp://a@b?message", "a@b | - | message", 0, 0},
    {"xmpp://a@b#x", "a@b | - | - #x", 0, 0},
    {"xmpp:a@b?", "- | a@b | ", 0, 0},
    {"xmpp:a@b#", "- | a@b | - #", 0, 0},
    {"xmpp:a@b?#", "- | a@b |  #", 0, 0},
    {"xmpp:a@b?;node=urn%3Axmpp%3Amicroblog%3A0",
     "- | a@b |  | node=urn:xmpp:microblog:0", 0, 0},
    {"xmpp:a@b?join;=;k=;=v", "- | a@b | join | = | k= | =v", 0, 0},
    {"xmpp:a@b?invite;jid=x%40y;jid=z%40y;JID=",
     "- | a@b | invite | jid=x@y | jid=z@y | JID=", 0, 0},
    {"xmpp:a@b?m%3Bx;a%3Db=c%3Dd", "- | a@b | m;x | a=b=c=d", 0, 0},
    {"xmpp:a@b?x;y=%2B%26%3B%0A", "- | a@b | x | y=+&;\n", 0, 0},
    {"xmpp:a@b#x:@/?!$&'()*+,;=%23", "- | a@b | - #x:@/?!$&'()*+,;=#", 0, 0},
    {"xmpp:a+b@c/d+e", "- | a+b@c/d+e | -", 0, 0},
    {"xmpp:a@b/c%2Fd%40e", "- | a@b/c/d@e | -", 0, 0},
    {"xmpp:a@b/%2525", "- | a@b/%25 | -", 0, 0},
    {"xmpp:a%2525@b", "- | a%25@b | -", 0, 0},
    {"xmpp:a@b/c:d", "- | a@b/c:d | -", 0, 0},
    {"xmpp:a@b?%e2%82%ac;x=%E2%82%AC",
     "- | a@b | \xe2\x82\xac | x=\xe2\x82\xac", 0, 0},
    {"xmpp:a@b?x;y=%E2%80%AE", "- | a@b | x | y=\xe2\x80\xae", 0, 0},
    {"xmpp:a@b/\xf0\x9f\x8e\x89", "- | a@b/\xf0\x9f\x8e\x89 | -", 0, 0},
};

/* By the letter of the grammar no URIs, but understood if that is wanted. */
static const struct row lenient_rows[] = {
    {"xmpp:a@b?omemo-sid-123=ab;omemo-sid-4=cd",
     "- | a@b |  | omemo-sid-123=ab | omemo-sid-4=cd", "query", '='},
    {"xmpp:feste@allfools.lit?otr-fingerprint=AEA4",
     "- | feste@allfools.lit |  | otr-fingerprint=AEA4", "query", '='},
    {"xmpp:a@b/c/d", "- | a@b/c/d | -", "path", '/'},
    {"xmpp:a@b/c@d", "- | a@b/c@d | -", "path", '@'},
    {"xmpp:b/c@d", "- | b/c@d | -", "path", '@'},
    {"xmpp://x@y/b/c@d/e", "x@y | b/c@d/e | -", "path", '@'},
    {"xmpp:a@b?register;preauth=x;ibr",
     "- | a@b | register | preauth=x | ibr=", "query", -1},
    {"xmpp:a@b?join;", "- | a@b | join", "query", -1},
    {"xmpp:a@b?join;;password=x;", "- | a@b | join | password=x", "query", -1},
    {"xmpp:coven@chat.shakespeare.lit?invite;jid=hecate@shakespeare.lit",
     "- | coven@chat.shakespeare.lit | invite | jid=hecate@shakespeare.lit",
     "query", '@'},
    {"xmpp:a@b?roster;preauth=1tMF;name=Romeo+Montague",
     "- | a@b | roster | preauth=1tMF | name=Romeo+Montague", "query", '+'},
    {"xmpp:a@b?pubsub;node=urn:xmpp:stickers:0",
     "- | a@b | pubsub | node=urn:xmpp:stickers:0", "query", ':'},
    {"xmpp:a@b?x;y=YQ==", "- | a@b | x | y=YQ==", "query", '='},
    {"xmpp:a@b?message;subject=a&body=b",
     "- | a@b | message | subject=a&body=b", "query", '&'},
    {"xmpp:a@b?x;y=what?", "- | a@b | x | y=what?", "query", '?'},
    {"xmpp://a@b/", "a@b | - | -", "domainpart", -1},
    {"xmpp://a@b/?join", "a@b | - | join", "domainpart", -1},
    {"xmpp:a@b?x;y=\xee\x80\x80", "- | a@b | x | y=\xee\x80\x80", "query",
     0xE000},
    {"xmpp:a@foo_bar.example", "- | a@foo_bar.example | -", "domainpart", '_'},
    {"xmpp:a@b;c", "- | a@b;c (unprepared) | -", "domainpart", ';'},
    {"xmpp:a@b/foo\xc2\xb7"
     "bar",
     "- | a@b/foo\xc2\xb7"
     "bar (unprepared) | -",
     "resourcepart", 0xB7},
};

/* Never. */
static const struct row refused[] = {
    {"", 0, "scheme", 0},
    {"a@b", 0, "scheme", 0},
    {"http://a@b", 0, "scheme", 0},
    {" xmpp:a@b", 0, "scheme", 0},
    {"xmpp", 0, "scheme", 0},
    {"xmpp:", 0, "domainpart", 0},
    {"xmpp:?message", 0, "domainpart", 0},
    {"xmpp:#", 0, "domainpart", 0},
    {"xmpp:/a", 0, "domainpart", 0},
    {"xmpp:/a@b", 0, "path", '@'},
    {"xmpp:@b", 0, "localpart", 0},
    {"xmpp:a@", 0, "domainpart", 0},
    {"xmpp:a@b/", 0, "resourcepart", 0},
    {"xmpp://", 0, "authority", 0},
    {"xmpp:///a@b", 0, "authority", 0},
    {"xmpp://example.com", 0, "authority", 0},
    {"xmpp://@example.com", 0, "localpart", 0},
    {"xmpp://a@b//c", 0, "domainpart", 0},
    {"xmpp://a@b%2Fc/d", 0, "domainpart", '/'},
    {"xmpp:a@b@c", 0, "path", '@'},
    {"xmpp:a&b@c", 0, "path", '&'},
    {"xmpp:a@example.com:5222", 0, "path", ':'},
    {"xmpp://a@example.com:5222/b", 0, "authority", ':'},
    {"xmpp:a%40b@c", 0, "localpart", '@'},
    {"xmpp:a%2Fb@c", 0, "localpart", '/'},
    {"xmpp:example.com%2Ffoo", 0, "domainpart", '/'},
    {"xmpp:a%40example.com", 0, "domainpart", '@'},
    {"xmpp:a@[::1", 0, "path", 0},
    {"xmpp:a@[::1]x", 0, "path", 0},
    {"xmpp:a@[::1]:5222", 0, "path", 0},
    {"xmpp:a@[%3A%3A1]", 0, "path", '%'},
    {"xmpp:a@%5B%3A%3A1%5D", 0, "path", '['},
    {"xmpp:a@[fe80::1%eth0]", 0, "path", '%'},
    {"xmpp:a@b/%", 0, "path", '%'},
    {"xmpp:a@b/%4", 0, "path", '%'},
    {"xmpp:a@b/%4g", 0, "path", '%'},
    {"xmpp:a@b?x;y=%-1", 0, "query", '%'},
    {"xmpp:a@b?x;y=%u0041", 0, "query", '%'},
    {"xmpp:a%00@b", 0, "path", 0},
    {"xmpp:a@b%00.example", 0, "path", 0},
    {"xmpp:a@b/c%00", 0, "path", 0},
    {"xmpp:a@b?x%00", 0, "query", 0},
    {"xmpp:a@b?x;%00=", 0, "query", 0},
    {"xmpp:a@b?x;y=%00", 0, "query", 0},
    {"xmpp:a@b#%00", 0, "fragment", 0},
    {"xmpp:a@b/%C0%AF", 0, "path", 0},
    {"xmpp:a@b/%E0%80%AF", 0, "path", 0},
    {"xmpp:a@b/%ED%A0%80", 0, "path", 0},
    {"xmpp:a@b/%F4%90%80%80", 0, "path", 0},
    {"xmpp:a@b/%C3", 0, "path", 0},
    {"xmpp:a@b/%A9", 0, "path", 0},
    {"xmpp:a@b?x;y=%FF", 0, "query", 0},
    {"xmpp:a@b?%C3;x=%A9", 0, "query", 0},
    {"xmpp:a@b#%FC", 0, "fragment", 0},
    {"xmpp:a@b/\xc3", 0, "URI", 0},
    {"xmpp:a@b/\xc0\xaf", 0, "URI", 0},
    {"xmpp:a@b/My Phone", 0, "path", ' '},
    {"xmpp:a@b?x;y=My Phone", 0, "query", ' '},
    {"xmpp:nick[away]@b", 0, "path", '['},
    {"xmpp:a@b/\"x\"", 0, "path", '"'},
    {"xmpp:a@b#x#y", 0, "fragment", '#'},
    {"xmpp:a@b/\xee\x80\x80", 0, "path", 0xE000},
    {"xmpp:a@b#\xee\x80\x80", 0, "fragment", 0xE000},
    {"xmpp:a@b?x;y=\xf3\xa0\x80\x81", 0, "query", 0xE0001},
    {"xmpp:a@b/x\ty", 0, "path", '\t'},
    {"xmpp:a@b/x%09y", 0, "resourcepart", '\t'},
    {"xmpp:a@b\n", 0, "path", '\n'},
    {"xmpp:a@b?x;y=a\nb", 0, "query", '\n'},
    {"xmpp:a@b/\xe2\x80\xae"
     "x",
     0, "path", 0x202E},
    {"xmpp:a@b?x;y=\xe2\x80\x8f", 0, "query", 0x200F},
    {"xmpp:a@b?x;y=\xe2\x81\xa6", 0, "query", 0x2066},
    {"xmpp:a@b?x;y=\xd8\x9c", 0, "query", 0x61C},
    {"xmpp:a@b?x;y=\xc2\x85", 0, "query", 0x85},
};

static void apart(void)
{
    for
        EACH(i, rfc5122)
    check_row(&rfc5122[i], XMPP_JID_STRICT, "RFC 5122");
    for
        EACH(i, xep0147)
    check_row(&xep0147[i], XMPP_JID_STRICT, "XEP-0147");
    for
        EACH(i, strict_rows)
        {
            check_row(&strict_rows[i], XMPP_JID_STRICT, "strict");
            check_row(&strict_rows[i], XMPP_JID_LENIENT, "lenient");
        }
    for
        EACH(i, refused)
    check_row(&refused[i], XMPP_JID_STRICT, "refused");
}

static void lenient(void)
{
    for
        EACH(i, lenient_rows)
        {
            struct row strict = lenient_rows[i];

            check_row(&lenient_rows[i], XMPP_JID_LENIENT, "lenient");
            strict.want = NULL;
            check_row(&strict, XMPP_JID_STRICT, "strict");
        }
    for
        EACH(i, refused)
        {
            char *got =
                uri_testbed_parts(refused[i].text, XMPP_JID_LENIENT, NULL);

            is_str(got, NULL, "refused leniently too: %s", refused[i].text);
            env_free(&env, got);
        }
}

/* ---- limits ------------------------------------------------------ */

static void limits(void)
{
    static char text[XMPP_URI_MAX + 2];
    xmpp_text_error_t wrong = {"", "", -1};
    xmpp_uri_t *uri = NULL;
    char *out = NULL;
    size_t n;

    strcpy(text, "xmpp:a@b#");
    memset(text + 9, 'x', XMPP_URI_MAX - 9);
    is_int(xmpp_uri_parse(ctx, text, (size_t)-1, XMPP_JID_STRICT, &uri, NULL),
           0, "as long as may be");
    is_int(xmpp_uri_format(ctx, uri, XMPP_URI_UNICODE, &out, NULL), 0,
           "and back");
    is_str(out, text, "the same");
    xmpp_free(ctx, out);
    xmpp_free(ctx, uri);
    text[XMPP_URI_MAX] = 'x';
    uri = NULL;
    is_int(xmpp_uri_parse(ctx, text, XMPP_URI_MAX + 1, XMPP_JID_STRICT, &uri,
                          &wrong),
           XMPP_EARG, "one more");
    is_str(wrong.part, "URI", "%s", wrong.reason);
    ok(!uri, "and nothing is given");
    is_int(xmpp_uri_to_iri(ctx, text, &out, NULL), XMPP_EARG, "nor converted");
    n = (size_t)sprintf(text, "xmpp:a@b?x");
    for (int i = 0; i < XMPP_URI_PARAMS_MAX; i++)
        n += (size_t)sprintf(text + n, ";k%d=", i);
    is_int(xmpp_uri_parse(ctx, text, n, XMPP_JID_STRICT, &uri, NULL), 0,
           "as many parameters as may be");
    is_int(uri->param_count, XMPP_URI_PARAMS_MAX, "all of them");
    is_str(uri->params[255].key, "k255", "the last");
    xmpp_free(ctx, uri);
    strcpy(text + n, ";;");
    is_int(xmpp_uri_parse(ctx, text, (size_t)-1, XMPP_JID_LENIENT, &uri, NULL),
           0, "empty ones do not count");
    xmpp_free(ctx, uri);
    strcpy(text + n, ";k=");
    is_int(xmpp_uri_parse(ctx, text, (size_t)-1, XMPP_JID_STRICT, &uri, &wrong),
           XMPP_EARG, "one more");
    is_str(wrong.part, "query", "%s", wrong.reason);
}

/* ---- looking ----------------------------------------------------- */

static void looking(void)
{
    xmpp_uri_t *uri = NULL;

    is_int(xmpp_uri_parse(ctx, "xmpp:a@b?x;k=1;k=2;K=3!", 22, XMPP_JID_STRICT,
                          &uri, NULL),
           0, "a text of counted length");
    is_str(xmpp_uri_get_param(uri, "k"), "1", "the first of two");
    is_str(xmpp_uri_get_param(uri, "K"), "3", "case matters");
    is_str(xmpp_uri_get_param(uri, "x"), NULL, "none");
    is_str(xmpp_uri_get_param(NULL, "x"), NULL, "no URI");
    is_str(xmpp_uri_get_param(uri, NULL), NULL, "no key");
    is_str(uri->jid->text, "a@b", "the address ends at a NUL");
    xmpp_free(ctx, uri);
    is_int(xmpp_uri_parse(ctx, "xmpp:a\0@b", 9, XMPP_JID_STRICT, &uri, NULL),
           XMPP_EARG, "a NUL inside");
    is_int(
        xmpp_uri_parse(ctx, "xmpp:a@[::1]\0", 13, XMPP_JID_LENIENT, &uri, NULL),
        XMPP_EARG, "a NUL behind a literal");
    is_int(xmpp_uri_parse(NULL, "xmpp:a@b", 8, XMPP_JID_STRICT, &uri, NULL),
           XMPP_EINVOP, "no context");

    ok(xmpp_uri_is_registered("message", NULL) &&
           xmpp_uri_is_registered("message", "body") &&
           xmpp_uri_is_registered("vcard", NULL) &&
           xmpp_uri_is_registered("recvfile", "mime-type"),
       "registered");
    ok(!xmpp_uri_is_registered("message", "bod") &&
           !xmpp_uri_is_registered("Message", NULL) &&
           !xmpp_uri_is_registered("", NULL) &&
           !xmpp_uri_is_registered(NULL, NULL) &&
           !xmpp_uri_is_registered("vcard", "") &&
           !xmpp_uri_is_registered("message", "body from"),
       "not registered");
}

int main(void)
{
    uri_testbed_init();
    apart();
    lenient();
    limits();
    looking();
    is_int(memory.held, 0, "all memory is given back");
    return done_testing();
}
