/* error.c - codes, and the record of a failure. */

#include "base/error.h"

#include "base/str.h"
#include "tap.h"

static void test_codes(void)
{
    static const int codes[] = {0, XMPP_EMEM, XMPP_EINVOP, XMPP_EINT,
#define CODE(code, name, text) code,
                                XMPP_ERROR_MAP(CODE)
#undef CODE
    };
    size_t n = sizeof(codes) / sizeof(codes[0]);

    for (size_t i = 0; i < n; i++) {
        ok(strncmp(xmpp_strerror_name(codes[i]), "XMPP_E", 6) == 0 &&
               strcmp(xmpp_strerror(codes[i]), "unknown error") != 0,
           "%s: %s", xmpp_strerror_name(codes[i]), xmpp_strerror(codes[i]));
        ok(codes[i] == 0 || xmpp_strerror_advice(codes[i])[0] != '\0',
           "  what helps: %s", xmpp_strerror_advice(codes[i]));
        for (size_t k = 0; k < i; k++)
            if (codes[i] == codes[k])
                ok(false, "%d is used twice", codes[i]);
    }
    is_str(xmpp_strerror(-12345), "unknown error", "a stranger");
    is_str(xmpp_strerror_advice(-12345), "", "nothing helps against it");
    is_str(xmpp_layer_name(XMPP_LAYER_SASL), "sasl", "a layer");
    is_str(xmpp_layer_name((xmpp_layer_t)99), "?", "a strange layer");
}

static void test_first_wins(void)
{
    struct fault f = {0};
    char text[700];

    fault_describe(&f, text, sizeof(text));
    is_str(text, "no failure", "none yet");
    is_int(fault_set(&f, XMPP_LAYER_DNS, XMPP_ENOHOST, "%s", "a.example"),
           XMPP_ENOHOST, "the first");
    is_int(fault_set(&f, XMPP_LAYER_APP, XMPP_EMEM, NULL), XMPP_ENOHOST,
           "wins");
    fault_describe(&f, text, sizeof(text));
    is_str(text, "dns: no such host: a.example", "in words");
    fault_set_os(&f, 5);
    fault_set_os(&f, 6);
    is_int(f.os, 5, "the first number too");
}

static void test_peer(void)
{
    struct fault f = {0};
    char text[700], word[600] = "";

    for (int i = 0; i < 100; i++)
        strcat(word, "\xe2\x82\xac"); /* three bytes each */
    fault_set_peer(&f, XMPP_LAYER_SASL, XMPP_EAUTH, STR("not-authorized"),
                   str_of(word));
    is_int(strlen(f.text), 255, "a long text is cut between characters");
    ok(str_is_utf8(str_of(f.text)), "and stays UTF-8");
    f.text[0] = '\0';
    fault_describe(&f, text, sizeof(text));
    is_str(text,
           "sasl: the server refused the credentials (the server says: "
           "not-authorized)",
           "in words");
}

/* ---- may a retry help? ------------------------------------------- */

enum {
    NO,
    KNOWN,  /* only if an earlier attempt had a session */
    SERVED, /* only if this one had */
    SATED,  /* the same, and not soon */
    LATER,
    YES
};

/* By whether this attempt had a session, and whether an earlier one had. */
static const xmpp_retry_t answers[][2][2] = {
#define N XMPP_RETRY_NEVER
#define S XMPP_RETRY_SOON
#define L XMPP_RETRY_LATER
    [NO] = {{N, N}, {N, N}},     [KNOWN] = {{N, S}, {N, S}},
    [SERVED] = {{N, N}, {S, S}}, [SATED] = {{N, N}, {L, L}},
    [LATER] = {{L, L}, {L, L}},  [YES] = {{S, S}, {S, S}},
};

static void retries(xmpp_layer_t layer, int code, const char *condition,
                    int want)
{
    struct fault f = {.layer = layer, .code = code};

    strcpy(f.condition, condition);
    for (int i = 0; i < 4; i++)
        is_int(fault_retry(&f, i / 2, i % 2), answers[want][i / 2][i % 2],
               "%s %s: a retry (%s session, %s before)",
               xmpp_strerror_name(code), condition, i / 2 ? "a" : "no",
               i % 2 ? "one" : "none");
    f.is_lasting = true;
    ok(!fault_retry(&f, true, true), "  but not if it is known to last");
}

