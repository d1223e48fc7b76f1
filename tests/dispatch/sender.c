/* sender.c - who a sender is, seen from our account. */

#include "dispatch/sender.h"

#include "tap.h"

#define ME "romeo@a.example/r"

enum {
    NOBODY = XMPP_SENDER_ANYONE,
    SERVER = NOBODY | XMPP_SENDER_SERVER,
    OTHER_RESOURCE = NOBODY | XMPP_SENDER_OWN,
    ACCOUNT = OTHER_RESOURCE | XMPP_SENDER_ACCOUNT | XMPP_SENDER_SERVER
};

static const struct {
    const char *from, *self;
    unsigned want;
} rows[] = {
    /* without a sender it is our account's, and the server's (RFC 6120) */
    {NULL, ME, ACCOUNT},
    {NULL, NULL, ACCOUNT},
    {"romeo@a.example", ME, ACCOUNT},
    {ME, ME, OTHER_RESOURCE},
    {"romeo@a.example/other", ME, OTHER_RESOURCE},
    {"a.example", ME, SERVER},
    {"a.example/x", ME, NOBODY},
    {"juliet@a.example", ME, NOBODY},
    {"romeo@b.example", ME, NOBODY},
    {"romeo@b.example/r", ME, NOBODY},
    {"b.example", ME, NOBODY},
    /* a component is its domain */
    {"c.example", "c.example", ACCOUNT},
    {"x@c.example", "c.example", NOBODY},
    {"b.example", "c.example", NOBODY},
    /* who does not know who it is, knows nobody */
    {"a.example", NULL, NOBODY},
    {"romeo@a.example", NULL, NOBODY},
    {"a.example", "@", NOBODY},
};

int main(void)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *from = rows[i].from, *self = rows[i].self;
        char room[XMPP_JID_BUFFER_SIZE];
        xmpp_jid_t jid;

        if (from && jid_parse(str_of(from), XMPP_JID_STRICT, room, &jid, NULL))
            bail(from);
        is_int((long)sender_bits(from ? &jid : NULL,
                                 self ? str_of(self) : STR_NONE),
               rows[i].want, "%s for %s", from ? from : "(nobody)",
               self ? self : "(nobody)");
    }
    return done_testing();
}
