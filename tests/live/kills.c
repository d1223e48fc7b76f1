/* kills.c - a program on a bad network is killed and started again: what it
 * said arrives at another account of a real server once each, and in order.
 * Its connections are cut or end in black holes, it ends or drops them itself,
 * and it lives on with what its library saved, in either form.
 *
 * usage: kills PORT CA-FILE JID JID PASSWORD SCHEDULES KILLS [SEED]
 * One schedule after another on the same server; so many kills in all. With
 * KILLS_WEBSOCKET in the environment, the path of a WebSocket, and KILLS_PORT,
 * its port, the program goes by that, under TLS, to localhost. */

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <xmpp/xmpp.h>

#include "live/cutter.h"
#include "live/killed.h"
#include "tap.h"

#define PATIENCE 120 /* seconds for a schedule, only to end one that hangs */
#define CUTS 8       /* connections that are cut in a schedule */

static char **args;
static xmpp_ctx_t *ctx;
static xmpp_conn_t *conn; /* of the account that listens, never cut */
static bool up, fenced;
static unsigned seed;
static time_t end_of_patience;
static char state[300], enough[300], to[256], from[256];

/* The present schedule. */
static struct {
    int number, heard, wrong;
    struct cutter *cutter;
    pid_t killed;
    int kills;   /* still to be done */
    int trigger; /* what is heard when the next is done */
} now;

static bool in_time(void)
{
    return time(NULL) < end_of_patience;
}

/* ---- what is heard ----------------------------------------------- */

static void on_conn(xmpp_conn_t *c, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)c;
    (void)error;
    (void)stream_error;
    (void)userdata;
    up = event == XMPP_CONN_CONNECT;
}

static int on_message(xmpp_conn_t *c, xmpp_stanza_t *stanza, void *userdata)
{
    const char *body = xmpp_stanza_get_child_text(stanza, "body", NULL);
    int schedule = -1, number = -1;

    (void)c;
    (void)userdata;
    if (body && strcmp(body, "fence") == 0) {
        fenced = true;
        return 1;
    }
    if (body)
        sscanf(body, "%d %d", &schedule, &number);
    if (schedule != now.number || number != now.heard) {
        now.wrong++;
        printf("# heard %d of schedule %d, expected %d of %d\n", number,
               schedule, now.heard, now.number);
    }
    now.heard = number + 1;
    return 1;
}

static void listen_for(char **argv)
{
    xmpp_stanza_t *presence;

    conn = xmpp_conn_new(ctx);
    xmpp_conn_set_jid(conn, to);
    xmpp_conn_set_pass(conn, argv[5]);
    xmpp_conn_set_cafile(conn, argv[2]);
    xmpp_handler_add(conn, on_message, NULL, "message", NULL, NULL);
    xmpp_connect_client(conn, "127.0.0.1", (unsigned short)atoi(argv[1]),
                        on_conn, NULL);
    while (!up && in_time())
        xmpp_run_once(ctx, 100);
    presence = xmpp_presence_new(ctx);
    xmpp_send_take(conn, presence);
}

/* Whatever the server had for us before this call is here after it. */
static void fence(void)
{
    xmpp_stanza_t *m = xmpp_message_new(ctx, "chat", to, NULL);

    fenced = false;
    xmpp_message_set_body(m, "fence");
    xmpp_send_take(conn, m);
    while (!fenced && up && in_time())
        xmpp_run_once(ctx, 100);
}

/* ---- who speaks -------------------------------------------------- */

static void start(void)
{
    char port[16], number[16], chance[16];
    char name[] = "killed", own[] = "own", old[] = "old";
    char *argv[KILLED_END + 1] = {args[0], name};

    snprintf(port, sizeof(port), "%d", cutter_port(now.cutter));
    snprintf(number, sizeof(number), "%d", now.number);
    snprintf(chance, sizeof(chance), "%d", rand_r(&seed));
    argv[KILLED_PORT] = port, argv[KILLED_CA] = args[2];
    argv[KILLED_JID] = from, argv[KILLED_PASSWORD] = args[5];
    argv[KILLED_TO] = to, argv[KILLED_STATE] = state;
    argv[KILLED_ENOUGH] = enough,
    argv[KILLED_FORM] = now.number % 2 ? old : own;
    argv[KILLED_SCHEDULE] = number, argv[KILLED_SEED] = chance;
    now.trigger = now.heard + rand_r(&seed) % 50;
    now.killed = fork();
    if (now.killed)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execv("/proc/self/exe", argv);
    _exit(127);
}

