/* reentry.c - what a callback may do to its own connection: end it, wait for
 * that in a loop of its own, begin the next one, give everything back. */

#include "conn/fate.h"
#include "net/certmaker.h"

#define TURNS 200 /* of a loop inside a callback; only to end it */

/* Everything that is called back happens in here. */
static const char *const script[] = {
    TO_ENABLE,
    ENABLED,
    "C id=\"q1\"",
    "S <iq type='result' id='q1' from='example.org'/>"
    "<a xmlns='urn:xmpp:sm:3' h='2'/>"
    "<message from='a@example.org/x' id='m1'><body>1</body></message>"
    "<message from='a@example.org/x' id='m2'><body>2</body></message>",
    "C </stream:stream>",
    "S </stream:stream>",
    "eof",
    NULL};

/* The login waits for a password. */
static const char *const asks[] = {
    "C <stream:stream",
    "C >",
    "S " PEER_HEADER
    "<stream:features><auth xmlns='http://jabber.org/features/iq-auth'/>"
    "</stream:features>",
    "C <username>romeo</username>",
    "C </iq>",
    "S <iq type='result' id='auth-fields'><query xmlns='jabber:iq:auth'>"
    "<username/><password/><resource/></query></iq>",
    "eof",
    NULL};

static struct certmaker certmaker;
static char self[170];
static const char *const is_bad[] = {PEER_TO_TLS, self, "eof", NULL};

/* One play of a callback and a deed. */
static struct play {
    struct testbed testbed;
    struct fake_server *first; /* where another is reached meanwhile */
    void (*deed)(void);
    int attempts; /* that were started */
    bool done;    /* the deed */
    bool is_over; /* an end is being delivered already */
    void (*when_up)(void);
} play;

/* ---- deeds ------------------------------------------------------- */

static void connect_to(const char *const *lines)
{
    play.first = play.testbed.peer;
    play.attempts++;
    testbed_connect(&play.testbed, lines);
}

static void wait_for(const int *number, int want)
{
    for (int i = 0; i < TURNS && *number < want && play.testbed.ctx; i++)
        xmpp_run_once(play.testbed.ctx, 1000);
}

static void let_go(void)
{
    xmpp_conn_t *conn = play.testbed.conn;

    play.testbed.conn = NULL;
    xmpp_conn_release(conn);
    is_int(play.testbed.downs, play.attempts,
           "  DISCONNECT is delivered inside the call");
}

static void let_all_go(void)
{
    xmpp_ctx_t *ctx = play.testbed.ctx;

    let_go();
    play.testbed.ctx = NULL;
    xmpp_ctx_free(ctx);
}

static void let_go_and_run(void)
{
    let_go();
    for (int i = 0; i < 3; i++)
        xmpp_run_once(play.testbed.ctx, 10);
}

static void hang_up(void)
{
    xmpp_disconnect(play.testbed.conn);
}

static void hang_up_and_wait(void)
{
    xmpp_disconnect(play.testbed.conn);
    wait_for(&play.testbed.downs, play.attempts);
    if (!play.is_over)
        is_int(play.testbed.downs, play.attempts, "  the end came meanwhile");
}

static void drop_and_wait(void)
{
    xmpp_conn_drop(play.testbed.conn);
    xmpp_disconnect(play.testbed.conn); /* where there is no transport yet */
    wait_for(&play.testbed.downs, play.attempts);
    if (!play.is_over)
        is_int(play.testbed.downs, play.attempts, "  the end came meanwhile");
}

static void run(void)
{
    for (int i = 0; i < 3; i++)
        xmpp_run_once(play.testbed.ctx, 1);
}

/* The next attempt is up before the callback of this one returns. */
static void start_again(void)
{
    static const char *const lines[] = {PEER_LOGIN, PEER_CLOSE, NULL};

    int ups = play.testbed.ups;

    drop_and_wait();
    if (!xmpp_conn_is_disconnected(play.testbed.conn) ||
        play.testbed.downs < play.attempts)
        return;
    xmpp_conn_set_jid(play.testbed.conn, "example.org");
    xmpp_conn_set_flags(play.testbed.conn, XMPP_CONN_FLAG_DISABLE_TLS);
    play.when_up = NULL;
    connect_to(lines);
    wait_for(&play.testbed.ups, ups + 1);
    ok(xmpp_conn_is_connected(play.testbed.conn), "  the next one is up");
}

