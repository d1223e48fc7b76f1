/* error.c - codes, and the record of a failure. */

#include "base/error.h"

#include "base/str.h"
#include "tap.h"

static void test_codes(void)
{
    static const int codes[] = {
        0, XMPP_EMEM, XMPP_EINVOP, XMPP_EINT,
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
    ok(!fault_may_retry(&f), "no use in trying again");
    strcpy(f.condition, "temporary-auth-failure");
    ok(fault_may_retry(&f), "but now there is");
    f.condition[0] = '\0';
    f.code = XMPP_ELOST;
    ok(fault_may_retry(&f), "and after a lost connection");
}

int main(void)
{
    test_codes();
    test_first_wins();
    test_peer();
    return done_testing();
}
