/* reconnect_calls.c - what an application does about a connection that comes
 * back by itself. */

#include "conn/comeback.h"

/* ---- the end of a pause ------------------------------------------ */

static void end_by_disconnect(struct comeback *d)
{
    xmpp_disconnect(d->testbed.conn);
    xmpp_disconnect(d->testbed.conn);
    ok(!xmpp_conn_is_reconnecting(d->testbed.conn), "no attempt follows");
}

static void end_by_option(struct comeback *d)
{
    xmpp_conn_set_option(d->testbed.conn, XMPP_OPT_RECONNECT, 0);
}

static void end_by_finish(struct comeback *d)
{
    xmpp_ctx_finish(d->testbed.ctx);
}

static void in_a_pause(void (*end)(struct comeback *d), const char *what)
{
    const xmpp_failure_t *why;
    char message[640];
    struct comeback d;

    lots = LONGEST;
    comeback_begin(&d, NULL);
    comeback_connect(&d);
    comeback_until_down(&d, 1);
    why = xmpp_conn_get_failure(d.testbed.conn);
    snprintf(message, sizeof(message), "%s", why->message);
    end(&d);
    is_int(d.lasts, 0, "%s: the event comes from the loop", what);
    testbed_until(&d.testbed, &d.lasts, 1, "it comes");
    is_int(d.testbed.downs, 2, "once");
    is_int(d.testbed.error, 0, "without an error");
    ok(!xmpp_conn_get_failure(d.testbed.conn), "and without a failure");
    is_str(why->message, message, "who has that of the attempt reads on");
    comeback_pass(&d, 1000000);
    comeback_end(&d, what);
}

static void released_in_a_pause(void)
{
    struct comeback d;

    lots = LONGEST;
    comeback_begin(&d, NULL);
    comeback_connect(&d);
    comeback_until_down(&d, 1);
    xmpp_conn_release(d.testbed.conn);
    d.testbed.conn = NULL;
    is_int(d.testbed.downs, 1, "a release in a pause has no event");
    comeback_pass(&d, 1000000);
    comeback_end(&d, "released in a pause");
}

static void connected_in_a_pause(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct comeback d;

    lots = LONGEST;
    comeback_begin(&d, NULL);
    comeback_connect(&d);
    comeback_until_down(&d, 1);
    testbed_serve(&d.testbed, script);
    comeback_connect(&d);
    ok(!xmpp_conn_is_reconnecting(d.testbed.conn), "the pause is over");
    testbed_until(&d.testbed, &d.testbed.ups, 1, "a connect call in a pause");
    comeback_pass(&d, 1000);
    xmpp_disconnect(d.testbed.conn);
    comeback_until_down(&d, 2);
    is_int(d.lasts, 1, "the last event");
    testbed_peer_done(&d.testbed, "connected in a pause");
    comeback_end(&d, "connected in a pause");
}

/* ---- whatever the handler does ----------------------------------- */

static void act_release(struct comeback *d, xmpp_conn_event_t event)
{
    (void)event;
    if (d->number-- > 0 || !d->testbed.conn)
        return;
    xmpp_conn_release(d->testbed.conn);
    d->testbed.conn = NULL;
}

static void act_disconnect(struct comeback *d, xmpp_conn_event_t event)
{
    (void)event;
    if (d->number-- == 0)
        xmpp_disconnect(d->testbed.conn);
}

static void act_connect(struct comeback *d, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_DISCONNECT && d->number-- == 0)
        comeback_connect(d);
}

static void act_loop(struct comeback *d, xmpp_conn_event_t event)
{
    (void)event;
    if (d->number-- == 0)
        for (int i = 0; i < 50; i++)
            xmpp_run_once(d->testbed.ctx, 1000000);
}

static void act_hints(struct comeback *d, xmpp_conn_event_t event)
{
    xmpp_conn_t *conn = d->testbed.conn;

    (void)event;
    if (d->number-- != 0)
        return;
    xmpp_conn_network_changed(conn);
    xmpp_conn_suspend(conn);
    xmpp_conn_wake(conn);
}