/* Every other callback may come again meanwhile, and does nothing then. */
static void act(void)
{
    if (play.done || !play.testbed.conn)
        return;
    play.done = true;
    play.deed();
}

/* ---- callbacks --------------------------------------------------- */

static int in_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    (void)userdata;
    act();
    return 1;
}

static int in_timer(xmpp_conn_t *conn, void *userdata)
{
    (void)conn;
    (void)userdata;
    act();
    return 1;
}

static void in_reply(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                     void *userdata)
{
    (void)conn;
    (void)reply;
    (void)userdata;
    play.is_over = status == XMPP_ENOTCONN;
    act();
}

static void in_sent(xmpp_conn_t *conn, int status, const char *text, size_t n,
                    void *userdata)
{
    (void)conn;
    (void)status;
    (void)text;
    (void)n;
    (void)userdata;
    act();
}

static void in_state(xmpp_conn_t *conn, void *userdata,
                     const unsigned char *bytes, size_t n)
{
    (void)conn;
    (void)userdata;
    (void)bytes;
    (void)n;
    if (play.testbed.ups)
        act();
}

static int in_password(char *pass, size_t size, xmpp_conn_t *conn,
                       void *userdata)
{
    (void)pass;
    (void)size;
    (void)conn;
    (void)userdata;
    act();
    return -1;
}

static int in_cert(xmpp_conn_t *conn, const xmpp_cert_question_t *question,
                   void *userdata)
{
    (void)conn;
    (void)question;
    (void)userdata;
    act();
    return XMPP_CERT_REJECT;
}

static int in_socket(xmpp_conn_t *conn, void *sock)
{
    (void)conn;
    (void)sock;
    act();
    return 0;
}

static void on_event(struct testbed *testbed, xmpp_conn_event_t event)
{
    (void)testbed;
    if (event == XMPP_CONN_CONNECT && play.when_up)
        play.when_up();
}

/* ---- places ------------------------------------------------------ */

/* With a reply that comes, and without one. */
static void send_request(const char *id, xmpp_reply_handler handler)
{
    xmpp_stanza_t *iq = xmpp_iq_new(play.testbed.ctx, "get", id);

    xmpp_stanza_set_to(iq, "example.org");
    xmpp_request_send(play.testbed.conn, iq, 0, handler, NULL);
}

static void send_all(void)
{
    send_request("q0", NULL);
    send_request("q1", NULL);
}

static void send_to_be_answered(void)
{
    send_request("q0", NULL);
    send_request("q1", in_reply);
}

static void send_to_be_left(void)
{
    send_request("q0", in_reply);
    send_request("q1", NULL);
    xmpp_disconnect(play.testbed.conn);
}

static void send_tracked(void)
{
    xmpp_stanza_t *m =
        xmpp_message_new(play.testbed.ctx, "chat", "a@example.org", "t1");

    xmpp_send_tracked(play.testbed.conn, m, in_sent, NULL);
    send_all();
}

static void in_connected(void)
{
    send_all();
    act();
}

static void in_down(struct testbed *testbed, xmpp_conn_event_t event)
{
    (void)testbed;
    if (event == XMPP_CONN_CONNECT)
        xmpp_disconnect(play.testbed.conn);
    else
        act();
}

static void arrange_down(xmpp_conn_t *conn)
{
    (void)conn;
    play.testbed.on_event = in_down;
}

static void arrange_stanza(xmpp_conn_t *conn)
{
    xmpp_handler_add(conn, in_stanza, NULL, "message", NULL, NULL);
}

static void arrange_id(xmpp_conn_t *conn)
{
    xmpp_id_handler_add(conn, in_stanza, "m1", NULL);
}

static void arrange_timer(xmpp_conn_t *conn)
{
    xmpp_timed_handler_add(conn, in_timer, 1, NULL);
}

static void arrange_state(xmpp_conn_t *conn)
{
    xmpp_conn_set_sm_callback(conn, in_state, NULL);
}

