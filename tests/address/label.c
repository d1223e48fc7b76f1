/* label.c - U-labels and A-labels: libidn2 beside our own Punycode, and what
 * becomes of its failures. The program is linked with --wrap for these. */

#include "address/label.h"

#include <stdlib.h>

#include <idn2.h>
#include <unistr.h>
#include <xmpp/error.h>

#include "address/idna.h"
#include "address/unicode.h"
#include "tap.h"

/* ---- libidn2, failing if told so --------------------------------- */

static int failure;
static size_t too_long; /* the length of what it returns instead, or 0 */

int __real_idn2_lookup_u8(const uint8_t *in, uint8_t **ret, int flags);
int __wrap_idn2_lookup_u8(const uint8_t *in, uint8_t **ret, int flags);
int __real_idn2_to_unicode_8z4z(const char *in, uint32_t **ret, int flags);
int __wrap_idn2_to_unicode_8z4z(const char *in, uint32_t **ret, int flags);

int __wrap_idn2_lookup_u8(const uint8_t *in, uint8_t **ret, int flags)
{
    if (!too_long)
        return failure ? failure : __real_idn2_lookup_u8(in, ret, flags);
    *ret = calloc(too_long + 1, 1);
    memset(*ret, 'a', too_long);
    return IDN2_OK;
}

int __wrap_idn2_to_unicode_8z4z(const char *in, uint32_t **ret, int flags)
{
    if (!too_long)
        return failure ? failure : __real_idn2_to_unicode_8z4z(in, ret, flags);
    *ret = calloc(too_long + 1, sizeof(**ret));
    for (size_t i = 0; i < too_long; i++)
        (*ret)[i] = 0xfc;
    return IDN2_OK;
}

/* What libidn2 answers, and what becomes of it: of an A-label of the letter
 * U+00FC, of its way back, and of a whole name with either. */
static const struct {
    int answer, to_ascii, to_unicode, name;
} failures[] = {
    {IDN2_OK, 7, 1, 0},
    {IDN2_MALLOC, XMPP_EMEM, XMPP_EMEM, XMPP_EMEM},
    {IDN2_UNASSIGNED, 7, 0, 0},
    {IDN2_TOO_BIG_LABEL, 0, 0, XMPP_EARG},
    {IDN2_TOO_BIG_DOMAIN, 0, 0, XMPP_EARG},
    {IDN2_PUNYCODE_BIG_OUTPUT, 0, 0, XMPP_EARG},
    {IDN2_DISALLOWED, XMPP_EARG, 0, XMPP_EARG},
};

static void failures_end_in(void)
{
    for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        static const char *const names[] = {"\u00fc.example",
                                            "xn--tda.example"};
        const char *answer = idn2_strerror_name(failures[i].answer);
        char out[LABEL_MOST], name[IDNA_NAME_MOST + 1] = "";
        uint32_t c[PUNYCODE_MOST];
        xmpp_text_error_t wrong = {NULL, NULL, -1};

        failure = failures[i].answer;
        is_int(label_to_ascii(STR("\u00fc"), out), failures[i].to_ascii,
               "%s: to ASCII", answer);
        is_int(label_to_unicode(STR("xn--tda"), c), failures[i].to_unicode,
               "  and back");
        is_int(idna_to_ascii(str_of(names[0]), name, &wrong), failures[i].name,
               "  a name");
        is_str(name, failures[i].name ? "" : "xn--tda.example", "  its form");
        ok(failures[i].name != XMPP_EARG || wrong.reason, "  the reason");
        if (failures[i].answer == IDN2_OK || failures[i].answer == IDN2_MALLOC)
            is_int(idna_to_ascii(str_of(names[1]), name, &wrong),
                   failures[i].name, "  the A-label of a name");
        is_int(idna_to_ascii(STR("example.org"), name, &wrong), 0,
               "  it is not asked about ASCII");
    }
    failure = 0;
}

