/* store.c - what modules keep: the account it is kept for, and stores that
 * fail. */

#include <stddef.h>

#include <xmpp/module.h>
#include <xmpp/store.h>

#include "conn/testbed.h"

/* A store that writes down how it was called, and returns `rc`. */
struct notes {
    char line[400];
    int rc;
    int calls;
    char order[20]; /* b and c, as they were called */
};

static int note_put(void *userdata, const char *account, const char *kind,
                    const char *key, const char *text, size_t n)
{
    struct notes *notes = userdata;

    notes->calls++;
    snprintf(notes->line, sizeof(notes->line), "%s|%s|%s|%.*s|%d", account,
             kind, key, (int)n, text ? text : "", text != NULL);
    return notes->rc;
}

static int note_each(void *userdata, const char *account, const char *kind,
                     xmpp_store_deliver deliver, void *to)
{
    struct notes *notes = userdata;

    notes->calls++;
    snprintf(notes->line, sizeof(notes->line), "%s|%s", account, kind);
    if (notes->rc == 0)
        deliver(to, "key", "text and more", 4);
    return notes->rc;
}

static int count_one(void *to, const char *key, const char *text, size_t n)
{
    *(int *)to += !strcmp(key, "key") && n == 4 && !memcmp(text, "text", 4);
    return 1;
}

static int note_begin(void *userdata)
{
    struct notes *notes = userdata;

    strcat(notes->order, "b");
    return notes->rc;
}

static int note_commit(void *userdata)
{
    struct notes *notes = userdata;

    strcat(notes->order, "c");
    return notes->rc;
}

static xmpp_store_t store_of(struct notes *notes)
{
    xmpp_store_t store = {.size = sizeof(store),
                          .userdata = notes,
                          .put = note_put,
                          .each = note_each,
                          .begin = note_begin,
                          .commit = note_commit};

    return store;
}

static int lines;

static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    (void)userdata;
    lines += level == XMPP_LEVEL_WARN && !strcmp(area, "store") &&
             strstr(line, "\"roster\" failed") != NULL;
}

static const xmpp_log_t store_log_lines = {on_line, NULL};

/* ---- setting ----------------------------------------------------- */

static void refused(void)
{
    struct testbed testbed;
    struct notes notes = {.rc = 0};
    xmpp_store_t store = store_of(&notes), part = store;

    testbed_make_virtual(&testbed);
    is_int(xmpp_conn_set_store(NULL, &store), XMPP_EINVOP, "no connection");
    part.size = 8;
    is_int(xmpp_conn_set_store(testbed.conn, &part), XMPP_EARG, "too short");
    part = store;
    part.put = NULL;
    is_int(xmpp_conn_set_store(testbed.conn, &part), XMPP_EARG, "no put");
    part = store;
    part.each = NULL;
    is_int(xmpp_conn_set_store(testbed.conn, &part), XMPP_EARG, "no each");
    ok(strstr(xmpp_ctx_get_last_error(testbed.ctx), "put and each"),
       "  which is said");
    is_int(xmpp_conn_set_store(testbed.conn, &store), 0, "all of it");
    is_int(xmpp_conn_store_put(testbed.conn, 1, NULL, "k", "t", 1), XMPP_EARG,
           "no kind");
    is_int(xmpp_conn_store_put(testbed.conn, 1, "caps", NULL, "t", 1),
           XMPP_EARG, "no key");
    is_int(xmpp_conn_store_each(testbed.conn, 1, "caps", NULL, NULL), XMPP_EARG,
           "nobody to deliver to");
    is_int(notes.calls, 0, "the store is not called for these");
    is_int(xmpp_conn_set_store(testbed.conn, NULL), 0, "none again");
    is_int(xmpp_conn_store_put(testbed.conn, 1, "caps", "k", "t", 1), 0,
           "without a store nothing is kept");
    is_int(xmpp_conn_store_each(testbed.conn, 1, "caps", count_one, NULL), 0,
           "and nothing delivered");
    testbed_free(&testbed, "refused");
}

/* ---- the account ------------------------------------------------- */

static void accounts(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct testbed testbed;
    struct notes notes = {.rc = 0};
    xmpp_store_t store = store_of(&notes);
    int count = 0;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_store(testbed.conn, &store);
    memset(&store, 0, sizeof(store)); /* it was copied */
    is_int(xmpp_conn_store_put(testbed.conn, 0, "roster", "k", "t", 1),
           XMPP_ENOTCONN, "an anonymous account is not known before the login");
    is_int(xmpp_conn_store_each(testbed.conn, 0, "roster", count_one, &count),
           XMPP_ENOTCONN, "nor is anything there for it");
    is_int(xmpp_conn_store_put(testbed.conn, 1, "caps", "a key", "text",
                               (size_t)-1),
           0, "what all share needs none");
    is_str(notes.line, "|caps|a key|text|1", "it has no account");
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    is_int(xmpp_conn_store_put(testbed.conn, 0, "roster", "k", "text", 2), 0,
           "after the login");
    is_str(notes.line, "guest@example.org|roster|k|te|1",
           "it is the bound one");
    xmpp_conn_set_jid(testbed.conn, "Romeo@EXAMPLE.org/orchard");
    xmpp_conn_store_put(testbed.conn, 0, "roster", "k", "text", 2);
    is_str(notes.line, "guest@example.org|roster|k|te|1",
           "also if another is set for the next login");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    is_int(xmpp_conn_store_each(testbed.conn, 0, "roster", count_one, &count),
           0, "another");
    is_str(notes.line, "romeo@example.org|roster", "it is in normal form");
    is_int(count, 1, "its text is delivered");
    xmpp_conn_store_put(testbed.conn, 0, "roster", "k", NULL, 0);
    is_str(notes.line, "romeo@example.org|roster|k||0", "a text is removed");
    testbed_peer_done(&testbed, "accounts");
    testbed_free(&testbed, "accounts");
}

