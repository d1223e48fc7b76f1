/* stores.c - the stores of examples/: each keeps, replaces, removes and
 * delivers what a module puts into it, and survives its own end. */

#define _GNU_SOURCE
#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <xmpp/xmpp.h>

#include "../../examples/store_dir.h"
#ifdef HAVE_SQLITE
#include <sqlite3.h>

#include "../../examples/store_sqlite.h"
#endif
#include "tap.h"

static const struct kind {
    const char *name;
    int (*open)(xmpp_store_t *store, const char *path);
    void (*close)(xmpp_store_t *store);
} kinds[] = {
    {"dir", store_dir_open, store_dir_close},
#ifdef HAVE_SQLITE
    {"sqlite", store_sqlite_open, store_sqlite_close},
#endif
};

static char top[] = "/tmp/stores-XXXXXX";

/* ---- a store as a module sees it --------------------------------- */

struct found {
    const char *key; /* what is looked for */
    char text[4000];
    int count, stop_at;
    xmpp_conn_t *conn; /* remove on the way */
};

static int look(void *to, const char *key, const char *text, size_t n)
{
    struct found *found = to;

    if (found->key && strcmp(key, found->key) == 0)
        snprintf(found->text, sizeof(found->text), "%.*s", (int)n, text);
    if (found->conn)
        xmpp_conn_store_put(found->conn, 0, "roster", key, NULL, 0);
    return ++found->count == found->stop_at;
}

static const char *text_of(xmpp_conn_t *conn, const char *key)
{
    static struct found found;

    memset(&found, 0, sizeof(found));
    found.key = key;
    strcpy(found.text, "(none)");
    if (xmpp_conn_store_each(conn, 0, "roster", look, &found))
        return "(failed)";
    return found.text;
}

static int count_of(xmpp_conn_t *conn, int is_shared, const char *kind)
{
    struct found found = {.count = 0};

    if (xmpp_conn_store_each(conn, is_shared, kind, look, &found))
        return -1;
    return found.count;
}

static int put(xmpp_conn_t *conn, const char *key, const char *text)
{
    return xmpp_conn_store_put(conn, 0, "roster", key, text, (size_t)-1);
}

/* ---- the same for both ------------------------------------------- */

static char long_key[2][3001];

/* Keys that a careless file name, or a careless statement, confuses. */
static const char *const keys[] = {"juliet@example.org",
                                   "Juliet@example.org",
                                   "../../../etc/passwd",
                                   "..",
                                   ".",
                                   "",
                                   ".hidden",
                                   "a/b",
                                   "a%2fb",
                                   "a%2Fb",
                                   "two\nlines",
                                   "'; DROP TABLE store; --",
                                   "%",
                                   "\xc3\xa9t\xc3\xa9",
                                   "12 a",
                                   ".new-0",
                                   long_key[0],
                                   long_key[1]};

#define KEYS (int)(sizeof(keys) / sizeof(keys[0]))

static void odd_keys(xmpp_conn_t *conn, const char *name)
{
    char text[20];

    for (int i = 0; i < KEYS; i++) {
        snprintf(text, sizeof(text), "text %d", i);
        is_int(put(conn, keys[i], text), 0, "%s: key %d", name, i);
    }
    is_int(count_of(conn, 0, "roster"), KEYS, "%s: no two are the same", name);
    for (int i = 0; i < KEYS; i++) {
        snprintf(text, sizeof(text), "text %d", i);
        is_str(text_of(conn, keys[i]), text, "%s: text %d", name, i);
    }
    for (int i = 0; i < KEYS; i++)
        put(conn, keys[i], NULL);
    is_int(count_of(conn, 0, "roster"), 0, "%s: all are removed", name);
}

static void walks(xmpp_conn_t *conn, const char *name)
{
    struct found found = {.stop_at = 2};

    put(conn, "a", "1");
    put(conn, "b", "2");
    put(conn, "c", "3");
    is_int(xmpp_conn_store_each(conn, 0, "roster", look, &found), 0,
           "%s: a walk may end early", name);
    is_int(found.count, 2, "%s: it did", name);
    found = (struct found){.conn = conn};
    is_int(xmpp_conn_store_each(conn, 0, "roster", look, &found), 0,
           "%s: each is removed on the way", name);
    is_int(count_of(conn, 0, "roster"), 0, "%s: none is left", name);
}