/* Each event in turn, and each of the deeds in it. */
static void acts(void (*act)(struct comeback *d, xmpp_conn_event_t event),
                 const char *what)
{
    static const char *const script[] = {PEER_LOGIN, "reset",    "accept",
                                         PEER_LOGIN, "reset",    "accept",
                                         PEER_LOGIN, PEER_CLOSE, NULL};

    for (int n = 0; n < 6; n++) {
        struct comeback d;

        lots = n % 2 ? LONGEST : SHORTEST;
        comeback_begin(&d, script);
        xmpp_conn_set_option(d.testbed.conn, XMPP_OPT_RECONNECT_TRIES, 7);
        d.act = act;
        d.number = n;
        comeback_connect(&d);
        for (int i = 0; i < 400; i++)
            xmpp_run_once(d.testbed.ctx, 100000);
        if (d.testbed.conn)
            xmpp_disconnect(d.testbed.conn);
        for (int i = 0; i < 20; i++)
            xmpp_run_once(d.testbed.ctx, 100000);
        ok(!d.testbed.conn || xmpp_conn_is_disconnected(d.testbed.conn),
           "%s in event %d: it ends", what, n);
        if (d.testbed.conn)
            is_int(d.lasts, 1, "  by one last event");
        memory_server_end(d.testbed.server);
        comeback_end(&d, what);
    }
}

/* ---- hints ------------------------------------------------------- */

static const char *const resumes[] = {
    TO_ENABLE,   ENABLED,      "C id=\"m1\"", "deaf",   "accept",   TO_FEATURES,
    RESUME("0"), RESUMED("0"), "C id=\"m1\"", ACK("1"), PEER_CLOSE, NULL};

static void network_changed_when_up(void)
{
    struct fate one = {0};
    struct comeback d;

    lots = LONGEST;
    comeback_begin(&d, resumes);
    is_int(xmpp_conn_network_changed(d.testbed.conn), XMPP_EINVOP, "no call");
    comeback_connect(&d);
    testbed_until(&d.testbed, &d.testbed.ups, 1, "up");
    fate_send(&d.testbed, "m1", &one);
    comeback_pass(&d, 1);
    is_int(xmpp_conn_network_changed(d.testbed.conn), 0, "another network");
    testbed_until(&d.testbed, &d.testbed.ups, 2, "up again");
    is_int(d.wait, 0, "at once");
    is_int(comeback_now(&d), d.down_at, "really at once");
    ok(xmpp_conn_is_resumed(d.testbed.conn), "the session goes on");
    testbed_until(&d.testbed, &one.told, 1, "nothing is lost");
    is_int(one.status, 0, "  it is acknowledged");
    xmpp_disconnect(d.testbed.conn);
    testbed_until(&d.testbed, &d.lasts, 1, "down");
    testbed_peer_done(&d.testbed, "network changed");
    comeback_end(&d, "network changed");
}

/* A session that could not be resumed is worth a question. */
static void network_changed_is_checked(void)
{
    static const char *const script[] = {PEER_LOGIN, "C <ping", "deaf", NULL};
    struct comeback d;
    uint64_t asked;

    lots = LONGEST;
    comeback_begin(&d, script);
    comeback_connect(&d);
    testbed_until(&d.testbed, &d.testbed.ups, 1, "up");
    asked = comeback_now(&d);
    is_int(xmpp_conn_network_changed(d.testbed.conn), 0, "another network");
    comeback_until_down(&d, 1);
    is_int(d.down_at - asked, 5000, "five seconds for an answer");
    testbed_failed(&d.testbed, XMPP_LAYER_TCP, XMPP_ETIMEOUT, "none came");
    is_int(d.wait, 0, "and no pause");
    memory_server_end(d.testbed.server);
    comeback_end(&d, "checked");
}

