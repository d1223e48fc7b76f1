/* redirect.c - see-other-host (RFC 6120 section 4.9.3.19): followed within a
 * redirect_login, up to a limit, and never to less. */

#include "conn/redirect_testbed.h"
#include "net/certmaker.h"

static struct certmaker certmaker;
static char good[160], other[160];

/* ---- in a login -------------------------------------------------- */

static void at_once(void)
{
    struct redirect_pair p = {0};
    const char *const script[] = {"C <stream:stream", "C >", p.says, "eof",
                                  NULL};

    testbed_make(&p.testbed);
    redirect_second(&p, redirect_login);
    testbed_connect(&p.testbed, script);
    testbed_until(&p.testbed, &p.testbed.ups, 1, "up at the other host");
    is_int(p.testbed.downs, 0, "and nothing else was told");
    xmpp_disconnect(p.testbed.conn);
    testbed_until(&p.testbed, &p.testbed.downs, 1, "down");
    ok(!xmpp_conn_get_failure(p.testbed.conn), "without a failure");
    is_int(p.testbed.had_stream_error, 0, "or an error of the stream");
    redirect_drop(&p, "at once");
}

/* Everything is said at each hop, up to `limit` times. */
static void in_circles(long limit)
{
    struct redirect_pair p = {0};
    const char *hop[] = {"C <stream:stream", "C >", p.says, "eof", "accept"};
    const char *script[6 * 5 + 1] = {0};
    char words[200];

    for (long i = 0; i <= limit; i++)
        memcpy(script + 5 * i, hop, sizeof(hop));
    script[5 * limit + 4] = NULL;
    testbed_make(&p.testbed);
    xmpp_conn_set_option(p.testbed.conn, XMPP_OPT_MAX_REDIRECTS, limit);
    p.testbed.peer = fake_server_start(script);
    snprintf(p.at, sizeof(p.at), "127.0.0.1:%u",
             fake_server_port(p.testbed.peer));
    redirect_sends_to(&p, p.at, true);
    testbed_connect_again(&p.testbed);
    snprintf(words, sizeof(words),
             "it names %s; which is one redirection too many", p.at);
    redirect_not_followed(&p, words, "in circles");
    redirect_drop(&p, "in circles");
}

static void nonsense(const char *where, const char *words)
{
    struct redirect_pair p = {0};
    const char *const script[] = {"C <stream:stream", "C >", p.says, "eof",
                                  NULL};

    testbed_make(&p.testbed);
    redirect_sends_to(&p, where, true);
    testbed_connect(&p.testbed, script);
    redirect_not_followed(&p, words, where);
    redirect_drop(&p, where);
}

/* Other elements of the error may stand before it, and bear its name. */
static void among_others(void)
{
    struct redirect_pair p = {0};
    const char *const script[] = {"C <stream:stream", "C >", p.says, "eof",
                                  NULL};

    testbed_make(&p.testbed);
    redirect_second(&p, redirect_login);
    snprintf(p.says, sizeof(p.says),
             "S " PEER_HEADER "<stream:error>"
             "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>busy</text>"
             "<see-other-host xmlns='urn:x-other'>127.0.0.1:%u</see-other-host>"
             "<see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>%s"
             "</see-other-host></stream:error></stream:stream>",
             fake_server_no_port(), p.at);
    testbed_connect(&p.testbed, script);
    testbed_ends_well(&p.testbed, "among others");
    is_str(fake_server_join(p.second), NULL, "so did the second");
}

static void on_component(void)
{
    struct redirect_pair p = {0};
    const char *const script[] = {"C <stream:stream", "C >", p.says, "eof",
                                  NULL};

    testbed_make(&p.testbed);
    snprintf(p.says, sizeof(p.says), "S " PEER_COMPONENT_HEADER REDIRECT_OTHER,
             "a.example:5347");
    p.testbed.peer = fake_server_start(script);
    xmpp_conn_set_pass(p.testbed.conn, "secret");
    is_int(xmpp_connect_component(p.testbed.conn, "127.0.0.1",
                                  fake_server_port(p.testbed.peer),
                                  testbed_handler, &p.testbed),
           0, "a component");
    redirect_not_followed(
        &p, "it names a.example:5347; which only a client may follow",
        "a component");
    redirect_drop(&p, "a component");
}

/* The login fails as it does anywhere. */
static void nobody(void)
{
    struct redirect_pair p = {0};
    const char *const script[] = {"C <stream:stream", "C >", p.says, "eof",
                                  NULL};

    testbed_make(&p.testbed);
    snprintf(p.at, sizeof(p.at), "127.0.0.1:%u", fake_server_no_port());
    redirect_sends_to(&p, p.at, true);
    p.testbed.peer = fake_server_start(script);
    testbed_connect_again(&p.testbed);
    testbed_until(&p.testbed, &p.testbed.downs, 1, "nobody there");
    testbed_failed(&p.testbed, XMPP_LAYER_TCP, XMPP_ECONNECT, "nobody there");
    ok(xmpp_conn_get_failure(p.testbed.conn)->retry, "  now");
    redirect_drop(&p, "nobody there");
}