static void texts(xmpp_conn_t *conn, const char *name)
{
    is_int(count_of(conn, 0, "roster"), 0, "%s: at first nothing", name);
    is_int(put(conn, "a", NULL), 0, "%s: nothing can be removed", name);
    is_int(put(conn, "a", "<item/>"), 0, "%s: a text", name);
    is_str(text_of(conn, "a"), "<item/>", "%s: is kept", name);
    is_int(put(conn, "a", "two\nlines\n"), 0, "%s: another", name);
    is_str(text_of(conn, "a"), "two\nlines\n", "%s: takes its place", name);
    is_int(put(conn, "a", ""), 0, "%s: an empty one", name);
    is_str(text_of(conn, "a"), "", "%s: is one", name);
    put(conn, "a", NULL);
    is_str(text_of(conn, "a"), "(none)", "%s: it is removed", name);
}

static void apart(xmpp_conn_t *conn, const char *name)
{
    put(conn, "a", "romeo's");
    xmpp_conn_store_put(conn, 0, "caps", "a", "kind", 4);
    xmpp_conn_store_put(conn, 1, "roster", "a", "all", 3);
    xmpp_conn_set_jid(conn, "tybalt@example.org");
    is_int(count_of(conn, 0, "roster"), 0, "%s: another account", name);
    put(conn, "a", "tybalt's");
    is_int(count_of(conn, 1, "roster"), 1, "%s: what is shared", name);
    xmpp_conn_set_jid(conn, "romeo@example.org");
    is_str(text_of(conn, "a"), "romeo's", "%s: nothing is mixed up", name);
}

static xmpp_conn_t *conn_with(xmpp_ctx_t *ctx, xmpp_store_t *store)
{
    xmpp_conn_t *conn = xmpp_conn_new(ctx);

    xmpp_conn_set_jid(conn, "romeo@example.org");
    xmpp_conn_set_store(conn, store);
    return conn;
}

static void whole(xmpp_ctx_t *ctx, const struct kind *kind)
{
    xmpp_store_t store;
    xmpp_conn_t *conn;
    char path[100];

    snprintf(path, sizeof(path), "%s/%s", top, kind->name);
    is_int(kind->open(&store, path), 0, "%s: open", kind->name);
    conn = conn_with(ctx, &store);
    texts(conn, kind->name);
    odd_keys(conn, kind->name);
    walks(conn, kind->name);
    apart(conn, kind->name);
    xmpp_conn_release(conn);
    kind->close(&store);
    is_int(kind->open(&store, path), 0, "%s: open again", kind->name);
    conn = conn_with(ctx, &store);
    is_str(text_of(conn, "a"), "romeo's", "%s: it is still there", kind->name);
    xmpp_conn_release(conn);
    kind->close(&store);
    kind->close(&store); /* of zeros */
}

/* ---- what fails -------------------------------------------------- */

static void no_place(const struct kind *kind)
{
    xmpp_store_t store = {0};
    char path[100];

    snprintf(path, sizeof(path), "%s/missing/%s", top, kind->name);
    is_int(kind->open(&store, path), -1, "%s: no such place", kind->name);
    ok(!store.userdata, "%s: nothing was opened", kind->name);
}

static void private_mode(const struct kind *kind)
{
    struct stat st;
    char path[100];

    snprintf(path, sizeof(path), "%s/%s", top, kind->name);
    ok(stat(path, &st) == 0 && (st.st_mode & 077) == 0, "%s: it is private",
       kind->name);
}

/* A directory takes the place of the file of a key; somebody else put files. */
static void strange_files(xmpp_ctx_t *ctx)
{
    static const char *const strange[] = {
        "", "12", "5 a\nb", "x y\nz", "99999999999999999999 a\n", "-1 a\n"};
    xmpp_store_t store;
    xmpp_conn_t *conn;
    char path[200];

    snprintf(path, sizeof(path), "%s/strange", top);
    store_dir_open(&store, path);
    conn = conn_with(ctx, &store);
    put(conn, "a", "text");
    for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++) {
        FILE *to;

        snprintf(path, sizeof(path), "%s/strange/romeo@example.org/roster/%zu",
                 top, i);
        to = fopen(path, "w");
        fputs(strange[i], to);
        fclose(to);
    }
    is_int(count_of(conn, 0, "roster"), 1, "dir: files of others are left");
    snprintf(path, sizeof(path), "%s/strange/romeo@example.org/roster/b", top);
    mkdir(path, 0700);
    is_int(put(conn, "b", "text"), XMPP_EINT, "dir: a place that is taken");
    is_int(count_of(conn, 0, "roster"), -1, "dir: cannot be read either");
    is_str(text_of(conn, "a"), "(failed)", "dir: which is reported");
    rmdir(path);
    is_str(text_of(conn, "a"), "text", "dir: nothing else was harmed");
    snprintf(path, sizeof(path), "rm -r %s/strange", top);
    ok(system(path) == 0 && put(conn, "a", "text") == XMPP_EINT,
       "dir: it is removed while it is open");
    xmpp_conn_release(conn);
    store_dir_close(&store);
}

