/* secure.c - the certificate and the application: asked at once, later, never;
 * ending the connection meanwhile; pins; what TLS agreed on. */

#include "conn/testbed.h"
#include "net/certmaker.h"

#include <strophe.h>

static struct certmaker certmaker;
static char good[160], self[160];

static const char *const goes_well[] = {PEER_TO_TLS, good, PEER_LOGIN,
                                        PEER_CLOSE, NULL};
static const char *const is_bad[] = {PEER_TO_TLS, self, PEER_LOGIN, PEER_CLOSE,
                                     NULL};
static char no_self[170];
static const char *const is_refused[] = {PEER_TO_TLS, no_self, "eof", NULL};
static const char *const direct_bad[] = {self, PEER_LOGIN, PEER_CLOSE, NULL};

/* ---- what is agreed on, and the certificate ---------------------- */

static void look(struct testbed *testbed, xmpp_conn_event_t event)
{
    xmpp_tlscert_t *cert;
    xmpp_conn_t *conn = testbed->conn;

    if (event != XMPP_CONN_CONNECT)
        return;
    ok(xmpp_conn_is_secured(conn), "the connection is secured");
    is_str(xmpp_conn_get_tls_info(conn, XMPP_TLS_PROTOCOL), "TLS1.3",
           "the protocol is told");
    is_str(xmpp_conn_get_tls_info(conn, XMPP_TLS_VERIFIED), "yes",
           "and that it is verified");
    cert = xmpp_conn_get_peer_cert(conn);
    if (ok(cert != NULL, "there is a certificate")) {
        is_str(xmpp_tlscert_get_string(cert, XMPP_CERT_SUBJECT), "/CN=test",
               "its subject");
        is_str(xmpp_tlscert_get_dnsname(cert, 0), "example.org", "its name");
        is_str(xmpp_tlscert_get_dnsname(cert, 1), NULL, "the only one");
        ok(xmpp_tlscert_get_conn(cert) == conn, "its connection");
        ok(xmpp_tlscert_get_ctx(cert) == testbed->ctx, "its context");
        ok(xmpp_tlscert_get_userdata(cert) == testbed, "its userdata");
        ok(!strncmp(xmpp_tlscert_get_pem(cert), "-----BEGIN CERT", 15),
           "as PEM");
        is_str(xmpp_tlscert_get_string(cert, XMPP_CERT_ELEMENT_MAX), NULL,
               "no more elements");
    }
    testbed->pointer = cert;
    xmpp_disconnect(conn);
}

static void agreed(void)
{
    struct testbed testbed;

    testbed_make_secured(&testbed, certmaker.ca_file);
    testbed.is_virtual = true;
    testbed.on_event = look;
    testbed_connect(&testbed, goes_well);
    is_str(xmpp_conn_get_tls_info(testbed.conn, XMPP_TLS_PROTOCOL), NULL,
           "nothing is agreed on before");
    ok(!xmpp_conn_get_peer_cert(testbed.conn), "nor is there a certificate");
    testbed_until(&testbed, &testbed.downs, 1, "a login under TLS");
    is_int(testbed.ups, 1, "went well");
    testbed_peer_done(&testbed, "agreed");
    is_str(xmpp_conn_get_tls_info(testbed.conn, XMPP_TLS_PROTOCOL), NULL,
           "nothing is agreed on afterwards");
    xmpp_conn_release(testbed.conn);
    testbed.conn = NULL;
    ok(xmpp_tlscert_get_userdata(testbed.pointer) == &testbed,
       "a certificate may outlive its connection");
    xmpp_tlscert_free(testbed.pointer);
    testbed_free(&testbed, "agreed");
}

static void names(void)
{
    is_str(xmpp_tls_info_name(XMPP_TLS_PROTOCOL), "protocol", "a fact's name");
    is_str(xmpp_tls_info_name(XMPP_TLS_INFO_COUNT_), NULL, "no more");
    is_str(xmpp_tlscert_get_description(XMPP_CERT_SIGALG),
           "Certificate Signature Algorithm", "an element's name");
    is_str(xmpp_tlscert_get_description(XMPP_CERT_ELEMENT_MAX), NULL,
           "no more");
    xmpp_tlscert_free(NULL);
}

/* ---- libstrophe's handler ---------------------------------------- */

static int certfails, certfail_answer;

