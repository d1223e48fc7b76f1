/* upgrade.c - who gets the password in the form of a stronger hash (XEP-0480),
 * and who does not. */

#include "sasl/upgrade.h"

#include "sasl/sasl_testbed.h"
#include "tap.h"

#define BOTH 3u

static unsigned wanted(struct sasl_testbed *testbed, bool unbound)
{
    return upgrade_wanted(BOTH, testbed->sasl, unbound);
}

static void begin(struct sasl_testbed *testbed, const struct mechanism *m)
{
    sasl_testbed_make(testbed);
    sasl_testbed_begin(testbed, m, 'p', BINDING_EXPORTER);
}

static void names(void)
{
    is_str(upgrade_name(0), "UPGR-SCRAM-SHA-256", "the first task");
    is_str(upgrade_name(1), "UPGR-SCRAM-SHA-512", "the second");
    ok(!upgrade_name(2), "no third");
    is_int(upgrade_bit(STR("UPGR-SCRAM-SHA-256")), 1, "its bit");
    is_int(upgrade_bit(STR("UPGR-SCRAM-SHA-512")), 2, "and its");
    is_int(upgrade_bit(STR("UPGR-SCRAM-SHA-1")), 0, "nothing gets weaker");
}

static void mechanisms(void)
{
    static const struct {
        const struct mechanism *m;
        unsigned want;
    } rows[] = {{&mechanism_scram_sha1, BOTH},
                {&mechanism_scram_sha256, 2},
                {&mechanism_scram_sha512, 0},
                {&mechanism_plain, 0},
                {&mechanism_bearer, 0}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sasl_testbed testbed;

        begin(&testbed, rows[i].m);
        is_int(wanted(&testbed, false), rows[i].want, "after %s",
               rows[i].m->name);
        sasl_testbed_drop(&testbed, "a mechanism");
    }
}

/* An attacker in between must not get it, and nobody without the password can
 * give it. */
static void conditions(void)
{
    static const struct scram_keys keys = {.is_set = true};
    struct sasl_testbed testbed;
    struct credentials *c = &testbed.credentials;

    begin(&testbed, &mechanism_scram_sha1);
    is_int(upgrade_wanted(1, testbed.sasl, false), 1, "what is offered");
    c->allowed = STR("SCRAM-SHA-512 PLAIN");
    is_int(wanted(&testbed, false), 2, "what is allowed");
    c->allowed = STR_NONE;
    c->encrypted = false;
    is_int(wanted(&testbed, true), 0, "nothing without TLS");
    c->encrypted = true;
    testbed.sasl->choice.binding = BINDING_NONE;
    is_int(wanted(&testbed, false), 0, "nor without binding");
    is_int(wanted(&testbed, true), BOTH, "unless the application wants it");
    c->password = STR_NONE;
    is_int(wanted(&testbed, true), 0, "nor without a password");
    c->can_get_password = true;
    is_int(wanted(&testbed, true), BOTH, "the login requested it");
    c->keys = &keys;
    is_int(wanted(&testbed, true), 0, "it did not, with keys");
    c->password = STR("pencil");
    is_int(wanted(&testbed, true), BOTH, "but it is known");
    sasl_testbed_drop(&testbed, "conditions");
}

/* The result is Hi(password, salt, i) of RFC 5802 section 2.2 (Python's). */
static void tasks(void)
{
    static const struct {
        unsigned bit;
        const char *salt, *iterations;
        int rc;
        unsigned char begins[2];
        size_t n;
    } rows[] = {
        {1, "QSXCR+Q6sek8bf92", "4096", 0, {0xa9, 0x75}, 32},
        {2, "QSXCR+Q6sek8bf92", "4096", 0, {0x97, 0x38}, 64},
        {1, "QQ==", "4096", 0, {0xba, 0x2e}, 32},
        {1, "", "4096", XMPP_ECHALLENGE, {0}, 0},
        {1, "Q!==", "4096", XMPP_ECHALLENGE, {0}, 0},
        {1, "QSXCR+Q6sek8bf92", "4095", XMPP_ECHALLENGE, {0}, 0},
        {1, "QSXCR+Q6sek8bf92", "100001", XMPP_ECHALLENGE, {0}, 0},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct upgrade upgrade = {0};
        struct sasl_testbed testbed;

        begin(&testbed, &mechanism_scram_sha1);
        is_int(upgrade_begin(&upgrade, testbed.sasl, rows[i].bit,
                             str_of(rows[i].salt), str_of(rows[i].iterations)),
               rows[i].rc, "task %zu", i);
        if (rows[i].rc == 0) {
            struct str result = upgrade_result(&upgrade);

            ok(result.n == rows[i].n &&
                   memcmp(result.s, rows[i].begins, 2) == 0,
               "  its result");
        }
        upgrade_end(&upgrade);
        sasl_testbed_drop(&testbed, "a task");
    }
}

int main(void)
{
    names();
    mechanisms();
    conditions();
    tasks();
    return done_testing();
}