#ifdef HAVE_SQLITE
static void strange_database(void)
{
    xmpp_store_t store = {0};
    char path[200];
    FILE *to;

    snprintf(path, sizeof(path), "%s/other", top);
    to = fopen(path, "w");
    for (int i = 0; i < 100; i++)
        fputs("This is not a database.\n", to);
    fclose(to);
    is_int(store_sqlite_open(&store, path), -1, "sqlite: not a database");
}
#endif

#ifdef HAVE_SQLITE
/* A process is killed between a begin and its commit. */
static void killed(xmpp_ctx_t *ctx, const char *path, bool commits)
{
    xmpp_store_t store;
    pid_t child = fork();

    if (child == 0) {
        xmpp_conn_t *conn;

        store_sqlite_open(&store, path);
        conn = conn_with(ctx, &store);
        xmpp_conn_store_begin(conn);
        xmpp_conn_store_put(conn, 0, "roster", "k", commits ? "2" : "1", 1);
        if (commits)
            xmpp_conn_store_commit(conn);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void atomic(xmpp_ctx_t *ctx)
{
    xmpp_store_t store;
    xmpp_conn_t *conn;
    char path[100];

    snprintf(path, sizeof(path), "%s/killed", top);
    killed(ctx, path, false);
    store_sqlite_open(&store, path);
    conn = conn_with(ctx, &store);
    is_str(text_of(conn, "k"), "(none)", "what is not committed is not there");
    ok(store_sqlite_base(&store) != NULL, "the database is there for others");
    xmpp_conn_release(conn);
    store_sqlite_close(&store);
    killed(ctx, path, true);
    store_sqlite_open(&store, path);
    conn = conn_with(ctx, &store);
    is_str(text_of(conn, "k"), "2", "what is committed stays");
    xmpp_conn_release(conn);
    store_sqlite_close(&store);
}

/* What the application writes cannot be committed: what comes later can. */
static void refused(xmpp_ctx_t *ctx)
{
    xmpp_store_t store;
    xmpp_conn_t *conn;
    char path[100];

    snprintf(path, sizeof(path), "%s/refused", top);
    store_sqlite_open(&store, path);
    conn = conn_with(ctx, &store);
    sqlite3_exec(store_sqlite_base(&store),
                 "PRAGMA foreign_keys = ON; CREATE TABLE a (id PRIMARY KEY);"
                 "CREATE TABLE b (a REFERENCES a DEFERRABLE INITIALLY"
                 " DEFERRED)",
                 NULL, NULL, NULL);
    xmpp_conn_store_begin(conn);
    xmpp_conn_store_put(conn, 0, "roster", "k", "1", 1);
    sqlite3_exec(store_sqlite_base(&store), "INSERT INTO b VALUES (7)", NULL,
                 NULL, NULL);
    ok(xmpp_conn_store_commit(conn) < 0, "a commit is refused");
    is_str(text_of(conn, "k"), "(none)", "all of it is undone");
    is_int(xmpp_conn_store_begin(conn), 1, "another begin works");
    xmpp_conn_store_put(conn, 0, "roster", "k", "2", 1);
    is_int(xmpp_conn_store_commit(conn), 0, "and its commit");
    xmpp_conn_release(conn);
    store_sqlite_close(&store);
    store_sqlite_open(&store, path);
    conn = conn_with(ctx, &store);
    is_str(text_of(conn, "k"), "2", "it stays");
    xmpp_conn_release(conn);
    store_sqlite_close(&store);
}
#endif

int main(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    char remove[100];

    memset(long_key[0], 'x', 3000);
    memset(long_key[1], 'x', 3000);
    long_key[1][2999] = 'y';
    if (!mkdtemp(top))
        bail("no place for it");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        whole(ctx, &kinds[i]);
        no_place(&kinds[i]);
        private_mode(&kinds[i]);
    }
    strange_files(ctx);
#ifdef HAVE_SQLITE
    strange_database();
    atomic(ctx);
    refused(ctx);
#endif
    xmpp_ctx_free(ctx);
    snprintf(remove, sizeof(remove), "rm -r %s", top);
    is_int(system(remove), 0, "all is removed");
    return done_testing();
}