/* ---- and TLS ----------------------------------------------------- */

/* Sent away under TLS, which the application would do without. */
static void under_tls(const char *const *there, xmpp_layer_t layer, int code,
                      const char *what)
{
    struct redirect_pair p = {0};
    const char *const script[] = {
        PEER_TO_TLS, good, "C <stream:stream", "C >", p.says, "eof", NULL};

    testbed_make_secured(&p.testbed, certmaker.ca_file);
    xmpp_conn_set_option(p.testbed.conn, XMPP_OPT_TLS_OPTIONAL, 1);
    redirect_second(&p, there);
    testbed_connect(&p.testbed, script);
    testbed_until(&p.testbed, &p.testbed.downs, 1, what);
    testbed_failed(&p.testbed, layer, code, what);
    testbed_peer_done(&p.testbed, what);
    fake_server_join(p.second);
    p.second = NULL;
    testbed_free(&p.testbed, what);
}

static void tls(void)
{
    static const char *const none[] = {"C <stream:stream", "C >",
                                       "S " PEER_HEADER PEER_SASL, "eof", NULL},
                             *const named[] = {PEER_TO_TLS, other, "eof", NULL},
                             *const ends[] = {
                                 PEER_TO_TLS,
                                 good,
                                 "C to=\"example.org\"",
                                 "S " PEER_HEADER "</stream:stream>",
                                 "eof",
                                 NULL};

    under_tls(none, XMPP_LAYER_TLS, XMPP_ENOTLS, "to where no TLS is");
    under_tls(named, XMPP_LAYER_TLS, XMPP_ECERTNAME, "to another certificate");
    under_tls(ends, XMPP_LAYER_STREAM, XMPP_EEOF, "to the same domain");
}

/* With DANE a host that came before TLS may be a forger's. */
static void dane(void)
{
    struct redirect_pair p = {0};
    const char *const script[] = {"C <stream:stream", "C >", p.says, "eof",
                                  NULL};

    testbed_make_secured(&p.testbed, certmaker.ca_file);
    if (xmpp_conn_set_option(p.testbed.conn, XMPP_OPT_DANE, 1)) {
        testbed_free(&p.testbed, "without DANE");
        return;
    }
    redirect_sends_to(&p, "a.example:5222", true);
    xmpp_conn_set_dane_anchor(p.testbed.conn, "/dev/null");
    testbed_connect(&p.testbed, script);
    redirect_not_followed(&p, "not followed with DANE", "DANE");
    redirect_drop(&p, "DANE");
}

/* ---- without memory ---------------------------------------------- */

/* True if an allocation failed. */
static bool starve(unsigned long n)
{
    struct redirect_pair p = {0};
    const char *const script[] = {"C <stream:stream", "C >", p.says, "eof",
                                  NULL};
    const xmpp_failure_t *f;
    bool failed;

    testbed_make(&p.testbed);
    p.testbed.on_event = testbed_close_when_up;
    xmpp_conn_set_option(p.testbed.conn, XMPP_OPT_CLOSE_TIMEOUT, 50);
    redirect_second(&p, redirect_login);
    p.testbed.peer = fake_server_start(script);
    failmem_arm(&p.testbed.memory, n, 0);
    testbed_connect_again(&p.testbed);
    while (!xmpp_conn_is_disconnected(p.testbed.conn))
        xmpp_run_once(p.testbed.ctx, 100);
    failed = p.testbed.memory.failed > 0;
    f = xmpp_conn_get_failure(p.testbed.conn);
    if (p.testbed.downs && !p.testbed.ups && (!f || f->code != XMPP_EMEM))
        ok(false, "allocation %lu: %s", n, f ? f->message : "no failure");
    fake_server_poke(p.testbed.peer);
    fake_server_poke(p.second);
    fake_server_join(p.testbed.peer);
    fake_server_join(p.second);
    testbed_free(&p.testbed, "starved");
    return failed;
}

int main(void)
{
    unsigned long n = 1;

    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"localhost"}},
                    "other");
    snprintf(good, sizeof(good), "tls %s/good", certmaker.folder);
    snprintf(other, sizeof(other), "tls %s/other", certmaker.folder);
    at_once();
    for (long limit = 0; limit < 6; limit++)
        in_circles(limit);
    nonsense("a b", "it names a b; which is not a valid host");
    nonsense("a.example:0", "it names a.example:0; which is not a valid host");
    nonsense("a&#10;b", "it names a\\x0Ab; which is not a valid host");
    among_others();
    on_component();
    nobody();
    tls();
    dane();
    while (starve(n))
        n++;
    ok(n > 20, "each of %lu allocations failed", n - 1);
    certmaker_close(&certmaker);
    return done_testing();
}