/* The hint is over when a session that was checked is lost later. */
static void hint_ends(void)
{
    static const char *const script[] = {
        PEER_LOGIN, "C <ping", "C >", "S <presence from='a@example.org'/>",
        "C late",   "reset",   NULL};
    struct comeback d;

    lots = LONGEST;
    comeback_begin(&d, script);
    comeback_connect(&d);
    testbed_until(&d.testbed, &d.testbed.ups, 1, "up");
    is_int(xmpp_conn_network_changed(d.testbed.conn), 0, "another network");
    comeback_pass(&d, 20000);
    is_int(d.testbed.downs, 0, "there was a sign of life");
    xmpp_send_raw_string(d.testbed.conn, "<presence><status>late</status>"
                                         "</presence>");
    comeback_until_down(&d, 1);
    is_int(d.wait, 4000, "a pause as usual");
    memory_server_end(d.testbed.server);
    comeback_end(&d, "a hint ends");
}

/* What limits the attempts does not end what the application has suspended. */
static void suspended_for_long(void)
{
    static const char *const script[] = {PEER_LOGIN, "deaf",     "accept",
                                         PEER_LOGIN, PEER_CLOSE, NULL};
    struct comeback d;

    comeback_begin(&d, script);
    xmpp_conn_set_option(d.testbed.conn, XMPP_OPT_RECONNECT_TIME, 1000);
    comeback_connect(&d);
    testbed_until(&d.testbed, &d.testbed.ups, 1, "up");
    comeback_pass(&d, 2000);
    is_int(xmpp_conn_suspend(d.testbed.conn), 0, "the machine sleeps");
    comeback_until_down(&d, 1);
    comeback_pass(&d, 100000);
    ok(xmpp_conn_is_reconnecting(d.testbed.conn), "it is not given up");
    is_int(xmpp_conn_wake(d.testbed.conn), 0, "it wakes");
    testbed_until(&d.testbed, &d.testbed.ups, 2, "up again");
    xmpp_disconnect(d.testbed.conn);
    testbed_until(&d.testbed, &d.lasts, 1, "down");
    testbed_peer_done(&d.testbed, "suspended for long");
    comeback_end(&d, "suspended for long");
}

static void network_changed_in_between(void)
{
    static const char *const mute[] = {"C <stream:stream", "deaf", NULL};
    struct comeback d;
    uint64_t before;

    lots = LONGEST;
    comeback_begin(&d, NULL);
    comeback_connect(&d);
    is_int(xmpp_conn_network_changed(d.testbed.conn), 0, "while dialling");
    comeback_until_down(&d, 1);
    is_int(d.wait, 0, "at once");
    comeback_until_down(&d, 4);
    is_int(d.wait, 32000, "the pauses grow");
    before = comeback_now(&d);
    is_int(xmpp_conn_network_changed(d.testbed.conn), 0, "in a pause");
    comeback_until_down(&d, 5);
    is_int(d.down_at - before, 0, "it is over");
    is_int(d.wait, 8000, "and the next ones are short");
    testbed_serve(&d.testbed, mute);
    comeback_pass(&d, 9000);
    is_int(xmpp_conn_network_changed(d.testbed.conn), 0, "in a login");
    comeback_until_down(&d, 6);
    is_int(d.wait, 0, "which is begun anew");
    memory_server_end(d.testbed.server);
    comeback_end(&d, "network changed in between");
}

