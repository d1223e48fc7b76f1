/* xmpp-logger.c - write all that is said in a room into a file. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <xmpp/xep/caps.h>
#include <xmpp/xep/ping.h>
#include <xmpp/xep/room_stay.h>
#include <xmpp/xep/sync_rooms.h>
#include <xmpp/xep/version.h>

#include "cli.h"
#include "cli_signal.h"
#include "output.h"
#include "progress.h"
#include "record.h"

#define GAP_TEXT "messages before this line are missing"

struct logger {
    struct cli cli; /* first: its address is that of the logger */
    FILE *file;
    xmpp_room_t *room;
    unsigned long caught_up; /* messages of the archive since the last other */
};

/* ---- the file ---------------------------------------------------- */

static void write_json(FILE *to, const char *time, const char *nick,
                       const char *text)
{
    struct record record;

    record_begin(&record, to);
    record_text(&record, "time", time);
    record_text(&record, "nick", nick);
    record_text(&record, "text", text);
    record_bool(&record, "gap", !text);
    record_close(&record, '}');
}

/* Without a text it is a gap.
 *
 * A line is on its way to the disk before its message counts as delivered. If
 * the program is killed in between, the line is written once more. */
static void write_line(struct logger *logger, xmpp_time_t time,
                       const char *nick, const char *text)
{
    char stamp[XMPP_TIME_SIZE];

    xmpp_time_print(time, stamp);
    if (logger->cli.json) {
        write_json(logger->file, stamp, nick, text);
    } else {
        fprintf(logger->file, "%s\t", stamp);
        show(logger->file, SHOW_FIELD, nick);
        putc('\t', logger->file);
        show(logger->file, SHOW_FIELD, text ? text : GAP_TEXT);
    }
    putc('\n', logger->file);
    if (fflush(logger->file) == 0)
        return;
    cli_error(&logger->cli, "%s: %s", logger->cli.rest[1], strerror(errno));
    cli_finish(&logger->cli, EXIT_OUTPUT);
}

/* A catch-up may take a while. */
static void show_progress(struct logger *logger, int is_archived)
{
    if (is_archived) {
        progress_show(&logger->cli, "%lu messages from the archive",
                      ++logger->caught_up);
        return;
    }
    progress_clear();
    logger->caught_up = 0;
}

static void log_message(struct logger *logger, const xmpp_sync_message_t *m)
{
    xmpp_ctx_t *ctx = logger->cli.ctx;
    char *body = xmpp_message_get_body(m->message);
    const char *from = xmpp_stanza_get_from(m->message);
    char *nick = from ? xmpp_jid_resource(ctx, from) : NULL;

    show_progress(logger, m->via == XMPP_VIA_ARCHIVE);
    if (body)
        write_line(logger, m->time, nick ? nick : "(the room)", body);
    xmpp_free(ctx, nick);
    xmpp_free(ctx, body);
}

static void on_sync(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    struct logger *logger = userdata;
    const xmpp_sync_message_t *m = event->value;
    const xmpp_sync_gap_t *gap = event->value;

    (void)conn;
    if (event->what == XMPP_SYNC_MESSAGE && m->archive.domain_size)
        log_message(logger, m);
    if (event->what == XMPP_SYNC_GAP && gap && gap->archive.domain_size)
        write_line(logger, gap->before_time, NULL, NULL);
}

/* ---- the room ---------------------------------------------------- */

static void give_up_room(struct cli *cli, const char *why)
{
    cli_error(cli, "not in %s: %s", cli->rest[0], why);
    cli_finish(cli, EXIT_ANSWER);
}

/* After the end of a session another one joins. */
static void on_room_joined(xmpp_conn_t *conn, const xmpp_result_t *result,
                           void *userdata)
{
    (void)conn;
    if (result->status == 0)
        cli_is_ready(userdata);
    else if (result->status != XMPP_ENOTCONN)
        give_up_room(userdata, result->condition
                                   ? result->condition
                                   : xmpp_strerror(result->status));
}