static void end_it(void)
{
    kill(now.killed, SIGKILL);
    waitpid(now.killed, NULL, 0);
    now.killed = 0;
}

/* A while after something arrived, so that all kinds of moments are met. */
static void maybe_kill(void)
{
    struct timespec while_ = {0, rand_r(&seed) % 60 * 1000000L};

    if (!now.kills || now.heard < now.trigger)
        return;
    nanosleep(&while_, NULL);
    end_it();
    now.kills--;
    start();
}

static bool touch(const char *name)
{
    FILE *f = fopen(name, "wb");

    return f && fclose(f) == 0;
}

/* Until it has ended by itself; its exit status, or -1. */
static int run(void)
{
    int status, rests = 0;

    while (in_time() && up) {
        xmpp_run_once(ctx, 10);
        if (waitpid(now.killed, &status, WNOHANG) == now.killed)
            return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        maybe_kill();
        if (!rests && !now.kills && cutter_count(now.cutter) >= CUTS) {
            rests = 1;
            cutter_rest(now.cutter);
            touch(enough);
        }
    }
    end_it();
    return -1;
}

static void judge(int status, struct killed_head *all)
{
    struct killed_head h = {0};
    FILE *f = fopen(state, "rb");

    is_int(status, 0, "schedule %d: it came to its end", now.number);
    ok(f && fread(&h, sizeof(h), 1, f) == 1, "its count is known");
    if (f)
        fclose(f);
    is_int(now.heard, h.next, "all that it said arrived");
    is_int(now.wrong, 0, "each once, and in order");
    printf("# %d said; sessions: %d resumed, %d begun, %d restored, %d ended, "
           "%d dropped; %d cuts\n",
           h.next, h.resumed, h.fresh, h.restored, h.ended, h.dropped,
           cutter_count(now.cutter));
    all->next += h.next;
    all->resumed += h.resumed;
    all->restored += h.restored;
}

static void schedule(int number, int kills, struct killed_head *all)
{
    const char *behind = getenv("KILLS_PORT");
    int status;

    memset(&now, 0, sizeof(now));
    now.number = number;
    now.kills = kills;
    unlink(state);
    unlink(enough);
    end_of_patience = time(NULL) + PATIENCE;
    now.cutter = cutter_start((unsigned short)atoi(behind ? behind : args[1]),
                              seed + number);
    cutter_dig(now.cutter);
    start();
    status = run();
    fence();
    judge(status, all);
    cutter_stop(now.cutter);
}

static void prepare(char **argv, const char *folder)
{
    snprintf(state, sizeof(state), "%s/state", folder);
    snprintf(enough, sizeof(enough), "%s/enough", folder);
    snprintf(from, sizeof(from), "%s/killed", argv[3]);
    snprintf(to, sizeof(to), "%s/kills", argv[4]);
    end_of_patience = time(NULL) + PATIENCE;
    ctx = xmpp_ctx_new(NULL, NULL);
    listen_for(argv);
    ok(up, "somebody listens");
}

static void clean_up(const char *folder)
{
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    unlink(state);
    unlink(enough);
    ok(rmdir(folder) == 0, "nothing is left behind");
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/kills.XXXXXX";
    struct killed_head all = {0};
    int schedules, kills, done = 0;

    args = argv;
    if (argc == KILLED_END && strcmp(argv[1], "killed") == 0)
        return killed_main(argv);
    if (argc < 8)
        bail("usage");
    schedules = atoi(argv[6]), kills = atoi(argv[7]);
    seed =
        argc > 8 ? (unsigned)strtoul(argv[8], NULL, 10) : (unsigned)time(NULL);
    printf("# seed %u\n", seed);
    if (!mkdtemp(folder))
        bail("no folder");
    prepare(argv, folder);
    for (int i = 1; i <= schedules && up; i++) {
        int due = kills * i / schedules;

        schedule(i, due - done, &all);
        done = due;
    }
    ok(up, "somebody listened all the time");
    ok(all.resumed > 0, "%d messages, %d sessions resumed", all.next,
       all.resumed);
    ok(!kills || all.restored > 0, "%d killed, %d sessions restored", done,
       all.restored);
    clean_up(folder);
    return done_testing();
}
