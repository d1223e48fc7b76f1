/* chat_commands.c - what is typed into xmpp-chat: texts and commands. */

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xmpp/digest.h>
#include <xmpp/xep/blocking.h>
#include <xmpp/xep/bookmarks_edit.h>
#include <xmpp/xep/color.h>
#include <xmpp/xep/markup.h>
#include <xmpp/xep/message.h>
#include <xmpp/xep/muc_admin.h>
#include <xmpp/xep/muc_invite.h>
#include <xmpp/xep/muc_owner.h>
#include <xmpp/xep/presence.h>
#include <xmpp/xep/room_send.h>
#include <xmpp/xep/roster.h>
#include <xmpp/xep/subscription.h>
#include <xmpp/xep/sync.h>

#include "chat.h"
#include "chat_screen.h"
#include "chat_upload.h"

#define FOUND_MOST 50
#define OLDER_MOST 50

/* ---- what failed ------------------------------------------------- */

void app_on_result(xmpp_conn_t *conn, const xmpp_result_t *result, void *app)
{
    (void)conn;
    if (result->status)
        app_notice(app, "%s",
                   result->text        ? result->text
                   : result->condition ? result->condition
                                       : xmpp_strerror(result->status));
}

static void show_code(struct app *app, int rc)
{
    if (rc < 0)
        app_notice(app, "%s", xmpp_ctx_get_last_error(app->cli.ctx));
}

/* ---- messages ---------------------------------------------------- */

/* The line stands at once; the library keeps the message until its fate is
 * known, also over lost connections. */
static void show_own(struct app *app, struct chat *chat, const char *text,
                     const char *corrected, const char *id)
{
    struct line *before = chat_find(chat, corrected);
    char *who = chat->is_room && app->nick
                    ? strdup(app->nick)
                    : strndup(app->cli.jid, strcspn(app->cli.jid, "@"));
    char own[] = "";
    struct line line = {.time = xmpp_time_now(),
                        .who = who,
                        .text = (char *)(size_t)text,
                        .id = (char *)(size_t)id,
                        .author = own,
                        .color = xmpp_color_get(who, XMPP_COLOR_ALL),
                        .fate = FATE_WAITS};

    if (before) {
        text_set(&before->text, text);
        before->is_edited = 1;
        log_put(&app->log, chat->jid, before);
    } else {
        log_put(&app->log, chat->jid, chat_add(chat, &line));
    }
    free(who);
}

static void send_text(struct app *app, struct chat *chat, const char *text,
                      const char *corrected, const char *url)
{
    xmpp_jid_t *jid = xmpp_jid_from_string(app->cli.ctx, chat->jid, NULL);
    char *id = xmpp_random_id(app->cli.ctx);
    const xmpp_oob_t *oobs[1];
    xmpp_message_t message;
    xmpp_oob_t oob;
    int rc;

    XMPP_INIT(xmpp_message, message);
    XMPP_INIT(xmpp_oob, oob);
    xmpp_jid_cut(jid, XMPP_JID_BARE, &message.to);
    message.type = chat->is_room ? XMPP_MESSAGE_GROUPCHAT : XMPP_MESSAGE_CHAT;
    message.body = text;
    message.replaces = corrected;
    message.wants_receipt = message.is_markable = !chat->is_room;
    message.chat_state = chat->is_room ? 0 : XMPP_CHAT_ACTIVE;
    message.id = id;
    oob.url = url;
    oobs[0] = &oob;
    message.oobs = oobs;
    message.oob_count = url != NULL;
    rc = xmpp_sync_send(
        app->cli.conn, xmpp_message_build(app->cli.conn, &message), NULL, NULL);
    if (rc == 0)
        show_own(app, chat, text, corrected, id);
    show_code(app, rc);
    xmpp_free(app->cli.ctx, id);
    xmpp_free(app->cli.ctx, jid);
    app->is_composing = 0;
}

static void say(struct app *app, struct chat *chat, const char *text)
{
    if (chat)
        send_text(app, chat, text, NULL, NULL);
    else
        app_notice(app, "to whom? /msg ADDRESS or /join ROOM");
}

/* ---- commands ---------------------------------------------------- */

/* A command gets the current conversation, its address, and what follows. */
struct call {
    struct app *app;
    struct chat *chat;
    xmpp_jid_t *jid; /* of the current conversation, or NULL */
    xmpp_jid_t *arg; /* the first word as an address, or NULL */
    const char *text;
};

static void do_accept(struct call *c)
{
    show_code(c->app, xmpp_subscription_approve(c->app->cli.conn, c->jid));
}

static void do_refuse(struct call *c)
{
    show_code(c->app, xmpp_subscription_deny(c->app->cli.conn, c->jid));
}

static void do_add(struct call *c)
{
    show_code(c->app,
              xmpp_subscription_request(c->app->cli.conn, c->arg, NULL));
}

static void do_remove(struct call *c)
{
    show_code(c->app, xmpp_roster_remove(c->app->cli.conn, c->jid,
                                         app_on_result, c->app));
}