/* It keeps to its limits; if it ever does not, nothing is overwritten. */
static void too_much(void)
{
    char out[LABEL_MOST];
    uint32_t c[PUNYCODE_MOST];

    too_long = LABEL_MOST;
    is_int(label_to_ascii(STR("\u00fc"), out), LABEL_MOST, "all that fits");
    too_long = LABEL_MOST + 1;
    is_int(label_to_ascii(STR("\u00fc"), out), 0, "  and no more");
    too_long = PUNYCODE_MOST;
    is_int(label_to_unicode(STR("xn--tda"), c), PUNYCODE_MOST, "  and back");
    too_long = PUNYCODE_MOST + 1;
    is_int(label_to_unicode(STR("xn--tda"), c), 0, "  and no more");
    too_long = 0;
    failure = IDN2_UNASSIGNED;
    is_int(label_to_ascii(STR("\xff"), out), 0, "not even UTF-8");
    failure = 0;
}

/* The longest label, and one more letter, whichever of the two converts. */
static void limits_of(const char *who)
{
    char text[LABEL_UTF8_MOST + 2] = "", out[LABEL_MOST];

    for (int i = 0; i < 56; i++)
        strcat(text, i ? "a" : "\u00fc");
    is_int(label_to_ascii(str_of(text), out), LABEL_MOST, "63 octets: %s", who);
    strcat(text, "a");
    is_int(label_to_ascii(str_of(text), out), 0, "  are the most");
    for (int i = 0; i < LABEL_UTF8_MOST; i++)
        text[i] = "\U00020000"[i % 4];
    is_int(label_to_ascii(str_n(text, LABEL_UTF8_MOST), out), 0,
           "the longest that could be one");
    memset(text, 'a', LABEL_UTF8_MOST + 1);
    is_int(label_to_ascii(str_n(text, LABEL_UTF8_MOST + 1), out), 0,
           "what cannot be a label is not copied");
}

static void limits(void)
{
    uint32_t c[PUNYCODE_MOST];
    char text[LABEL_MOST + 1];

    limits_of("libidn2");
    failure = IDN2_UNASSIGNED;
    limits_of("our own");
    failure = 0;
    memset(text, 'a', sizeof(text));
    memcpy(text, LABEL_PREFIX, LABEL_PREFIX_SIZE);
    memcpy(text + LABEL_MOST - 4, "-oxf", 4);
    is_int(label_to_unicode(str_n(text, LABEL_MOST), c), 56, "and back");
    is_int(label_to_unicode(str_n(text, sizeof(text)), c), 0,
           "what is too long is not decoded");
}

/* ---- the samples of RFC 3492 section 7.1 ------------------------- */

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

/* What `code` stands for behind the prefix; see label_to_unicode(). */
static int decode(struct str code, uint32_t *ret)
{
    char label[LABEL_MOST + 1];

    snprintf(label, sizeof(label), LABEL_PREFIX "%.*s", (int)code.n, code.s);
    return label_to_unicode(str_of(label), ret);
}

static void samples_convert(void)
{
    uint32_t none[PUNYCODE_MOST];

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        uint32_t c[PUNYCODE_MOST], back[PUNYCODE_MOST];
        char out[PUNYCODE_MOST];
        size_t n = PUNYCODE_MOST, m;

        u8_to_u32((const uint8_t *)samples[i].unicode,
                  strlen(samples[i].unicode), c, &n);
        m = punycode_encode(c, n, out);
        ok(str_is(str_n(out, m), samples[i].ascii), "%s", samples[i].ascii);
        is_int(decode(str_of(samples[i].ascii), back), n, "  and back");
        ok(!memcmp(back, c, n * sizeof(*c)), "  the same");
    }
    is_int(decode(STR("99999999"), none), 0, "beyond Unicode");
    is_int(decode(STR("a-\xff"), none), 0, "not a digit");
    is_int(decode(STR("ab-9"), none), 0, "cut off");
}

/* ---- libidn2 beside our own -------------------------------------- */

/* What the two make of labels that our rules accept. */
struct tally {
    int same, too_new, other;
};

