/* targets.c - a target that is of no use is followed by the next one, and by no
 * other as soon as something of the account was sent. */

#include <xmpp/dial.h>

#include "conn/ctx.h"
#include "conn/fate.h"
#include "conn/targets_testbed.h"
#include "net/memory.h"

/* ---- going on ---------------------------------------------------- */

/* The first target fails in this way, the second lets us in. */
static void goes_on(const char *what, const char *const *first,
                    xmpp_layer_t layer, int code)
{
    static const char *const second[] = {"accept", PEER_LOGIN, PEER_CLOSE,
                                         NULL};
    const char *script[40] = {NULL};
    struct testbed testbed;
    size_t n = 0;

    for (; *first; first++)
        script[n++] = *first;
    memcpy(script + n, second, sizeof(second));
    testbed_make_virtual(&testbed);
    targets_meet(&testbed, 2, 0, script);
    testbed_until(&testbed, &testbed.ups, 1, what);
    is_int(testbed.downs, 0, "  nothing was reported meanwhile");
    ok(!xmpp_conn_get_failure(testbed.conn), "  and nothing failed");
    is_int(memory_server_count(testbed.server), 2, "  at the second");
    targets_failed(&testbed, 0, "s1.example.org", layer, code);
    targets_no_more(&testbed, 1);
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "  down");
    targets_end(&testbed, what);
}

static void all_ways(void)
{
    goes_on("garbage", SCRIPT(HELLO, "S HTTP/1.1 400 Bad Request\r\n\r\n"),
            XMPP_LAYER_XML, XMPP_EXML);
    goes_on("closed at once", SCRIPT(HELLO, "hangup"), XMPP_LAYER_STREAM,
            XMPP_EEOF);
    goes_on("reset", SCRIPT(HELLO, "reset"), XMPP_LAYER_TCP, XMPP_ELOST);
    goes_on("silent", SCRIPT(HELLO, "eof"), XMPP_LAYER_STREAM, XMPP_ETIMEOUT);
    goes_on("shutting down", SCRIPT(HELLO, ERROR("system-shutdown")),
            XMPP_LAYER_STREAM, XMPP_ESTREAM);
    goes_on("another domain's", SCRIPT(HELLO, ERROR("host-unknown")),
            XMPP_LAYER_STREAM, XMPP_ESTREAM);
    goes_on("no mechanism",
            SCRIPT(HELLO, "S " PEER_HEADER "<stream:features/>"),
            XMPP_LAYER_SASL, XMPP_EMECH);
}

/* Refused ones come first. */
static void refused(void)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    testbed.on_event = testbed_close_when_up;
    targets_meet(&testbed, 3, 2, SCRIPT(PEER_LOGIN, PEER_CLOSE));
    testbed_until(&testbed, &testbed.downs, 1, "two refuse, one is there");
    is_int(testbed.ups, 1, "up");
    targets_failed(&testbed, 0, "s1.example.org", XMPP_LAYER_TCP,
                   XMPP_ECONNECT);
    targets_failed(&testbed, 1, "s2.example.org", XMPP_LAYER_TCP,
                   XMPP_ECONNECT);
    targets_no_more(&testbed, 2);
    targets_end(&testbed, "two refuse");
}

/* ---- in vain ----------------------------------------------------- */

/* What was at least reached says more than what refused. */
static void in_vain(void)
{
    struct testbed testbed;
    const xmpp_failure_t *f;

    testbed_make_virtual(&testbed);
    targets_meet(&testbed, 3, 1,
                 SCRIPT(HELLO, ERROR("host-unknown"), "accept", HELLO,
                        "S <html>", "hangup"));
    testbed_until(&testbed, &testbed.downs, 1, "three targets in vain");
    is_int(testbed.downs, 1, "one event");
    f = xmpp_conn_get_failure(testbed.conn);
    ok(f && f->code == XMPP_EPROTO, "the failure is the last target's");
    ok(f && f->retry, "one that did not listen may do so later");
    ok(f && strstr(f->message, "in turn: memory port 1 (tcp: ") &&
           strstr(f->message, "memory port 2 (stream: ") &&
           strstr(f->message, "memory port 3 (stream: "),
       "the words name all: %s", f ? f->message : "");
    targets_failed(&testbed, 0, "s1.example.org", XMPP_LAYER_TCP,
                   XMPP_ECONNECT);
    targets_failed(&testbed, 1, "s2.example.org", XMPP_LAYER_STREAM,
                   XMPP_ESTREAM);
    targets_failed(&testbed, 2, "s3.example.org", XMPP_LAYER_STREAM,
                   XMPP_EPROTO);
    targets_no_more(&testbed, 3);
    targets_end(&testbed, "in vain");
}

