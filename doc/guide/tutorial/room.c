/* room.c - the second step: a bot in a room, which greets who enters, and
 * answers who speaks to it. */

#include <stdio.h>
#include <string.h>

#include <xmpp/xep/muc_owner.h>
#include <xmpp/xep/room_enter.h>
#include <xmpp/xep/room_message.h>
#include <xmpp/xep/room_stay.h>

#include "session.h"

static const char *address; /* of the room */
static xmpp_room_t *room;

static void say(const char *nick, const char *words)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(xmpp_room_get_conn(room));
    xmpp_stanza_t *message = xmpp_message_new(ctx, NULL, NULL, NULL);
    xmpp_stanza_t *body = xmpp_stanza_add_tag(message, "body", NULL);

    xmpp_stanza_add_text(body, nick);
    xmpp_stanza_add_text(body, words);
    xmpp_room_send(room, message, NULL, NULL); /* to all in the room */
}

/* Something changed in the room. */
static void on_room(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    const xmpp_room_joined_t *joined = event->value;
    const xmpp_occupant_t *occupant = event->value;

    (void)userdata;
    if (event->what == XMPP_ROOM_EVENT_JOINED && joined->is_new)
        xmpp_muc_unlock(conn, &joined->room, NULL, NULL); /* open it to all */
    if (event->what == XMPP_ROOM_EVENT_OCCUPANT_JOINED)
        say(occupant->nick, ": welcome");
}

/* A message came from the room. */
static void on_message(xmpp_conn_t *conn, const xmpp_event_t *event,
                       void *userdata)
{
    const xmpp_room_message_t *message = event->value;
    const char *own_nick = xmpp_room_get_nick(room);

    (void)conn;
    (void)userdata;
    if (event->what != XMPP_ROOM_MESSAGE || message->is_ours ||
        message->is_history || !message->nick || !message->body)
        return;
    if (strncmp(message->body, own_nick, strlen(own_nick)) == 0)
        say(message->nick, ": I am only a bot");
}

static void on_joined(xmpp_conn_t *conn, const xmpp_result_t *result,
                      void *userdata)
{
    char why[400];

    (void)userdata;
    if (result->status == 0) {
        printf("in %s\n", address);
        fflush(stdout);
    } else if (result->status != XMPP_ENOTCONN) {
        xmpp_result_format(result, why, sizeof(why));
        fprintf(stderr, "%s: %s\n", address, why);
        session_finish(conn, 1);
    }
}

/* Enter the room after the first login. Later xmpp_mod_room_stay returns to
 * it. */
static void on_ready(xmpp_conn_t *conn)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    xmpp_jid_t *jid;
    xmpp_muc_join_t how;

    if (room)
        return;
    jid = xmpp_jid_from_string(ctx, address, NULL);
    room = xmpp_room_new(conn, jid);
    xmpp_free(ctx, jid);
    XMPP_INIT(xmpp_muc_join, how);
    how.nick = "bot";
    how.max_stanzas = 0; /* no history */
    if (xmpp_room_join(room, &how, on_joined, NULL) != 0) {
        fprintf(stderr, "%s\n", xmpp_ctx_get_last_error(ctx));
        session_finish(conn, 1);
    }
}

int main(int argc, char **argv)
{
    xmpp_conn_t *conn = session_new();
    int code;

    address = argc > 1 ? argv[1] : "";
    xmpp_conn_use(conn, &xmpp_mod_room_message);
    xmpp_conn_use(conn, &xmpp_mod_room_stay);
    xmpp_conn_watch(conn, &xmpp_mod_room, on_room, NULL);
    xmpp_conn_watch(conn, &xmpp_mod_room_message, on_message, NULL);
    code = session_run(conn, on_ready);
    xmpp_room_release(room);
    session_free(conn);
    return code;
}
