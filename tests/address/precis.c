/* precis.c - the profiles of PRECIS: the tables of RFC 8265 and 8266. */

#include "address/precis.h"

#include <unistr.h>

#include <xmpp/ctx.h>

#include "failmem.h"
#include "tap.h"

static struct failmem memory;
static xmpp_ctx_t *ctx;

/* ---- single texts ------------------------------------------------ */

/* NULL `want`: refused; "": as it is. */
struct row {
    const char *text, *want;
};

/* RFC 8265 section 3.5, and what is known to be hard */
static const struct row mapped[] = {
    {"juliet@example.com", ""},
    {"fussball", ""},
    {"fu\u00dfball", ""},
    {"\u03c0", ""},
    {"\u03a3", "\u03c3"},
    {"\u03c3", ""},
    {"\u03c2", ""},
    {"foo bar", NULL},
    {"", NULL},
    {"henry\u2163", NULL},
    {"\u221e", NULL},
    {"Juliet", "juliet"},
    {"\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c3"},
    {"\uff21\uff22", "ab"},
    {"A\u0308", "\u00e4"},
    {"\u0130", "i\u0307"},
    {"\u13a0", "\uab70"},
    {"\ufb01x", NULL},
    {"a\u0378", NULL},
    {"\u05d0a", NULL},
    {"1a", ""},
    {"\xff", NULL},
    {"a\x01", NULL},
};

static const struct row preserved[] = {
    {"Juliet", ""},        {"\u03a3", ""},  {"\uff21\uff22", "AB"},
    {"A\u0308", "\u00c4"}, {"\u212a", "K"}, {"foo bar", NULL},
    {"henry\u2163", NULL}, {"", NULL},
};

/* RFC 8265 section 4.3 */
static const struct row opaque[] = {
    {"correct horse battery staple", ""},
    {"Correct Horse Battery Staple", ""},
    {"\u03c0\u00df\u00e5", ""},
    {"Jack of \u2666s", ""},
    {"foo\u1680bar", "foo bar"},
    {"", NULL},
    {"my cat is a \tby", NULL},
    {"\u2163", ""},
    {"a\u0308", "\u00e4"},
    {" x  y ", ""},
    {"foo\u00b7bar", NULL},
    {"\U0001F600", ""},
};

/* RFC 8266 section 3 */
static const struct row nicknames[] = {
    {"Foo", ""},
    {"foo", ""},
    {"Foo Bar", ""},
    {"  foo  bar ", "foo bar"},
    {"\u03a3", ""},
    {"\u03c3", ""},
    {"\u03c2", ""},
    {"\u265a", ""},
    {"Richard \u2163", "Richard IV"},
    {"\u212b", "\u00c5"},
    {"\ufb00", "ff"},
    {"\u3000x\u00a0\u00a0y", "x y"},
    {"\u00a8x", "\u0308x"}, /* compatibility makes a space, which goes */
    {"a\tb", NULL},
    {" ", NULL},
    {"", NULL},
    {"a\u200db", NULL},
};

static void enforce(xmpp_precis_profile_t profile, const struct row *row)
{
    xmpp_text_error_t wrong = {NULL, NULL, -1};
    char *got = NULL;
    int rc = xmpp_precis_enforce(ctx, profile, row->text, &got, &wrong);

    is_int(rc, row->want ? 0 : XMPP_EARG, "'%s'", row->text);
    is_str(got, row->want && !*row->want ? row->text : row->want, "  becomes");
    ok(!rc == !wrong.reason, "  %s", wrong.reason ? wrong.reason : "fine");
    xmpp_free(ctx, got);
}

#define ENFORCE(profile, rows)                                                 \
    for (size_t i = 0; i < sizeof(rows) / sizeof((rows)[0]); i++)              \
    enforce(profile, &(rows)[i])

/* ---- two texts --------------------------------------------------- */

static const struct {
    xmpp_precis_profile_t profile;
    const char *a, *b;
    int same;
} pairs[] = {
    {XMPP_PRECIS_NICKNAME, "Foo", "foo", 1},
    {XMPP_PRECIS_NICKNAME, "Foo Bar", "  foo   bar ", 1},
    {XMPP_PRECIS_NICKNAME, "\u03a3", "\u03c3", 1},
    {XMPP_PRECIS_NICKNAME, "\u03c3", "\u03c2", 0},
    {XMPP_PRECIS_NICKNAME, "Richard \u2163", "richard iv", 1},
    {XMPP_PRECIS_NICKNAME, "\u015eevket", "\u015fevket", 1},
    {XMPP_PRECIS_NICKNAME, "\u265a", "\u265b", 0},
    {XMPP_PRECIS_NICKNAME, "a", " ", XMPP_EARG},
    {XMPP_PRECIS_NICKNAME_KEY, "Foo  Bar", "foo bar", 1},
    {XMPP_PRECIS_OPAQUE_STRING, "Foo", "foo", 0},
    {XMPP_PRECIS_OPAQUE_STRING, "a\u00a0b", "a b", 1},
    {XMPP_PRECIS_USERNAME_CASE_MAPPED, "Foo", "foo", 1},
    {XMPP_PRECIS_USERNAME_CASE_PRESERVED, "Foo", "foo", 0},
    {XMPP_PRECIS_USERNAME_CASE_PRESERVED, "\uff26oo", "Foo", 1},
};

static void compare(void)
{
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
        is_int(xmpp_precis_equal(ctx, pairs[i].profile, pairs[i].a, pairs[i].b),
               pairs[i].same, "'%s' and '%s'", pairs[i].a, pairs[i].b);
}