static int certfail(const xmpp_tlscert_t *cert, const char *const text)
{
    certfails++;
    ok(strstr(text, "issuer") != NULL, "it is told: %s", text);
    is_str(xmpp_tlscert_get_dnsname(cert, 0), "example.org", "of whom");
    return certfail_answer;
}

static void strophe_says(int answer)
{
    struct testbed testbed;

    testbed_make_secured(&testbed, certmaker.ca_file);
    testbed.is_virtual = true;
    certfails = 0;
    certfail_answer = answer;
    testbed.on_event = testbed_close_when_up;
    xmpp_conn_set_certfail_handler(testbed.conn, certfail);
    testbed_connect(&testbed, answer ? is_bad : is_refused);
    testbed_until(&testbed, &testbed.downs, 1, "libstrophe's handler");
    is_int(certfails, 1, "asked once");
    is_int(testbed.ups, answer, "connected: %d", answer);
    if (!answer)
        testbed_failed(&testbed, XMPP_LAYER_TLS, XMPP_ECERTISSUER, "refused");
    testbed_peer_done(&testbed, "certfail");
    testbed_free(&testbed, "certfail");
}

/* ---- ours -------------------------------------------------------- */

enum {
    SAY_NO,
    SAY_YES,
    LATER_NO,
    LATER_YES,
    INSIDE,
    NEVER,
    RELEASE,
    END,
    NESTED
};

struct asked {
    struct testbed testbed;
    int how, questions;
    unsigned long id;
    unsigned reasons;
};

static int answer_later(xmpp_ctx_t *ctx, void *userdata)
{
    struct asked *a = userdata;

    (void)ctx;
    is_int(xmpp_conn_answer_cert(a->testbed.conn, a->id + 1, 1), XMPP_EINVOP,
           "another question does not wait");
    is_int(xmpp_conn_answer_cert(a->testbed.conn, a->id, a->how == LATER_YES),
           0, "the answer comes later");
    is_int(xmpp_conn_answer_cert(a->testbed.conn, a->id, 1), XMPP_EINVOP,
           "only once");
    return 0;
}

static int ask(xmpp_conn_t *conn, const xmpp_cert_question_t *q, void *userdata)
{
    struct asked *a = userdata;

    a->questions++;
    a->id = q->id;
    a->reasons = q->reasons;
    is_str(q->domain, "example.org", "asked about it");
    ok(q->reasons ? q->text[0] != '\0' : q->text[0] == '\0', "in words");
    switch (a->how) {
    case LATER_NO:
    case LATER_YES:
        xmpp_global_timed_handler_add(a->testbed.ctx, answer_later, 20, a);
        return XMPP_CERT_LATER;
    case INSIDE:
        is_int(xmpp_conn_answer_cert(conn, q->id, 1), 0, "answered inside");
        return XMPP_CERT_LATER;
    case NEVER:
        return XMPP_CERT_LATER;
    case RELEASE:
        a->testbed.conn = NULL;
        xmpp_conn_release(conn);
        is_str(q->domain, "example.org", "the question is whole to its end");
        return XMPP_CERT_ACCEPT;
    case END:
        xmpp_disconnect(conn);
        return XMPP_CERT_LATER;
    case NESTED:
        for (int i = 0; i < 5; i++)
            xmpp_run_once(a->testbed.ctx, 1);
        return XMPP_CERT_ACCEPT;
    default:
        return a->how == SAY_YES ? XMPP_CERT_ACCEPT : XMPP_CERT_REJECT;
    }
}

static void ours(int how, bool direct, int ups, int code, const char *what)
{
    const char *const *bad = direct ? direct_bad : is_bad;
    struct asked a = {.how = how};

    testbed_make_secured(&a.testbed, certmaker.ca_file);
    a.testbed.is_virtual = true;
    if (direct)
        xmpp_conn_set_flags(a.testbed.conn, XMPP_CONN_FLAG_LEGACY_SSL);
    xmpp_conn_set_option(a.testbed.conn, XMPP_OPT_TLS_ANSWER_TIMEOUT,
                         how == NEVER ? 100 : 60000);
    a.testbed.on_event = testbed_close_when_up;
    certfails = 0;
    xmpp_conn_set_certfail_handler(a.testbed.conn, certfail);
    xmpp_conn_set_cert_handler(a.testbed.conn, ask, &a);
    testbed_connect(&a.testbed, ups ? bad : is_refused + (direct ? 6 : 0));
    testbed_until(&a.testbed, &a.testbed.downs, 1, what);
    is_int(a.questions, 1, "%s: asked once", what);
    is_int(a.reasons, XMPP_BADCERT_ISSUER, "%s: about the issuer", what);
    is_int(certfails, 0, "%s: and nobody else", what);
    is_int(a.testbed.ups, ups, "%s: connected %d times", what, ups);
    if (code)
        testbed_failed(&a.testbed, XMPP_LAYER_TLS, code, what);
    testbed_peer_done(&a.testbed, what);
    testbed_free(&a.testbed, what);
}

