/* synced.c - two clients of one account and somebody whom they talk to, on a
 * bad network: connections are cut or end in black holes, sessions are lost,
 * and the process of one of the two is killed again and again. What each was
 * told is compared with what was sent: nothing missing, nothing twice, in
 * order.
 *
 * A server of many processes may deliver a message after a later one, and may
 * handle what it has of a lost session after we have looked in the archive
 * whether it is there: with "overtakes" order is not demanded, and a message
 * may be in the archive twice.
 *
 * usage: synced PORT CA-FILE JID JID PASSWORD MESSAGES KILLS [overtakes] [SEED]
 */

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "live/cutter.h"
#include "live/keeper.h"
#include "live/synced.h"
#include "tap.h"

#define PATIENCE 500 /* seconds, only to end a test that hangs */
#define WINDOW 60    /* messages that the lasting client is behind at most */

const char *const sender_names[SENDERS] = {"juliet", "killed", "lasting"};

static char **args;
static xmpp_ctx_t *ctx;
static unsigned seed;
static time_t end_of_patience;
static char base[300], enough[300];
static struct cutter *cutters[2];
static pid_t killed;
static int kills, breaths, said[SENDERS], refused;
static bool overtakes;

/* Whoever is in this process. */
static struct end {
    struct keeper line;
    bool is_synced;
    int gaps;
    struct heard heard[SENDERS];
} juliet, lasting;

static struct heard killed_told[SENDERS], killed_said;
static int killed_gaps;

static bool in_time(void)
{
    return time(NULL) < end_of_patience;
}

/* ---- messages ---------------------------------------------------- */

int synced_read(xmpp_stanza_t *message, int *ret_number)
{
    const char *body = xmpp_stanza_get_child_text(message, "body", NULL);
    char name[20];

    if (!body || sscanf(body, "%19s %d", name, ret_number) != 2)
        return -1;
    for (int i = 0; i < SENDERS; i++)
        if (strcmp(name, sender_names[i]) == 0)
            return i;
    return -1;
}

static unsigned hash_id(const char *id)
{
    unsigned hash = id ? 5381 : 0;

    while (id && *id)
        hash = hash * 33 + (unsigned char)*id++;
    return hash;
}

void synced_hear(struct heard *heard, int number, const char *id)
{
    unsigned hash = hash_id(id);

    if (number < 0 || number >= NUMBERS_MOST)
        return;
    if (heard->count[number] && hash && hash != heard->ids[number]) {
        heard->resent++;
        return;
    }
    heard->ids[number] = hash;
    heard->wrong += number <= heard->last && !heard->count[number];
    heard->last = number;
    heard->most = number > heard->most ? number : heard->most;
    heard->count[number]++;
}

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct end *e = userdata;
    int number, sender = synced_read(stanza, &number);
    const char *type = xmpp_stanza_get_type(stanza);
    xmpp_stanza_t *id = xmpp_stanza_get_child_by_name(stanza, "stanza-id");

    (void)conn;
    if (sender >= 0 && !(type && strcmp(type, "error") == 0))
        synced_hear(&e->heard[sender], number,
                    xmpp_stanza_get_attribute(id, "id"));
    return 1;
}

static void hear_synced(struct end *e, const xmpp_sync_message_t *m)
{
    int number, sender = synced_read(m->message, &number);

    if (sender >= 0)
        synced_hear(&e->heard[sender], number, m->id);
}

static void on_sync(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    struct end *e = userdata;

    (void)conn;
    if (event->what == XMPP_SYNC_MESSAGE)
        hear_synced(e, event->value);
    e->gaps += event->what == XMPP_SYNC_GAP;
    refused +=
        event->what == XMPP_SYNC_FATE &&
        ((const xmpp_sync_fate_t *)event->value)->fate > XMPP_SYNC_DISPLAYED;
}

static void say(struct end *e, int sender, const char *to)
{
    char body[40];
    xmpp_stanza_t *m = xmpp_message_new(ctx, "chat", to, NULL);

    snprintf(body, sizeof(body), "%s %d", sender_names[sender], ++said[sender]);
    xmpp_message_set_body(m, body);
    if (e->is_synced ? xmpp_sync_send(e->line.conn, m, NULL, NULL)
                     : xmpp_send_take(e->line.conn, m))
        said[sender]--;
}

/* ---- connections ------------------------------------------------- */

static void on_session(xmpp_conn_t *conn, void *userdata)
{
    (void)userdata;
    xmpp_send_take(conn, xmpp_presence_new(ctx));
}