static void do_block(struct call *c)
{
    show_code(c->app, xmpp_blocking_block(c->app->cli.conn, c->jid, NULL,
                                          app_on_result, c->app));
}

static void do_unblock(struct call *c)
{
    show_code(c->app, xmpp_blocking_unblock(c->app->cli.conn, c->jid,
                                            app_on_result, c->app));
}

static void do_msg(struct call *c)
{
    c->app->book.current = app_chat(c->app, c->arg, 0);
}

/* A new room is open from now on, and the library joins it in every session. */
static void on_joined(xmpp_conn_t *conn, const xmpp_result_t *result,
                      void *userdata)
{
    const xmpp_room_joined_t *joined = result->value;
    xmpp_bookmark_t bookmark;

    app_on_result(conn, result, userdata);
    if (result->status || !joined)
        return;
    if (joined->is_new)
        xmpp_muc_unlock(conn, &joined->room, app_on_result, userdata);
    XMPP_INIT(xmpp_bookmark, bookmark);
    bookmark.room = joined->room;
    bookmark.nick = joined->nick;
    bookmark.autojoin = 1;
    xmpp_bookmarks_set(conn, &bookmark, NULL, NULL);
}

static void do_join(struct call *c)
{
    struct app *app = c->app;
    const xmpp_jid_t *jid = c->arg ? c->arg : c->jid;
    const char *nick = strchr(c->text, ' ');
    char *own = strndup(app->cli.jid, strcspn(app->cli.jid, "@/"));
    xmpp_room_t *room = xmpp_room_new(app->cli.conn, jid);
    xmpp_muc_join_t how;

    XMPP_INIT(xmpp_muc_join, how);
    how.nick = nick ? nick + 1 : app->nick ? app->nick : own;
    app->book.current = app_chat(app, jid, 1);
    show_code(app,
              room ? xmpp_room_join(room, &how, on_joined, app) : XMPP_EARG);
    xmpp_room_release(room);
    free(own);
}

static void do_leave(struct call *c)
{
    struct app *app = c->app;

    if (c->chat->is_room) {
        xmpp_room_leave(xmpp_room_find(app->cli.conn, c->jid), NULL, NULL,
                        NULL);
        xmpp_bookmarks_remove(app->cli.conn, c->jid, NULL, NULL);
    }
    book_drop(&app->book, c->chat);
}

static xmpp_room_t *room_of(struct call *c)
{
    xmpp_room_t *room = xmpp_room_find(c->app->cli.conn, c->jid);

    if (!room)
        app_notice(c->app, "this is not a room that you are in");
    return room;
}

static void do_nick(struct call *c)
{
    xmpp_room_t *room = room_of(c);

    if (room)
        show_code(c->app,
                  xmpp_room_set_nick(room, c->text, app_on_result, c->app));
}

static void do_topic(struct call *c)
{
    xmpp_room_t *room = room_of(c);

    if (room)
        show_code(c->app,
                  xmpp_room_set_subject(room, c->text, app_on_result, c->app));
}

static void do_kick(struct call *c)
{
    show_code(c->app, xmpp_muc_kick(c->app->cli.conn, c->jid, c->text, NULL,
                                    app_on_result, c->app));
}

static void do_invite(struct call *c)
{
    xmpp_muc_invitation_t invitation;

    XMPP_INIT(xmpp_muc_invitation, invitation);
    invitation.room = *c->jid;
    invitation.is_direct = 1;
    show_code(c->app,
              xmpp_muc_send_invitation(c->app->cli.conn, c->arg, &invitation));
}

static void do_who(struct call *c)
{
    xmpp_room_t *room = room_of(c);
    const xmpp_occupant_t *occupant = NULL;
    char names[2000] = "";

    if (!room)
        return;
    while ((occupant = xmpp_room_next(room, occupant)) &&
           strlen(names) + strlen(occupant->nick) + 3 < sizeof(names)) {
        strcat(names, *names ? ", " : "");
        strcat(names, occupant->nick);
    }
    chat_remark(c->chat, "here are: %s", names);
}

static void show_as(struct call *c, int show)
{
    xmpp_presence_t presence;

    XMPP_INIT(xmpp_presence, presence);
    presence.show = show;
    presence.status = *c->text ? c->text : NULL;
    show_code(c->app, xmpp_presence_set(c->app->cli.conn, &presence));
}

static void do_away(struct call *c)
{
    show_as(c, XMPP_SHOW_AWAY);
}

static void do_back(struct call *c)
{
    show_as(c, XMPP_SHOW_ONLINE);
}

static void do_correct(struct call *c)
{
    struct line *line = chat_last_own(c->chat);

    if (line && line->id)
        send_text(c->app, c->chat, c->text, line->id, NULL);
    else
        app_notice(c->app, "there is nothing of yours here");
}

static void do_older(struct call *c)
{
    struct app *app = c->app;

    show_code(app,
              xmpp_sync_older(app->cli.conn, c->chat->is_room ? c->jid : NULL,
                              OLDER_MOST, app_on_result, app));
}

static void show_found(void *to, const char *jid, const struct line *line)
{
    struct chat *chat = to;

    chat_remark(chat, "%s, %s: %s", jid, line->who ? line->who : "",
                line->text);
}