/* Every code, so that a new one has to be thought about. */
static void test_retry_by_code(void)
{
    static const int yes[] = {XMPP_EMEM,       XMPP_ENOTCONN, XMPP_EFULL,
                              XMPP_ETIMEOUT,   XMPP_EDNS,     XMPP_ECONNECT,
                              XMPP_ELOST,      XMPP_EEOF,     XMPP_ETLS,
                              XMPP_EAUTHTEMP,  XMPP_EACK,     XMPP_EPROXY,
                              XMPP_EWEBSOCKET, XMPP_EHOSTMETA},
                     later[] = {XMPP_ECERTTIME},
                     known[] = {XMPP_ENOHOST,   XMPP_ENOSERVICE,
                                XMPP_ENOTLS,    XMPP_ECERT,
                                XMPP_ECERTNAME, XMPP_ECERTISSUER},
                     served[] = {XMPP_ELIMIT,  XMPP_EXML,      XMPP_ERESTRICTED,
                                 XMPP_EPREFIX, XMPP_EENCODING, XMPP_ESTREAM,
                                 XMPP_EPROTO},
                     no[] = {
                         XMPP_EINVOP,      XMPP_EINT,       XMPP_EARG,
                         XMPP_EDANE,       XMPP_ECERTPIN,   XMPP_ETRUST,
                         XMPP_ECLIENTCERT, XMPP_EINJECT,    XMPP_ECERTREVOKED,
                         XMPP_ELOGIN,      XMPP_ETASK,      XMPP_EAUTH,
                         XMPP_EMECH,       XMPP_EPROOF,     XMPP_ECHALLENGE,
                         XMPP_ECRED,       XMPP_EDISABLED,  XMPP_EEXPIRED,
                         XMPP_EPOLICY,     XMPP_EDOWNGRADE, XMPP_EBIND,
                         XMPP_EBOUNDJID,   XMPP_EVERSION,   XMPP_EREFUSED,
                         XMPP_EDROPPED,    XMPP_ESTANZA,    XMPP_EPROXYAUTH};
    size_t looked = 0, all = 0;

#define WALK(list, want)                                                       \
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++, looked++)      \
    retries(XMPP_LAYER_STREAM, list[i], "", want)
    WALK(yes, YES);
    WALK(later, LATER);
    WALK(known, KNOWN);
    WALK(served, SERVED);
    WALK(no, NO);
#define COUNT(code, name, text) all++;
    XMPP_ERROR_MAP(COUNT)
    is_int(looked, all + 3, "every code was looked at"); /* and libstrophe's */
}

static void test_retry_by_condition(void)
{
    static const struct {
        xmpp_layer_t layer;
        int code;
        const char *condition;
        int want;
    } rows[] = {
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "bad-format", SERVED},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "bad-namespace-prefix", SERVED},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "conflict", NO},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "connection-timeout", YES},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "host-gone", NO},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "host-unknown", NO},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "improper-addressing", SERVED},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "internal-server-error", YES},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "invalid-from", SERVED},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "invalid-namespace", SERVED},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "invalid-xml", SERVED},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "not-authorized", NO},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "not-well-formed", SERVED},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "policy-violation", SATED},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "remote-connection-failed", YES},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "reset", YES},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "resource-constraint", LATER},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "restricted-xml", SERVED},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "see-other-host", YES},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "system-shutdown", YES},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "undefined-condition", SERVED},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "unsupported-encoding", SERVED},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "unsupported-feature", SERVED},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "unsupported-stanza-type", SERVED},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "unsupported-version", NO},
        {XMPP_LAYER_STREAM, XMPP_ESTREAM, "x-of-its-own", SERVED},
        {XMPP_LAYER_SASL, XMPP_EAUTH, "not-authorized", NO},
        {XMPP_LAYER_SASL, XMPP_EAUTHTEMP, "temporary-auth-failure", YES},
        {XMPP_LAYER_SASL, XMPP_EAUTHTEMP, "no-resources", LATER},
        {XMPP_LAYER_SASL, XMPP_EDISABLED, "account-disabled", NO},
        {XMPP_LAYER_SASL, XMPP_ELOGIN, "conflict", NO},
        {XMPP_LAYER_BIND, XMPP_EBIND, "conflict", LATER},
        {XMPP_LAYER_BIND, XMPP_EBIND, "resource-constraint", LATER},
        {XMPP_LAYER_BIND, XMPP_EBIND, "service-unavailable", YES},
        {XMPP_LAYER_BIND, XMPP_EBIND, "not-allowed", NO},
        {XMPP_LAYER_BIND, XMPP_EBIND, "bad-request", NO},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        retries(rows[i].layer, rows[i].code, rows[i].condition, rows[i].want);
}

int main(void)
{
    test_codes();
    test_first_wins();
    test_peer();
    test_retry_by_code();
    test_retry_by_condition();
    return done_testing();
}
