/* jid.c - addresses: the tables of RFC 7622 and what is known to be hard. */

#include "address/jid.h"

#include "tap.h"

/* ---- valid and not ----------------------------------------------- */

/* NULL `want`: refused, and `part` is what is wrong; "" is the address as it
 * is. `unprepared` is what is left of it when it comes from the network. */
static const struct row {
    const char *text, *want, *part;
    unsigned unprepared;
} rows[] = {
    /* RFC 7622 section 3.5, table 1 */
    {"juliet@example.com", "", NULL, 0},
    {"juliet@example.com/foo", "", NULL, 0},
    {"juliet@example.com/foo bar", "", NULL, 0},
    {"juliet@example.com/foo@bar", "", NULL, 0},
    {"foo\\20bar@example.com", "", NULL, 0},
    {"fussball@example.com", "", NULL, 0},
    {"fu\u00dfball@example.com", "", NULL, 0},
    {"\u03c0@example.com", "", NULL, 0},
    {"\u03a3@example.com/foo", "\u03c3@example.com/foo", NULL, 0},
    {"\u03c3@example.com/foo", "", NULL, 0},
    {"\u03c2@example.com/foo", "", NULL, 0},
    {"king@example.com/\u265a", "", NULL, 0},
    {"example.com", "", NULL, 0},
    {"example.com/foobar", "", NULL, 0},
    {"a.example.com/b@example.net", "", NULL, 0},
    /* table 2; the leading space of a resourcepart is erratum 4560 */
    {"\"juliet\"@example.com", NULL, "localpart", XMPP_JID_LOCAL},
    {"foo bar@example.com", NULL, "localpart", XMPP_JID_LOCAL},
    {"juliet@example.com/ foo", "", NULL, 0},
    {"@example.com/", NULL, "localpart", 99},
    {"henry\u2163@example.com", NULL, "localpart", XMPP_JID_LOCAL},
    {"\u265a@example.com", NULL, "localpart", XMPP_JID_LOCAL},
    {"juliet@", NULL, "domainpart", 99},
    {"/foobar", NULL, "domainpart", 99},
    /* cutting */
    {"", NULL, "domainpart", 99},
    {"@example.com", NULL, "localpart", 99},
    {"a@example.com/", NULL, "resourcepart", 99},
    {"a@b@c", NULL, "domainpart", 99},
    {"a\xc2\x9b"
     "b@c",
     NULL, "localpart", 99},
    {"a@\xc2\x80", NULL, "domainpart", 99},
    {"a@b/\xc2\x85", NULL, "resourcepart", 99},
    {"a@b/c/d@e", "", NULL, 0},
    /* localparts */
    {"Juliet@Example.COM/Foo", "juliet@example.com/Foo", NULL, 0},
    {"a&b@c", NULL, "localpart", XMPP_JID_LOCAL},
    {"a'b@c", NULL, "localpart", XMPP_JID_LOCAL},
    {"a:b@c", NULL, "localpart", XMPP_JID_LOCAL},
    {"a<b@c", NULL, "localpart", XMPP_JID_LOCAL},
    {"a>b@c", NULL, "localpart", XMPP_JID_LOCAL},
    {"a~!#$%()*+,-.;=?[]^_`{|}@c", "", NULL, 0},
    {"\uff20@c", NULL, "localpart", XMPP_JID_LOCAL}, /* becomes an @ */
    {"\uff21\uff42@c", "ab@c", NULL, 0},
    {"A\u0308@c", "\u00e4@c", NULL, 0},
    {"\u212a@c", "k@c", NULL, 0}, /* Kelvin */
    {"\u0130@c", "i\u0307@c", NULL, 0},
    {"\u0131@c", "", NULL, 0}, /* dotless i */
    {"\u1e9e@c", "\u00df@c", NULL, 0},
    {"\u13a0@c", "\uab70@c", NULL, 0}, /* Cherokee */
    {"\u039f\u0394\u039f\u03a3@c", "\u03bf\u03b4\u03bf\u03c3@c", NULL, 0},
    {"\uff76\uff9e@c", "\u30ac@c", NULL, 0},
    {"\uffa1@c", NULL, "localpart", XMPP_JID_LOCAL},
    {"\u05d0\u05d1@c", "", NULL, 0},
    {"\u05d0"
     "a@c",
     NULL, "localpart", XMPP_JID_LOCAL},
    {"\u0661\u0662@c", NULL, "localpart", XMPP_JID_LOCAL},
    {"1a@c", "", NULL, 0},
    {"\u00e9!@c", "", NULL, 0},
    {"a\u0378@c", NULL, "localpart", XMPP_JID_LOCAL}, /* unassigned */
    {"a\u00adb@c", NULL, "localpart", XMPP_JID_LOCAL},
    {"\ufeff@c", NULL, "localpart", XMPP_JID_LOCAL},
    {"l\u00b7l@c", "", NULL, 0},
    {"a\u00b7b@c", NULL, "localpart", XMPP_JID_LOCAL},
    {"\u0915\u094d\u200d\u0937@c", "", NULL, 0},
    {"a\u200db@c", NULL, "localpart", XMPP_JID_LOCAL},
    {"\u1100\u1161@c", "\uac00@c", NULL, 0},
    {"\u1161@c", NULL, "localpart", XMPP_JID_LOCAL},
    /* resourceparts */
    {"a@b/\u2163", "", NULL, 0},
    {"a@b/\u00a0x", "a@b/ x", NULL, 0},
    {"a@b/\u3000", "a@b/ ", NULL, 0},
    {"a@b/e\u0301", "a@b/\u00e9", NULL, 0},
    {"a@b/\u05d0"
     "a",
     "", NULL, 0},
    {"a@b/foo\u00b7bar", NULL, "resourcepart", XMPP_JID_RESOURCE},
    {"a@b/\u0640", NULL, "resourcepart", XMPP_JID_RESOURCE},
    {"a@b/\U0001F469\u200d\U0001F680", NULL, "resourcepart", XMPP_JID_RESOURCE},
    {"a@b/\u2028", NULL, "resourcepart", XMPP_JID_RESOURCE},
    {"a@b/x\ty", NULL, "resourcepart", 99},
    {"a@b/x\x7f", NULL, "resourcepart", 99},
    {"a@b/\xff", NULL, "resourcepart", 99},
    {"a@b/\xc0\x80", NULL, "resourcepart", 99},
    {"a@b/\xed\xa0\x80", NULL, "resourcepart", 99},
    {"a@b/\xf4\x90\x80\x80", NULL, "resourcepart", 99},
    {"a@b/\xe2\x82", NULL, "resourcepart", 99},
    /* domainparts; tests/address/idna has more */
    {"a@B\u00dcCHER.example", "a@b\u00fccher.example", NULL, 0},
    {"a@xn--BCHER-kva.example/r", "a@b\u00fccher.example/r", NULL, 0},
    {"a@example.com.", "a@example.com", NULL, 0},
    {"a@example.com..", NULL, "domainpart", XMPP_JID_DOMAIN},
    {"a@[::1]/r", "", NULL, 0},
    {"a@[2001:DB8::A]", "a@[2001:db8::a]", NULL, 0},
    {"a@::1", NULL, "domainpart", XMPP_JID_DOMAIN},
    {"a@192.0.2.1", "", NULL, 0},
    {"a@exa mple.com", NULL, "domainpart", XMPP_JID_DOMAIN},
    {"a@exa\x01mple.com", NULL, "domainpart", 99},
    {"a@\u2603.com", NULL, "domainpart", XMPP_JID_DOMAIN},
    {"a@.", NULL, "domainpart", XMPP_JID_DOMAIN},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void has_text(const xmpp_jid_t *jid, const char *want, const char *name)
{
    struct str view = jid_view(jid, XMPP_JID_FULL);

    if (!ok(str_is(view, want), "%s", name))
        printf("#  got %.*s, want %s\n", STR_ARG(view), want);
}

static void strictly(const struct row *row)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_text_error_t wrong = {"nothing", NULL, -1};
    xmpp_jid_t jid = {NULL, 0, 0, 0, 0};
    int rc = xmpp_jid_parse(row->text, (size_t)-1, XMPP_JID_STRICT, room, &jid,
                            &wrong);

    if (!row->want) {
        is_int(rc, XMPP_EARG, "'%s' is refused", row->text);
        is_str(wrong.part, row->part, "  for its %s", row->part);
        ok(wrong.reason != NULL, "  for a reason");
        ok(!jid.text, "  and nothing is given");
        return;
    }
    if (!ok(rc == 0, "'%s' is valid", row->text)) {
        printf("#  %s: %s\n", wrong.part, wrong.reason);
        return;
    }
    has_text(&jid, *row->want ? row->want : row->text, "  normal form");
    is_int(jid.unprepared, 0, "  nothing is unprepared");
}