static void do_search(struct call *c)
{
    chat_remark(c->chat, "what contains \"%s\":", c->text);
    log_search(&c->app->log, c->text, FOUND_MOST, show_found, c->chat);
}

static void on_uploaded(const char *url, const char *why, void *to)
{
    struct app *app = to;

    if (url && app->book.current)
        send_text(app, app->book.current, url, NULL, url);
    else
        app_notice(app, "not uploaded: %s", why ? why : "no conversation");
}

static void do_upload(struct call *c)
{
    int rc = upload_start(c->app->cli.conn, c->text, on_uploaded, c->app);

    if (rc == XMPP_EARG)
        app_notice(c->app, "there is no file %s", c->text);
    else
        show_code(c->app, rc);
}

static void do_quit(struct call *c)
{
    cli_finish(&c->app->cli, EXIT_FINE);
}

static void do_help(struct call *c);

enum { NEEDS_CHAT = 1, NEEDS_ADDRESS = 2, NEEDS_TEXT = 4 };

static const struct command {
    const char *name, *about;
    int needs;
    void (*run)(struct call *c);
} commands[] = {
    {"accept", "let the contact see your presence", NEEDS_CHAT, do_accept},
    {"add", "ADDRESS: add a contact", NEEDS_ADDRESS, do_add},
    {"away", "[TEXT]: be away", 0, do_away},
    {"back", "[TEXT]: be available", 0, do_back},
    {"block", "the contact", NEEDS_CHAT, do_block},
    {"correct", "TEXT: correct your last message", NEEDS_CHAT | NEEDS_TEXT,
     do_correct},
    {"help", "these", NEEDS_CHAT, do_help},
    {"invite", "ADDRESS: to this room", NEEDS_CHAT | NEEDS_ADDRESS, do_invite},
    {"join", "ROOM [NICK]", 0, do_join},
    {"kick", "NICK", NEEDS_CHAT | NEEDS_TEXT, do_kick},
    {"leave", "the room, or close the conversation", NEEDS_CHAT, do_leave},
    {"msg", "ADDRESS: begin a conversation", NEEDS_ADDRESS, do_msg},
    {"nick", "NICK", NEEDS_CHAT | NEEDS_TEXT, do_nick},
    {"older", "messages of the archive", NEEDS_CHAT, do_older},
    {"quit", "", 0, do_quit},
    {"refuse", "to let the contact see your presence", NEEDS_CHAT, do_refuse},
    {"remove", "the contact", NEEDS_CHAT, do_remove},
    {"search", "TEXT: in all conversations", NEEDS_CHAT | NEEDS_TEXT,
     do_search},
    {"topic", "TEXT", NEEDS_CHAT, do_topic},
    {"unblock", "the contact", NEEDS_CHAT, do_unblock},
    {"upload", "FILE", NEEDS_CHAT | NEEDS_TEXT, do_upload},
    {"who", "is in the room", NEEDS_CHAT, do_who},
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void do_help(struct call *c)
{
    for (size_t i = 0; i < COMMANDS; i++)
        chat_remark(c->chat, "/%s %s", commands[i].name, commands[i].about);
}

static const struct command *command_named(const char *line, size_t n)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strlen(commands[i].name) == n &&
            !strncmp(commands[i].name, line, n))
            return &commands[i];
    return NULL;
}

static void call(struct call *c, const struct command *command)
{
    size_t n = strcspn(c->text, " ");
    char *word = strndup(c->text, n);
    xmpp_ctx_t *ctx = c->app->cli.ctx;

    c->arg = word && *word ? xmpp_jid_from_string(ctx, word, NULL) : NULL;
    c->jid = c->chat ? xmpp_jid_from_string(ctx, c->chat->jid, NULL) : NULL;
    if ((command->needs & NEEDS_CHAT) && !c->jid)
        app_notice(c->app, "in which conversation? /msg ADDRESS or /join ROOM");
    else if (((command->needs & NEEDS_ADDRESS) || command->run == do_join) &&
             !c->arg && (*c->text || !c->jid || command->run != do_join))
        app_notice(c->app, "/%s %s", command->name, command->about);
    else if ((command->needs & NEEDS_TEXT) && !*c->text)
        app_notice(c->app, "/%s %s", command->name, command->about);
    else
        command->run(c);
    xmpp_free(ctx, c->arg);
    xmpp_free(ctx, c->jid);
    free(word);
}

void command_run(struct app *app, const char *line)
{
    struct call c = {.app = app, .chat = app->book.current};
    const struct command *command;
    size_t n = strcspn(line, " ");

    if (*line != '/' || line[1] == '/' || xmpp_me_get(line)) {
        say(app, c.chat, line[0] == '/' && line[1] == '/' ? line + 1 : line);
        return;
    }
    command = command_named(line + 1, n - 1);
    c.text = line[n] ? line + n + 1 : line + n;
    if (command)
        call(&c, command);
    else
        app_notice(app, "no such command: /help lists them; //text begins "
                        "with a slash");
}
