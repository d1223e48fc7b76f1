/* saslprep.c - SASLprep: the examples of RFC 4013, stored strings and queries.
 */

#include "address/saslprep.h"

#include <xmpp/precis.h>

#include <xmpp/ctx.h>

#include "failmem.h"
#include "tap.h"

static struct failmem memory;
static xmpp_ctx_t *ctx;

/* NULL: refused. */
static const struct {
    const char *text, *query, *stored;
} rows[] = {
    /* RFC 4013 section 3 */
    {"I\u00adX", "IX", "IX"},
    {"user", "user", "user"},
    {"USER", "USER", "USER"},
    {"\u00aa", "a", "a"},
    {"\u2168", "IX", "IX"},
    {"\x07", NULL, NULL},
    {"\u06271", NULL, NULL},
    /* and more */
    {"a\u00a0b", "a b", "a b"},
    {"\u00ad", NULL, NULL},
    {"", NULL, NULL},
    {"\xff", NULL, NULL},
    {"\u0627a\u0628", NULL, NULL},
    {"\u0627\u0628", "\u0627\u0628", "\u0627\u0628"},
    {"\U0001F600", "\U0001F600", NULL}, /* younger than Unicode 3.2 */
    {"\u1d2c", "\u1d2c", NULL},         /* so it does not become an A */
    {"A\u0301\u1d2ce\u0301", "\u00c1\u1d2c\u00e9", NULL},
    {"\U0002F868", "\U0002136A", "\U0002136A"}, /* corrected later */
    {"\u0221", "\u0221", NULL},   /* unassigned in 3.2 (table A.1) */
    {"\u07ca1", "\u07ca1", NULL}, /* has no direction then */
    {"\u05d0\u2800\u05d0", "\u05d0\u2800\u05d0", "\u05d0\u2800\u05d0"},
};

static void row(size_t i)
{
    xmpp_text_error_t wrong = {NULL, NULL, -1};

    for (int stored = 0; stored < 2; stored++) {
        const char *want = stored ? rows[i].stored : rows[i].query;
        char *got = NULL;
        int rc = xmpp_saslprep(ctx, rows[i].text, stored, &got, &wrong);

        is_int(rc, want ? 0 : XMPP_EARG, "row %zu, %s", i,
               stored ? "stored" : "query");
        is_str(got, want, "  becomes");
        ok(want || (wrong.reason && !strcmp(wrong.part, "text")),
           "  the reason");
        xmpp_free(ctx, got);
    }
}

static void limits(void)
{
    static char text[4100];
    char *got = NULL;

    memset(text, 'a', 4095);
    is_int(xmpp_saslprep(ctx, text, 0, &got, NULL), 0, "4095 octets");
    xmpp_free(ctx, got);
    memset(text, 'a', 4096);
    is_int(xmpp_saslprep(ctx, text, 0, &got, NULL), XMPP_EARG, "4096 octets");
    memcpy(text + 4091, "\u00ad\u00ad\u00ad", 7);
    is_int(xmpp_saslprep(ctx, text, 0, &got, NULL), XMPP_EARG,
           "4097 octets that would become fewer");
    is_int(xmpp_saslprep(ctx, NULL, 0, &got, NULL), XMPP_EINVOP, "no text");
    for (int i = 0; i < 2; i++) {
        failmem_arm(&memory, 1, 1);
        got = NULL;
        is_int(xmpp_saslprep(ctx, i ? "\u00e9" : "a", 0, &got, NULL), XMPP_EMEM,
               "no memory");
        failmem_arm(&memory, 0, 0);
        ok(!got, "  nothing was given");
    }
}

int main(void)
{
    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        row(i);
    limits();
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
