/* idna.c - domainparts: IDNA2008 labels, IP literals. */

#include "address/idna.h"

#include "tap.h"

/* ---- names ------------------------------------------------------- */

/* NULL `unicode`: refused, and with "" as `ascii` for DNS as well; "!" if only
 * for DNS. */
static const struct row {
    const char *in, *unicode, *ascii;
} rows[] = {
    {"example.org", "example.org", "example.org"},
    {"Example.ORG.", "example.org", "example.org"},
    {"b\u00fccher.example", "b\u00fccher.example", "xn--bcher-kva.example"},
    {"xn--bcher-kva.example", "b\u00fccher.example", "xn--bcher-kva.example"},
    {"XN--BCHER-KVA.x", "b\u00fccher.x", "xn--bcher-kva.x"},
    {"192.0.2.1", "192.0.2.1", "192.0.2.1"},
    {"256.1.1.1", "256.1.1.1", "256.1.1.1"}, /* a name, then */
    {"my_host", NULL, "my_host"}, /* found in networks all the same */
    {"r3---sn.x", "r3---sn.x", "r3---sn.x"}, /* and so is this */
    {"a..b", NULL, ""},
    {".a", NULL, ""},
    {"a b", NULL, ""},
    {"a@b", NULL, ""},
    {"\u2100.com", NULL, ""}, /* compatibility would make a slash */
    {"\uff20.com", NULL, ""}, /* width makes an @ */
    {"\u2260.com", NULL, ""},
    {"xn--a.example", NULL, ""}, /* stands for nothing */
    {"xn--.example", NULL, ""},
    {"xn--bcher-.example", NULL, ""}, /* stands for ASCII */
    {"xn--n3h.example", NULL, ""},    /* a snowman */
    {"\u2603.example", NULL, ""},
    {"b\u00fccher\u3002example", "b\u00fccher.example",
     "xn--bcher-kva.example"},
    {"b\u00fccher\uff0eexample", "b\u00fccher.example",
     "xn--bcher-kva.example"},
    {"b\u00fccher\uff61example", "b\u00fccher.example",
     "xn--bcher-kva.example"},
    {"\uff42.example", "b.example", "b.example"},
    {"\uff58n--bcher-kva.x", "b\u00fccher.x", "xn--bcher-kva.x"},
    {"B\u00dcCHER.x", "b\u00fccher.x", "xn--bcher-kva.x"},
    {"fa\u00df.example", "fa\u00df.example", "xn--fa-hia.example"},
    {"\u03c2.example", "\u03c2.example", "xn--3xa.example"},
    {"a\u0308.example", "\u00e4.example", "xn--4ca.example"},
    {"\u0308a.example", NULL, ""},
    {"-a.example", NULL, ""},
    {"a-.example", NULL, ""},
    {"\u00e4-.example", NULL, ""},
    {"ab--\u00e4.example", NULL, ""},
    {"l\u00b7l.example", "l\u00b7l.example", "xn--ll-0ea.example"},
    {"a\u00b7b.example", NULL, ""},
    {"\u05d0\u05d1.example", "\u05d0\u05d1.example", "xn--4dbc.example"},
    {"\u05d0a.example", NULL, ""},
    {"1\u05d0.example", NULL, ""},
    {"\u00e4_b.example", NULL, ""},
    {"a\u00adb.example", NULL, ""},
    {"\u13a0.example", "\u13a0.example", "xn--58d.example"}, /* not mapped */
    {"\uab70.example", NULL, ""}, /* small Cherokee is no letter of domains */
    {"\u0915\u094d\u200d\u0937.x", "\u0915\u094d\u200d\u0937.x",
     "xn--11b2ezcw70k.x"},
    {"a\u200db.x", NULL, ""},
    {"\U00030000.x", "\U00030000.x", "xn--zn4n.x"}, /* younger than most */
    {"example.com..", NULL, ""},
    {".", NULL, ""},
    {"", NULL, ""},
    {"\xff", NULL, ""},
    /* IP literals */
    {"[::1]", "[::1]", "::1"},
    {"[2001:DB8::FF]", "[2001:db8::ff]", "2001:db8::ff"},
    {"[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]", "::ffff:192.0.2.1"},
    {"[fe80::1%25Eth0]", "[fe80::1%25Eth0]", "!"},
    {"[fe80::1%eno1]", "[fe80::1%eno1]", "!"},
    {"[v1.A:b]", "[v1.a:b]", "!"},
    {"[v1.example.org]", "[v1.example.org]", "!"}, /* nor is it a name */
    {"::1", NULL, ""},
    {"[::1", NULL, ""},
    {"[]", NULL, ""},
    {"[192.0.2.1]", NULL, ""},
    {"[::1]x", NULL, ""},
    {"[fe80::1%]", NULL, ""},
    {"[fe80::1%25]", NULL, ""},
    {"[fe80::1%25a b]", NULL, ""},
    {"[1:2:3:4:5:6:7:8:9]", NULL, ""},
    {"[12345::]", NULL, ""},
    {"[v.x]", NULL, ""},
    {"[v1.]", NULL, ""},
};

static void prepares(const struct row *row)
{
    char out[IDNA_PART_MOST];
    xmpp_text_error_t wrong = {NULL, NULL, -1};
    size_t n = 0;
    int rc = idna_prepare(str_of(row->in), false, out, &n, &wrong);

    if (!row->unicode) {
        is_int(rc, XMPP_EARG, "'%s' is none", row->in);
        ok(wrong.reason != NULL, "  for a reason");
        return;
    }
    is_int(rc, 0, "'%s' is one", row->in);
    if (!ok(str_is(str_n(out, n), row->unicode), "  the form"))
        printf("#  got %.*s\n", (int)n, out);
    ok(rc || !idna_is_normal(str_of(row->in)) || str_is(str_n(out, n), row->in),
       "  and at one look");
}

static void goes_to_dns(const struct row *row)
{
    char out[IDNA_NAME_MOST + 1] = "";
    xmpp_text_error_t wrong;
    int rc = idna_to_ascii(str_of(row->in), out, &wrong);

    bool none = !*row->ascii || *row->ascii == '!';

    is_int(rc, none ? XMPP_EARG : 0, "'%s' for DNS", row->in);
    is_str(out, none ? "" : row->ascii, "  the form");
}

static void dns_limits(void)
{
    char out[IDNA_NAME_MOST + 1], text[700] = "";
    xmpp_text_error_t wrong;

    for (int i = 0; i < 63; i++)
        strcat(text, "a");
    is_int(idna_to_ascii(str_of(text), out, &wrong), 0, "a label of 63");
    strcat(text, "a");
    is_int(idna_to_ascii(str_of(text), out, &wrong), XMPP_EARG, "not of 64");
    *text = '\0';
    for (int i = 0; i < 56; i++) /* xn--, 55 letters, a hyphen, and two more */
        strcat(text, i ? "a" : "\u00fc");
    is_int(idna_to_ascii(str_of(text), out, &wrong), 0, "an A-label of 63");
    is_int(strlen(out), 63, "  has 63");
    strcat(text, "a");
    is_int(idna_to_ascii(str_of(text), out, &wrong), XMPP_EARG, "not of 64");
    *text = '\0';
    for (int i = 0; i < 28; i++)
        strcat(text, "b\u00fccher.");
    is_int(idna_to_ascii(str_of(text), out, &wrong), XMPP_EARG,
           "the length that counts is that in ASCII");
}

int main(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        prepares(&rows[i]);
        goes_to_dns(&rows[i]);
    }
    dns_limits();
    return done_testing();
}