static void make(struct end *e, const char *account, const char *resource,
                 int port)
{
    char jid[256];

    snprintf(jid, sizeof(jid), "%s/%s", account, resource);
    e->line.conn = xmpp_conn_new(ctx);
    e->line.port = (unsigned short)port;
    e->line.on_session = on_session;
    if (e->is_synced)
        e->line.seed = &seed;
    xmpp_conn_set_jid(e->line.conn, jid);
    xmpp_conn_set_pass(e->line.conn, args[5]);
    xmpp_conn_set_cafile(e->line.conn, args[2]);
    if (!e->is_synced) {
        xmpp_handler_add(e->line.conn, on_message, NULL, "message", NULL, e);
        return;
    }
    xmpp_conn_use(e->line.conn, &xmpp_mod_sync);
    xmpp_conn_set_limit(e->line.conn, &xmpp_mod_sync, "catch-up", 100000);
    xmpp_conn_set_limit(e->line.conn, &xmpp_mod_sync, "page", 5);
    xmpp_conn_watch(e->line.conn, &xmpp_mod_sync, on_sync, e);
}

/* ---- the one that is killed -------------------------------------- */

static void start(void)
{
    char port[16], chance[16], jid[256], word[] = "killed";
    char *argv[KILLED_END + 1] = {args[0], word};

    snprintf(port, sizeof(port), "%d", cutter_port(cutters[1]));
    snprintf(chance, sizeof(chance), "%d", rand_r(&seed) % 100000);
    snprintf(jid, sizeof(jid), "%s/killed", args[3]);
    argv[KILLED_PORT] = port, argv[KILLED_CA] = args[2];
    argv[KILLED_JID] = jid, argv[KILLED_PASSWORD] = args[5];
    argv[KILLED_TO] = args[4], argv[KILLED_BASE] = base;
    argv[KILLED_ENOUGH] = enough, argv[KILLED_SEED] = chance;
    killed = fork();
    if (killed)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execv("/proc/self/exe", argv);
    _exit(127);
}

/* It may still send a message with its last breath, which then has to arrive.
 */
static void kill_it(void)
{
    int left = 60;

    kill(killed, SIGUSR1);
    while (left-- && waitpid(killed, NULL, WNOHANG) == 0)
        usleep(5000);
    if (left < 0) {
        kill(killed, SIGKILL);
        waitpid(killed, NULL, 0);
    }
    breaths += left >= 0;
    kills++;
    start();
}

/* ---- the story --------------------------------------------------- */

static void turn(void)
{
    keeper_turn(&juliet.line);
    keeper_turn(&lasting.line);
    xmpp_run_once(ctx, 5);
}

/* What is said from here on is not older than what the lasting one has read. */
static bool is_ready(void)
{
    return juliet.line.is_up &&
           xmpp_sync_get_state(lasting.line.conn, NULL) == XMPP_SYNC_LIVE;
}

/* Likewise the killed one. */
static bool has_begun(void)
{
    return lasting.heard[BY_KILLED].most > 0;
}

static void talk(int messages, int kills_most)
{
    while (said[BY_JULIET] < messages && in_time()) {
        turn();
        if (juliet.line.is_up &&
            said[BY_JULIET] - lasting.heard[BY_JULIET].most < WINDOW)
            say(&juliet, BY_JULIET, args[3]);
        if (rand_r(&seed) % 4 == 0 &&
            said[BY_LASTING] - juliet.heard[BY_LASTING].most < WINDOW)
            say(&lasting, BY_LASTING, args[4]);
        if (kills < kills_most * said[BY_JULIET] / messages)
            kill_it();
    }
}

static bool is_settled(void)
{
    return lasting.heard[BY_JULIET].most == said[BY_JULIET] &&
           juliet.heard[BY_LASTING].most == said[BY_LASTING] &&
           !xmpp_sync_next_pending(lasting.line.conn, NULL);
}

static void wait_until_settled(void)
{
    while (!is_settled() && in_time())
        turn();
}

/* What was said so far; the file is there when it is whole. */
static void write_enough(void)
{
    char part[sizeof(enough) + 5];
    FILE *f;

    snprintf(part, sizeof(part), "%s.part", enough);
    f = fopen(part, "wb");
    if (!f)
        bail(part);
    fprintf(f, "%d %d\n", said[BY_JULIET], said[BY_LASTING]);
    fclose(f);
    rename(part, enough);
}

/* All that the killed one has said, from its database. */
static bool is_heard(void)
{
    int last = NUMBERS_MOST - 1;

    while (last > 0 && !killed_said.count[last])
        last--;
    return juliet.heard[BY_KILLED].most >= last &&
           lasting.heard[BY_KILLED].most >= juliet.heard[BY_KILLED].most;
}

