/* domains.c - domainparts: IDNA2008 labels, IP literals, Punycode. */

#include "address/idna.h"

#ifdef HAVE_IDN2
#include <idn2.h>
#endif
#include <unistr.h>

#include "address/punycode.h"
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

/* ---- Punycode: the samples of RFC 3492 section 7.1 --------------- */

static const struct {
    const char *unicode, *ascii;
} samples[] = {
    {"\u0644\u064a\u0647\u0645\u0627\u0628\u062a\u0643\u0644\u0645\u0648\u0634"
     "\u0639\u0631\u0628\u064a\u061f",
     "egbpdaj6bu4bxfgehfvwxn"},
    {"\u4ed6\u4eec\u4e3a\u4ec0\u4e48\u4e0d\u8bf4\u4e2d\u6587",
     "ihqwcrb4cv8a8dqg056pqjye"},
    {"Pro\u010dprost\u011bnemluv\u00ed\u010desky",
     "Proprostnemluvesky-uyb24dma41a"},
    {"\u043f\u043e\u0447\u0435\u043c\u0443\u0436\u0435\u043e\u043d\u0438\u043d"
     "\u0435\u0433\u043e\u0432\u043e\u0440\u044f\u0442\u043f\u043e\u0440\u0443"
     "\u0441\u0441\u043a\u0438",
     "b1abfaaepdrnnbgefbadotcwatmq2g4l"},
    {"3\u5e74B\u7d44\u91d1\u516b\u5148\u751f", "3B-ww4c5e180e575a65lsy2b"},
    {"Maji\u3067Koi\u3059\u308b5\u79d2\u524d", "MajiKoi5-783gue6qz075azm5e"},
    {"\u305d\u306e\u30b9\u30d4\u30fc\u30c9\u3067", "d9juau41awczczp"},
};

static void punycode(void)
{
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        uint32_t c[PUNYCODE_MOST], back[PUNYCODE_MOST];
        char out[PUNYCODE_MOST];
        size_t n = PUNYCODE_MOST, m;

        u8_to_u32((const uint8_t *)samples[i].unicode,
                  strlen(samples[i].unicode), c, &n);
        m = punycode_encode(c, n, out);
        ok(str_is(str_n(out, m), samples[i].ascii), "%s", samples[i].ascii);
        m = punycode_decode(str_of(samples[i].ascii), back);
        ok(m == n && !memcmp(back, c, n * sizeof(*c)), "  and back");
    }
    is_int(punycode_decode(STR("99999999"), (uint32_t[PUNYCODE_MOST]){0}), 0,
           "beyond Unicode");
    is_int(punycode_decode(STR("a-\xff"), (uint32_t[PUNYCODE_MOST]){0}), 0,
           "no digit");
    is_int(punycode_decode(STR("ab-9"), (uint32_t[PUNYCODE_MOST]){0}), 0,
           "cut off");
}

/* ---- beside libidn2 ---------------------------------------------- */

#ifdef HAVE_IDN2
static uint32_t seed = 20261126;

static uint32_t roll(uint32_t sides)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % sides;
}

/* A label of letters from a few alphabets that libidn2 knows as well. */
static size_t some_label(uint32_t *c)
{
    static const struct {
        uint32_t first, count;
    } letters[] = {{'a', 26},   {0xE0, 23},      {0x3B1, 17},  {0x430, 32},
                   {0x5D0, 27}, {0x4E00, 20000}, {0x3041, 80}, {0xAC00, 11000}};
    size_t which = roll(8), n = 1 + roll(15);

    for (size_t i = 0; i < n; i++)
        c[i] = letters[which].first + roll(letters[which].count);
    return n;
}

static void beside_idn2(void)
{
    int same = 0, other = 0;

    for (int i = 0; i < 20000; i++) {
        char utf8[128] = "", out[IDNA_NAME_MOST + 1];
        xmpp_text_error_t wrong;
        uint8_t *theirs = NULL;
        uint32_t c[16];
        size_t n = sizeof(utf8) - 1;

        u32_to_u8(c, some_label(c), (uint8_t *)utf8, &n);
        utf8[n] = '\0';
        if (idn2_lookup_u8((uint8_t *)utf8, &theirs,
                           IDN2_NFC_INPUT | IDN2_NO_TR46) != IDN2_OK ||
            idna_to_ascii(str_n(utf8, n), out, &wrong)) {
            idn2_free(theirs);
            continue;
        }
        if (strcmp(out, (char *)theirs) == 0)
            same++;
        else if (other++ < 5)
            printf("# %s: %s, libidn2 %s\n", utf8, out, theirs);
        idn2_free(theirs);
    }
    is_int(other, 0, "no label becomes another than by libidn2");
    ok(same > 15000, "of %d", same);
}
#else
static void beside_idn2(void)
{
    skip("libidn2 is not there to compare with");
}
#endif

int main(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        prepares(&rows[i]);
        goes_to_dns(&rows[i]);
    }
    dns_limits();
    punycode();
    beside_idn2();
    return done_testing();
}