static void our_answers(void)
{
    ours(SAY_YES, false, 1, 0, "accepted");
    ours(SAY_NO, false, 0, XMPP_ECERTISSUER, "rejected");
    ours(LATER_YES, false, 1, 0, "accepted later");
    ours(LATER_NO, false, 0, XMPP_ECERTISSUER, "rejected later");
    ours(INSIDE, false, 1, 0, "accepted inside");
    ours(NEVER, false, 0, XMPP_ETIMEOUT, "never answered");
    ours(RELEASE, false, 0, 0, "released meanwhile");
    ours(END, false, 0, 0, "disconnected meanwhile");
    ours(NESTED, false, 1, 0, "a loop inside");
    ours(LATER_YES, true, 1, 0, "direct TLS, accepted later");
    ours(NEVER, true, 0, XMPP_ETIMEOUT, "direct TLS, never answered");
    ours(END, true, 0, 0, "direct TLS, disconnected meanwhile");
}

#define PATIENCE 2000 /* milliseconds: enough for what comes before */

/* The login's patience does not run while the application thinks. */
static void patient(void)
{
    struct asked a = {.how = LATER_YES};

    testbed_make_secured(&a.testbed, certmaker.ca_file);
    a.testbed.is_virtual = true;
    xmpp_conn_set_option(a.testbed.conn, XMPP_OPT_STEP_TIMEOUT, PATIENCE);
    xmpp_conn_set_option(a.testbed.conn, XMPP_OPT_LOGIN_TIMEOUT, PATIENCE);
    xmpp_conn_set_cert_handler(a.testbed.conn, ask, &a);
    a.how = NEVER;
    testbed_connect(&a.testbed, is_refused);
    testbed_until(&a.testbed, &a.questions, 1, "a question");
    for (int i = 0; i < PATIENCE / 20 * 2 && a.testbed.downs == 0; i++)
        xmpp_run_once(a.testbed.ctx, 20);
    is_int(a.testbed.downs, 0, "a login has patience with the application");
    xmpp_conn_answer_cert(a.testbed.conn, a.id, 0);
    testbed_until(&a.testbed, &a.testbed.downs, 1, "which rejects in the end");
    testbed_failed(&a.testbed, XMPP_LAYER_TLS, XMPP_ECERTISSUER, "patient");
    is_int(xmpp_conn_answer_cert(a.testbed.conn, a.id, 1), XMPP_EINVOP,
           "an answer that comes too late");
    testbed_peer_done(&a.testbed, "patient");
    testbed_free(&a.testbed, "patient");
}

/* Asked about a good one, and the answer to the first does not do for the
 * second. */
static void always(void)
{
    struct asked a = {.how = NEVER};
    static const char *const twice[] = {PEER_TO_TLS, no_self, "accept",
                                        PEER_TO_TLS, good,    PEER_LOGIN,
                                        PEER_CLOSE,  NULL};
    unsigned long first;

    testbed_make_secured(&a.testbed, certmaker.ca_file);
    a.testbed.is_virtual = true;
    a.testbed.on_event = testbed_close_when_up;
    xmpp_conn_set_option(a.testbed.conn, XMPP_OPT_TLS_ASK_ALWAYS, 1);
    xmpp_conn_set_cert_handler(a.testbed.conn, ask, &a);
    testbed_connect(&a.testbed, twice);
    testbed_until(&a.testbed, &a.questions, 1, "asked about a bad one");
    first = a.id;
    xmpp_disconnect(a.testbed.conn);
    testbed_until(&a.testbed, &a.testbed.downs, 1, "ended");
    testbed_connect_again(&a.testbed);
    testbed_until(&a.testbed, &a.questions, 2, "asked about a good one");
    is_int(a.reasons, 0, "with which nothing is wrong");
    is_int(xmpp_conn_answer_cert(a.testbed.conn, first, 1), XMPP_EINVOP,
           "the first question is over");
    is_int(xmpp_conn_answer_cert(a.testbed.conn, a.id, 1), 0,
           "the second is not");
    testbed_until(&a.testbed, &a.testbed.downs, 2, "a login");
    is_int(a.testbed.ups, 1, "goes well");
    testbed_peer_done(&a.testbed, "always");
    testbed_free(&a.testbed, "always");
}