static void leniently(const struct row *row)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid;
    int rc = xmpp_jid_parse(row->text, (size_t)-1, XMPP_JID_LENIENT, room, &jid,
                            NULL);

    is_int(rc, row->unprepared == 99 ? XMPP_EARG : 0, "'%s' from the network",
           row->text);
    if (rc)
        return;
    is_int(jid.unprepared, row->unprepared, "  what is unprepared");
    if (row->unprepared)
        has_text(&jid, row->text, "  is kept");
    else
        has_text(&jid, *row->want ? row->want : row->text, "  normal form");
}

/* ---- lengths ----------------------------------------------------- */

/* How an address with one part of n times `unit` ends. */
static int with_part(const char *before, const char *unit, size_t n,
                     const char *after)
{
    static char text[8192];
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid;

    strcpy(text, before);
    while (n--)
        strcat(text, unit);
    strcat(text, after);
    return xmpp_jid_parse(text, (size_t)-1, XMPP_JID_STRICT, room, &jid, NULL);
}

static void lengths(void)
{
    is_int(with_part("", "a", 1023, "@b"), 0, "a localpart of 1023");
    is_int(with_part("", "a", 1024, "@b"), XMPP_EARG, "but not of 1024");
    is_int(with_part("a@b/", "a", 1023, ""), 0, "a resourcepart of 1023");
    is_int(with_part("a@b/", "a", 1024, ""), XMPP_EARG, "but not of 1024");
    is_int(with_part("", "\u00e9", 511, "@b"), 0, "1022 octets of letters");
    is_int(with_part("", "\u00e9", 512, "@b"), XMPP_EARG, "1024 octets");
    is_int(with_part("", "\uff41", 1000, "@b"), 0,
           "3000 octets before, 1000 after");
    is_int(with_part("", "\uff41", 1024, "@b"), XMPP_EARG, "1024 after");
    is_int(with_part("", "\u023a", 341, "@b"), 0, "682 before, 1023 after");
    is_int(with_part("", "\u023a", 342, "@b"), XMPP_EARG, "1026 after");
    is_int(with_part("", "A\u0308", 511, "@b"), 0, "composed to 1022");
    is_int(with_part("", "A\u0308", 512, "@b"), XMPP_EARG, "composed to 1024");
    is_int(with_part("a@b/", "\uff41", 1365, ""), XMPP_EARG, "4095 octets");
    is_int(with_part("a@b/", "x", 5000, ""), XMPP_EARG, "5000 octets");
    is_int(with_part("", "a", 63, ".b"), 0, "a label of 63");
    is_int(with_part("", "a", 64, ".b"), XMPP_EARG, "but not of 64");
    is_int(with_part("", "\u00fc", 57, ".b"), 0, "a label of 63 as an A-label");
    is_int(with_part("", "\u00fc", 58, ".b"), XMPP_EARG, "but not of 64");
    is_int(with_part("", "U\u0308\u0304", 57, ".b"), 0,
           "also where three become one");
    is_int(with_part("", "U\u0308\u0304", 58, ".b"), XMPP_EARG,
           "and then not of 64");
    is_int(with_part("", "a.", 126, "b"), 0, "a name of 253");
    is_int(with_part("", "a.", 126, "bc"), XMPP_EARG, "but not of 254");
    is_int(with_part("[fe80::1%", "z", 245, "]"), 0, "a zone of 245");
    is_int(with_part("[fe80::1%", "z", 246, "]"), XMPP_EARG, "but not of 246");
}

