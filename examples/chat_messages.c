/* chat_messages.c - conversations: what is said, what becomes of it, and what
 * the user has seen. */

#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include <xmpp/xep/chat.h>
#include <xmpp/xep/color.h>
#include <xmpp/xep/message.h>
#include <xmpp/xep/reply.h>
#include <xmpp/xep/room.h>
#include <xmpp/xep/sync_seen.h>

#include "chat.h"

#define SHOWN_MOST 300 /* lines of a conversation, read from the log */

/* ---- conversations ----------------------------------------------- */

static void show_logged(void *to, const char *jid, const struct line *line)
{
    struct line copy = *line;

    (void)jid;
    copy.color = xmpp_color_get(copy.who, XMPP_COLOR_ALL);
    chat_add(to, &copy);
}

struct chat *app_chat_at(struct app *app, const char *jid, int is_room)
{
    struct chat *chat = book_chat(&app->book, jid, NULL, is_room);
    const char *at = strchr(jid, '@');
    char *name;

    app->is_changed = 1;
    if (chat)
        return chat;
    name = strndup(jid, at ? (size_t)(at - jid) : strlen(jid));
    chat = book_chat(&app->book, jid, name ? name : jid, is_room);
    free(name);
    log_read(&app->log, jid, SHOWN_MOST, show_logged, chat);
    chat->unread = log_unread(&app->log, jid);
    return chat;
}

struct chat *app_chat(struct app *app, const xmpp_jid_t *jid, int is_room)
{
    char *text = xmpp_jid_text(app->cli.ctx, jid, XMPP_JID_BARE);
    struct chat *chat = app_chat_at(app, text ? text : "?", is_room);

    xmpp_free(app->cli.ctx, text);
    return chat;
}

/* Our other clients learn it; and its sender, who wants to, if it is nobody
 * strange. */
static void report_seen(struct app *app, struct chat *chat,
                        const struct line *line)
{
    xmpp_jid_t *jid = xmpp_jid_from_string(app->cli.ctx, chat->jid, NULL);
    int is_for_sender = line->is_markable && jid &&
                        xmpp_conversation_is_trusted(app->cli.conn, jid);

    xmpp_sync_displayed(app->cli.conn, jid, is_for_sender ? line->id : NULL,
                        line->archive);
    xmpp_free(app->cli.ctx, jid);
}

/* A client of ours, on another screen, has displayed all up to this one. */
static void set_seen(struct app *app, struct chat *chat, const char *id,
                     const char *archive)
{
    log_set_seen(&app->log, chat->jid, id, archive);
    chat->unread = log_unread(&app->log, chat->jid);
    chat->mentions = chat->unread ? chat->mentions : 0;
}

void app_seen(struct app *app, struct chat *chat)
{
    if (!chat || !chat->line_count || !chat->unread)
        return;
    chat->unread = chat->mentions = 0;
    app->is_changed = 1;
    log_set_seen(&app->log, chat->jid, NULL, NULL);
    for (size_t i = chat->line_count; i--;)
        if (chat->lines[i].is_markable ||
            (chat->lines[i].archive && !chat->lines[i].fate)) {
            report_seen(app, chat, &chat->lines[i]);
            return;
        }
}

/* ---- messages ---------------------------------------------------- */

/* An id that an occupant has is from the room only if the room gave one to us.
 * A nick is no proof: somebody else may have it now. NULL: it is not certain.
 */
static const char *occupant_of(const struct app *app,
                               const xmpp_sync_message_t *event)
{
    const xmpp_occupant_t *self =
        xmpp_room_get_self(xmpp_room_find(app->cli.conn, &event->chat));
    const void *author;

    if (!self || !self->occupant_id ||
        xmpp_payload_read(event->message, &xmpp_author, &author))
        return NULL;
    return ((const xmpp_author_t *)author)->occupant_id;
}

/* Owned; see struct line. */
static char *author_of(const struct app *app, const xmpp_sync_message_t *event,
                       int is_room)
{
    const char *occupant = is_room ? occupant_of(app, event) : NULL;
    xmpp_ctx_t *ctx = app->cli.ctx;

    if (event->is_ours)
        return xmpp_copy_text(ctx, "");
    if (is_room)
        return occupant ? xmpp_copy_text(ctx, occupant) : NULL;
    return event->chat.resource_size
               ? NULL
               : xmpp_jid_text(ctx, &event->chat, XMPP_JID_BARE);
}

/* A message that changes another of the same author (followup.h): 1 if it was
 * one. */
static int take_followup(struct app *app, struct chat *chat,
                         const xmpp_message_t *message, const char *body,
                         const char *author)
{
    const char *id =
        message->retract ? message->retract->id : message->replaces;
    struct line *line = chat_find(chat, id);

    if (!line || !author || !line->author || strcmp(author, line->author))
        return 0;
    text_set(&line->text, message->retract ? "(retracted)" : body);
    line->is_edited = 1;
    log_put(&app->log, chat->jid, line);
    return 1;
}

