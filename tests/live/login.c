/* login.c - every way of logging in to one account of a real server: with a
 * password that is asked for, with keys, with pins, and without what is wrong.
 *
 * usage: login [options] HOST PORT CA-FILE JID PASSWORD MECHANISM BINDING
 *
 * MECHANISM is what is to be agreed on, BINDING the type of channel binding, or
 * "-" for none. Of the server, --direct says that TLS begins at once,
 * --new-salts that it salts anew with each login, --once that it is at a loss
 * if a login is tried again on the same stream. --bearer WHY: the password is a
 * token of OAUTHBEARER, and "old-token" is refused with that text. --proxy and
 * --websocket have a URL each. --fails CODE: nothing but that it fails so. */

#include <time.h>

#include <xmpp/xmpp.h>

#include "tap.h"

#define PATIENCE 60 /* seconds, only to end a test that hangs */

static const char *host = "", *cafile = "", *jid = "", *password = "";
static const char *mechanism = "", *binding = "";
static unsigned short port;
static const char *why, *proxy, *websocket, *fails;
static int is_direct, has_new_salts, may_try_once;

static xmpp_ctx_t *ctx;
static int up, down, asked, secrets;
static char pin[256], keys[1024], got_mechanism[64], got_binding[64];

/* Is the password, or a key, in the log? */
static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    (void)userdata;
    (void)level;
    (void)area;
    secrets += strstr(line, password) != NULL;
    secrets += keys[0] && strstr(line, strrchr(keys, ' ') + 1) != NULL;
}

static void keep(char *to, size_t n, const char *text)
{
    snprintf(to, n, "%s", text ? text : "-");
}

static void on_conn(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)error;
    (void)stream_error;
    (void)userdata;
    if (event == XMPP_CONN_DISCONNECT)
        down++;
    if (event != XMPP_CONN_CONNECT)
        return;
    up++;
    keep(got_mechanism, sizeof(got_mechanism), xmpp_conn_get_mechanism(conn));
    keep(got_binding, sizeof(got_binding), xmpp_conn_get_channel_binding(conn));
    xmpp_disconnect(conn);
}

static xmpp_conn_t *make(void)
{
    xmpp_conn_t *conn = xmpp_conn_new(ctx);

    xmpp_conn_set_jid(conn, jid);
    xmpp_conn_set_cafile(conn, cafile);
    if (is_direct)
        xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_LEGACY_SSL);
    if (xmpp_conn_set_proxy(conn, proxy) ||
        xmpp_conn_set_websocket(conn, websocket))
        bail(xmpp_ctx_get_last_error(ctx));
    return conn;
}

/* Connect until it is over; says whether it was up. */
static int run(xmpp_conn_t *conn)
{
    time_t end = time(NULL) + PATIENCE;

    up = down = 0;
    if (xmpp_connect_client(conn, host, port, on_conn, NULL))
        bail("cannot begin");
    while (!down && time(NULL) < end)
        xmpp_run_once(ctx, 500);
    if (!down)
        bail("it does not end");
    return up;
}

static void goes_well(xmpp_conn_t *conn, const char *what)
{
    const xmpp_failure_t *f;

    is_int(run(conn), 1, "%s", what);
    f = xmpp_conn_get_failure(conn);
    is_str(f ? f->message : "", "", "  and ends well");
    is_str(got_mechanism, mechanism, "  by %s", got_mechanism);
    is_str(got_binding, binding, "  bound by %s", got_binding);
}

static void goes_wrong(xmpp_conn_t *conn, int code, const char *what)
{
    const xmpp_failure_t *f;

    is_int(run(conn), 0, "%s", what);
    f = xmpp_conn_get_failure(conn);
    is_str(xmpp_strerror_name(f ? f->code : 0), xmpp_strerror_name(code),
           "  because: %s", f ? f->message : "nothing");
}

/* ---- passwords --------------------------------------------------- */

static int give(char *pass, size_t size, xmpp_conn_t *conn, void *userdata)
{
    (void)conn;
    (void)userdata;
    asked++;
    return snprintf(pass, size, "%s", password);
}

static int give_second(char *pass, size_t size, xmpp_conn_t *conn,
                       void *userdata)
{
    return asked ? give(pass, size, conn, userdata)
                 : (asked++, snprintf(pass, size, "not it"));
}

static void by_password(void)
{
    xmpp_conn_t *conn = make();

    xmpp_conn_set_pass(conn, password);
    goes_well(conn, "a password");
    ok(!xmpp_conn_get_scram_keys(conn), "  of which nothing is kept");
    goes_well(conn, "and once more");
    xmpp_conn_set_pass(conn, "not it");
    goes_wrong(conn, XMPP_EAUTH, "a wrong password");
    xmpp_conn_release(conn);
}

static void by_asking(void)
{
    xmpp_conn_t *conn = make();

    asked = 0;
    xmpp_conn_set_option(conn, XMPP_OPT_KEEP_SCRAM_KEYS, 1);
    xmpp_conn_set_login_password_handler(conn, give, NULL);
    goes_well(conn, "a password that is asked for");
    is_int(asked, 1, "  once");
    keep(keys, sizeof(keys), xmpp_conn_get_scram_keys(conn));
    keep(pin, sizeof(pin), xmpp_conn_get_min_login_strength(conn));
    goes_well(conn, "again");
    is_int(asked, 1 + has_new_salts,
           "  by the keys that were kept, if they fit");
    xmpp_conn_release(conn);
    if (may_try_once)
        return;

    conn = make();
    asked = 0;
    xmpp_conn_set_login_password_handler(conn, give_second, NULL);
    goes_well(conn, "a wrong one, then the right one");
    is_int(asked, 2, "  asked for twice");
    xmpp_conn_release(conn);
}