/* ---- from parts -------------------------------------------------- */

static int join(const char *local, const char *domain, const char *resource,
                xmpp_jid_mode_t mode, const char *want)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid;
    int rc = xmpp_jid_join(local, domain, resource, mode, room, &jid, NULL);

    if (rc == 0)
        has_text(&jid, want, want);
    if (rc == 0)
        is_str(jid.text, want, "  ends with a NUL");
    return rc;
}

static void joins(void)
{
    is_int(join("A", "B", "C", XMPP_JID_STRICT, "a@b/C"), 0, "all parts");
    is_int(join(NULL, "B", "C", XMPP_JID_STRICT, "b/C"), 0, "no localpart");
    is_int(join("A", "B", NULL, XMPP_JID_STRICT, "a@b"), 0, "no resourcepart");
    is_int(join(NULL, "b", NULL, XMPP_JID_STRICT, "b"), 0, "a domain");
    is_int(join("a", NULL, "c", XMPP_JID_STRICT, ""), XMPP_EARG, "no domain");
    is_int(join("", "b", NULL, XMPP_JID_STRICT, ""), XMPP_EARG, "an empty one");
    is_int(join("a", "b", "", XMPP_JID_LENIENT, ""), XMPP_EARG,
           "in either mode");
    is_int(join("a@x", "b", NULL, XMPP_JID_STRICT, ""), XMPP_EARG, "an @");
    is_int(join("a", "b", "x@y/z", XMPP_JID_STRICT, "a@b/x@y/z"), 0,
           "where it does not matter");
    /* What is kept as it is must not be cut elsewhere when it is read again. */
    is_int(join("a@x", "b", NULL, XMPP_JID_LENIENT, ""), XMPP_EARG,
           "an unprepared localpart with an @");
    is_int(join("a/x", "b", NULL, XMPP_JID_LENIENT, ""), XMPP_EARG, "or a /");
    is_int(join("a", "b/x", NULL, XMPP_JID_LENIENT, ""), XMPP_EARG,
           "an unprepared domain with a /");
    is_int(join(NULL, "x@b", NULL, XMPP_JID_LENIENT, ""), XMPP_EARG,
           "an unprepared domain that would have a localpart");
    is_int(join("a", "x@b", NULL, XMPP_JID_LENIENT, ""), XMPP_EARG,
           "or would have one when it is cut out");
    is_int(join("a b", "c", NULL, XMPP_JID_LENIENT, "a b@c"), 0,
           "unprepared, harmless");
}

