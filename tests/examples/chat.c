/* chat.c - xmpp-chat: what others send, and what becomes of it on its screen
 * and in its log. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xmpp/module.h>
#include <xmpp/xep/room.h>
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
    xmpp_conn_release(app.cli.conn);
    book_free(&app.book);
    free(app.nick);
    sqlite3_close(db);
    xmpp_ctx_free(app.cli.ctx);
    return done_testing();
}