static bool is_u_label(struct str label)
{
    char out[IDNA_PART_MOST];
    xmpp_text_error_t wrong;
    size_t n = 0;

    return idna_prepare(label, false, out, &n, &wrong) == 0 &&
           str_eq(str_n(out, n), label) && !str_is_ascii(label);
}

static void compare(struct tally *tally, const uint32_t *c, size_t n)
{
    char utf8[LABEL_UTF8_MOST + 1], own[LABEL_MOST + 1] = LABEL_PREFIX;
    char out[LABEL_MOST];
    uint32_t back[PUNYCODE_MOST];
    uint8_t *theirs = NULL;
    size_t utf8_n = sizeof(utf8) - 1;
    struct str label, made;
    int rc;

    u32_to_u8(c, n, (uint8_t *)utf8, &utf8_n);
    utf8[utf8_n] = '\0';
    label = str_n(utf8, utf8_n);
    if (!is_u_label(label))
        return;
    own[LABEL_PREFIX_SIZE + punycode_encode(c, n, own + LABEL_PREFIX_SIZE)] =
        '\0';
    made = str_n(out, (size_t)label_to_ascii(label, out));
    rc = idn2_lookup_u8((uint8_t *)utf8, &theirs, IDN2_NO_TR46);
    if (!str_is(made, own) || (rc && rc != IDN2_UNASSIGNED) ||
        (rc == 0 && strcmp((char *)theirs, own) != 0) ||
        label_to_unicode(made, back) != (int)n ||
        memcmp(back, c, n * sizeof(*c)) != 0) {
        if (tally->other++ < 5)
            printf("# %s: %s, libidn2 %s\n", utf8, own, idn2_strerror_name(rc));
    } else if (rc) {
        tally->too_new++;
    } else {
        tally->same++;
    }
    idn2_free(theirs);
}

static void all_letters(void)
{
    struct tally tally = {0, 0, 0};

    for (uint32_t c = 0x80; c < 0x110000; c++)
        if (unicode_is_mark(c))
            compare(&tally, (uint32_t[]){'a', c}, 2);
        else if (c < 0xD800 || c > 0xDFFF)
            compare(&tally, &c, 1);
    is_int(tally.other, 0, "no letter becomes another than by libidn2");
    ok(tally.same > 100000, "of %d, and %d too new for it", tally.same,
       tally.too_new);
}

static uint32_t seed = 20261126;

static uint32_t roll(uint32_t sides)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % sides;
}

/* A label from one of a few alphabets, with digits, hyphens, joiners and
 * marks here and there. */
static size_t some_label(uint32_t *c)
{
    static const struct {
        uint32_t first, count;
    } letters[] = {{'a', 26},    {0xE0, 23},      {0x3B1, 17},  {0x430, 32},
                   {0x5D0, 27},  {0x627, 36},     {0x905, 73},  {0x4E00, 20000},
                   {0x3041, 80}, {0xAC00, 11000}, {0x10D0, 43}, {0x1E900, 68},
                   {0x870, 24},  {0x30000, 4900}};
    static const uint32_t others[] = {'-',    '0',    '9',    0xB7,  0x200C,
                                      0x200D, 0x94D,  0x308,  0x5B0, 0x660,
                                      0x6F0,  0x30FB, 0x3007, 0x375, 'l'};
    size_t count = sizeof(letters) / sizeof(letters[0]), n = 1 + roll(24);
    size_t which = roll((uint32_t)count);

    for (size_t i = 0; i < n; i++)
        c[i] = roll(12) ? letters[which].first + roll(letters[which].count)
                        : others[roll(sizeof(others) / sizeof(others[0]))];
    return n;
}

static void random_labels(void)
{
    struct tally tally = {0, 0, 0};

    for (int i = 0; i < 60000; i++) {
        uint32_t c[24];
        size_t n = some_label(c);

        compare(&tally, c, n);
    }
    is_int(tally.other, 0, "nor does a label");
    ok(tally.same > 10000, "of %d, and %d too new", tally.same, tally.too_new);
}

int main(void)
{
    failures_end_in();
    too_much();
    limits();
    samples_convert();
    all_letters();
    random_labels();
    return done_testing();
}
