/* reasons.c - why no mechanism is chosen, in words: what the account lacks,
 * what policy forbids, what was refused. */

#include "sasl/choice.h"
#include "sasl/refusal.h"

#include "sasl/sasl_testbed.h"
#include "tap.h"

/* What is missing is said, where anything is. */
static void lacks(void)
{
    static struct scram_keys keys;
    static const struct {
        bool anonymous, can_get_password, keys, external;
        const char *password, *token, *words;
    } cases[] = {
        {true, false, false, false, NULL, NULL, "the account has no user name"},
        {false, false, false, false, NULL, NULL,
         "no password was set; offered"},
        {false, false, false, true, NULL, NULL, "by the client certificate"},
        {false, false, true, false, NULL, NULL, "need other credentials"},
        {false, false, false, false, NULL, "t", "need other credentials"},
        {false, true, false, false, NULL, NULL, "need other credentials"},
        {false, false, false, false, "x", NULL, "need other credentials"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sasl_testbed testbed;
        bool has = cases[i].can_get_password || cases[i].password;

        sasl_testbed_make(&testbed);
        /* one that a password is no help with, or one that needs it */
        sasl_testbed_offer(&testbed, has ? "OAUTHBEARER" : "PLAIN", NULL);
        testbed.credentials.anonymous = cases[i].anonymous;
        testbed.credentials.can_get_password = cases[i].can_get_password;
        testbed.credentials.external = cases[i].external;
        testbed.credentials.keys = cases[i].keys ? &keys : NULL;
        testbed.credentials.password = str_of(cases[i].password);
        testbed.credentials.oauth_token = str_of(cases[i].token);
        ok(!choice_make(&testbed.offer, &testbed.credentials, &testbed.choice,
                        &testbed.fault) &&
               testbed.fault.code == XMPP_ECRED &&
               strstr(testbed.fault.detail, cases[i].words),
           "what is missing, row %zu: %s", i, testbed.fault.detail);
        sasl_testbed_drop(&testbed, "what is missing");
    }
}

/* Why nothing is left to try; `refusals` were tried before. */
static void nothing_left(void)
{
    static const struct {
        bool has_tls;
        const char *mechanisms, *types, *allowed;
        int refusals;
        const char *words;
    } cases[] = {
        {true, "", NULL, NULL, 0, "offered: nothing"},
        {true, "GSSAPI", NULL, NULL, 0, "no mechanism that this library knows"},
        {true, "SCRAM-SHA-1", NULL, "PLAIN", 0, "no mechanism that is allowed"},
        {true, "PLAIN", NULL, NULL, 1, "refused every mechanism"},
        {true, "SCRAM-SHA-1-PLUS PLAIN", NULL, NULL, 1,
         "refused every mechanism"}, /* a guess */
        {true, "SCRAM-SHA-1-PLUS", "tls-unique", NULL, 0,
         "demands channel binding of a type"},
        {false, "PLAIN", NULL, NULL, 0, "is not sent without TLS"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sasl_testbed testbed;
        int left = cases[i].refusals;

        sasl_testbed_make(&testbed);
        sasl_testbed_offer(&testbed, cases[i].mechanisms, cases[i].types);
        if (!cases[i].has_tls) {
            testbed.credentials.channel = NULL;
            testbed.credentials.encrypted = false;
        }
        testbed.credentials.allowed = str_of(cases[i].allowed);
        while (choice_make(&testbed.offer, &testbed.credentials,
                           &testbed.choice, &testbed.fault) &&
               left-- > 0)
            choice_refuse(&testbed.offer, &testbed.choice);
        ok(strstr(testbed.fault.detail, cases[i].words), "why, row %zu: %s", i,
           testbed.fault.detail);
        sasl_testbed_drop(&testbed, "a reason");
    }
}

/* What failed before stays the reason, and nothing is chosen. */
static void failed_before(void)
{
    struct sasl_testbed testbed;

    sasl_testbed_make(&testbed);
    sasl_testbed_offer(&testbed, "GSSAPI", NULL);
    fault_set(&testbed.fault, XMPP_LAYER_SASL, XMPP_EPROOF, NULL);
    ok(!choice_make(&testbed.offer, &testbed.credentials, &testbed.choice,
                    &testbed.fault),
       "nothing is chosen");
    is_int(testbed.fault.code, XMPP_EPROOF, "for the first reason");
    sasl_testbed_drop(&testbed, "a reason of its own");
}

/* What policy refuses mentions the least strength only where one is set. */
static void policy_words(void)
{
    static const struct {
        bool needs_channel_binding, is_set;
        const char *words;
    } laws[] = {
        {true, true, "channel binding is required"},
        {false, true,
         "weaker than the least allowed, SCRAM-SHA-1 -; offered: PLAIN"},
        {false, false, "has proved the password before"},
    };

    for (size_t i = 0; i < sizeof(laws) / sizeof(laws[0]); i++) {
        struct sasl_testbed testbed;

        sasl_testbed_make(&testbed);
        sasl_testbed_offer(&testbed, "PLAIN", NULL);
        strength_read(&testbed.credentials.min_strength,
                      STR("1 SCRAM-SHA-1 -"));
        testbed.credentials.min_strength.is_set = laws[i].is_set;
        testbed.credentials.needs_channel_binding =
            laws[i].needs_channel_binding;
        ok(!choice_make(&testbed.offer, &testbed.credentials, &testbed.choice,
                        &testbed.fault) &&
               strstr(testbed.fault.detail, laws[i].words),
           "policy, row %zu: %s", i, testbed.fault.detail);
        is_int(strstr(testbed.fault.detail, "the least allowed") != NULL,
               i == 1, "  of the least strength where one is set");
        sasl_testbed_drop(&testbed, "policy");
    }
    ok(!strstr(xmpp_strerror_advice(XMPP_EPOLICY), "pin"),
       "the advice cannot know");
}

/* A condition that nobody knows counts as a refusal of name and password; what
 * would help is unknown, too. */
static void unknown_refusal(void)
{
    const struct refusal *refusal = refusal_of(STR("x-unknown"));

    is_int(refusal->code, XMPP_EAUTH, "an unknown condition");
    ok(!refusal->may_try_password && !refusal->may_try_another,
       "  and nothing else is tried");
}

int main(void)
{
    unknown_refusal();
    lacks();
    nothing_left();
    failed_before();
    policy_words();
    return done_testing();
}
