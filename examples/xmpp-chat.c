/* xmpp-chat.c - a client for the terminal: contacts, chats and rooms. */

#define _GNU_SOURCE
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "chat.h"
#include "chat_input.h"
#include "chat_screen.h"
#include "chat_upload.h"
#include "config.h"
#include "store_sqlite.h"

#define TICK 30 /* keys are read and the screen is drawn, in milliseconds */

void app_notice(struct app *app, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(app->notice, sizeof(app->notice), fmt, ap);
    va_end(ap);
    app->is_changed = 1;
}

/* ---- the screen -------------------------------------------------- */

static void draw(struct app *app)
{
    const struct chat *chat = app->book.current;
    char status[600];

    if (app->percent >= 0)
        snprintf(status, sizeof(status), "uploading: %d %%", app->percent);
    else if (*app->notice)
        snprintf(status, sizeof(status), "%s", app->notice);
    else
        snprintf(status, sizeof(status), "%s%s%s", app->state,
                 chat && chat->typing ? " - writing: " : "",
                 chat && chat->typing ? chat->typing : "");
    screen_draw(&app->book, status);
    app->is_changed = 0;
}

/* ---- keys -------------------------------------------------------- */

static void go_to(struct app *app, int by)
{
    struct chat *before = app->book.current;

    if (by)
        book_move(&app->book, by);
    else
        book_move_to_unread(&app->book);
    if (before != app->book.current) {
        char *line = input_take();

        text_set(&before->draft, line);
        free(line);
        input_set(app->book.current->draft);
    }
    app_seen(app, app->book.current);
}

static void scroll_by(struct chat *chat, long by)
{
    if (!chat)
        return;
    if (by < 0 && chat->scrolled < (size_t)-by)
        chat->scrolled = 0;
    else
        chat->scrolled += (size_t)by;
    if (chat->scrolled > chat->line_count)
        chat->scrolled = chat->line_count;
}

static void enter(struct app *app)
{
    char *line = input_take();

    if (line && *line)
        command_run(app, line);
    free(line);
    app_seen(app, app->book.current);
}

static void act(struct app *app, enum key key)
{
    long page = (long)screen_page() / 2 + 1;

    *app->notice = '\0';
    switch (key) {
    case KEY_LINE:
        enter(app);
        break;
    case KEY_UP_LIST:
    case KEY_DOWN_LIST:
        go_to(app, key == KEY_UP_LIST ? -1 : 1);
        break;
    case KEY_UNREAD:
        go_to(app, 0);
        break;
    case KEY_SCROLL_UP:
    case KEY_SCROLL_DOWN:
        scroll_by(app->book.current, key == KEY_SCROLL_UP ? page : -page);
        break;
    case KEY_QUIT:
        cli_finish(&app->cli, EXIT_FINE);
        break;
    default:
        break;
    }
}

static int tick(xmpp_ctx_t *ctx, void *userdata)
{
    struct app *app = userdata;
    enum key key;

    (void)ctx;
    while ((key = input_read()) != KEY_NOTHING_MORE) {
        app->is_changed = 1;
        if (key == KEY_TYPED)
            app_typed(app);
        else
            act(app, key);
    }
    app_idle(app);
    if (app->percent != upload_percent()) {
        app->percent = upload_percent();
        app->is_changed = 1;
    }
    if (app->is_changed)
        draw(app);
    return 1;
}

/* ---- the connection ---------------------------------------------- */

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    struct app *app = userdata;

    (void)conn;
    (void)error;
    (void)stream_error;
    app->is_changed = 1;
    if (event == XMPP_CONN_CONNECT) {
        app->state = "online";
        cli_is_up(&app->cli);
    } else {
        snprintf(app->why, sizeof(app->why),
                 "no connection, what you write is sent later: %s",
                 xmpp_ctx_get_last_error(app->cli.ctx));
        app->state = app->why;
        cli_ended(&app->cli);
    }
}

static void on_log(void *userdata, xmpp_log_level_t level, const char *area,
                   const char *text)
{
    struct app *app = userdata;

    if (level >= XMPP_LEVEL_ERROR)
        app_notice(app, "%s: %s", area, text);
}

/* ---- from the beginning to the end ------------------------------- */

/* $XDG_DATA_HOME/xmpp-chat/ADDRESS.db */
static char *default_path(const struct app *app)
{
    const char *home = getenv("XDG_DATA_HOME"), *user = config_home();
    char *folder = NULL, *path = NULL;

    if ((home && *home ? asprintf(&folder, "%s/xmpp-chat", home)
                       : asprintf(&folder, "%s/.local/share/xmpp-chat",
                                  user ? user : ".")) < 0)
        return NULL;
    for (char *c = folder + 1; *c; c++)
        if (*c == '/') {
            *c = '\0';
            mkdir(folder, 0700);
            *c = '/';
        }
    mkdir(folder, 0700);
    if (asprintf(&path, "%s/%.*s.db", folder, (int)strcspn(app->cli.jid, "/"),
                 app->cli.jid) < 0)
        path = NULL;
    free(folder);
    return path;
}

static void open_store(struct app *app)
{
    char *path = app->cli.rest_n ? strdup(app->cli.rest[0]) : default_path(app);

    if (!path || store_sqlite_open(&app->store, path) ||
        log_open(&app->log, store_sqlite_base(&app->store)))
        cli_refuse(&app->cli, "cannot be opened: %s", path ? path : "");
    xmpp_conn_set_store(app->cli.conn, &app->store);
    free(path);
}

static void release(struct cli *cli)
{
    (void)cli;
    screen_end();
}

int main(int argc, char **argv)
{
    static struct app app = {
        .cli = {.name = "xmpp-chat",
                .arguments = "[DATABASE]",
                .about = "Chat in the terminal. What was said is kept in "
                         "DATABASE, by default\n"
                         "~/.local/share/xmpp-chat/ADDRESS.db. Up and Down "
                         "change the conversation, Tab goes\nto the next "
                         "unread one, Page Up and Page Down scroll; /help "
                         "lists the commands,\nCtrl-D ends.",
                .kind = CLI_LOGS_IN | CLI_SERVES | CLI_COLORS},
        .state = "connecting",
        .percent = -1};
    int code;

    app.quiet.handler = on_log;
    app.quiet.userdata = &app;
    app.cli.log = &app.quiet;
    app.cli.release = release;
    app.cli.reconnect = 1;
    cli_start(&app.cli, argc, argv, 0, 1);
    open_store(&app);
    code = events_begin(&app);
    if (code)
        cli_refuse(&app.cli, "%s", xmpp_ctx_get_last_error(app.cli.ctx));
    if (screen_begin())
        cli_refuse(&app.cli, "this is not a terminal");
    xmpp_global_timed_handler_add(app.cli.ctx, tick, TICK, &app);
    code = cli_run(&app.cli, on_event, &app);
    store_sqlite_close(&app.store);
    book_free(&app.book);
    return code;
}