static void by_keys(void)
{
    xmpp_conn_t *conn = make();
    char bad[sizeof(keys)], *last;

    is_int(xmpp_conn_set_scram_keys(conn, keys), 0, "keys of an earlier login");
    if (has_new_salts)
        goes_wrong(conn, XMPP_ECRED, "nothing else, but the salt is new");
    else
        goes_well(conn, "nothing else");
    xmpp_conn_release(conn);
    if (has_new_salts)
        return;

    conn = make();
    snprintf(bad, sizeof(bad), "%s", keys);
    last = bad + strlen(bad) - 4; /* of what proves the server */
    *last = *last == 'A' ? 'B' : 'A';
    if (xmpp_conn_set_scram_keys(conn, bad) == 0)
        goes_wrong(conn, XMPP_EPROOF, "a server that our keys do not know");
    else
        ok(false, "%s", bad);
    xmpp_conn_release(conn);
}

/* ---- pins -------------------------------------------------------- */

/* The words are those of this attempt: it comes before they are read. */
static void wrong_binding(xmpp_conn_t *conn)
{
    const xmpp_failure_t *f = run(conn) ? NULL : xmpp_conn_get_failure(conn);

    ok(f && f->layer == XMPP_LAYER_SASL, "channel binding required: %s",
       f ? f->message : "none");
}

static void by_pin(void)
{
    int is_best = strcmp(mechanism, "SCRAM-SHA-512-PLUS") == 0 &&
                  strcmp(binding, "tls-exporter") == 0;
    int is_bound = strcmp(binding, "-") != 0;
    xmpp_conn_t *conn = make();

    xmpp_conn_set_pass(conn, password);
    is_int(xmpp_conn_set_min_login_strength(conn, pin), 0, "the pin %s", pin);
    goes_well(conn, "not less than before");
    is_str(xmpp_conn_get_min_login_strength(conn), pin, "  and the pin stays");
    xmpp_conn_set_min_login_strength(conn, "1 SCRAM-SHA-512-PLUS tls-exporter");
    if (is_best)
        goes_well(conn, "the best there is");
    else
        goes_wrong(conn, XMPP_EPOLICY, "less than was pinned");
    xmpp_conn_set_min_login_strength(conn, NULL);
    xmpp_conn_set_option(conn, XMPP_OPT_REQUIRE_CHANNEL_BINDING, 1);
    if (is_bound)
        goes_well(conn, "channel binding required");
    else
        wrong_binding(conn);
    xmpp_conn_release(conn);
}

/* ---- tokens ------------------------------------------------------ */

static void by_token(void)
{
    xmpp_conn_t *conn = make();
    const xmpp_failure_t *f;

    xmpp_conn_set_oauth_token(conn, password);
    goes_well(conn, "a token");
    xmpp_conn_set_oauth_token(conn, "old-token");
    goes_wrong(conn, XMPP_EAUTH, "an old one");
    f = xmpp_conn_get_failure(conn);
    is_str(f ? f->condition : "", "not-authorized", "  says the server");
    is_str(f ? f->text : "", why, "  and why");
    xmpp_conn_release(conn);
}

static void not_at_all(void)
{
    xmpp_conn_t *conn = make();
    const xmpp_failure_t *f;

    xmpp_conn_set_pass(conn, password);
    is_int(run(conn), 0, "no way to the server");
    f = xmpp_conn_get_failure(conn);
    is_str(xmpp_strerror_name(f ? f->code : 0), fails, "because: %s",
           f ? f->message : "nothing");
    xmpp_conn_release(conn);
}

static void read_text(int *argc, char ***argv, const char *name,
                      const char **ret)
{
    if (strcmp(**argv, name) != 0)
        return;
    ++*argv, --*argc;
    *ret = **argv;
}

static void read_options(int *argc, char ***argv)
{
    for (++*argv, --*argc; *argc > 1 && !strncmp(**argv, "--", 2);
         ++*argv, --*argc) {
        is_direct |= !strcmp(**argv, "--direct");
        has_new_salts |= !strcmp(**argv, "--new-salts");
        may_try_once |= !strcmp(**argv, "--once");
        read_text(argc, argv, "--bearer", &why);
        read_text(argc, argv, "--proxy", &proxy);
        read_text(argc, argv, "--fails", &fails);
        read_text(argc, argv, "--websocket", &websocket);
    }
}

int main(int argc, char **argv)
{
    static const xmpp_log_t log = {on_line, NULL};

    read_options(&argc, &argv);
    if (argc != 7)
        bail("usage: login [options] HOST PORT CA-FILE JID PASSWORD MECHANISM "
             "BINDING");
    host = argv[0];
    port = (unsigned short)atoi(argv[1]);
    cafile = argv[2];
    jid = argv[3];
    password = argv[4];
    mechanism = argv[5];
    binding = argv[6];
    ctx = xmpp_ctx_new(NULL, &log);
    if (fails) {
        not_at_all();
    } else if (why) {
        by_token();
    } else {
        by_password();
        by_asking();
        by_keys();
        by_pin();
    }
    is_int(secrets, 0, "no secret was in the log");
    xmpp_ctx_free(ctx);
    return done_testing();
}