/* ---- all characters ---------------------------------------------- */

/* Whatever is accepted is accepted again, and unchanged. */
static void idempotent(unsigned profile, int least)
{
    int good = 0, bad = 0;

    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        char text[8] = "", once[512], twice[512];
        xmpp_text_error_t wrong;
        int n = u8_uctomb((uint8_t *)text, c, sizeof(text) - 1);
        size_t m, k;

        if (n <= 0 ||
            precis_enforce(profile, str_of(text), once, 512, &m, &wrong))
            continue;
        good++;
        bad +=
            precis_enforce(profile, str_n(once, m), twice, 512, &k, &wrong) ||
            !str_eq(str_n(once, m), str_n(twice, k));
    }
    ok(good > least, "profile %u: %d characters are accepted", profile, good);
    is_int(bad, 0, "and stay as they are");
}

/* ---- limits ------------------------------------------------------ */

static int of_many(xmpp_precis_profile_t profile, const char *unit, int times,
                   size_t *ret_n)
{
    static char text[8192];
    char *got = NULL;
    int rc;

    *text = '\0';
    while (times--)
        strcat(text, unit);
    rc = xmpp_precis_enforce(ctx, profile, text, &got, NULL);
    *ret_n = got ? strlen(got) : 0;
    xmpp_free(ctx, got);
    return rc;
}

static void limits(void)
{
    size_t n;

    is_int(of_many(XMPP_PRECIS_OPAQUE_STRING, "a", 4095, &n), 0, "4095 octets");
    is_int(n, 4095, "  all of them");
    is_int(of_many(XMPP_PRECIS_OPAQUE_STRING, "a", 4096, &n), XMPP_EARG,
           "4096");
    is_int(of_many(XMPP_PRECIS_OPAQUE_STRING, "\u00e9", 2047, &n), 0, "4094");
    is_int(of_many(XMPP_PRECIS_OPAQUE_STRING, "\u00e9", 2048, &n), XMPP_EARG,
           "4096 in wider ones");
    is_int(of_many(XMPP_PRECIS_NICKNAME, "a", 4095, &n), 0, "a long nickname");
    is_int(of_many(XMPP_PRECIS_NICKNAME, "a", 4096, &n), XMPP_EARG, "4096");
    is_int(of_many(XMPP_PRECIS_USERNAME_CASE_MAPPED, "\u0130", 1365, &n), 0,
           "all of them become two");
    is_int(n, 4095, "  and three octets");
    is_int(of_many(XMPP_PRECIS_OPAQUE_STRING, "\u3000", 1365, &n), 0,
           "4095 that become fewer");
    is_int(of_many(XMPP_PRECIS_OPAQUE_STRING, "\u3000", 1366, &n), XMPP_EARG,
           "4098 that would");
    is_int(of_many(XMPP_PRECIS_NICKNAME, "\ufdfa", 30, &n), 0,
           "thirty that become 18 characters each");
    is_int(n, 30 * 33, "  990 octets");
    is_int(of_many(XMPP_PRECIS_NICKNAME, "\ufdfa", 200, &n), XMPP_EARG,
           "two hundred");
}

static void misuse(void)
{
    xmpp_text_error_t wrong = {NULL, NULL, 0};
    char line[80], *got = NULL;

    is_int(xmpp_precis_enforce(ctx, (xmpp_precis_profile_t)9, "a", &got, NULL),
           XMPP_EINVOP, "no such profile");
    is_int(xmpp_precis_enforce(ctx, XMPP_PRECIS_NICKNAME, NULL, &got, NULL),
           XMPP_EINVOP, "no text");
    is_int(xmpp_precis_enforce(NULL, XMPP_PRECIS_NICKNAME, "a", &got, NULL),
           XMPP_EINVOP, "no context");
    is_int(xmpp_precis_equal(ctx, XMPP_PRECIS_NICKNAME, "a", NULL), XMPP_EINVOP,
           "nothing to compare with");
    failmem_arm(&memory, 1, 1);
    is_int(xmpp_precis_enforce(ctx, XMPP_PRECIS_NICKNAME, "a", &got, NULL),
           XMPP_EMEM, "no memory");
    failmem_arm(&memory, 1, 1);
    is_int(xmpp_precis_enforce(ctx, XMPP_PRECIS_NICKNAME, "a", &got, &wrong),
           XMPP_EMEM, "no memory, and told");
    failmem_arm(&memory, 0, 0);
    ok(!got, "nothing was given");
    xmpp_text_error_format(&wrong, line, sizeof(line));
    is_str(line, "out of memory", "which is no fault of the text");
}

int main(void)
{
    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    ENFORCE(XMPP_PRECIS_USERNAME_CASE_MAPPED, mapped);
    ENFORCE(XMPP_PRECIS_USERNAME_CASE_PRESERVED, preserved);
    ENFORCE(XMPP_PRECIS_OPAQUE_STRING, opaque);
    ENFORCE(XMPP_PRECIS_NICKNAME, nicknames);
    compare();
    idempotent(XMPP_PRECIS_USERNAME_CASE_MAPPED, 120000);
    idempotent(XMPP_PRECIS_USERNAME_CASE_PRESERVED, 120000);
    idempotent(XMPP_PRECIS_OPAQUE_STRING, 130000);
    idempotent(XMPP_PRECIS_NICKNAME, 130000);
    idempotent(XMPP_PRECIS_NICKNAME_KEY, 130000);
    limits();
    misuse();
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