static int mentions(const struct app *app, const struct chat *chat,
                    const char *text)
{
    const char *nick = chat->is_room ? app->nick : NULL;

    return nick && *nick && strcasestr(text, nick) != NULL;
}

/* In a room the mark of another client of ours may come before the message. */
static int was_seen(const struct app *app, const xmpp_sync_message_t *event)
{
    const xmpp_mds_displayed_t *mark =
        xmpp_mds_get(app->cli.conn, &event->chat);

    return mark && event->id && !strcmp(mark->id, event->id);
}

/* An archive may have whole seconds only. What comes behind is later. */
static xmpp_time_t time_of(const xmpp_sync_message_t *event,
                           const struct chat *chat)
{
    xmpp_time_t last =
        chat->line_count ? chat->lines[chat->line_count - 1].time : 0;

    if (event->is_history || event->time / 1000000 != last / 1000000)
        return event->time;
    return event->time > last ? event->time : last;
}

/* It is kept with the place in the archive, or not at all (store.h): the event
 * comes between the two. */
static void on_message(struct app *app, const xmpp_sync_message_t *event)
{
    const xmpp_message_t *message = xmpp_message_read(event->message);
    int is_room = message && message->type == XMPP_MESSAGE_GROUPCHAT;
    const char *body = xmpp_fallback_get_body(event->message, NULL);
    struct chat *chat;
    struct line line = {0};
    char *who, *author;

    if (!message || !body)
        return; /* receipts, states: their own events */
    chat = app_chat(app, &event->chat, is_room);
    app->is_changed = 1;
    author = author_of(app, event, is_room);
    if (take_followup(app, chat, message, body, author)) {
        xmpp_free(app->cli.ctx, author);
        return;
    }
    who = xmpp_jid_text(app->cli.ctx, &message->from,
                        is_room ? XMPP_JID_RESOURCE : XMPP_JID_LOCAL);
    line.who = who;
    line.text = (char *)(size_t)body;
    line.id = (char *)(size_t)(event->own_id ? event->own_id : event->id);
    line.archive = (char *)(size_t)event->id;
    line.author = author;
    line.time = time_of(event, chat);
    line.color = xmpp_color_get(who, XMPP_COLOR_ALL);
    line.fate = event->is_ours ? FATE_STORED : FATE_NONE;
    line.is_past = event->is_history;
    line.is_unread = !event->is_ours;
    line.is_markable = !event->is_ours && message->is_markable;
    chat_add(chat, &line);
    log_put(&app->log, chat->jid, &line);
    xmpp_free(app->cli.ctx, who);
    xmpp_free(app->cli.ctx, author);
    if (event->is_ours || event->is_history)
        return;
    chat->unread++;
    chat->mentions += mentions(app, chat, body);
    if (was_seen(app, event))
        set_seen(app, chat, NULL, event->id);
    else if (chat == app->book.current && !chat->scrolled)
        app_seen(app, chat);
}

static void on_fate(struct app *app, const xmpp_sync_fate_t *event)
{
    static const int fates[] = {FATE_NONE,     FATE_SENT,      FATE_STORED,
                                FATE_RECEIVED, FATE_DISPLAYED, FATE_FAILED,
                                FATE_FAILED};
    struct chat *chat = app_chat(app, &event->to, 0);
    struct line *line = chat_find(chat, event->id);
    int fate = fates[event->fate];

    if (!line || line->fate >= fate)
        return;
    line->fate = fate;
    log_set_fate(&app->log, event->id, fate);
    if (fate == FATE_FAILED)
        chat_remark(chat, "not delivered: %s (%s)", line->text,
                    event->condition ? event->condition : "fate unknown");
}

static void on_gap(struct app *app, const xmpp_sync_gap_t *gap)
{
    static const char *const whys[] = {
        "",
        "older messages are at the server: /older",
        "many messages were skipped: /older",
        "the server forgot messages here",
        "there is no archive: messages may be missing here",
        "the archive did not answer: messages may be missing here"};

    if (gap->archive.domain_size)
        chat_remark(app_chat(app, &gap->archive, 1), "%s", whys[gap->why]);
    else if (gap->why != XMPP_SYNC_FIRST)
        app_notice(app, "%s", whys[gap->why]);
}

void app_on_sync(xmpp_conn_t *conn, const xmpp_event_t *event, void *userdata)
{
    const xmpp_sync_seen_t *seen = event->value;
    struct app *app = userdata;

    (void)conn;
    app->is_changed = 1;
    switch (event->what) {
    case XMPP_SYNC_MESSAGE:
        on_message(app, event->value);
        break;
    case XMPP_SYNC_FATE:
        on_fate(app, event->value);
        break;
    case XMPP_SYNC_SEEN:
        set_seen(app, app_chat(app, &seen->chat, seen->archive.domain_size > 0),
                 seen->id, seen->archive_id);
        break;
    case XMPP_SYNC_GAP:
        if (!event->before)
            on_gap(app, event->value);
        break;
    default:
        break;
    }
}