/* ---- failures ---------------------------------------------------- */

static void failing(void)
{
    struct testbed testbed;
    struct notes notes = {.rc = XMPP_EINT};
    xmpp_store_t store = store_of(&notes);
    int count = 0;

    lines = 0;
    testbed_make_log(&testbed, &store_log_lines);
    xmpp_conn_set_jid(testbed.conn, "romeo@example.org");
    xmpp_conn_set_store(testbed.conn, &store);
    is_int(xmpp_conn_store_put(testbed.conn, 0, "roster", "k", "t", 1),
           XMPP_EINT, "a store that fails to write");
    is_int(xmpp_conn_store_each(testbed.conn, 0, "roster", count_one, &count),
           XMPP_EINT, "or to read");
    is_int(lines, 2, "is in the log");
    notes.rc = 5;
    is_int(xmpp_conn_store_put(testbed.conn, 0, "roster", "k", "t", 1), 0,
           "a positive number is not a failure");
    failmem_arm(&testbed.memory, 1, 0);
    is_int(xmpp_conn_store_put(testbed.conn, 0, "roster", "k", "t", 1),
           XMPP_EMEM, "no memory");
    failmem_arm(&testbed.memory, 1, 0);
    is_int(xmpp_conn_store_each(testbed.conn, 0, "roster", count_one, &count),
           XMPP_EMEM, "for either");
    is_int(notes.calls, 3, "the store is not called then");
    is_int(lines, 4, "and the log says so");
    testbed_free(&testbed, "failing");
}

/* ---- the end ----------------------------------------------------- */

static int on_life(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    (void)state;
    if (event == XMPP_DETACHED)
        is_int(xmpp_conn_store_put(conn, 0, "roster", "k", "t", 1), 0,
               "a module stores when it is detached");
    return 0;
}

static const xmpp_row_t rows[] = {XMPP_LIFECYCLE(on_life), XMPP_ROWS_END};
static XMPP_MODULE(storing, "storing", 0, rows);

/* The application may free the store as soon as the release returns, and
 * modules may be detached after that. */
static void released(void)
{
    struct notes notes = {.rc = 0};
    xmpp_store_t store = store_of(&notes);
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_conn_set_jid(testbed.conn, "romeo@example.org");
    is_int(xmpp_conn_set_store(testbed.conn, &store), 0, "a store");
    xmpp_conn_use(testbed.conn, &storing);
    xmpp_conn_release(testbed.conn);
    testbed.conn = NULL;
    is_int(notes.calls, 0, "but its store is gone by then");
    testbed_free(&testbed, "released");
}

/* ---- together ---------------------------------------------------- */

static void together(void)
{
    struct notes notes = {.rc = 0};
    xmpp_store_t store = store_of(&notes), old = store;
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    is_int(xmpp_conn_store_begin(NULL), XMPP_EINVOP, "no connection");
    is_int(xmpp_conn_store_commit(testbed.conn), XMPP_EINVOP, "nothing begun");
    is_int(xmpp_conn_store_begin(testbed.conn), 0, "nothing to begin");
    is_int(xmpp_conn_store_commit(testbed.conn), 0, "or to commit");
    old.size = offsetof(xmpp_store_t, begin);
    is_int(xmpp_conn_set_store(testbed.conn, &old), 0, "an older program's");
    is_int(xmpp_conn_store_begin(testbed.conn), 0, "cannot do it");
    is_int(xmpp_conn_store_commit(testbed.conn), 0, "which is no failure");
    is_str(notes.order, "", "and is not called");
    xmpp_conn_set_store(testbed.conn, &store);
    is_int(xmpp_conn_store_begin(testbed.conn), 1, "a store that can");
    is_int(xmpp_conn_store_begin(testbed.conn), 1, "twice");
    is_int(xmpp_conn_store_commit(testbed.conn), 0, "the inner one");
    is_str(notes.order, "b", "is not a commit");
    is_int(xmpp_conn_store_commit(testbed.conn), 0, "the outer one");
    is_str(notes.order, "bc", "is one");
    notes.rc = XMPP_EINT;
    is_int(xmpp_conn_store_begin(testbed.conn), XMPP_EINT, "it fails to begin");
    is_int(xmpp_conn_store_commit(testbed.conn), 0, "it goes on without");
    is_str(notes.order, "bcb", "nothing is committed");
    notes.rc = 0;
    xmpp_conn_store_begin(testbed.conn);
    xmpp_conn_release(testbed.conn);
    testbed.conn = NULL;
    is_str(notes.order, "bcbbc", "the release commits");
    testbed_free(&testbed, "together");
}

int main(void)
{
    released();
    together();
    refused();
    accounts();
    failing();
    return done_testing();
}
