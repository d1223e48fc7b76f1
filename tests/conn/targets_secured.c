/* targets_secured.c - several targets with TLS: all have to meet the same
 * demands, or stricter ones. */

#include "conn/targets_testbed.h"
#include "net/certmaker.h"

static struct certmaker certmaker;
static char good[160], self[160];

static void secure(struct testbed *testbed)
{
    testbed_make_virtual(testbed);
    xmpp_conn_set_flags(testbed->conn, 0);
    xmpp_conn_set_cafile(testbed->conn, certmaker.ca_file);
}

static int on_cert(xmpp_conn_t *conn, const xmpp_cert_question_t *question,
                   void *userdata)
{
    (void)conn;
    (void)question;
    ++*(int *)userdata;
    return XMPP_CERT_REJECT;
}

/* One node of a cluster has a certificate that nobody accepts. */
static void bad_certificate(void)
{
    struct testbed testbed;

    secure(&testbed);
    testbed.on_event = testbed_close_when_up;
    targets_meet(&testbed, 2, 0,
                 SCRIPT(PEER_TO_TLS, self, "accept", PEER_TO_TLS, good,
                        PEER_LOGIN, PEER_CLOSE));
    testbed_until(&testbed, &testbed.downs, 1, "a bad certificate");
    is_int(testbed.ups, 1, "up at the other");
    targets_failed(&testbed, 0, "s1.example.org", XMPP_LAYER_TLS,
                   XMPP_ECERTISSUER);
    targets_end(&testbed, "a bad certificate");
}

/* Where a person said no, no other is asked about. */
static void rejected(void)
{
    struct testbed testbed;
    int asked = 0;

    secure(&testbed);
    xmpp_conn_set_cert_handler(testbed.conn, on_cert, &asked);
    targets_meet(&testbed, 2, 0, SCRIPT(PEER_TO_TLS, self));
    testbed_until(&testbed, &testbed.downs, 1, "a rejected certificate");
    is_int(asked, 1, "one question");
    is_int(memory_server_count(testbed.server), 1, "there is no second");
    targets_end(&testbed, "rejected");
}

/* TLS was there once: where the next target has none, nothing is sent in the
 * clear, not even if the application would allow it. */
static void not_to_less(const char *const *script, int code, const char *what)
{
    struct testbed testbed;

    secure(&testbed);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_TLS_OPTIONAL, 1);
    targets_meet(&testbed, 2, 0, script);
    testbed_until(&testbed, &testbed.downs, 1, what);
    is_int(testbed.ups, 0, "  it is not up");
    testbed_failed(&testbed, XMPP_LAYER_TLS, XMPP_ENOTLS, what);
    targets_failed(&testbed, 0, "s1.example.org", XMPP_LAYER_TLS, code);
    targets_end(&testbed, what);
}

static void less(void)
{
#define PLAIN "accept", HELLO, "S " PEER_HEADER PEER_SASL, "eof"
    not_to_less(SCRIPT(PEER_TO_TLS, self, PLAIN), XMPP_ECERTISSUER,
                "a bad certificate, then no TLS");
    not_to_less(SCRIPT(PEER_TO_TLS, "hangup", PLAIN), XMPP_ETLS,
                "a handshake that is cut, then no TLS");
}

/* Without that option neither target may do without. */
static void no_tls(void)
{
    struct testbed testbed;

    secure(&testbed);
    testbed.on_event = testbed_close_when_up;
    targets_meet(&testbed, 2, 0,
                 SCRIPT(HELLO, "S " PEER_HEADER PEER_SASL, "accept",
                        PEER_TO_TLS, good, PEER_LOGIN, PEER_CLOSE));
    testbed_until(&testbed, &testbed.downs, 1, "no TLS at the first");
    is_int(testbed.ups, 1, "up at the second");
    targets_failed(&testbed, 0, "s1.example.org", XMPP_LAYER_TLS, XMPP_ENOTLS);
    targets_end(&testbed, "no TLS");
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
    snprintf(self, sizeof(self), "notls %s/self", certmaker.folder);
    bad_certificate();
    rejected();
    less();
    no_tls();
    certmaker_close(&certmaker);
    return done_testing();
}