static void sleeps(void)
{
    const xmpp_reconnect_t *next;
    struct fate one = {0};
    struct comeback d;

    lots = LONGEST;
    comeback_begin(&d, resumes);
    comeback_connect(&d);
    testbed_until(&d.testbed, &d.testbed.ups, 1, "up");
    fate_send(&d.testbed, "m1", &one);
    comeback_pass(&d, 1);
    is_int(xmpp_conn_suspend(d.testbed.conn), 0, "the machine will sleep");
    comeback_until_down(&d, 1);
    next = xmpp_conn_get_reconnect(d.testbed.conn);
    ok(next && next->is_suspended && !next->wait && !next->left,
       "no attempt until it is awake");
    comeback_pass(&d, 10000000);
    is_int(d.testbed.downs, 1, "no attempt");
    is_int(xmpp_conn_network_changed(d.testbed.conn), 0, "another network");
    comeback_pass(&d, 1000);
    ok(xmpp_conn_get_reconnect(d.testbed.conn)->is_suspended, "is no reason");
    is_int(xmpp_conn_wake(d.testbed.conn), 0, "it is awake");
    next = xmpp_conn_get_reconnect(d.testbed.conn);
    ok(next && !next->is_suspended, "an attempt follows");
    testbed_until(&d.testbed, &d.testbed.ups, 2, "up again");
    ok(xmpp_conn_is_resumed(d.testbed.conn), "the session goes on");
    testbed_until(&d.testbed, &one.told, 1, "nothing is lost");
    xmpp_disconnect(d.testbed.conn);
    testbed_until(&d.testbed, &d.lasts, 1, "down");
    testbed_peer_done(&d.testbed, "sleep");
    comeback_end(&d, "sleep");
}

static void suspended_ends(void (*end)(struct comeback *d), const char *what)
{
    struct comeback d;

    lots = LONGEST;
    comeback_begin(&d, NULL);
    comeback_connect(&d);
    comeback_until_down(&d, 1);
    is_int(xmpp_conn_suspend(d.testbed.conn), 0, "suspended in a pause");
    comeback_pass(&d, 1000000);
    is_int(d.testbed.downs, 1, "no attempt");
    end(&d);
    testbed_until(&d.testbed, &d.lasts, 1, "the end");
    is_int(d.testbed.downs, 2, "%s", what);
    comeback_end(&d, what);
}

/* ---- sessions ---------------------------------------------------- */

static void on_answer(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                      void *userdata)
{
    struct comeback *d = userdata;

    (void)conn;
    (void)reply;
    d->number = status ? status : 1;
}

/* A request is open while the connection comes back. */
static void request_survives(void)
{
    static const char *const script[] = {
        TO_ENABLE,    ENABLED,
        "C <query",   "C </iq>",
        "reset",      "accept",
        TO_FEATURES,  RESUME("0"),
        RESUMED("1"), "S <iq type='result' id='%id%' from='a.example'/>",
        PEER_CLOSE,   NULL};
    xmpp_stanza_t *iq;
    struct comeback d;

    lots = LONGEST;
    comeback_begin(&d, script);
    comeback_connect(&d);
    testbed_until(&d.testbed, &d.testbed.ups, 1, "up");
    iq = xmpp_iq_new(d.testbed.ctx, "get", NULL);
    xmpp_stanza_set_to(iq, "a.example");
    xmpp_stanza_add_tag(iq, "query", "urn:example");
    is_int(xmpp_request_send(d.testbed.conn, iq, 0, on_answer, &d), 0,
           "a request");
    testbed_until(&d.testbed, &d.testbed.ups, 2, "up again");
    testbed_until(&d.testbed, &d.number, 1, "the request is answered");
    xmpp_disconnect(d.testbed.conn);
    testbed_until(&d.testbed, &d.lasts, 1, "down");
    testbed_peer_done(&d.testbed, "request");
    comeback_end(&d, "request");
}

int main(void)
{
    in_a_pause(end_by_disconnect, "xmpp_disconnect()");
    in_a_pause(end_by_option, "the option");
    in_a_pause(end_by_finish, "xmpp_ctx_finish()");
    released_in_a_pause();
    connected_in_a_pause();
    acts(act_release, "released");
    acts(act_disconnect, "disconnected");
    acts(act_connect, "connected");
    acts(act_loop, "a loop");
    acts(act_hints, "hints");
    network_changed_when_up();
    network_changed_is_checked();
    hint_ends();
    suspended_for_long();
    network_changed_in_between();
    sleeps();
    suspended_ends(end_by_disconnect, "xmpp_disconnect() while suspended");
    suspended_ends(end_by_finish, "xmpp_ctx_finish() while suspended");
    request_survives();
    return done_testing();
}
