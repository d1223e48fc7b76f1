/* profiles.c - the profiles of PRECIS, and own addresses prepared by them. */

#include "address/precis.h"

#include <unistr.h>

#include <xmpp/error.h>

#include "address/jid.h"
#include "failmem.h"
#include "tap.h"

static struct failmem memory;
static struct env env;

static void gives(enum precis_profile profile, const char *text,
                  const char *want, const char *what)
{
    const char *why;
    char *got;
    int rc = precis_enforce(&env, profile, str_of(text), &got, &why);

    is_int(rc, want ? 0 : XMPP_EARG, "%s", what);
    is_str(got, want, "%s: result", what);
    ok(want ? !why : why != NULL, "%s: %s", what, why ? why : "fine");
    env_free(&env, got);
}

/* RFC 8265 section 3.5, RFC 7622 section 3.5, and what is known to be hard. */
static void usernames(void)
{
    gives(PRECIS_USERNAME, "juliet", "juliet", "a name");
    gives(PRECIS_USERNAME, "Juliet", "juliet", "in lower case");
    gives(PRECIS_USERNAME, "fussball", "fussball", "fussball");
    gives(PRECIS_USERNAME, "fu\xc3\x9f" "ball", "fu\xc3\x9f" "ball",
          "sharp s stays");
    gives(PRECIS_USERNAME, "\xcf\x80", "\xcf\x80", "Greek");
    gives(PRECIS_USERNAME, "\xce\xa3", "\xcf\x83", "Sigma in lower case");
    gives(PRECIS_USERNAME, "\xcf\x82", "\xcf\x82", "final sigma stays");
    gives(PRECIS_USERNAME, "\xce\x9f\xce\x94\xce\x9f\xce\xa3",
          "\xce\xbf\xce\xb4\xce\xbf\xcf\x83", "and does not arise");
    gives(PRECIS_USERNAME, "\xef\xbc\xa1\xef\xbc\xa2", "ab", "full width");
    gives(PRECIS_USERNAME, "A\xcc\x88", "\xc3\xa4", "composed");
    gives(PRECIS_USERNAME, "\xc4\xb0", "i\xcc\x87", "I with a dot");
    gives(PRECIS_USERNAME, "\xe1\x8e\xa0", "\xea\xad\xb0", "Cherokee");
    gives(PRECIS_USERNAME, "foo bar", NULL, "a space");
    gives(PRECIS_USERNAME, "", NULL, "nothing");
    gives(PRECIS_USERNAME, "henry\xe2\x85\xa3", NULL, "Roman four");
    gives(PRECIS_USERNAME, "\xe2\x99\x9a", NULL, "a chess king");
    gives(PRECIS_USERNAME, "\xef\xac\x81x", NULL, "a ligature");
    gives(PRECIS_USERNAME, "a\xcd\xb8", NULL, "unassigned");
    gives(PRECIS_USERNAME, "\xd7\x90" "a", NULL, "directions mixed");
    gives(PRECIS_USERNAME, "1a", "1a", "a digit first");
    gives(PRECIS_USERNAME, "\xff", NULL, "not UTF-8");
    gives(PRECIS_USERNAME, "a\x01", NULL, "a control");
}

static void opaques(void)
{
    gives(PRECIS_OPAQUE, "Correct Horse", "Correct Horse", "case and space");
    gives(PRECIS_OPAQUE, "foo\xe1\x9a\x80" "bar", "foo bar", "an Ogham space");
    gives(PRECIS_OPAQUE, "\xcf\x80\xc3\x9f\xc3\xa5", "\xcf\x80\xc3\x9f\xc3\xa5",
          "letters");
    gives(PRECIS_OPAQUE, "Jack of \xe2\x99\xa6s", "Jack of \xe2\x99\xa6s",
          "a symbol");
    gives(PRECIS_OPAQUE, "\xe2\x85\xa3", "\xe2\x85\xa3", "Roman four");
    gives(PRECIS_OPAQUE, "a\xcc\x88", "\xc3\xa4", "composed");
    gives(PRECIS_OPAQUE, "", NULL, "nothing");
    gives(PRECIS_OPAQUE, "my cat is a \x09" "by", NULL, "a tabulator");
    gives(PRECIS_OPAQUE, "foo\xc2\xb7" "bar", NULL, "a middle dot");
}

