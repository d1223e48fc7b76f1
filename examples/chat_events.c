/* chat_events.c - what the library reports, and how xmpp-chat shows it. */

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xmpp/xep/availability.h>
#include <xmpp/xep/blocking.h>
#include <xmpp/xep/bookmarks_join.h>
#include <xmpp/xep/caps.h>
#include <xmpp/xep/chat.h>
#include <xmpp/xep/csi.h>
#include <xmpp/xep/muc_invite.h>
#include <xmpp/xep/ping.h>
#include <xmpp/xep/room_stay.h>
#include <xmpp/xep/roster.h>
#include <xmpp/xep/subscription.h>
#include <xmpp/xep/sync_rooms.h>
#include <xmpp/xep/sync_seen.h>
#include <xmpp/xep/upload.h>
#include <xmpp/xep/version.h>

#include "chat.h"

#define PAUSE 10000000 /* microseconds without a key: not writing any more */

/* ---- contacts ---------------------------------------------------- */

static void on_roster(xmpp_conn_t *conn, const xmpp_event_t *event,
                      void *userdata)
{
    const xmpp_roster_item_t *item = event->value;
    struct app *app = userdata;
    struct chat *chat;

    (void)conn;
    if (!item || event->what == XMPP_ROSTER_FAILED)
        return;
    chat = app_chat(app, &item->jid, 0);
    if (item->name)
        text_set(&chat->name, item->name);
}

static void on_presence(xmpp_conn_t *conn, const xmpp_event_t *event,
                        void *userdata)
{
    const xmpp_presence_t *presence = event->value, *best;
    struct app *app = userdata;
    struct chat *chat;
    xmpp_jid_t bare;

    app->is_changed = 1;
    for (chat = app->book.chats; !presence && chat; chat = chat->next)
        chat->show = -1;
    if (!presence || xmpp_conn_sender_is(conn, &presence->from,
                                         XMPP_SENDER_OWN | XMPP_SENDER_ROOM))
        return;
    xmpp_jid_cut(&presence->from, XMPP_JID_BARE, &bare);
    best = xmpp_availability_get(conn, &bare);
    chat = app_chat(app, &bare, 0);
    chat->show = best ? best->show : -1;
    text_set(&chat->topic, best ? best->status : NULL);
}

static void on_request(xmpp_conn_t *conn, const xmpp_event_t *event,
                       void *userdata)
{
    const xmpp_presence_t *presence = event->value;

    (void)conn;
    if (event->what == XMPP_SUBSCRIPTION_REQUESTED)
        chat_remark(app_chat(userdata, &presence->from, 0),
                    "wants to see your presence: /accept or /refuse");
}

/* ---- rooms ------------------------------------------------------- */

static void on_left(struct app *app, const xmpp_room_left_t *left)
{
    static const char *const whys[] = {"",
                                       "you left",
                                       "you were kicked",
                                       "you were banned",
                                       "you are not a member any more",
                                       "the room is for members only now",
                                       "the service shuts down",
                                       "the room could not reach you",
                                       "the room was destroyed",
                                       "the room is gone",
                                       "you cannot enter",
                                       "the session is over",
                                       "the room has forgotten you"};

    chat_remark(app_chat(app, &left->room, 1), "%s%s%s%s%s", whys[left->why],
                left->actor ? " by " : "", left->actor ? left->actor : "",
                left->reason || left->condition ? ": " : "",
                left->reason      ? left->reason
                : left->condition ? left->condition
                                  : "");
}

static void on_room(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    struct app *app = userdata;
    const xmpp_room_joined_t *joined = event->value;
    const xmpp_room_renamed_t *renamed = event->value;

    (void)conn;
    app->is_changed = 1;
    if (event->what == XMPP_ROOM_EVENT_JOINED) {
        text_set(&app->nick, joined->nick);
        if (!joined->is_again)
            chat_remark(app_chat(app, &joined->room, 1), "you are %s here",
                        joined->nick);
    } else if (event->what == XMPP_ROOM_EVENT_LEFT) {
        on_left(app, event->value);
    } else if (event->what == XMPP_ROOM_EVENT_OCCUPANT_RENAMED) {
        chat_remark(app_chat(app, &renamed->room, 1), "%s is %s now",
                    renamed->before, renamed->nick);
    }
}