/* The second is not there: the failure is the first one's, its stream error
 * included. */
static size_t refuse_second(struct memory_host *host, const char *domain,
                            struct srv_record *to, size_t most)
{
    (void)host;
    (void)domain;
    (void)most;
    to[0] = (struct srv_record){.priority = 0, .port = 5222, .target = "good"};
    to[1] = (struct srv_record){.priority = 1, .port = 1, .target = "bad"};
    return 2;
}

static void then_refused(void)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    testbed_serve(&testbed, SCRIPT(HELLO, ERROR("host-unknown")));
    memory_server_set_targets(testbed.server, 2, 1);
    testbed.ctx->memory->find = refuse_second;
    xmpp_connect_client(testbed.conn, NULL, 0, testbed_handler, &testbed);
    testbed_until(&testbed, &testbed.downs, 1, "of no use, then refused");
    testbed_failed(&testbed, XMPP_LAYER_STREAM, XMPP_ESTREAM, "the first");
    ok(testbed.had_stream_error && testbed.stream_error == XMPP_SE_HOST_UNKNOWN,
       "with its stream error");
    targets_failed(&testbed, 1, "bad", XMPP_LAYER_TCP, XMPP_ECONNECT);
    targets_end(&testbed, "then refused");
}

/* One target with two addresses: one cannot be reached, the other is another
 * domain's. That will not be better later. */
static size_t same_host(struct memory_host *host, const char *domain,
                        struct srv_record *to, size_t most)
{
    (void)host;
    (void)domain;
    (void)most;
    to[0] = (struct srv_record){.priority = 0, .port = 1, .target = "host"};
    to[1] = (struct srv_record){.priority = 1, .port = 1, .target = "host"};
    return 2;
}

static int tries;

static struct memory *(*accept_all)(struct memory_host *host, const char *name,
                                    unsigned port);

static struct memory *refuse_first(struct memory_host *host, const char *name,
                                   unsigned port)
{
    return tries++ ? accept_all(host, name, port) : NULL;
}

static void lasting(void)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    testbed_serve(&testbed, SCRIPT(HELLO, ERROR("host-unknown")));
    tries = 0;
    accept_all = testbed.ctx->memory->accept;
    testbed.ctx->memory->find = same_host;
    testbed.ctx->memory->accept = refuse_first;
    xmpp_connect_client(testbed.conn, NULL, 0, testbed_handler, &testbed);
    testbed_until(&testbed, &testbed.downs, 1, "an answer of one address");
    targets_failed(&testbed, 0, "host", XMPP_LAYER_TCP, XMPP_ECONNECT);
    targets_failed(&testbed, 1, "host", XMPP_LAYER_STREAM, XMPP_ESTREAM);
    ok(!xmpp_conn_get_failure(testbed.conn)->retry, "it would be the same");
    targets_end(&testbed, "an answer of one address");
}

/* A limit on how many are tried. */
static void at_most(long most)
{
    struct testbed testbed;
    const char *script[13] = {NULL};

    for (long i = 0; i < most; i++) {
        const char *const one[] = {HELLO, "hangup", "accept"};

        memcpy(script + 4 * i, one, sizeof(one));
    }
    script[4 * most - 1] = NULL;
    testbed_make_virtual(&testbed);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_MAX_TARGETS, most);
    targets_meet(&testbed, 4, 0, script);
    testbed_until(&testbed, &testbed.downs, 1, "a limit");
    is_int(memory_server_count(testbed.server), most, "%ld were tried", most);
    targets_end(&testbed, "a limit");
}

/* Of many only so many are kept. */
static void many(unsigned n, size_t kept)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    testbed_serve(&testbed, SCRIPT("accept"));
    memory_server_set_targets(testbed.server, n, n);
    xmpp_connect_client(testbed.conn, NULL, 0, testbed_handler, &testbed);
    testbed_until(&testbed, &testbed.downs, 1, "many targets");
    ok(xmpp_conn_get_target_failure(testbed.conn, kept - 1) != NULL,
       "%zu of %u failures are kept", kept, n);
    targets_no_more(&testbed, kept);
    ok(!xmpp_conn_get_target_failure(NULL, 0), "none of no connection");
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "many targets");
}

/* ---- not going on ------------------------------------------------ */

/* The first of two targets ends it, because the login had begun. */
static void stops(const char *what, const char *const *script, int code)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    targets_meet(&testbed, 2, 0, script);
    testbed_until(&testbed, &testbed.downs, 1, what);
    is_int(memory_server_count(testbed.server), 1, "  there is no second");
    is_int(xmpp_conn_get_failure(testbed.conn)->code, code, "  the code");
    targets_failed(&testbed, 0, "s1.example.org",
                   xmpp_conn_get_failure(testbed.conn)->layer, code);
    targets_no_more(&testbed, 1);
    targets_end(&testbed, what);
}

