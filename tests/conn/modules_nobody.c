/* modules_nobody.c - a sender that cannot be read, for want of memory, is not
 * our own account. The program is linked with --wrap for libidn2. */

#include <idn2.h>

#include "conn/diary.h"

#define HOST                                                                   \
    "b\xc3\xbc"                                                                \
    "cher.example"

static struct testbed testbed;
static unsigned long left; /* calls until one fails; 0: none does */

int __real_idn2_lookup_u8(const uint8_t *in, uint8_t **ret, int flags);
int __wrap_idn2_lookup_u8(const uint8_t *in, uint8_t **ret, int flags);

int __wrap_idn2_lookup_u8(const uint8_t *in, uint8_t **ret, int flags)
{
    if (left && --left == 0)
        return IDN2_MALLOC;
    return __real_idn2_lookup_u8(in, ret, flags);
}

static int on_message(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    (void)state;
    diary_add("%s", in->from ? "read" : "own");
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_ALL, "urn:q", NULL, NULL, on_message),
    XMPP_ROWS_END};
static XMPP_MODULE(mod, "mod", 0, rows);

int main(void)
{
    unsigned long n = 0;

    diary_begin(&testbed);
    xmpp_conn_use(testbed.conn, &mod);
    diary_login(&testbed);
    do {
        left = ++n;
        diary_hear(&testbed, "<message from='mallory@" HOST
                             "'><q xmlns='urn:q'/></message>");
        diary_is(left ? "read" : "", "a stranger is a stranger, or nobody");
    } while (!left && n < 100);
    ok(n > 2, "%lu calls of libidn2 failed", n - 1);
    left = 0;
    diary_hear(&testbed, "<message><q xmlns='urn:q'/></message>");
    diary_is("own", "our own account");
    testbed_free(&testbed, "nobody");
    return done_testing();
}
