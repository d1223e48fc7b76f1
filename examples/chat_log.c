/* chat_log.c - what xmpp-chat keeps of conversations. */

#include "chat_log.h"

#include <stdarg.h>
#include <string.h>

/* `unread` is 1, or 0; or -1 if the message is of the past: it was fetched
 * after others that are newer. */
static const char schema[] =
    "CREATE TABLE IF NOT EXISTS line (id TEXT, chat TEXT NOT NULL,"
    " time INTEGER NOT NULL, who TEXT, text TEXT NOT NULL,"
    " fate INTEGER NOT NULL, edited INTEGER NOT NULL, archive TEXT,"
    " unread INTEGER NOT NULL, author TEXT, UNIQUE (chat, id, author));"
    "CREATE INDEX IF NOT EXISTS line_time ON line (chat, time);"
    "CREATE INDEX IF NOT EXISTS line_archive ON line (chat, archive);"
    "CREATE INDEX IF NOT EXISTS line_unread ON line (chat, unread);";

int log_open(struct chat_log *log, sqlite3 *db)
{
    log->db = db;
    return sqlite3_exec(db, schema, NULL, NULL, NULL) ? -1 : 0;
}

/* A statement with its values: 't' is a text, 'n' a number (long long). */
static sqlite3_stmt *make(struct chat_log *log, const char *sql,
                          const char *kinds, ...)
{
    sqlite3_stmt *s = NULL;
    va_list ap;

    if (sqlite3_prepare_v2(log->db, sql, -1, &s, NULL))
        return NULL;
    va_start(ap, kinds);
    for (int i = 1; kinds[i - 1]; i++)
        if (kinds[i - 1] == 't')
            sqlite3_bind_text(s, i, va_arg(ap, const char *), -1,
                              SQLITE_TRANSIENT);
        else
            sqlite3_bind_int64(s, i, va_arg(ap, long long));
    va_end(ap);
    return s;
}

static int finish(sqlite3_stmt *s)
{
    sqlite3_step(s);
    return sqlite3_finalize(s) ? -1 : 0;
}

int log_put(struct chat_log *log, const char *chat, const struct line *line)
{
    return finish(
        make(log,
             "INSERT INTO line VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
             " ?8, ?9, ?10) ON CONFLICT (chat, id, author) DO UPDATE SET"
             " text = excluded.text, edited = excluded.edited",
             "ttnttnntnt", line->id, chat, line->time, line->who, line->text,
             (long long)line->fate, (long long)line->is_edited, line->archive,
             line->is_past ? -1LL : (long long)line->is_unread, line->author));
}

int log_set_fate(struct chat_log *log, const char *id, int fate)
{
    return finish(
        make(log, "UPDATE line SET fate = ?1 WHERE id = ?2 AND author = ''",
             "nt", (long long)fate, id));
}

/* By rows, because times are of different clocks, and may be whole seconds. */
int log_set_seen(struct chat_log *log, const char *chat, const char *id,
                 const char *archive)
{
    return finish(make(log,
                       "UPDATE line SET unread = 0 WHERE chat = ?1 AND"
                       " unread = 1 AND rowid <= (SELECT max(rowid) FROM line"
                       " WHERE chat = ?1 AND unread >= 0 AND (id = ?2 OR"
                       " archive = ?3 OR ifnull(?2, ?3) IS NULL))",
                       "ttt", chat, id, archive));
}

int log_unread(struct chat_log *log, const char *chat)
{
    sqlite3_stmt *s =
        make(log, "SELECT count(*) FROM line WHERE chat = ?1 AND unread = 1",
             "t", chat);
    int count = sqlite3_step(s) == SQLITE_ROW ? sqlite3_column_int(s, 0) : 0;

    sqlite3_finalize(s);
    return count;
}

/* ---- reading ----------------------------------------------------- */

static int deliver_all(sqlite3_stmt *s, log_deliver deliver, void *to)
{
    int rc;

    while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
        struct line line = {.id = (char *)(size_t)sqlite3_column_text(s, 0),
                            .time = sqlite3_column_int64(s, 2),
                            .who = (char *)(size_t)sqlite3_column_text(s, 3),
                            .text = (char *)(size_t)sqlite3_column_text(s, 4),
                            .fate = sqlite3_column_int(s, 5),
                            .is_edited = sqlite3_column_int(s, 6),
                            .archive =
                                (char *)(size_t)sqlite3_column_text(s, 7),
                            .author = (char *)(size_t)sqlite3_column_text(s, 9),
                            .color = -1};

        deliver(to, (const char *)sqlite3_column_text(s, 1), &line);
    }
    sqlite3_finalize(s);
    return rc == SQLITE_DONE ? 0 : -1;
}

int log_read(struct chat_log *log, const char *chat, int most,
             log_deliver deliver, void *to)
{
    return deliver_all(
        make(log,
             "SELECT * FROM line WHERE rowid IN (SELECT rowid FROM line WHERE"
             " chat = ?1 ORDER BY time DESC, rowid DESC LIMIT ?2)"
             " ORDER BY time, rowid",
             "tn", chat, (long long)most),
        deliver, to);
}

int log_search(struct chat_log *log, const char *text, int most,
               log_deliver deliver, void *to)
{
    return deliver_all(
        make(log,
             "SELECT * FROM line WHERE rowid IN (SELECT rowid FROM line WHERE"
             " instr(lower(text), lower(?1)) ORDER BY time DESC, rowid DESC"
             " LIMIT ?2) ORDER BY time, rowid",
             "tn", text, (long long)most),
        deliver, to);
}
