/* store_sqlite.c - a store for modules: one table of SQLite. */

#define _GNU_SOURCE
#include "store_sqlite.h"

#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xmpp/error.h>

/* How long another program may hold the database, in milliseconds. */
#define PATIENCE 1000

/* The log is written ahead, so that a change does not wait for the disk: a
 * machine that fails may lose the last ones, but never the table. */
static const char schema[] =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
    "CREATE TABLE IF NOT EXISTS store (account TEXT NOT NULL,"
    " kind TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL,"
    " PRIMARY KEY (account, kind, key)) WITHOUT ROWID";

enum { PUT, DROP, BEGIN, COMMIT, STATEMENTS };

static const char put_text[] =
    "INSERT INTO store VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (account, kind, key) DO UPDATE SET text = excluded.text";

static const char *const statement_texts[STATEMENTS] = {
    put_text, "DELETE FROM store WHERE account = ?1 AND kind = ?2 AND key = ?3",
    "BEGIN IMMEDIATE", "COMMIT"};

static const char each_text[] =
    "SELECT key, text FROM store WHERE account = ?1 AND kind = ?2";

struct base {
    sqlite3 *db;
    sqlite3_stmt *statement[STATEMENTS];
};

/* What is bound lives until the statement is reset. */
static int bind_text(sqlite3_stmt *s, int at, const char *text, size_t n)
{
    if (n > INT_MAX)
        return SQLITE_TOOBIG;
    return sqlite3_bind_text(s, at, text, (int)n, SQLITE_STATIC);
}

static int bind_place(sqlite3_stmt *s, const char *account, const char *kind)
{
    int rc = bind_text(s, 1, account, strlen(account));

    return rc ? rc : bind_text(s, 2, kind, strlen(kind));
}

static int code_of(int rc)
{
    if (rc == SQLITE_NOMEM)
        return XMPP_EMEM;
    return rc == SQLITE_OK || rc == SQLITE_DONE ? 0 : XMPP_EINT;
}

/* ---- the store --------------------------------------------------- */

static int sqlite_put(void *userdata, const char *account, const char *kind,
                      const char *key, const char *text, size_t n)
{
    const struct base *base = userdata;
    sqlite3_stmt *s = base->statement[text ? PUT : DROP];
    int rc = bind_place(s, account, kind);

    if (rc == 0)
        rc = bind_text(s, 3, key, strlen(key));
    if (rc == 0 && text)
        rc = bind_text(s, 4, text, n);
    if (rc == 0)
        rc = sqlite3_step(s);
    sqlite3_reset(s);
    sqlite3_clear_bindings(s);
    return code_of(rc);
}

static int deliver_row(sqlite3_stmt *s, xmpp_store_deliver deliver, void *to)
{
    const char *key = (const char *)sqlite3_column_text(s, 0);
    const char *text = (const char *)sqlite3_column_text(s, 1);

    if (!key || !text)
        return SQLITE_NOMEM;
    return deliver(to, key, text, (size_t)sqlite3_column_bytes(s, 1))
               ? SQLITE_DONE
               : 0;
}

/* A statement of its own each time, because `deliver` may come here again. */
static int sqlite_each(void *userdata, const char *account, const char *kind,
                       xmpp_store_deliver deliver, void *to)
{
    const struct base *base = userdata;
    sqlite3_stmt *s = NULL;
    int rc = sqlite3_prepare_v2(base->db, each_text, -1, &s, NULL);

    if (rc == 0)
        rc = bind_place(s, account, kind);
    while (rc == 0 && (rc = sqlite3_step(s)) == SQLITE_ROW)
        rc = deliver_row(s, deliver, to);
    sqlite3_finalize(s);
    return code_of(rc);
}

/* Between them everything is kept together, also what the application writes to
 * other tables by store_sqlite_base(). */
static int run_statement(void *userdata, int which)
{
    const struct base *base = userdata;
    int rc = sqlite3_step(base->statement[which]);

    sqlite3_reset(base->statement[which]);
    return code_of(rc);
}

static int sqlite_begin(void *userdata)
{
    return run_statement(userdata, BEGIN);
}

/* What cannot be committed is undone; else it would stay open, and all that
 * follows would be lost with it. */
static int sqlite_commit(void *userdata)
{
    const struct base *base = userdata;
    int rc = run_statement(userdata, COMMIT);

    if (rc && !sqlite3_get_autocommit(base->db))
        sqlite3_exec(base->db, "ROLLBACK", NULL, NULL, NULL);
    return rc;
}

/* ---- life -------------------------------------------------------- */

struct sqlite3 *store_sqlite_base(const xmpp_store_t *store)
{
    const struct base *base = store->userdata;

    return base->db;
}

static void base_free(struct base *base)
{
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(base->statement[i]);
    sqlite3_close(base->db);
    free(base);
}

/* SQLite would make the file readable for all; its log gets the same mode. */
static int make_private(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    return fd < 0 ? -1 : close(fd);
}

static int base_open(struct base *base, const char *path)
{
    int rc =
        make_private(path) ? SQLITE_CANTOPEN : sqlite3_open(path, &base->db);

    if (rc == 0)
        rc = sqlite3_busy_timeout(base->db, PATIENCE);
    if (rc == 0)
        rc = sqlite3_exec(base->db, schema, NULL, NULL, NULL);
    for (int i = 0; rc == 0 && i < STATEMENTS; i++)
        rc = sqlite3_prepare_v2(base->db, statement_texts[i], -1,
                                &base->statement[i], NULL);
    return rc;
}

int store_sqlite_open(xmpp_store_t *store, const char *path)
{
    struct base *base = calloc(1, sizeof(*base));
    xmpp_store_t made = {.size = sizeof(made),
                         .userdata = base,
                         .put = sqlite_put,
                         .each = sqlite_each,
                         .begin = sqlite_begin,
                         .commit = sqlite_commit};

    if (!base)
        return -1;
    if (base_open(base, path)) {
        base_free(base);
        return -1;
    }
    *store = made;
    return 0;
}

void store_sqlite_close(xmpp_store_t *store)
{
    if (store->userdata)
        base_free(store->userdata);
    memset(store, 0, sizeof(*store));
}
