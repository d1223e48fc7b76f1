/* synced_killed.c - a client whose process may be killed at any moment. What it
 * is told goes into a table of the database that the library stores its own
 * things in. */

#include <signal.h>
#include <sqlite3.h>
#include <time.h>
#include <unistd.h>

#include "../../examples/store_sqlite.h"
#include "live/keeper.h"
#include "live/synced.h"
#include "tap.h"

#define PATIENCE 500 /* seconds, only to end one that hangs */
#define QUIET 1500   /* ms without anything more, at the end */

static struct {
    xmpp_ctx_t *ctx;
    struct keeper line;
    xmpp_store_t store;
    sqlite3 *base;
    char **args;
    unsigned seed;
    int next;
    int most[SENDERS];  /* the highest number that was heard of each */
    unsigned long news; /* when something came last */
} me;

static void run_sql(const char *text, int a, int b, const char *id)
{
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(me.base, text, -1, &s, NULL))
        bail(sqlite3_errmsg(me.base));
    sqlite3_bind_int(s, 1, a);
    sqlite3_bind_int(s, 2, b);
    sqlite3_bind_text(s, 3, id, -1, SQLITE_STATIC);
    if (sqlite3_step(s) != SQLITE_DONE)
        bail(sqlite3_errmsg(me.base));
    sqlite3_finalize(s);
}

static int read_int(const char *text)
{
    sqlite3_stmt *s = NULL;
    int n = 0;

    if (sqlite3_prepare_v2(me.base, text, -1, &s, NULL) == 0 &&
        sqlite3_step(s) == SQLITE_ROW)
        n = sqlite3_column_int(s, 0);
    sqlite3_finalize(s);
    return n;
}

static void on_sync(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    const xmpp_sync_message_t *m = event->value;
    int sender, number;

    (void)conn;
    (void)userdata;
    me.news = xmpp_ctx_now(me.ctx);
    if (event->what == XMPP_SYNC_GAP)
        run_sql("INSERT INTO gaps VALUES (?1, ?2, ?3)",
                ((const xmpp_sync_gap_t *)event->value)->why, 0, NULL);
    if (event->what != XMPP_SYNC_MESSAGE)
        return;
    sender = synced_read(m->message, &number);
    if (sender < 0)
        return;
    run_sql("INSERT INTO heard (sender, number, id) VALUES (?1, ?2, ?3)",
            sender, number, m->id);
    if (number > me.most[sender])
        me.most[sender] = number;
}

static void on_session(xmpp_conn_t *conn, void *userdata)
{
    (void)userdata;
    xmpp_send_take(conn, xmpp_presence_new(me.ctx));
}

static void say(void)
{
    char body[40];
    xmpp_stanza_t *m;

    run_sql("INSERT INTO said VALUES (?1, 0)", ++me.next, 0, NULL);
    snprintf(body, sizeof(body), "%s %d", sender_names[BY_KILLED], me.next);
    m = xmpp_message_new(me.ctx, "chat", me.args[KILLED_TO], NULL);
    xmpp_message_set_body(m, body);
    if (xmpp_sync_send(me.line.conn, m, NULL, NULL) == 0)
        run_sql("UPDATE said SET is_accepted = 1 WHERE number = ?1", me.next, 0,
                NULL);
}

static volatile sig_atomic_t is_dying;

static void on_dying(int number)
{
    (void)number;
    is_dying = 1;
}

/* What it has sent is not known to the server when it dies. */
static void die(void)
{
    say();
    raise(SIGKILL);
}

