/* secure.c - the certificate and the application: asked at once, later, never;
 * ending the connection meanwhile; pins; what TLS agreed on. */

#include "conn/bed.h"
#include "net/mint.h"

#include <strophe.h>

static struct mint mint;
static char good[160], self[160];

static const char *const goes_well[] = {PEER_TO_TLS, good, PEER_LOGIN,
                                        PEER_CLOSE, NULL};
static const char *const is_bad[] = {PEER_TO_TLS, self, PEER_LOGIN, PEER_CLOSE,
                                     NULL};
static char no_self[170];
static const char *const is_refused[] = {PEER_TO_TLS, no_self, "eof", NULL};
static const char *const direct_bad[] = {self, PEER_LOGIN, PEER_CLOSE, NULL};

/* ---- what is agreed on, and the certificate ---------------------- */

static void look(struct bed *bed, xmpp_conn_event_t event)
{
    xmpp_tlscert_t *cert;
    xmpp_conn_t *conn = bed->conn;

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
        ok(xmpp_tlscert_get_ctx(cert) == bed->ctx, "its context");
        ok(xmpp_tlscert_get_userdata(cert) == bed, "its userdata");
        ok(!strncmp(xmpp_tlscert_get_pem(cert), "-----BEGIN CERT", 15),
           "as PEM");
        is_str(xmpp_tlscert_get_string(cert, XMPP_CERT_ELEMENT_MAX), NULL,
               "no more elements");
    }
    bed->pointer = cert;
    xmpp_disconnect(conn);
}

static void agreed(void)
{
    struct bed bed;

    bed_make_secured(&bed, mint.ca_file);
    bed.on_event = look;
    bed_connect(&bed, goes_well);
    is_str(xmpp_conn_get_tls_info(bed.conn, XMPP_TLS_PROTOCOL), NULL,
           "nothing is agreed on before");
    ok(!xmpp_conn_get_peer_cert(bed.conn), "nor is there a certificate");
    bed_until(&bed, &bed.downs, 1, "a login under TLS");
    is_int(bed.ups, 1, "went well");
    bed_peer_done(&bed, "agreed");
    is_str(xmpp_conn_get_tls_info(bed.conn, XMPP_TLS_PROTOCOL), NULL,
           "nothing is agreed on afterwards");
    xmpp_conn_release(bed.conn);
    bed.conn = NULL;
    ok(xmpp_tlscert_get_userdata(bed.pointer) == &bed,
       "a certificate may outlive its connection");
    xmpp_tlscert_free(bed.pointer);
    bed_free(&bed, "agreed");
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
    struct bed bed;

    bed_make_secured(&bed, mint.ca_file);
    certfails = 0;
    certfail_answer = answer;
    bed.on_event = bed_close_when_up;
    xmpp_conn_set_certfail_handler(bed.conn, certfail);
    bed_connect(&bed, answer ? is_bad : is_refused);
    bed_until(&bed, &bed.downs, 1, "libstrophe's handler");
    is_int(certfails, 1, "asked once");
    is_int(bed.ups, answer, "connected: %d", answer);
    if (!answer)
        bed_failed(&bed, XMPP_LAYER_TLS, XMPP_ECERTISSUER, "refused");
    bed_peer_done(&bed, "certfail");
    bed_free(&bed, "certfail");
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
    struct bed bed;
    int how, questions;
    unsigned long id;
    unsigned reasons;
};