/* Whatever is accepted is accepted again, and unchanged. */
static void idempotent(enum precis_profile profile, const char *what)
{
    int good = 0, bad = 0;

    for (uint32_t c = 1; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 7) {
        char text[8] = "", *once, *twice = NULL;
        const char *why;
        int n = u8_uctomb((uint8_t *)text, c, sizeof(text) - 1);

        if (n <= 0 || precis_enforce(&env, profile, str_of(text), &once, &why))
            continue;
        good++;
        bad += precis_enforce(&env, profile, str_of(once), &twice, &why) ||
               strcmp(once, twice) != 0;
        env_free(&env, once);
        env_free(&env, twice);
    }
    ok(good > 15000, "%s: %d single characters are accepted", what, good);
    is_int(bad, 0, "%s: and stay as they are", what);
}

/* ---- addresses -------------------------------------------------------------------- */

static void address(const char *text, const char *want, const char *part)
{
    const char *which, *why;
    char *got;
    int rc = jid_prepare(&env, str_of(text), &got, &which, &why);

    is_int(rc, want ? 0 : XMPP_EARG, "%s", text);
    is_str(got, want, "%s: prepared", text);
    if (!want)
        is_str(which, part, "%s: what is wrong: %s", text, why);
    env_free(&env, got);
}

static void addresses(void)
{
    address("Juliet@Example.COM/Foo", "juliet@example.com/Foo", NULL);
    address("example.com", "example.com", NULL);
    address("example.com/foo bar@baz", "example.com/foo bar@baz", NULL);
    address("a@b/\xe2\x99\x9a", "a@b/\xe2\x99\x9a", NULL);
    address("fu\xc3\x9f" "ball@example.com", "fu\xc3\x9f" "ball@example.com",
            NULL);
    address("\"juliet\"@example.com", NULL, "localpart");
    address("foo bar@example.com", NULL, "localpart");
    address("a:b@example.com", NULL, "localpart");
    address("\xef\xbc\xa0x@example.com", NULL, "localpart");
    address("henry\xe2\x85\xa3@example.com", NULL, "localpart");
    address("a@B\xc3\x9c" "CHER.example", "a@b\xc3\xbc" "cher.example", NULL);
    address("a@xn--bcher-kva.example/r", "a@b\xc3\xbc" "cher.example/r", NULL);
    address("a@[::1]/r", "a@[::1]/r", NULL);
    address("a@192.0.2.1", "a@192.0.2.1", NULL);
    address("a@exa mple.com", NULL, "domainpart");
    address("a@\xe2\x98\x83.com", NULL, "domainpart");
    address("a@example.com/\x09", NULL, "resourcepart");
    address("@example.com", NULL, "address");
    address("a@example.com/", NULL, "address");
}

static void lacks(void)
{
    unsigned long n = 0;
    bool told = true;

    do {
        const char *which, *why;
        char *got;
        int rc;

        failmem_arm(&memory, ++n, 0);
        rc = jid_prepare(&env, STR("R\xc3\x96meo@example.org/\xc3\xa4"), &got,
                         &which, &why);
        told = told && (memory.failed ? rc == XMPP_EMEM && !got : rc == 0);
        env_free(&env, got);
    } while (memory.failed && n < 100);
    failmem_arm(&memory, 0, 0);
    ok(told, "each of %lu failing allocations is told", n - 1);
    is_int(memory.held, 0, "and nothing is left");
}

int main(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    usernames();
    opaques();
    idempotent(PRECIS_USERNAME, "user names");
    idempotent(PRECIS_OPAQUE, "free form");
    addresses();
    lacks();
    return done_testing();
}
