/* names.c - names that the application looks up or leads elsewhere, and the
 * address that it connects from. */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <xmpp/dial.h>

#include "conn/testbed.h"

static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};

/* ---- a resolver -------------------------------------------------- */

/* Answers as an application may. A service has one record, to "t.test" at this
 * port; every host is on loopback. */
struct resolver {
    struct testbed *testbed;
    unsigned port;
    int srv, addresses; /* how often it was asked */
    char asked[64];     /* the last name of a service */
    unsigned long late; /* an id that it did not answer yet */
    enum { ANSWERS, WAITS, FAILS, HAS_NONE, DECLINES, ENDS, RELEASES } how;
};

static int answer(struct resolver *r, unsigned long id, bool is_srv)
{
    xmpp_ctx_t *ctx = r->testbed->ctx;
    const xmpp_srv_t record = {1, 0, r->port,
                               r->how == DECLINES ? "." : "t.test"};
    const char *const address = "127.0.0.1";
    size_t n = r->how == HAS_NONE ? 0 : 1;

    return is_srv ? xmpp_ctx_answer_srv(ctx, id, &record, n)
                  : xmpp_ctx_answer_addresses(ctx, id, &address, n);
}

static void on_lookup(xmpp_ctx_t *ctx, const xmpp_lookup_t *lookup,
                      void *userdata)
{
    struct resolver *r = userdata;
    bool is_srv = lookup->kind == XMPP_LOOKUP_SRV;

    r->srv += is_srv;
    r->addresses += !is_srv;
    if (is_srv)
        snprintf(r->asked, sizeof(r->asked), "%s", lookup->name);
    if (r->how == WAITS)
        r->late = lookup->id;
    else if (r->how == FAILS)
        xmpp_ctx_fail_lookup(ctx, lookup->id);
    else if (r->how == ENDS)
        xmpp_disconnect(r->testbed->conn);
    else if (r->how == RELEASES) {
        xmpp_conn_release(r->testbed->conn);
        r->testbed->conn = NULL;
    } else
        answer(r, lookup->id, is_srv);
}

/* A connection by the name of its domain, to a server that may be there. */
static void ask(struct testbed *testbed, struct resolver *r, bool is_served)
{
    testbed_make(testbed);
    testbed->on_event = testbed_close_when_up;
    r->testbed = testbed;
    xmpp_ctx_set_lookup_handler(testbed->ctx, on_lookup, r);
    if (is_served) {
        testbed_serve(testbed, script);
        r->port = fake_server_port(testbed->peer);
    }
}

static void start(struct testbed *testbed)
{
    is_int(
        xmpp_connect_client(testbed->conn, NULL, 0, testbed_handler, testbed),
        0, "started");
}

static void end(struct testbed *testbed, int ups, const char *what)
{
    is_int(testbed->ups, ups, "%s: up or not", what);
    if (testbed->peer)
        testbed_peer_done(testbed, what);
    testbed_free(testbed, what);
}

static void answered(void)
{
    struct resolver r = {.how = ANSWERS};
    struct testbed testbed;

    ask(&testbed, &r, true);
    start(&testbed);
    is_int(r.srv, 0, "nothing is asked from inside the call");
    testbed_until(&testbed, &testbed.downs, 1, "answered at once");
    is_int(r.srv, 1, "one service, as TLS is not allowed");
    ok(r.addresses >= 1, "and addresses");
    end(&testbed, 1, "answered");
}

static void both_services(void)
{
    struct resolver r = {.how = HAS_NONE};
    struct testbed testbed;

    ask(&testbed, &r, false);
    xmpp_conn_set_flags(testbed.conn, 0);
    start(&testbed);
    testbed_until(&testbed, &testbed.downs, 1, "it has no records");
    is_int(r.srv, 2, "with TLS two services are asked for");
    is_str(r.asked, "_xmpp-client._tcp.example.org", "by their names");
    testbed_failed(&testbed, XMPP_LAYER_DNS, XMPP_ENOHOST, "no records");
    end(&testbed, 0, "no records");
}

static void refuses(struct resolver r, int code, const char *what)
{
    struct testbed testbed;

    ask(&testbed, &r, false);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_CONNECT_TIMEOUT, 100);
    start(&testbed);
    testbed_until(&testbed, &testbed.downs, 1, what);
    testbed_failed(&testbed, XMPP_LAYER_DNS, code, what);
    end(&testbed, 0, what);
}

/* Answered in another turn than it was asked, and with all that is wrong
 * before. */
