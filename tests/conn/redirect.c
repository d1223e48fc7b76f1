/* redirect.c - see-other-host (RFC 6120 section 4.9.3.19): followed within a
 * login, up to a limit, and never to less. */

#include "conn/testbed.h"
#include "net/certmaker.h"

static struct certmaker certmaker;
static char good[160], other[160];

#define OTHER                                                                  \
    "<stream:error><see-other-host "                                           \
    "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>%s</see-other-host>"          \
    "</stream:error></stream:stream>"

/* Two servers; the first sends clients to the second, or wherever. */
struct pair {
    struct testbed testbed;
    struct fake_server *second;
    char says[600], at[64];
};

static void sends_to(struct pair *p, const char *where, bool header)
{
    snprintf(p->says, sizeof(p->says), "S %s" OTHER, header ? PEER_HEADER : "",
             where);
}

static void second(struct pair *p, const char *const *script)
{
    p->second = fake_server_start(script);
    snprintf(p->at, sizeof(p->at), "127.0.0.1:%u", fake_server_port(p->second));
    sends_to(p, p->at, true);
}

static void drop(struct pair *p, const char *what)
{
    testbed_peer_done(&p->testbed, what);
    if (p->second)
        is_str(fake_server_join(p->second), NULL, "%s: so did the second",
               what);
    testbed_free(&p->testbed, what);
}

/* It fails for the redirect, which its message names. */
static void not_followed(struct pair *p, const char *words, const char *what)
{
    const xmpp_failure_t *f;

    testbed_until(&p->testbed, &p->testbed.downs, 1, what);
    testbed_failed(&p->testbed, XMPP_LAYER_STREAM, XMPP_ESTREAM, what);
    f = xmpp_conn_get_failure(p->testbed.conn);
    is_str(f ? f->condition : NULL, "see-other-host", "  as it was said");
    ok(f && f->retry && strstr(f->message, words), "  with words: %s",
       f ? f->message : "");
    is_int(p->testbed.had_stream_error, 1, "  and the error itself");
}

/* ---- in a login -------------------------------------------------- */

static const char *const login[] = {"C to=\"example.org\"",
                                    "S " PEER_HEADER PEER_SASL,
                                    "C ANONYMOUS",
                                    "C >",
                                    "S <success xmlns='urn:ietf:params:xml:ns:"
                                    "xmpp-sasl'/>",
                                    "C <stream:stream",
                                    "C >",
                                    "S " PEER_HEADER PEER_BIND,
                                    "C </iq>",
                                    "S <iq type='result' id='%id%'><bind "
                                    "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                                    "<jid>guest@example.org/r</jid></bind>"
                                    "</iq>",
                                    PEER_CLOSE,
                                    NULL};

static void at_once(void)
{
    struct pair p = {0};
    const char *const script[] = {"C <stream:stream", "C >", p.says, "eof",
                                  NULL};

    testbed_make(&p.testbed);
    second(&p, login);
    testbed_connect(&p.testbed, script);
    testbed_until(&p.testbed, &p.testbed.ups, 1, "up at the other host");
    is_int(p.testbed.downs, 0, "and nothing else was told");
    xmpp_disconnect(p.testbed.conn);
    testbed_until(&p.testbed, &p.testbed.downs, 1, "down");
    ok(!xmpp_conn_get_failure(p.testbed.conn), "without a failure");
    is_int(p.testbed.had_stream_error, 0, "or an error of the stream");
    drop(&p, "at once");
}

/* Everything is said at each hop, up to `limit` times. */
static void in_circles(long limit)
{
    struct pair p = {0};
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
    sends_to(&p, p.at, true);
    testbed_connect_again(&p.testbed);
    snprintf(words, sizeof(words),
             "it names %s; which is one redirection too many", p.at);
    not_followed(&p, words, "in circles");
    drop(&p, "in circles");
}

static void nonsense(const char *where, const char *words)
{
    struct pair p = {0};
    const char *const script[] = {"C <stream:stream", "C >", p.says, "eof",
                                  NULL};

    testbed_make(&p.testbed);
    sends_to(&p, where, true);
    testbed_connect(&p.testbed, script);
    not_followed(&p, words, where);
    drop(&p, where);
}

#define COMPONENT_HEADER                                                       \
    "<stream:stream xmlns='jabber:component:accept' "                          \
    "xmlns:stream='http://etherx.jabber.org/streams' id='s1' "                 \
    "from='example.org'>"