static int answer_later(xmpp_ctx_t *ctx, void *userdata)
{
    struct asked *a = userdata;

    (void)ctx;
    is_int(xmpp_conn_answer_cert(a->bed.conn, a->id + 1, 1), XMPP_EINVOP,
           "another question does not wait");
    is_int(xmpp_conn_answer_cert(a->bed.conn, a->id, a->how == LATER_YES), 0,
           "the answer comes later");
    is_int(xmpp_conn_answer_cert(a->bed.conn, a->id, 1), XMPP_EINVOP,
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
        xmpp_global_timed_handler_add(a->bed.ctx, answer_later, 20, a);
        return XMPP_CERT_LATER;
    case INSIDE:
        is_int(xmpp_conn_answer_cert(conn, q->id, 1), 0, "answered inside");
        return XMPP_CERT_LATER;
    case NEVER:
        return XMPP_CERT_LATER;
    case RELEASE:
        a->bed.conn = NULL;
        xmpp_conn_release(conn);
        is_str(q->domain, "example.org", "the question is whole to its end");
        return XMPP_CERT_ACCEPT;
    case END:
        xmpp_disconnect(conn);
        return XMPP_CERT_LATER;
    case NESTED:
        for (int i = 0; i < 5; i++)
            xmpp_run_once(a->bed.ctx, 1);
        return XMPP_CERT_ACCEPT;
    default:
        return a->how == SAY_YES ? XMPP_CERT_ACCEPT : XMPP_CERT_REJECT;
    }
}

static void ours(int how, bool direct, int ups, int code, const char *what)
{
    const char *const *bad = direct ? direct_bad : is_bad;
    struct asked a = {.how = how};

    bed_make_secured(&a.bed, mint.ca_file);
    if (direct)
        xmpp_conn_set_flags(a.bed.conn, XMPP_CONN_FLAG_LEGACY_SSL);
    xmpp_conn_set_option(a.bed.conn, XMPP_OPT_TLS_ANSWER_TIMEOUT,
                         how == NEVER ? 100 : 60000);
    a.bed.on_event = bed_close_when_up;
    certfails = 0;
    xmpp_conn_set_certfail_handler(a.bed.conn, certfail);
    xmpp_conn_set_cert_handler(a.bed.conn, ask, &a);
    bed_connect(&a.bed, ups ? bad : is_refused + (direct ? 6 : 0));
    bed_until(&a.bed, &a.bed.downs, 1, what);
    is_int(a.questions, 1, "%s: asked once", what);
    is_int(a.reasons, XMPP_BADCERT_ISSUER, "%s: about the issuer", what);
    is_int(certfails, 0, "%s: and nobody else", what);
    is_int(a.bed.ups, ups, "%s: connected %d times", what, ups);
    if (code)
        bed_failed(&a.bed, XMPP_LAYER_TLS, code, what);
    bed_peer_done(&a.bed, what);
    bed_free(&a.bed, what);
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

    bed_make_secured(&a.bed, mint.ca_file);
    xmpp_conn_set_option(a.bed.conn, XMPP_OPT_STEP_TIMEOUT, PATIENCE);
    xmpp_conn_set_option(a.bed.conn, XMPP_OPT_LOGIN_TIMEOUT, PATIENCE);
    xmpp_conn_set_cert_handler(a.bed.conn, ask, &a);
    a.how = NEVER;
    bed_connect(&a.bed, is_refused);
    bed_until(&a.bed, &a.questions, 1, "a question");
    for (int i = 0; i < PATIENCE / 20 * 2 && a.bed.downs == 0; i++)
        xmpp_run_once(a.bed.ctx, 20);
    is_int(a.bed.downs, 0, "a login has patience with the application");
    xmpp_conn_answer_cert(a.bed.conn, a.id, 0);
    bed_until(&a.bed, &a.bed.downs, 1, "which rejects in the end");
    bed_failed(&a.bed, XMPP_LAYER_TLS, XMPP_ECERTISSUER, "patient");
    is_int(xmpp_conn_answer_cert(a.bed.conn, a.id, 1), XMPP_EINVOP,
           "an answer that comes too late");
    bed_peer_done(&a.bed, "patient");
    bed_free(&a.bed, "patient");
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

    bed_make_secured(&a.bed, mint.ca_file);
    a.bed.on_event = bed_close_when_up;
    xmpp_conn_set_option(a.bed.conn, XMPP_OPT_TLS_ASK_ALWAYS, 1);
    xmpp_conn_set_cert_handler(a.bed.conn, ask, &a);
    bed_connect(&a.bed, twice);
    bed_until(&a.bed, &a.questions, 1, "asked about a bad one");
    first = a.id;
    xmpp_disconnect(a.bed.conn);
    bed_until(&a.bed, &a.bed.downs, 1, "ended");
    bed_connect_again(&a.bed);
    bed_until(&a.bed, &a.questions, 2, "asked about a good one");
    is_int(a.reasons, 0, "with which nothing is wrong");
    is_int(xmpp_conn_answer_cert(a.bed.conn, first, 1), XMPP_EINVOP,
           "the first question is over");
    is_int(xmpp_conn_answer_cert(a.bed.conn, a.id, 1), 0, "the second is not");
    bed_until(&a.bed, &a.bed.downs, 2, "a login");
    is_int(a.bed.ups, 1, "goes well");
    bed_peer_done(&a.bed, "always");
    bed_free(&a.bed, "always");
}