static void later(void)
{
    struct resolver r = {.how = WAITS};
    struct testbed testbed;
    const xmpp_srv_t far = {0, 0, 70000, "t.test"}, nowhere = {0, 0, 1, NULL};
    const char *const wrong = "t.test";
    unsigned long id;

    ask(&testbed, &r, true);
    xmpp_conn_set_resolve(testbed.conn, "t.test=127.0.0.1");
    start(&testbed);
    while (!r.srv)
        xmpp_run_once(testbed.ctx, 10);
    while (!r.addresses)
        xmpp_run_once(testbed.ctx, 10);
    id = r.late;
    is_int(xmpp_ctx_answer_addresses(testbed.ctx, id, &wrong, 1), XMPP_EARG,
           "a name is not an address");
    ok(strstr(xmpp_ctx_get_last_error(testbed.ctx), "number 0") != NULL,
       "and the reason says which");
    is_int(xmpp_ctx_answer_srv(testbed.ctx, id, &far, 1), XMPP_EINVOP,
           "it is no service");
    is_int(xmpp_ctx_answer_addresses(testbed.ctx, id, NULL, 0), 0,
           "it has none");
    is_int(xmpp_ctx_answer_addresses(testbed.ctx, id, NULL, 0), XMPP_EINVOP,
           "and is answered once");
    is_int(xmpp_ctx_answer_srv(testbed.ctx, id - 1, &far, 1), XMPP_EARG,
           "a port that is none");
    is_int(xmpp_ctx_answer_srv(testbed.ctx, id - 1, &nowhere, 1), XMPP_EARG,
           "a target that is missing");
    r.how = ANSWERS;
    is_int(answer(&r, id - 1, true), 0, "answered later");
    testbed_until(&testbed, &testbed.downs, 1, "then it connects");
    is_int(r.addresses, 1, "to where the target's name was led");
    is_int(xmpp_ctx_fail_lookup(testbed.ctx, id), XMPP_EINVOP, "over");
    is_int(xmpp_ctx_fail_lookup(NULL, id), XMPP_EINVOP, "no context");
    is_int(xmpp_ctx_answer_srv(NULL, id, NULL, 0), XMPP_EINVOP, "none");
    is_int(xmpp_ctx_answer_addresses(NULL, id, NULL, 0), XMPP_EINVOP, "none");
    xmpp_ctx_set_lookup_handler(NULL, on_lookup, &r);
    end(&testbed, 1, "later");
}

static void ended_inside(void)
{
    struct resolver ends = {.how = ENDS}, releases = {.how = RELEASES};
    struct testbed testbed;

    ask(&testbed, &ends, false);
    start(&testbed);
    testbed_until(&testbed, &testbed.downs, 1, "ended while it is asked");
    end(&testbed, 0, "ended while it is asked");
    ask(&testbed, &releases, false);
    start(&testbed);
    testbed_until(&testbed, &testbed.downs, 1, "released while it is asked");
    end(&testbed, 0, "released while it is asked");
}

/* ---- led elsewhere ----------------------------------------------- */

/* The list, with the port of the server between its parts. */
static void led(const char *before, const char *after, const char *what)
{
    struct resolver r = {.how = ANSWERS};
    struct testbed testbed;
    char list[200];

    ask(&testbed, &r, true);
    snprintf(list, sizeof(list), "%s:%u%s", before, r.port, after);
    is_int(xmpp_conn_set_resolve(testbed.conn, list), 0, "%s", list);
    start(&testbed);
    testbed_until(&testbed, &testbed.downs, 1, what);
    is_int(r.srv + r.addresses, 0, "  nothing was looked up");
    end(&testbed, 1, what);
}

static void not_a_list(xmpp_conn_t *conn, const char *list)
{
    is_int(xmpp_conn_set_resolve(conn, list), XMPP_EARG, "\"%s\"", list);
    ok(strstr(xmpp_ctx_get_last_error(xmpp_conn_get_context(conn)),
              "does not lead a name elsewhere") != NULL,
       "  and why");
}

static void lists(void)
{
    static const char *const wrong[] = {
        "example.org",     "=127.0.0.1",         "example.org=",
        "example.org:1=x", "example.org=x:0",    "example.org=x:70000",
        "example.org=x,",  "good.org=x bad.org", "example.org=x y",
    };
    struct testbed testbed;

    testbed_make(&testbed);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        not_a_list(testbed.conn, wrong[i]);
    is_int(xmpp_conn_set_resolve(testbed.conn, ""), 0, "an empty list");
    is_int(xmpp_conn_set_resolve(testbed.conn, NULL), 0, "none");
    is_int(xmpp_conn_set_resolve(NULL, NULL), XMPP_EINVOP, "no connection");
    testbed_free(&testbed, "lists");
}