/* ---- errors ------------------------------------------------------ */

static void tells(const char *text, long character, const char *want)
{
    char room[XMPP_JID_BUFFER_SIZE], line[200];
    xmpp_text_error_t wrong;
    xmpp_jid_t jid;

    xmpp_jid_parse(text, (size_t)-1, XMPP_JID_STRICT, room, &jid, &wrong);
    is_int(wrong.character, character, "'%s': the character", text);
    is_int(xmpp_text_error_format(&wrong, line, sizeof(line)),
           (int)strlen(want), "  the length of the sentence");
    is_str(line, want, "  the sentence");
}

static void errors(void)
{
    tells("henry\u2163@c", 0x2163,
          "localpart: it has a character that is not allowed in a name "
          "(U+2163)");
    tells("a&b@c", '&',
          "localpart: it has a character that is not allowed in a localpart "
          "(U+0026)");
    tells("a@b_c", '_',
          "domainpart: it has a character that is not allowed in a domain "
          "(U+005F)");
    tells(
        "a@b/\u0378", 0x378,
        "resourcepart: it has a character that the Unicode tables do not know "
        "(U+0378)");
    tells("a@b/\xff", -1, "resourcepart: it is not UTF-8");
    tells("a@", -1, "domainpart: it is missing");
}

int main(void)
{
    for (size_t i = 0; i < ROWS; i++) {
        strictly(&rows[i]);
        leniently(&rows[i]);
    }
    lengths();
    joins();
    errors();
    return done_testing();
}
