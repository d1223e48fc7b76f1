/* trips_client.c - how often each kind of login waits for a real server,
 * counted on the wire: by the relay, which sees the answers, and by the
 * library.
 *
 * usage: trips_client PORT DIRECT-PORT CA-FILE JID PASSWORD KIND [DELAY]
 *
 * KIND is what the server has: "sasl" or "sasl2". DELAY: milliseconds that each
 * answer takes; the times are printed then. */

#include <sys/socket.h>
#include <time.h>

#include <xmpp/xmpp.h>

#include "live/relay.h"
#include "tap.h"

#define PATIENCE 60 /* seconds, only to end a test that hangs */
#define AGENT "d4565fa7-4d72-4749-b3d3-740edbf87770"

static char **args;
static int socket_fd;

/* One login, as the table below wants it. */
static const struct login {
    const char *name, *kind;
    int trips; /* that the library counts */
    int wire;  /* on the wire, with TLS and without the one of TCP */
    bool direct, resumes, binds2, by_token, pipelines;
} logins[] = {
    /* no option at all */
    {"SCRAM", "sasl", 5, 6, .direct = true},
    {"SCRAM, by STARTTLS", "sasl", 7, 8, .direct = false},
    {"SCRAM, SASL2", "sasl2", 4, 5, .direct = true},
    {"SCRAM, SASL2, by STARTTLS", "sasl2", 6, 7, .direct = false},
    {"resumed", "sasl", 5, 6, .direct = true, .resumes = true},
    {"resumed, SASL2", "sasl2", 3, 4, .direct = true, .resumes = true},
    /* the least that the protocols permit */
    {"SASL2, Bind 2", "sasl2", 3, 4, .direct = true, .binds2 = true},
    {"token", "sasl2", 2, 3, .direct = true, .binds2 = true, .by_token = true},
    {"token, resumed", "sasl2", 2, 3, .direct = true, .binds2 = true,
     .by_token = true, .resumes = true},
    {"SASL2, Bind 2, pipelined", "sasl2", 2, 3, .direct = true, .binds2 = true,
     .pipelines = true},
    {"token, pipelined", "sasl2", 1, 2, .direct = true, .binds2 = true,
     .by_token = true, .pipelines = true},
    {"token, resumed, pipelined", "sasl2", 1, 2, .direct = true, .binds2 = true,
     .by_token = true, .pipelines = true, .resumes = true},
    {"token, pipelined, by STARTTLS", "sasl2", 3, 4, .direct = false,
     .binds2 = true, .by_token = true, .pipelines = true},
};

/* What one connection comes to. */
struct run {
    struct relay *relay;
    int ups, downs, wire;
    unsigned trips;
    bool resumed, by_token;
    struct timespec up_at;
};

static void on_token(xmpp_conn_t *conn, const char *line, void *userdata)
{
    (void)conn;
    (void)line;
    (void)userdata;
}

static int on_socket(xmpp_conn_t *conn, void *sock)
{
    (void)conn;
    socket_fd = *(int *)sock;
    return 0;
}

static void on_conn(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    const xmpp_failure_t *f = xmpp_conn_get_failure(conn);
    struct run *run = userdata;

    (void)error;
    (void)stream_error;
    if (event != XMPP_CONN_CONNECT) {
        run->downs++;
        if (f && run->ups == 0)
            printf("# %s\n", f->message);
        return;
    }
    run->ups++;
    clock_gettime(CLOCK_MONOTONIC, &run->up_at);
    run->wire = relay_trips(run->relay);
    run->trips = xmpp_conn_get_round_trips(conn);
    run->resumed = xmpp_conn_is_resumed(conn);
    run->by_token = strncmp(xmpp_conn_get_mechanism(conn), "HT-", 3) == 0;
}

/* Until one more event came. */
static void await_event(xmpp_conn_t *conn, const struct run *run)
{
    time_t end = time(NULL) + PATIENCE;
    int before = run->ups + run->downs;

    while (run->ups + run->downs == before && time(NULL) < end)
        xmpp_run_once(xmpp_conn_get_context(conn), 100);
    if (run->ups + run->downs == before)
        bail("it hangs");
}

/* Log in; after how many milliseconds it was up. */
static long log_in(xmpp_conn_t *conn, struct run *run)
{
    struct timespec from;

    run->ups = run->downs = 0;
    relay_trips(run->relay);
    clock_gettime(CLOCK_MONOTONIC, &from);
    if (xmpp_connect_client(conn, "127.0.0.1", relay_port(run->relay), on_conn,
                            run))
        bail("cannot begin");
    await_event(conn, run);
    return (run->up_at.tv_sec - from.tv_sec) * 1000L +
           (run->up_at.tv_nsec - from.tv_nsec) / 1000000;
}

static void log_out(xmpp_conn_t *conn, const struct run *run, bool resumable)
{
    if (run->downs)
        return;
    if (resumable)
        shutdown(socket_fd, SHUT_RDWR);
    else
        xmpp_disconnect(conn);
    await_event(conn, run);
}

static xmpp_conn_t *make(xmpp_ctx_t *ctx, const struct login *login)
{
    xmpp_conn_t *conn = xmpp_conn_new(ctx);

    xmpp_conn_set_jid(conn, args[4]);
    xmpp_conn_set_pass(conn, args[5]);
    xmpp_conn_set_cafile(conn, args[3]);
    xmpp_conn_set_sockopt_callback(conn, on_socket);
    if (login->direct)
        xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_LEGACY_SSL);
    if (login->binds2)
        xmpp_conn_set_bind2_tag(conn, "trips");
    if (login->by_token) {
        xmpp_conn_set_user_agent(conn, AGENT, "a test", NULL);
        xmpp_conn_set_fast_token_handler(conn, on_token, NULL);
    }
    if (login->pipelines)
        xmpp_conn_set_option(conn, XMPP_OPT_PIPELINE, 1);
    return conn;
}

/* What an earlier login leaves is had from one. */
static void count(const struct login *l, int delay)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    xmpp_conn_t *conn = make(ctx, l);
    struct run run = {0};
    long ms;

    run.relay = relay_start((unsigned short)atoi(args[l->direct ? 2 : 1]));
    if (l->resumes || l->by_token || l->pipelines) {
        log_in(conn, &run);
        log_out(conn, &run, l->resumes);
    }
    if (delay)
        relay_delay(run.relay, delay);
    ms = log_in(conn, &run);
    is_int(run.ups, 1, "%s: logged in", l->name);
    is_int(run.trips, l->trips, "%s: in so many round trips", l->name);
    is_int(run.wire, l->wire, "%s: so many on the wire", l->name);
    is_int(run.resumed, l->resumes, "%s: the session is resumed, or not",
           l->name);
    is_int(run.by_token, l->by_token, "%s: by a token, or not", l->name);
    if (delay)
        printf("# %-32s %d %8d %8ld ms\n", l->name, run.trips, run.wire + 1,
               ms);
    log_out(conn, &run, false);
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    relay_stop(run.relay);
}

int main(int argc, char **argv)
{
    int delay = argc == 8 ? atoi(argv[7]) : 0;

    if (argc != 7 && argc != 8)
        bail("usage: trips_client PORT DIRECT-PORT CA-FILE JID PASSWORD KIND "
             "[DELAY]");
    args = argv;
    if (delay)
        printf(
            "# round trips that the library counts, and all with TLS and TCP; "
            "%d ms each\n",
            delay);
    for (size_t i = 0; i < sizeof(logins) / sizeof(logins[0]); i++)
        if (strcmp(logins[i].kind, args[6]) == 0)
            count(&logins[i], delay);
    return done_testing();
}