/* The killed one's exit status, or -1. */
static int wait_for_all(void)
{
    int status = -1;

    cutter_rest(cutters[0]);
    cutter_rest(cutters[1]);
    wait_until_settled();
    write_enough();
    while (waitpid(killed, &status, WNOHANG) == 0 && in_time())
        turn();
    killed_gaps = killed_heard(base, killed_told, &killed_said);
    while (!is_heard() && in_time())
        turn();
    wait_until_settled();
    for (int i = 0; i < 200; i++)
        turn();
    return status;
}

/* ---- the judgement ----------------------------------------------- */

static int count_if(const struct heard *heard, int least, int most)
{
    int n = 0;

    for (int i = 1; i < NUMBERS_MOST; i++)
        n += heard->count[i] >= least && heard->count[i] <= most;
    return n;
}

static void judge_pair(const char *who, const struct heard *heard,
                       const char *what, const struct heard *sent, int total)
{
    int missing = 0;

    for (int i = 1; i < NUMBERS_MOST; i++)
        missing += !heard->count[i] && (sent ? sent->count[i] : i <= total);
    is_int(missing, 0, "%s: %d of %s, none is missing", who,
           count_if(heard, 1, 1), what);
    is_int(count_if(heard, 2, 1000000), 0, "none came twice");
    if (overtakes && heard->wrong + heard->resent)
        printf("# %d were late, %d sent again\n", heard->wrong, heard->resent);
    ok(overtakes || !heard->wrong, "they came in order");
    ok(overtakes || !heard->resent, "none is in the archive twice");
}

static void judge(int status)
{
    is_int(status, 0, "the killed one comes to an end");
    printf("# %d and %d connections were cut, %d killed, %d "
           "of them while sending, %d sessions, %d "
           "refused\n",
           cutter_count(cutters[0]), cutter_count(cutters[1]), kills, breaths,
           lasting.line.sessions, refused);
    ok(killed_gaps >= 0 && killed_gaps <= 1, "no gap but the first");
    ok(lasting.gaps <= 1, "likewise");
    judge_pair("lasting", &lasting.heard[BY_JULIET], "juliet", NULL,
               said[BY_JULIET]);
    judge_pair("killed", &killed_told[BY_JULIET], "juliet", NULL,
               said[BY_JULIET]);
    judge_pair("juliet", &juliet.heard[BY_LASTING], "lasting", NULL,
               said[BY_LASTING]);
    judge_pair("killed", &killed_told[BY_LASTING], "lasting", NULL,
               said[BY_LASTING]);
    judge_pair("lasting", &lasting.heard[BY_KILLED], "killed",
               &juliet.heard[BY_KILLED], 0);
    judge_pair("juliet", &juliet.heard[BY_KILLED], "killed", &killed_said, 0);
    ok(count_if(&killed_said, 1, 1) > 0, "it has said something");
    is_int(count_if(&lasting.heard[BY_LASTING], 1, 9), 0,
           "nobody hears himself");
    is_int(count_if(&killed_told[BY_KILLED], 1, 9), 0, "likewise");
}

int main(int argc, char **argv)
{
    char folder[] = "/tmp/synced.XXXXXX", remove[100];
    int status;

    args = argv;
    if (argc == KILLED_END && strcmp(argv[1], "killed") == 0)
        return killed_main(argv);
    if (argc < 8 || !mkdtemp(folder))
        bail("usage");
    overtakes = argc > 8 && strcmp(argv[8], "overtakes") == 0;
    seed = argc > 8 + overtakes
               ? (unsigned)strtoul(argv[8 + overtakes], NULL, 10)
               : (unsigned)time(NULL);
    printf("# seed %u\n", seed);
    snprintf(base, sizeof(base), "%s/base", folder);
    snprintf(enough, sizeof(enough), "%s/enough", folder);
    end_of_patience = time(NULL) + PATIENCE;
    ctx = xmpp_ctx_new(NULL, NULL);
    for (int i = 0; i < 2; i++) {
        cutters[i] = cutter_start((unsigned short)atoi(argv[1]), seed + i);
        cutter_dig(cutters[i]);
    }
    lasting.is_synced = true;
    make(&juliet, argv[4], "juliet", atoi(argv[1]));
    make(&lasting, argv[3], "lasting", cutter_port(cutters[0]));
    while (!is_ready() && in_time())
        turn();
    start();
    while (!has_begun() && in_time())
        turn();
    talk(atoi(argv[6]), atoi(argv[7]));
    status = wait_for_all();
    judge(status);
    xmpp_conn_release(juliet.line.conn);
    xmpp_conn_release(lasting.line.conn);
    xmpp_ctx_free(ctx);
    cutter_stop(cutters[0]);
    cutter_stop(cutters[1]);
    snprintf(remove, sizeof(remove), "rm -r %s", folder);
    ok(system(remove) == 0, "all is removed");
    return done_testing();
}