static void begin(void)
{
    static const char tables[] =
        "CREATE TABLE IF NOT EXISTS heard (place INTEGER PRIMARY KEY, sender"
        " INT, number INT, id TEXT);"
        "CREATE TABLE IF NOT EXISTS said (number INT, is_accepted INT);"
        "CREATE TABLE IF NOT EXISTS gaps (why INT, a INT, b TEXT)";
    char query[100];

    if (store_sqlite_open(&me.store, me.args[KILLED_BASE]))
        bail("no database");
    me.base = store_sqlite_base(&me.store);
    if (sqlite3_exec(me.base, tables, NULL, NULL, NULL))
        bail(sqlite3_errmsg(me.base));
    me.next = read_int("SELECT coalesce(max(number), 0) FROM said");
    for (int i = 0; i < SENDERS; i++) {
        snprintf(query, sizeof(query),
                 "SELECT coalesce(max(number), 0) FROM heard WHERE sender = %d",
                 i);
        me.most[i] = read_int(query);
    }
    me.ctx = xmpp_ctx_new(NULL, NULL);
    me.line.conn = xmpp_conn_new(me.ctx);
    me.line.port = (unsigned short)atoi(me.args[KILLED_PORT]);
    me.line.seed = &me.seed;
    me.line.on_session = on_session;
    xmpp_conn_set_jid(me.line.conn, me.args[KILLED_JID]);
    xmpp_conn_set_pass(me.line.conn, me.args[KILLED_PASSWORD]);
    xmpp_conn_set_cafile(me.line.conn, me.args[KILLED_CA]);
    xmpp_conn_set_store(me.line.conn, &me.store);
    xmpp_conn_use(me.line.conn, &xmpp_mod_sync);
    xmpp_conn_set_limit(me.line.conn, &xmpp_mod_sync, "catch-up", 100000);
    xmpp_conn_set_limit(me.line.conn, &xmpp_mod_sync, "page", 5);
    xmpp_conn_watch(me.line.conn, &xmpp_mod_sync, on_sync, NULL);
}

/* That nothing comes proves nothing: the machine may be busy. */
static bool has_heard_all(void)
{
    FILE *f = fopen(me.args[KILLED_ENOUGH], "rb");
    int juliet, lasting;
    bool good = f && fscanf(f, "%d %d", &juliet, &lasting) == 2 &&
                me.most[BY_JULIET] >= juliet && me.most[BY_LASTING] >= lasting;

    if (f)
        fclose(f);
    return good;
}

static bool is_settled(void)
{
    return has_heard_all() && me.line.is_up &&
           xmpp_sync_get_state(me.line.conn, NULL) == XMPP_SYNC_LIVE &&
           !xmpp_sync_next_pending(me.line.conn, NULL) &&
           xmpp_ctx_now(me.ctx) - me.news > QUIET;
}

int killed_main(char **argv)
{
    time_t end = time(NULL) + PATIENCE;

    me.args = argv;
    me.seed = (unsigned)atoi(argv[KILLED_SEED]);
    signal(SIGUSR1, on_dying);
    begin();
    while (!is_settled() && time(NULL) < end) {
        keeper_turn(&me.line);
        xmpp_run_once(me.ctx, 5);
        if (!me.line.is_up)
            me.news = xmpp_ctx_now(me.ctx);
        if (me.line.is_up && access(argv[KILLED_ENOUGH], F_OK) &&
            rand_r(&me.seed) % 30 == 0)
            say();
        if (is_dying && me.line.is_up)
            die();
    }
    end -= time(NULL);
    xmpp_conn_release(me.line.conn);
    xmpp_ctx_free(me.ctx);
    store_sqlite_close(&me.store);
    return end > 0 ? 0 : 1;
}

static void read_said(struct heard *said)
{
    sqlite3_stmt *s = NULL;

    if (sqlite3_prepare_v2(me.base, "SELECT number FROM said WHERE is_accepted",
                           -1, &s, NULL))
        bail(sqlite3_errmsg(me.base));
    while (sqlite3_step(s) == SQLITE_ROW)
        said->count[sqlite3_column_int(s, 0) % NUMBERS_MOST] = 1;
    sqlite3_finalize(s);
}

int killed_heard(const char *path, struct heard heard[SENDERS],
                 struct heard *said)
{
    sqlite3_stmt *s = NULL;
    int gaps;

    if (sqlite3_open(path, &me.base) ||
        sqlite3_prepare_v2(
            me.base, "SELECT sender, number, id FROM heard ORDER BY place", -1,
            &s, NULL))
        return -1;
    while (sqlite3_step(s) == SQLITE_ROW)
        synced_hear(&heard[sqlite3_column_int(s, 0)], sqlite3_column_int(s, 1),
                    (const char *)sqlite3_column_text(s, 2));
    sqlite3_finalize(s);
    read_said(said);
    gaps = read_int("SELECT count(*) FROM gaps");
    sqlite3_close(me.base);
    return gaps;
}