static void on_component(void)
{
    struct pair p = {0};
    const char *const script[] = {"C <stream:stream", "C >", p.says, "eof",
                                  NULL};

    testbed_make(&p.testbed);
    snprintf(p.says, sizeof(p.says), "S " COMPONENT_HEADER OTHER,
             "a.example:5347");
    p.testbed.peer = fake_server_start(script);
    xmpp_conn_set_pass(p.testbed.conn, "secret");
    is_int(xmpp_connect_component(p.testbed.conn, "127.0.0.1",
                                  fake_server_port(p.testbed.peer),
                                  testbed_handler, &p.testbed),
           0, "a component");
    not_followed(&p, "it names a.example:5347; which only a client may follow",
                 "a component");
    drop(&p, "a component");
}

/* The login fails as it does anywhere. */
static void nobody(void)
{
    struct pair p = {0};
    const char *const script[] = {"C <stream:stream", "C >", p.says, "eof",
                                  NULL};

    testbed_make(&p.testbed);
    snprintf(p.at, sizeof(p.at), "127.0.0.1:%u", fake_server_no_port());
    sends_to(&p, p.at, true);
    p.testbed.peer = fake_server_start(script);
    testbed_connect_again(&p.testbed);
    testbed_until(&p.testbed, &p.testbed.downs, 1, "nobody there");
    testbed_failed(&p.testbed, XMPP_LAYER_TCP, XMPP_ECONNECT, "nobody there");
    ok(xmpp_conn_get_failure(p.testbed.conn)->retry, "  now");
    drop(&p, "nobody there");
}

/* ---- and TLS ----------------------------------------------------- */

/* Sent away under TLS, which the application would do without. */
static void under_tls(const char *const *there, xmpp_layer_t layer, int code,
                      const char *what)
{
    struct pair p = {0};
    const char *const script[] = {
        PEER_TO_TLS, good, "C <stream:stream", "C >", p.says, "eof", NULL};

    testbed_make_secured(&p.testbed, certmaker.ca_file);
    xmpp_conn_set_option(p.testbed.conn, XMPP_OPT_TLS_OPTIONAL, 1);
    second(&p, there);
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

/* ---- after a session --------------------------------------------- */

static void later(bool somebody)
{
    struct pair p = {0};
    const char *const script[] = {PEER_LOGIN,
                                  p.says,
                                  "C </stream:stream>",
                                  somebody ? NULL : "accept",
                                  PEER_LOGIN,
                                  PEER_CLOSE,
                                  NULL};

    testbed_make(&p.testbed);
    if (somebody)
        second(&p, login);
    else
        snprintf(p.at, sizeof(p.at), "127.0.0.1:%u", fake_server_no_port());
    sends_to(&p, p.at, false);
    testbed_connect(&p.testbed, script);
    testbed_until(&p.testbed, &p.testbed.ups, 1, "up");
    not_followed(&p, p.at, "a session is sent away");
    testbed_connect_again(&p.testbed);
    testbed_until(&p.testbed, &p.testbed.ups, 2,
                  somebody ? "the next call goes there"
                           : "or where it went before");
    xmpp_disconnect(p.testbed.conn);
    testbed_until(&p.testbed, &p.testbed.downs, 2, "down");
    drop(&p, "after a session");
}

/* A call that names another host knows what it does. */
static void elsewhere(void)
{
    struct pair p = {0};
    const char *const script[] = {PEER_LOGIN, p.says,     "C </stream:stream>",
                                  "accept",   PEER_LOGIN, PEER_CLOSE,
                                  NULL};

    testbed_make(&p.testbed);
    snprintf(p.at, sizeof(p.at), "127.0.0.1:%u", fake_server_no_port());
    sends_to(&p, p.at, false);
    testbed_connect(&p.testbed, script);
    testbed_until(&p.testbed, &p.testbed.downs, 1, "sent away");
    is_int(xmpp_connect_client(p.testbed.conn, "localhost",
                               fake_server_port(p.testbed.peer),
                               testbed_handler, &p.testbed),
           0, "another host is named");
    testbed_until(&p.testbed, &p.testbed.ups, 2, "which is taken");
    xmpp_disconnect(p.testbed.conn);
    testbed_until(&p.testbed, &p.testbed.downs, 2, "down");
    drop(&p, "elsewhere");
}

/* ---- without memory ---------------------------------------------- */

/* True if an allocation failed. */
static bool starve(unsigned long n)
{
    struct pair p = {0};
    const char *const script[] = {"C <stream:stream", "C >", p.says, "eof",
                                  NULL};
    const xmpp_failure_t *f;
    bool failed;

    testbed_make(&p.testbed);
    p.testbed.on_event = testbed_close_when_up;
    xmpp_conn_set_option(p.testbed.conn, XMPP_OPT_CLOSE_TIMEOUT, 50);
    second(&p, login);
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
    on_component();
    nobody();
    tls();
    later(true);
    later(false);
    elsewhere();
    while (starve(n))
        n++;
    ok(n > 20, "each of %lu allocations failed", n - 1);
    certmaker_close(&certmaker);
    return done_testing();
}