static void on_stay(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    const xmpp_room_left_t *left = event->value;

    (void)conn;
    give_up_room(userdata, left->condition ? left->condition : "no answer");
}

static void on_room(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    const xmpp_room_left_t *left = event->value;

    (void)conn;
    if (event->what == XMPP_ROOM_EVENT_LEFT &&
        (left->why == XMPP_ROOM_LEFT_DESTROYED ||
         (left->why >= XMPP_ROOM_LEFT_KICKED &&
          left->why <= XMPP_ROOM_LEFT_MEMBERS_ONLY)))
        give_up_room(userdata, left->reason ? left->reason : "removed");
}

/* room_stay returns to a room that we were in. */
static void join_room(struct logger *logger)
{
    struct cli *cli = &logger->cli;
    xmpp_jid_t *jid = xmpp_jid_from_string(cli->ctx, cli->rest[0], NULL);
    char *nick = xmpp_jid_node(cli->ctx, xmpp_conn_get_bound_jid(cli->conn));
    xmpp_muc_join_t how;

    if (!logger->room && jid)
        logger->room = xmpp_room_new(cli->conn, jid);
    XMPP_INIT(xmpp_muc_join, how);
    how.nick = nick;
    if (!logger->room)
        give_up_room(cli, "this is not the address of a room");
    else if ((xmpp_room_get_state(logger->room) == XMPP_ROOM_NEW ||
              xmpp_room_get_state(logger->room) == XMPP_ROOM_LEFT) &&
             xmpp_room_join(logger->room, &how, on_room_joined, cli))
        give_up_room(cli, xmpp_ctx_get_last_error(cli->ctx));
    xmpp_free(cli->ctx, nick);
    xmpp_free(cli->ctx, jid);
}

/* ---- the program ------------------------------------------------- */

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)conn;
    (void)error;
    (void)stream_error;
    if (event != XMPP_CONN_CONNECT) {
        cli_ended(userdata);
        return;
    }
    cli_is_up(userdata);
    join_room(userdata);
}

/* A FIFO is open when somebody reads it. */
static void open_file(struct logger *logger)
{
    struct cli *cli = &logger->cli;

    cli_drop_signals();
    if (cli_signal())
        cli_give_up(cli, EXIT_USAGE);
    logger->file = fopen(cli->rest[1], "a");
    if (!logger->file)
        cli_refuse(cli, "%s: %s", cli->rest[1], strerror(errno));
    cli_catch_signals(cli->ctx);
}

static void release_room(struct cli *cli)
{
    struct logger *logger = (struct logger *)cli;

    xmpp_room_release(logger->room);
    if (logger->file)
        fclose(logger->file);
}

int main(int argc, char **argv)
{
    struct logger logger = {
        .cli = {.name = "xmpp-logger",
                .arguments = "ROOM FILE",
                .about =
                    "Write all that is said in a room into a file: time, nick, "
                    "text, with tabs\nbetween. With --store each message comes "
                    "once, whatever happens; and what is\nmissing is a line "
                    "without a nick.",
                .kind = CLI_LOGS_IN | CLI_SERVES | CLI_RECORDS,
                .release = release_room}};
    struct cli *cli = &logger.cli;

    cli_start(cli, argc, argv, 2, 2);
    open_file(&logger);
    xmpp_conn_use(cli->conn, &xmpp_mod_sync_rooms);
    xmpp_conn_use(cli->conn, &xmpp_mod_room_stay);
    xmpp_conn_use(cli->conn, &xmpp_mod_ping);
    xmpp_conn_use(cli->conn, &xmpp_mod_version);
    xmpp_conn_use(cli->conn, &xmpp_mod_caps);
    xmpp_conn_watch(cli->conn, &xmpp_mod_sync, on_sync, &logger);
    xmpp_conn_watch(cli->conn, &xmpp_mod_room, on_room, cli);
    xmpp_conn_watch(cli->conn, &xmpp_mod_room_stay, on_stay, cli);
    return cli_run(cli, on_event, cli);
}
