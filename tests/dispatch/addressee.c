/* addressee.c - who may answer a question, by whom it was asked. */

#include "dispatch/addressee.h"

#include "tap.h"

#define ME "romeo@a.example/r"

static const struct {
    const char *to, *from, *self;
    bool may;
} rows[] = {
    /* somebody else: nobody but that very address */
    {"juliet@b.example/x", "juliet@b.example/x", ME, true},
    {"juliet@b.example/x", "JULIET@B.example/x", ME, true},
    {"juliet@b.example/x", "juliet@b.example/X", ME, false},
    {"juliet@b.example/x", "juliet@b.example", ME, false},
    {"juliet@b.example/x", "b.example", ME, false},
    {"juliet@b.example/x", NULL, ME, false},
    {"juliet@b.example/x", "a.example", ME, false},
    {"juliet@b.example/x", ME, ME, false},
    {"juliet@b.example", "juliet@b.example/x", ME, false},
    {"b.example", "b.example", ME, true},
    {"b.example", "a.example", ME, false},
    {"b.example", "b.example/x", ME, false},
    {"b.example", "b.example.evil.example", ME, false},
    {"b.example", "@", ME, false},
    {"b.example", "", ME, false},
    /* our server: the server, also without a sender */
    {"a.example", "a.example", ME, true},
    {"a.example", NULL, ME, true},
    {"a.example", "romeo@a.example", ME, false},
    {"a.example", ME, ME, false},
    {"a.example", "juliet@a.example", ME, false},
    {"a.example", "b.example", ME, false},
    {"a.example", "a.example/x", ME, false},
    {"a.example", "a.example.evil.example", ME, false},
    {"a.example", "@", ME, false},
    /* our account by name */
    {"romeo@a.example", "romeo@a.example", ME, true},
    {"romeo@a.example", NULL, ME, true},
    {"romeo@a.example", ME, ME, true},
    {"romeo@a.example", "a.example", ME, true},
    {"romeo@a.example", "romeo@a.example/other", ME, false},
    {"romeo@a.example", "juliet@a.example", ME, false},
    {"romeo@a.example", "a.example/x", ME, false},
    {"romeo@a.example", "b.example", ME, false},
    /* ourselves by name */
    {ME, ME, ME, true},
    {ME, NULL, ME, false},
    {ME, "romeo@a.example", ME, false},
    {ME, "a.example", ME, false},
    /* no address: our account */
    {NULL, NULL, ME, true},
    {NULL, "romeo@a.example", ME, true},
    {NULL, ME, ME, true},
    {NULL, "a.example", ME, true},
    {NULL, "romeo@a.example/other", ME, false},
    {NULL, "juliet@a.example", ME, false},
    {NULL, "b.example", ME, false},
    {NULL, "@", ME, false},
    {NULL, "", ME, false},
    /* an account whose resource is not known (XEP-0078): any of its own */
    {NULL, "romeo@a.example/other", "romeo@a.example", true},
    {NULL, "juliet@a.example/other", "romeo@a.example", false},
    {NULL, "romeo@b.example", "romeo@a.example", false},
    {"a.example", "romeo@a.example/other", "romeo@a.example", false},
    /* a component is its domain */
    {NULL, "c.example", "c.example", true},
    {NULL, "c.example/x", "c.example", false},
    {NULL, "x@c.example", "c.example", false},
    {"x@b.example", "x@b.example", "c.example", true},
    /* who does not know who it is believes only whom it asked */
    {NULL, NULL, "@", false},
    {NULL, "a.example", "@", false},
    {"a.example", NULL, "@", false},
    {"a.example", "a.example", "@", true},
};

static struct str text_of(const char *text)
{
    return text ? str_of(text) : STR_NONE;
}

int main(void)
{
    char room[XMPP_JID_BUFFER_SIZE];
    struct addressee whom;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *to = rows[i].to, *from = rows[i].from;

        if (addressee_read(text_of(to), room, &whom))
            bail("an address that cannot be asked");
        ok(addressee_may_answer(&whom, text_of(from), str_of(rows[i].self)) ==
               rows[i].may,
           "%s asked %s, and %s %s answer", rows[i].self,
           to ? to : "(its account)", from ? from : "(nobody)",
           rows[i].may ? "may" : "must not");
    }
    ok(addressee_read(STR("@"), room, &whom) != 0, "nobody can be asked");
    return done_testing();
}
