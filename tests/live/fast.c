/* fast.c - SASL2, Bind 2, tokens and resumption with a real server: each login
 * takes as few round trips as it can.
 *
 * usage: fast [options] HOST PORT CA-FILE JID PASSWORD MECHANISM
 * TOKEN-MECHANISM
 *
 * MECHANISM is what the password is expected to be used by. TLS begins by
 * STARTTLS, which takes two round trips of its own, or with --direct at once.
 * --only LIST: by these mechanisms. --elsewhere PORT: there the channel is of
 * another type (and TLS begins at once if it does not here). --websocket URL:
 * by that, which is TLS at once. --rotated, --expired, --refused: the server
 * exchanges each token when it is used, makes them too old, or sees another
 * channel than we do. */

#include <sys/socket.h>
#include <time.h>

#include <xmpp/xmpp.h>

#include "tap.h"

#define PATIENCE 60 /* seconds, only to end a test that hangs */
#define AGENT "d4565fa7-4d72-4749-b3d3-740edbf87770"

static const char *host, *jid, *password, *by, *kind, *only, *websocket;
static unsigned short port, elsewhere;
static int is_direct, is_rotated, is_expired, is_refused;
static xmpp_ctx_t *ctx;
static xmpp_conn_t *conn;
static int ups, downs, socket_fd, told, heard;
static char token[1000], first[1000];

static void on_token(xmpp_conn_t *c, const char *line, void *userdata)
{
    (void)c;
    (void)userdata;
    told++;
    snprintf(token, sizeof(token), "%s", line ? line : "");
}

static int on_socket(xmpp_conn_t *c, void *sock)
{
    (void)c;
    socket_fd = *(int *)sock;
    return 0;
}

static void on_conn(xmpp_conn_t *c, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)c;
    (void)error;
    (void)stream_error;
    (void)userdata;
    ups += event == XMPP_CONN_CONNECT;
    downs += event == XMPP_CONN_DISCONNECT;
}

static int on_message(xmpp_conn_t *c, xmpp_stanza_t *message, void *userdata)
{
    (void)c;
    (void)message;
    (void)userdata;
    heard++;
    return 1;
}

static void run_until(const int *number, int want)
{
    time_t end = time(NULL) + PATIENCE;

    while (*number < want && time(NULL) < end)
        xmpp_run_once(ctx, 100);
}

static void connect_again(const char *what, const char *mechanism, int trips)
{
    int before = ups, ended = downs;
    time_t end = time(NULL) + PATIENCE;

    is_int(xmpp_connect_client(conn, host, port, on_conn, NULL), 0, "%s", what);
    while (ups == before && downs == ended && time(NULL) < end)
        xmpp_run_once(ctx, 100);
    if (!ok(ups == before + 1, "%s: logged in", what) &&
        xmpp_conn_get_failure(conn))
        printf("# %s\n", xmpp_conn_get_failure(conn)->message);
    if (ups == before)
        return;
    is_str(xmpp_conn_get_mechanism(conn), mechanism, "%s: by this", what);
    is_int(xmpp_conn_get_round_trips(conn), trips - (is_direct ? 2 : 0),
           "%s: so many round trips", what);
    ok(strstr(xmpp_conn_get_bound_jid(conn), "/fast~") != NULL,
       "%s: the server made a resource of the tag", what);
}

static void disconnect(void)
{
    int before = downs;

    xmpp_disconnect(conn);
    run_until(&downs, before + 1);
}

/* The transport is gone, the session is not. */
static void cut(void)
{
    int before = downs;

    shutdown(socket_fd, SHUT_RDWR);
    run_until(&downs, before + 1);
    is_int(downs, before + 1, "cut off");
}

static void say_to_ourselves(void)
{
    xmpp_stanza_t *message = xmpp_message_new(ctx, "chat", jid, "m1");

    xmpp_stanza_set_to(message, xmpp_conn_get_bound_jid(conn));
    xmpp_message_set_body(message, "still there");
    is_int(xmpp_send_take(conn, message), 0, "something is said");
}

static void set_direct(int yes)
{
    is_direct = yes;
    xmpp_conn_set_flags(conn, yes ? XMPP_CONN_FLAG_LEGACY_SSL : 0);
}

static void make(const char *cafile)
{
    ctx = xmpp_ctx_new(NULL, NULL);
    conn = xmpp_conn_new(ctx);
    xmpp_conn_set_jid(conn, jid);
    xmpp_conn_set_pass(conn, password);
    xmpp_conn_set_cafile(conn, cafile);
    if (only)
        is_int(xmpp_conn_set_mechanisms(conn, only), 0, "only %s", only);
    set_direct(is_direct);
    if (websocket)
        is_int(xmpp_conn_set_websocket(conn, websocket), 0, "a WebSocket");
    xmpp_conn_set_sockopt_callback(conn, on_socket);
    xmpp_handler_add(conn, on_message, NULL, "message", NULL, NULL);
    xmpp_conn_set_user_agent(conn, AGENT, "a test", NULL);
    xmpp_conn_set_bind2_tag(conn, "fast");
    xmpp_conn_set_fast_token_handler(conn, on_token, NULL);
}