static void arrange_password(xmpp_conn_t *conn)
{
    xmpp_conn_set_jid(conn, "romeo@example.org/r");
    xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_DISABLE_TLS |
                                  XMPP_CONN_FLAG_LEGACY_AUTH);
    xmpp_conn_set_login_password_handler(conn, in_password, NULL);
}

static void arrange_cert(xmpp_conn_t *conn)
{
    xmpp_conn_set_flags(conn, 0);
    xmpp_conn_set_cafile(conn, certmaker.ca_file);
    xmpp_conn_set_cert_handler(conn, in_cert, NULL);
}

static void arrange_socket(xmpp_conn_t *conn)
{
    xmpp_conn_set_sockopt_callback(conn, in_socket);
}

static const struct place {
    const char *name;
    void (*arrange)(xmpp_conn_t *conn);
    void (*when_up)(void);
    const char *const *script;
    bool is_real; /* over a socket: TLS, or the socket itself is needed */
} places[] = {
    {"CONNECT", NULL, in_connected, script, false},
    {"DISCONNECT", arrange_down, NULL, script, false},
    {"a handler", arrange_stanza, send_all, script, false},
    {"a handler by id", arrange_id, send_all, script, false},
    {"a timer", arrange_timer, send_all, script, false},
    {"a reply", NULL, send_to_be_answered, script, false},
    {"a request's end", NULL, send_to_be_left, script, false},
    {"a sent handler", NULL, send_tracked, script, false},
    {"the callback for states", arrange_state, send_all, script, false},
    {"the password handler", arrange_password, NULL, asks, false},
    {"the certificate handler", arrange_cert, NULL, is_bad, true},
    {"the callback for sockets", arrange_socket, send_all, script, true},
};

static const struct deed {
    const char *name;
    void (*deed)(void);
} deeds[] = {
    {"release", let_go},
    {"release and a loop", let_go_and_run},
    {"release and no context", let_all_go},
    {"disconnect", hang_up},
    {"disconnect and wait", hang_up_and_wait},
    {"drop and wait", drop_and_wait},
    {"a loop", run},
    {"the next attempt", start_again},
};

/* ---- plays ------------------------------------------------------- */

static void begin(const struct place *place, const struct deed *deed)
{
    play = (struct play){.deed = deed->deed, .when_up = place->when_up};
    if (place->is_real)
        testbed_make(&play.testbed);
    else
        testbed_make_virtual(&play.testbed);
    play.testbed.on_event = on_event;
    xmpp_conn_set_option(play.testbed.conn, XMPP_OPT_CLOSE_TIMEOUT, 20);
    if (place->arrange)
        place->arrange(play.testbed.conn);
    connect_to(place->script);
}

static void leave(struct fake_server *server)
{
    if (!server)
        return;
    fake_server_poke(server);
    fake_server_join(server);
}

/* Whatever is left is ended, and every attempt had its one DISCONNECT. */
static void end(const char *name)
{
    for (int i = 0; i < TURNS && !play.done; i++)
        xmpp_run_once(play.testbed.ctx, 1000);
    if (play.testbed.conn)
        xmpp_disconnect(play.testbed.conn);
    wait_for(&play.testbed.downs, play.attempts);
    ok(play.done, "%s: it was done", name);
    is_int(play.testbed.downs, play.attempts,
           "%s: one DISCONNECT for each attempt", name);
    leave(play.first);
    leave(play.testbed.peer);
    testbed_free(&play.testbed, name);
}

static void try(const struct place *place, const struct deed *deed)
{
    char name[80];

    snprintf(name, sizeof(name), "%s in %s", deed->name, place->name);
    printf("# %s\n", name);
    begin(place, deed);
    end(name);
}

int main(void)
{
    certmaker_open(&certmaker);
    certmaker_files(&certmaker,
                    &(struct cert_spec){.dns = {"example.org"}, .self = 1},
                    "self");
    snprintf(self, sizeof(self), "notls %s/self", certmaker.folder);
    for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++)
        for (size_t d = 0; d < sizeof(deeds) / sizeof(deeds[0]); d++)
            try(&places[p], &deeds[d]);
    certmaker_close(&certmaker);
    return done_testing();
}