static void on_room_message(xmpp_conn_t *conn, const xmpp_event_t *event,
                            void *userdata)
{
    const xmpp_room_subject_t *subject = event->value;

    (void)conn;
    if (event->what == XMPP_ROOM_SUBJECT)
        text_set(&app_chat(userdata, &subject->room, 1)->topic,
                 subject->subject);
}

static void on_invitation(xmpp_conn_t *conn, const xmpp_event_t *event,
                          void *userdata)
{
    const xmpp_muc_invitation_t *invitation = event->value;
    struct app *app = userdata;
    char *from;

    (void)conn;
    if (event->what != XMPP_MUC_INVITED)
        return;
    from = xmpp_jid_text(app->cli.ctx, &invitation->from, XMPP_JID_BARE);
    chat_remark(app_chat(app, &invitation->room, 1), "%s invites you: /join",
                from ? from : "somebody");
    xmpp_free(app->cli.ctx, from);
}

/* ---- who writes -------------------------------------------------- */

/* Of a person, any client counts; in a room, whoever began last. */
static void on_activity(xmpp_conn_t *conn, const xmpp_event_t *event,
                        void *userdata)
{
    const xmpp_chat_activity_t *activity = event->value;
    struct app *app = userdata;
    struct chat *chat = app_chat(app, &activity->chat, 0);
    char *who =
        xmpp_jid_text(app->cli.ctx, &activity->jid,
                      chat->is_room ? XMPP_JID_RESOURCE : XMPP_JID_LOCAL);
    int state = chat->is_room ? activity->state
                              : xmpp_chat_get_state(conn, &activity->chat);

    if (state == XMPP_CHAT_COMPOSING)
        text_set(&chat->typing, who);
    else if (chat->typing && who && strcmp(chat->typing, who) == 0)
        text_set(&chat->typing, NULL);
    xmpp_free(app->cli.ctx, who);
}

static void send_state(struct app *app, int state)
{
    struct chat *chat = app->book.current;
    xmpp_jid_t *jid;

    app->is_composing = state == XMPP_CHAT_COMPOSING;
    jid = chat ? xmpp_jid_from_string(app->cli.ctx, chat->jid, NULL) : NULL;
    if (jid)
        xmpp_chat_set_state(app->cli.conn, jid, state);
    xmpp_free(app->cli.ctx, jid);
}

void app_typed(struct app *app)
{
    app->typed = xmpp_time_now();
    if (!app->is_composing)
        send_state(app, XMPP_CHAT_COMPOSING);
}

void app_idle(struct app *app)
{
    if (app->is_composing && xmpp_time_now() - app->typed > PAUSE)
        send_state(app, XMPP_CHAT_PAUSED);
}

/* ---- all of them ------------------------------------------------- */

static const struct {
    const xmpp_module_t *module;
    xmpp_event_handler handler; /* or NULL */
} modules[] = {
    {&xmpp_mod_roster, on_roster},
    {&xmpp_mod_presence, NULL},
    {&xmpp_mod_availability, on_presence},
    {&xmpp_mod_subscription, on_request},
    {&xmpp_mod_caps, NULL},
    {&xmpp_mod_csi, NULL},
    {&xmpp_mod_ping, NULL},
    {&xmpp_mod_version, NULL},
    {&xmpp_mod_sync_rooms, NULL},
    {&xmpp_mod_sync_seen, NULL},
    {&xmpp_mod_sync, app_on_sync},
    {&xmpp_mod_room, on_room},
    {&xmpp_mod_room_message, on_room_message},
    {&xmpp_mod_room_stay, NULL},
    {&xmpp_mod_chat, NULL},
    {&xmpp_mod_chat_state, on_activity},
    {&xmpp_mod_bookmarks_join, NULL},
    {&xmpp_mod_muc_invite, on_invitation},
    {&xmpp_mod_upload, NULL},
    {&xmpp_mod_blocking, NULL},
};

int events_begin(struct app *app)
{
    int rc = 0;

    for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
        rc = xmpp_conn_use(app->cli.conn, modules[i].module);
        if (rc >= 0 && modules[i].handler)
            rc = xmpp_conn_watch(app->cli.conn, modules[i].module,
                                 modules[i].handler, app);
        if (rc < 0)
            return rc;
    }
    return 0;
}