/* ---- pins -------------------------------------------------------- */

static void pins(void)
{
    struct bed bed;
    char pin[65];
    xmpp_tlscert_t *cert;

    memset(pin, 'a', 64);
    pin[64] = '\0';
    bed_make_secured(&bed, mint.ca_file);
    bed.on_event = look;
    is_int(xmpp_conn_add_tls_pin(bed.conn, XMPP_TLS_PIN_KEY, "abc"), XMPP_EARG,
           "a pin that is none");
    is_int(xmpp_conn_add_tls_pin(bed.conn, (xmpp_tls_pin_t)7, pin), XMPP_EARG,
           "a kind that is none");
    is_int(
        xmpp_conn_add_tls_pin(bed.conn, XMPP_TLS_PIN_KEY,
                              "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        0, "a pin in base64");
    for (int i = 1; i < XMPP_TLS_PINS_MAX; i++)
        xmpp_conn_add_tls_pin(bed.conn, XMPP_TLS_PIN_CERT, pin);
    is_int(xmpp_conn_add_tls_pin(bed.conn, XMPP_TLS_PIN_CERT, pin), XMPP_EFULL,
           "one pin too many");
    snprintf(no_self, sizeof(no_self), "no%s", good);
    bed_connect(&bed, is_refused);
    bed_until(&bed, &bed.downs, 1, "a server with another key");
    bed_failed(&bed, XMPP_LAYER_TLS, XMPP_ECERTPIN, "not pinned");
    bed_peer_done(&bed, "not pinned");
    xmpp_conn_clear_tls_pins(bed.conn);
    bed_connect(&bed, goes_well);
    bed_until(&bed, &bed.downs, 2, "without pins");
    bed_peer_done(&bed, "without pins");
    cert = bed.pointer;
    is_int(xmpp_conn_add_tls_pin(bed.conn, XMPP_TLS_PIN_KEY,
                                 xmpp_tlscert_get_pin(cert, XMPP_TLS_PIN_KEY)),
           0, "the pin of its certificate");
    xmpp_tlscert_free(cert);
    bed_connect(&bed, goes_well);
    bed_until(&bed, &bed.downs, 3, "with it");
    is_int(bed.ups, 2, "it connects");
    xmpp_tlscert_free(bed.pointer);
    bed_peer_done(&bed, "pinned");
    bed_free(&bed, "pins");
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
    mint_open(&mint);
    mint_files(&mint, &(struct coin){.dns = {"example.org"}}, "good");
    mint_files(&mint, &(struct coin){.dns = {"example.org"}, .self = 1},
               "self");
    snprintf(good, sizeof(good), "tls %s/good", mint.folder);
    snprintf(self, sizeof(self), "tls %s/self", mint.folder);
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
    mint_close(&mint);
    return done_testing();
}
