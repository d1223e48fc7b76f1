/* chat.c - xmpp-chat: what others send, and what becomes of it on its screen
 * and in its log. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xmpp/module.h>
#include <xmpp/xep/room.h>
#include <xmpp/xep/sync.h>
#include <xmpp/xmpp.h>

#include "../../examples/chat.h"
#include "tap.h"

/* xmpp-chat.c has it. */
void app_notice(struct app *app, const char *fmt, ...)
{
    (void)app;
    (void)fmt;
}

static struct line *last_line(struct app *app, const char *jid)
{
    struct chat *chat = book_chat(&app->book, jid, NULL, 0);

    return chat && chat->line_count ? &chat->lines[chat->line_count - 1] : NULL;
}

/* ---- rooms ------------------------------------------------------- */

static void leave_for(struct app *app, int why)
{
    xmpp_jid_t *jid = xmpp_jid_from_string(app->cli.ctx, "r@c.example", NULL);
    xmpp_room_left_t left;

    XMPP_INIT(xmpp_room_left, left);
    left.room = *jid;
    left.nick = "me";
    left.why = why;
    xmpp_conn_emit(app->cli.conn, &xmpp_mod_room, XMPP_ROOM_EVENT_LEFT, &left,
                   NULL);
    xmpp_free(app->cli.ctx, jid);
}

static void rooms(struct app *app)
{
    int why;

    for (why = XMPP_ROOM_LEFT_ASKED; why <= XMPP_ROOM_LEFT_LOST; why++) {
        leave_for(app, why);
        ok(last_line(app, "r@c.example") &&
               last_line(app, "r@c.example")->text[0],
           "we left because of %d", why);
    }
    is_str(last_line(app, "r@c.example")->text, "the room has forgotten you",
           "the last of them");
}

/* ---- messages ---------------------------------------------------- */

static void take(struct app *app, const char *chat, const char *from,
                 const char *id, const char *replaces, const char *text,
                 int is_ours)
{
    xmpp_jid_t *jid = xmpp_jid_from_string(app->cli.ctx, chat, NULL);
    xmpp_stanza_t *message = xmpp_message_new(
        app->cli.ctx, strchr(from, '/') ? "groupchat" : "chat", NULL, id);
    xmpp_sync_message_t value;
    xmpp_event_t event = {0};

    xmpp_stanza_put(message, "from", from);
    xmpp_message_set_body(message, text);
    if (replaces)
        xmpp_stanza_put(xmpp_stanza_add_tag(message, "replace",
                                            "urn:xmpp:message-correct:0"),
                        "id", replaces);
    XMPP_INIT(xmpp_sync_message, value);
    value.chat = *jid;
    value.own_id = id;
    value.id = text;
    value.time = xmpp_time_now();
    value.message = message;
    value.is_ours = is_ours;
    event.what = XMPP_SYNC_MESSAGE;
    event.value = &value;
    app_on_sync(app->cli.conn, &event, app);
    xmpp_stanza_release(message);
    xmpp_free(app->cli.ctx, jid);
}

struct found {
    const char *id;
    char text[80];
};

static void on_found(void *to, const char *chat, const struct line *line)
{
    struct found *found = to;

    (void)chat;
    if (line->id && strcmp(line->id, found->id) == 0)
        snprintf(found->text, sizeof(found->text), "%s: %s", line->who,
                 line->text);
}

static const char *logged(struct app *app, const char *chat, const char *id)
{
    static struct found found;

    found = (struct found){.id = id};
    log_read(&app->log, chat, 100, on_found, &found);
    return found.text;
}

static void corrections(struct app *app)
{
    const char *ann = "ann@x.example", *room = "r@c.example";

    take(app, ann, "ann@x.example", "1", NULL, "yes", 0);
    take(app, ann, "ann@x.example", "2", "1", "yes!", 0);
    is_str(logged(app, ann, "1"), "ann: yes!", "who wrote it corrects it");
    take(app, ann, "me@x.example", "3", NULL, "no", 1);
    take(app, ann, "ann@x.example", "4", "3", "never", 0);
    is_str(logged(app, ann, "3"), "me: no", "nobody else does");
    is_str(last_line(app, ann)->text, "never", "it is a message of its own");
    take(app, ann, "ann@x.example", "3", NULL, "always", 0);
    is_str(logged(app, ann, "3"), "ann: always",
           "the same id, another message");
    take(app, ann, "me@x.example", "5", "3", "no!", 1);
    is_str(last_line(app, ann)->text, "no!", "which is not ours");

    take(app, room, "r@c.example/ann", "1", NULL, "yes", 0);
    take(app, room, "r@c.example/ann", "2", "1", "no", 0);
    is_str(logged(app, room, "1"), "ann: yes", "a nick is no proof");
}

int main(void)
{
    struct app app = {0};
    sqlite3 *db = NULL;

    app.cli.ctx = xmpp_ctx_new(NULL, NULL);
    app.cli.conn = xmpp_conn_new(app.cli.ctx);
    if (sqlite3_open(":memory:", &db) || log_open(&app.log, db))
        bail("no database");
    is_int(events_begin(&app), 0, "all modules are in use");
    rooms(&app);
    corrections(&app);
    xmpp_conn_release(app.cli.conn);
    book_free(&app.book);
    free(app.nick);
    sqlite3_close(db);
    xmpp_ctx_free(app.cli.ctx);
    return done_testing();
}