/* ---- this side --------------------------------------------------- */

static char bound[64]; /* where the last socket was bound */

static int on_socket(xmpp_conn_t *conn, void *sock)
{
    struct sockaddr_in at;
    socklen_t n = sizeof(at);

    (void)conn;
    if (getsockname(*(int *)sock, (struct sockaddr *)&at, &n) ||
        !inet_ntop(AF_INET, &at.sin_addr, bound, sizeof(bound)))
        bound[0] = '\0';
    return 0;
}

static void from_there(void)
{
    struct testbed testbed;

    testbed_make(&testbed);
    testbed.on_event = testbed_close_when_up;
    is_int(xmpp_conn_set_source(testbed.conn, "127.0.0.9,::1"), 0, "a source");
    xmpp_conn_set_sockopt_callback(testbed.conn, on_socket);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, "from another address");
    is_str(bound, "127.0.0.9", "the socket is bound to it");
    end(&testbed, 1, "from another address");
}

static void from_nowhere(const char *source, int error)
{
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_conn_set_source(testbed.conn, source);
    xmpp_connect_client(testbed.conn, "127.0.0.1", 1, testbed_handler,
                        &testbed);
    testbed_until(&testbed, &testbed.downs, 1, source);
    testbed_failed(&testbed, XMPP_LAYER_TCP, XMPP_ECONNECT, source);
    is_int(xmpp_conn_get_failure(testbed.conn)->os_error, error, "  why");
    testbed_free(&testbed, source);
}

static void sources(void)
{
    static const char *const wrong[] = {
        "",        "x",           "127.0.0.1,127.0.0.2", "127.0.0.1,",
        "::1,::2", "127.0.0.1:5", "127.0.0.1,::1,::2"};
    struct testbed testbed;

    testbed_make(&testbed);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        is_int(xmpp_conn_set_source(testbed.conn, wrong[i]), XMPP_EARG,
               "\"%s\" is no source", wrong[i]);
    is_int(xmpp_conn_set_source(testbed.conn, NULL), 0, "none");
    is_int(xmpp_conn_set_source(NULL, NULL), XMPP_EINVOP, "no connection");
    testbed_free(&testbed, "sources");
}

/* ---- memory ------------------------------------------------------ */

static bool starves(unsigned long n)
{
    struct resolver r = {.how = DECLINES};
    struct testbed testbed;
    bool failed;
    int rc;

    ask(&testbed, &r, false);
    failmem_arm(&testbed.memory, n, 0);
    rc = xmpp_conn_set_resolve(testbed.conn, "a.test=127.0.0.1,b.test");
    if (rc == 0)
        rc = xmpp_conn_set_source(testbed.conn, "127.0.0.1");
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_CONNECT_TIMEOUT, 100);
    if (rc == 0)
        rc = xmpp_connect_client(testbed.conn, NULL, 0, testbed_handler,
                                 &testbed);
    while (rc == 0 && !testbed.downs)
        xmpp_run_once(testbed.ctx, 1000);
    failed = testbed.memory.failed > 0;
    testbed.memory.fail_at = 0;
    if (rc != 0 && rc != XMPP_EMEM)
        is_int(rc, XMPP_EMEM, "the %lu-th allocation failed", n);
    testbed_free(&testbed, "without memory");
    return failed;
}

int main(void)
{
    unsigned long n = 1;

    answered();
    both_services();
    refuses((struct resolver){.how = DECLINES}, XMPP_ENOSERVICE, "declined");
    refuses((struct resolver){.how = FAILS}, XMPP_EDNS, "not known");
    refuses((struct resolver){.how = WAITS}, XMPP_EDNS, "no answer in time");
    later();
    ended_inside();
    led("example.org=127.0.0.1", "", "the domain");
    led("example.org=t.test", "  t.test=127.0.0.1", "by another name");
    led("other.org=[::1]:7 Example.org=127.0.0.1", "", "in other letters");
    lists();
    from_there();
    from_nowhere("::1", EAFNOSUPPORT);
    from_nowhere("192.0.2.1", EADDRNOTAVAIL);
    sources();
    while (starves(n))
        n++;
    ok(n > 10, "%lu allocations failed in turn", n - 1);
    return done_testing();
}