/* The present token as a line in which one word is another: 2 is the mechanism,
 * 3 the date. */
static void set_with(int word, const char *text)
{
    char line[1000];
    const char *at = token, *end;

    while (word-- > 0)
        at = strchr(at, ' ') + 1;
    end = strchr(at, ' ');
    snprintf(line, sizeof(line), "%.*s%s%s", (int)(at - token), token, text,
             end);
    is_int(xmpp_conn_set_fast_token(conn, line), 0, "made up: %s", text);
}

static void begin(void)
{
    connect_again("by the password", by, 5);
    ok(strstr(token, kind) != NULL, "a token was given: %s", kind);
    snprintf(first, sizeof(first), "%s", token);
    disconnect();
}

static void lasting(void)
{
    connect_again("by the token", kind, 4);
    say_to_ourselves();
    run_until(&heard, 1);
    is_int(heard, 1, "and heard");
    cut();
    connect_again("by the token, resumed", kind, 4);
    ok(xmpp_conn_is_resumed(conn), "the session goes on");
    say_to_ourselves();
    run_until(&heard, 2);
    is_int(heard, 2, "in both directions");
    disconnect();
    is_int(xmpp_conn_invalidate_fast_token(conn), 0, "the token is given up");
    connect_again("for the last time", kind, 4);
    is_str(token, "", "and is gone");
    disconnect();
    is_int(xmpp_conn_set_fast_token(conn, first), 0, "it is tried again");
    connect_again("the password takes its place", by, 6);
    ok(strstr(token, kind) && strcmp(token, first) != 0,
       "another one is given");
    disconnect();
    ok(told >= 7, "all of it was told");
}

/* A token of one kind is none of another, though the secret is the same: the
 * server knows what it gave it for. */
static void of_another_kind(void)
{
    const char *end =
        strcmp(kind, "HT-SHA-256-NONE") ? "HT-SHA-256-NONE" : "HT-SHA-512-NONE";

    set_with(2, end);
    connect_again("a token said to be of another kind", by, 6);
    disconnect();
}

/* What it is bound to is not what the server sees. */
static void refused(void)
{
    connect_again("the token is refused", by, 6);
    ok(strstr(token, kind) && strcmp(token, first) != 0,
       "another one is given");
    disconnect();
}

/* Where it cannot be bound, it is not even shown. */
static void on_another_channel(void)
{
    unsigned short here = port;
    int was_direct = is_direct;

    snprintf(first, sizeof(first), "%s", token);
    port = elsewhere;
    set_direct(1);
    xmpp_conn_set_min_login_strength(conn, NULL);
    is_int(xmpp_connect_client(conn, host, port, on_conn, NULL), 0,
           "a channel of another type");
    run_until(&ups, ups + 1);
    ok(xmpp_conn_get_mechanism(conn) &&
           strncmp(xmpp_conn_get_mechanism(conn), "SCRAM-", 6) == 0,
       "by the password: %s", xmpp_conn_get_mechanism(conn));
    disconnect();
    port = here;
    set_direct(was_direct);
}

static void rotated(void)
{
    connect_again("by the token", kind, 4);
    ok(strstr(token, kind) && strcmp(token, first) != 0, "it was exchanged");
    snprintf(first, sizeof(first), "%s", token);
    disconnect();
    connect_again("by the new one", kind, 4);
    ok(strstr(token, kind) && strcmp(token, first) != 0, "so was that");
    disconnect();
}

static void expired(void)
{
    connect_again("it is old, and not shown", by, 5);
    disconnect();
    set_with(3, "99999999999");
    connect_again("it is old, and refused", by, 6);
    ok(strstr(token, kind) != NULL, "and another one is given");
    disconnect();
}

static void read_options(int *argc, char ***argv)
{
    for (++*argv, --*argc; *argc > 1 && !strncmp(**argv, "--", 2);
         ++*argv, --*argc) {
        const char *option = **argv;

        is_direct |= !strcmp(option, "--direct");
        is_rotated |= !strcmp(option, "--rotated");
        is_expired |= !strcmp(option, "--expired");
        is_refused |= !strcmp(option, "--refused");
        if (!strcmp(option, "--only") || !strcmp(option, "--elsewhere") ||
            !strcmp(option, "--websocket"))
            ++*argv, --*argc;
        if (!strcmp(option, "--websocket"))
            websocket = **argv;
        if (!strcmp(option, "--only"))
            only = **argv;
        if (!strcmp(option, "--elsewhere"))
            elsewhere = (unsigned short)atoi(**argv);
    }
}

int main(int argc, char **argv)
{
    read_options(&argc, &argv);
    if (argc != 7)
        bail("usage: fast [options] HOST PORT CA-FILE JID PASSWORD MECHANISM "
             "TOKEN-MECHANISM");
    host = argv[0];
    port = (unsigned short)atoi(argv[1]);
    jid = argv[3];
    password = argv[4];
    by = argv[5];
    kind = argv[6];
    make(argv[2]);
    begin();
    if (is_rotated)
        rotated();
    else if (is_expired)
        expired();
    else if (is_refused)
        refused();
    else
        lasting();
    if (elsewhere) {
        of_another_kind();
        on_another_channel();
    }
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return done_testing();
}