/* ---- pins -------------------------------------------------------- */

static void pins(void)
{
    struct testbed testbed;
    char pin[65];
    xmpp_tlscert_t *cert;

    memset(pin, 'a', 64);
    pin[64] = '\0';
    testbed_make_secured(&testbed, certmaker.ca_file);
    testbed.is_virtual = true;
    testbed.on_event = look;
    is_int(xmpp_conn_add_tls_pin(testbed.conn, XMPP_TLS_PIN_KEY, "abc"),
           XMPP_EARG, "a pin that is none");
    is_int(xmpp_conn_add_tls_pin(testbed.conn, (xmpp_tls_pin_t)7, pin),
           XMPP_EARG, "a kind that is none");
    is_int(
        xmpp_conn_add_tls_pin(testbed.conn, XMPP_TLS_PIN_KEY,
                              "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        0, "a pin in base64");
    for (int i = 1; i < XMPP_TLS_PINS_MAX; i++)
        xmpp_conn_add_tls_pin(testbed.conn, XMPP_TLS_PIN_CERT, pin);
    is_int(xmpp_conn_add_tls_pin(testbed.conn, XMPP_TLS_PIN_CERT, pin),
           XMPP_EFULL, "one pin too many");
    snprintf(no_self, sizeof(no_self), "no%s", good);
    testbed_connect(&testbed, is_refused);
    testbed_until(&testbed, &testbed.downs, 1, "a server with another key");
    testbed_failed(&testbed, XMPP_LAYER_TLS, XMPP_ECERTPIN, "not pinned");
    testbed_peer_done(&testbed, "not pinned");
    xmpp_conn_clear_tls_pins(testbed.conn);
    testbed_connect(&testbed, goes_well);
    testbed_until(&testbed, &testbed.downs, 2, "without pins");
    testbed_peer_done(&testbed, "without pins");
    cert = testbed.pointer;
    is_int(xmpp_conn_add_tls_pin(testbed.conn, XMPP_TLS_PIN_KEY,
                                 xmpp_tlscert_get_pin(cert, XMPP_TLS_PIN_KEY)),
           0, "the pin of its certificate");
    xmpp_tlscert_free(cert);
    testbed_connect(&testbed, goes_well);
    testbed_until(&testbed, &testbed.downs, 3, "with it");
    is_int(testbed.ups, 2, "it connects");
    xmpp_tlscert_free(testbed.pointer);
    testbed_peer_done(&testbed, "pinned");
    testbed_free(&testbed, "pins");
}

static void describe(void)
{
    char text[100], small[10];

    xmpp_badcert_describe(XMPP_BADCERT_EXPIRED | XMPP_BADCERT_NAME, text,
                          sizeof(text));
    is_str(text, "it is expired; it does not name the domain", "two reasons");
    xmpp_badcert_describe(XMPP_BADCERT_EXPIRED | XMPP_BADCERT_NAME, small,
                          sizeof(small));
    is_str(small, "it is exp", "cut");
    xmpp_badcert_describe(0, text, sizeof(text));
    is_str(text, "", "none");
}

int main(void)
{
    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    certmaker_files(&certmaker,
                    &(struct cert_spec){.dns = {"example.org"}, .self = 1},
                    "self");
    snprintf(good, sizeof(good), "tls %s/good", certmaker.folder);
    snprintf(self, sizeof(self), "tls %s/self", certmaker.folder);
    snprintf(no_self, sizeof(no_self), "no%s", self);
    names();
    describe();
    agreed();
    strophe_says(1);
    strophe_says(0);
    our_answers();
    patient();
    always();
    pins();
    certmaker_close(&certmaker);
    return done_testing();
}