static void begun(void)
{
#define TO_AUTH HELLO, "S " PEER_HEADER PEER_SASL, "C ANONYMOUS", "C >"
    stops("refused by the server",
          SCRIPT(TO_AUTH,
                 "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
                 "<not-authorized/></failure>",
                 "eof"),
          XMPP_EAUTH);
    stops("cut during the login", SCRIPT(TO_AUTH, "reset"), XMPP_ELOST);
    stops("silent during the login", SCRIPT(TO_AUTH, "eof"), XMPP_ETIMEOUT);
    stops("a stream error during the login",
          SCRIPT(TO_AUTH, "S <stream:error><system-shutdown xmlns="
                          "'urn:ietf:params:xml:ns:xmpp-streams'/>"
                          "</stream:error></stream:stream>"),
          XMPP_ESTREAM);
    stops("sent elsewhere, to no host",
          SCRIPT(HELLO, "S " PEER_HEADER "<stream:error><see-other-host xmlns="
                        "'urn:ietf:params:xml:ns:xmpp-streams'> "
                        "</see-other-host></stream:error></stream:stream>"),
          XMPP_ESTREAM);
}

/* The application ends it while a target is silent. */
static void ended(void)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    targets_meet(&testbed, 2, 0, SCRIPT(HELLO, "eof"));
    while (!xmpp_conn_is_disconnected(testbed.conn) &&
           !memory_server_count(testbed.server))
        xmpp_run_once(testbed.ctx, 0);
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "ended by the application");
    is_int(memory_server_count(testbed.server), 1, "there is no second");
    targets_end(&testbed, "ended");
}

/* A raw connection is the application's from its first byte on. */
static void raw(void)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    testbed_serve(&testbed, SCRIPT("hangup"));
    memory_server_set_targets(testbed.server, 2, 0);
    xmpp_connect_raw(testbed.conn, NULL, 0, testbed_handler, &testbed);
    testbed_until(&testbed, &testbed.downs, 1, "a raw connection is cut");
    is_int(testbed.raw_ups, 1, "it was up once");
    is_int(memory_server_count(testbed.server), 1, "there is no second");
    targets_end(&testbed, "raw");
}

/* ---- the session ------------------------------------------------- */

static void again_once(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_DISCONNECT && testbed->downs == 1)
        xmpp_connect_client(testbed->conn, NULL, 0, testbed_handler, testbed);
}

/* It is resumed at the second target, after the first was of no use. */
static void resumed(void)
{
    struct testbed testbed;
    struct fate fate = {0};

    testbed_make_virtual(&testbed);
    testbed.on_event = again_once;
    targets_meet(&testbed, 2, 0,
                 SCRIPT(TO_ENABLE, ENABLED, "C id=\"m1\"/>", "reset", "accept",
                        HELLO, "hangup", "accept", TO_FEATURES, RESUME("0"),
                        RESUMED("0"), "C id=\"m1\"/>", ACK("1"), PEER_CLOSE));
    testbed_until(&testbed, &testbed.ups, 1, "up");
    fate_send(&testbed, "m1", &fate);
    testbed_until(&testbed, &testbed.ups, 2, "resumed");
    testbed_until(&testbed, &fate.told, 1, "acknowledged");
    is_int(fate.status, 0, "with success");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 2, "down");
    targets_end(&testbed, "resumed");
}

/* ---- memory ------------------------------------------------------ */

static bool starves(unsigned long n)
{
    struct testbed testbed;
    bool failed;

    testbed_make_virtual(&testbed);
    testbed.on_event = testbed_close_when_up;
    testbed_serve(&testbed,
                  SCRIPT(HELLO, "hangup", "accept", PEER_LOGIN, PEER_CLOSE));
    memory_server_set_targets(testbed.server, 3, 1);
    failmem_arm(&testbed.memory, n, 0);
    if (xmpp_connect_client(testbed.conn, NULL, 0, testbed_handler, &testbed) ==
        0)
        while (!testbed.downs)
            xmpp_run_once(testbed.ctx, 1000);
    failed = testbed.memory.failed > 0;
    testbed.memory.fail_at = 0;
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "without memory");
    return failed;
}

int main(void)
{
    unsigned long n = 1;

    all_ways();
    refused();
    in_vain();
    then_refused();
    lasting();
    at_most(1);
    at_most(2);
    many(32, 32);
    many(33, 32);
    begun();
    ended();
    raw();
    resumed();
    while (starves(n))
        n++;
    ok(n > 20, "%lu allocations failed in turn", n - 1);
    return done_testing();
}
