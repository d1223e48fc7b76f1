/* redirect_later.c - see-other-host once a session was up: it is for the next
 * call, if that does not know better. */

#include "conn/redirect_testbed.h"

static void later(bool somebody)
{
    struct redirect_pair p = {0};
    const char *const script[] = {PEER_LOGIN,
                                  p.says,
                                  "C </stream:stream>",
                                  somebody ? NULL : "accept",
                                  PEER_LOGIN,
                                  PEER_CLOSE,
                                  NULL};

    testbed_make(&p.testbed);
    if (somebody)
        redirect_second(&p, redirect_login);
    else
        snprintf(p.at, sizeof(p.at), "127.0.0.1:%u", fake_server_no_port());
    redirect_sends_to(&p, p.at, false);
    testbed_connect(&p.testbed, script);
    testbed_until(&p.testbed, &p.testbed.ups, 1, "up");
    redirect_not_followed(&p, p.at, "a session is sent away");
    testbed_connect_again(&p.testbed);
    testbed_until(&p.testbed, &p.testbed.ups, 2,
                  somebody ? "the next call goes there"
                           : "or where it went before");
    xmpp_disconnect(p.testbed.conn);
    testbed_until(&p.testbed, &p.testbed.downs, 2, "down");
    redirect_drop(&p, "after a session");
}

/* The callback for the state is called during a login, too. At which of its
 * calls the application ends the connection, and how many there were then. */
static int end_at, connections;

static void on_state(xmpp_conn_t *conn, void *userdata,
                     const unsigned char *state, size_t n)
{
    struct testbed *testbed = userdata;

    (void)state, (void)n;
    if (++testbed->count != end_at)
        return;
    connections = memory_server_count(testbed->server);
    xmpp_disconnect(conn);
}

/* Where the application wants the end, nothing is begun for it. True if it
 * ended that early. */
static bool ended(void)
{
    static const char *const script[] = {
        "C <stream:stream",
        "C >",
        "S " PEER_HEADER "<stream:error><see-other-host "
        "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>127.0.0.1:5281"
        "</see-other-host></stream:error></stream:stream>",
        "eof",
        "accept",
        PEER_LOGIN,
        PEER_CLOSE,
        NULL};
    struct testbed testbed;

    connections = 2;
    testbed_make_virtual(&testbed);
    testbed.on_event = testbed_close_when_up;
    xmpp_conn_set_sm_callback(testbed.conn, on_state, &testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, "ended at a callback");
    is_int(memory_server_count(testbed.server), connections,
           "  nothing is begun behind number %d", end_at);
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "ended");
    return connections == 1;
}

/* A call that names another host or port knows what it does: it goes there, and
 * not where an earlier one was sent. */
static void elsewhere(const char *host, bool other_port, const char *what)
{
    struct redirect_pair p = {0};
    const char *const script[] = {PEER_LOGIN,
                                  p.says,
                                  "C </stream:stream>",
                                  other_port ? NULL : "accept",
                                  PEER_LOGIN,
                                  PEER_CLOSE,
                                  NULL};
    struct fake_server *third =
        other_port ? fake_server_start(redirect_login) : NULL;

    testbed_make(&p.testbed);
    redirect_second(&p, redirect_login);
    redirect_sends_to(&p, p.at, false);
    testbed_connect(&p.testbed, script);
    testbed_until(&p.testbed, &p.testbed.downs, 1, "sent away");
    is_int(xmpp_connect_client(p.testbed.conn, host,
                               fake_server_port(third ? third : p.testbed.peer),
                               testbed_handler, &p.testbed),
           0, "%s is named", what);
    testbed_until(&p.testbed, &p.testbed.ups, 2, "which is taken");
    xmpp_disconnect(p.testbed.conn);
    testbed_until(&p.testbed, &p.testbed.downs, 2, "down");
    redirect_nobody_came(&p);
    fake_server_poke(third ? third : p.testbed.peer);
    if (third)
        is_str(fake_server_join(third), NULL, "  up to its end");
    redirect_drop(&p, what);
}

/* What another kind of server named since then takes its place. */
static void component_since(void)
{
    struct redirect_pair p = {0};
    char names[600];
    const char *const script[] = {PEER_LOGIN,
                                  p.says,
                                  "C </stream:stream>",
                                  "accept",
                                  "C <stream:stream",
                                  "C >",
                                  names,
                                  "eof",
                                  "accept",
                                  PEER_LOGIN,
                                  PEER_CLOSE,
                                  NULL};

    testbed_make(&p.testbed);
    redirect_second(&p, redirect_login);
    snprintf(names, sizeof(names), "S " PEER_COMPONENT_HEADER REDIRECT_OTHER,
             p.at);
    snprintf(p.at, sizeof(p.at), "127.0.0.1:%u", fake_server_no_port());
    redirect_sends_to(&p, p.at, false);
    testbed_connect(&p.testbed, script);
    testbed_until(&p.testbed, &p.testbed.downs, 1, "sent away");
    xmpp_conn_set_pass(p.testbed.conn, "secret");
    xmpp_connect_component(p.testbed.conn, "127.0.0.1",
                           fake_server_port(p.testbed.peer), testbed_handler,
                           &p.testbed);
    testbed_until(&p.testbed, &p.testbed.downs, 2, "so is a component");
    xmpp_conn_set_pass(p.testbed.conn, NULL);
    testbed_connect_again(&p.testbed);
    testbed_until(&p.testbed, &p.testbed.ups, 2, "where it went before");
    xmpp_disconnect(p.testbed.conn);
    testbed_until(&p.testbed, &p.testbed.downs, 3, "down");
    redirect_nobody_came(&p);
    redirect_drop(&p, "a component since then");
}

/* Each call may be sent on as often as the option says. */
static void each_call(void)
{
    struct redirect_pair p = {0};
    const char *const script[] = {
        "C <stream:stream", "C >",      p.says,     "eof",
        "accept",           PEER_LOGIN, PEER_CLOSE, "accept",
        "C <stream:stream", "C >",      p.says,     "eof",
        "accept",           PEER_LOGIN, PEER_CLOSE, NULL};

    testbed_make(&p.testbed);
    xmpp_conn_set_option(p.testbed.conn, XMPP_OPT_MAX_REDIRECTS, 1);
    p.testbed.peer = fake_server_start(script);
    snprintf(p.at, sizeof(p.at), "127.0.0.1:%u",
             fake_server_port(p.testbed.peer));
    redirect_sends_to(&p, p.at, true);
    for (int i = 1; i <= 2; i++) {
        testbed_connect_again(&p.testbed);
        testbed_until(&p.testbed, &p.testbed.ups, i, "sent on once");
        xmpp_disconnect(p.testbed.conn);
        testbed_until(&p.testbed, &p.testbed.downs, i, "down");
    }
    redirect_drop(&p, "each call");
}

int main(void)
{
    later(true);
    later(false);
    elsewhere("localhost", false, "another host");
    elsewhere("127.0.0.1", true, "another port");
    component_since();
    while (end_at++, ended())
        continue;
    ok(end_at > 2, "it was ended at %d callbacks", end_at - 1);
    each_call();
    return done_testing();
}
