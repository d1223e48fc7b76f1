/* chat.c - conversations in rooms, where their occupants are known: states
 * (XEP-0085), markers by the ids of the room (XEP-0333), private messages; and
 * messages that were displayed. */

#include <xmpp/xep/chat.h>

#include "conn/diary.h"

#define ROOM "coven@chat.example"
#define MARKABLE "<markable xmlns='urn:xmpp:chat-markers:0'/>"
#define STATES "http://jabber.org/protocol/chatstates"
#define STATE(name) "<" name " xmlns='" STATES "'/>"

static struct testbed testbed;

/* ---- a room that we are in --------------------------------------- */

static int is_of_room(xmpp_conn_t *conn, const xmpp_jid_t *jid, void *state)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t coven;

    (void)conn;
    (void)state;
    xmpp_jid_parse(ROOM, (size_t)-1, XMPP_JID_STRICT, room, &coven, NULL);
    return xmpp_jid_equal(jid, &coven, XMPP_JID_BARE);
}

static const xmpp_row_t rows[] = {XMPP_KNOWS(XMPP_SENDER_ROOM, is_of_room),
                                  XMPP_ROWS_END};
static XMPP_MODULE(rooms, "rooms", 0, rows);

static void on_event(xmpp_conn_t *conn, const xmpp_event_t *event,
                     void *userdata)
{
    char text[300];

    (void)conn;
    (void)userdata;
    xmpp_payload_print(event->payload, event->value, text, sizeof(text));
    diary_add("%s %s", event->name, text);
}

/* What was sent has left only after a turn of the loop. */
static void said_part(const char *want, const char *what)
{
    xmpp_run_once(testbed.ctx, 1);
    diary_said_part(&testbed, want, what);
}

static void said_nothing(const char *what)
{
    xmpp_run_once(testbed.ctx, 1);
    diary_said(&testbed, "", what);
}

static void begin(void)
{
    diary_begin(&testbed);
    is_int(xmpp_conn_use(testbed.conn, &rooms), 0, "a room");
    is_int(xmpp_conn_use(testbed.conn, &xmpp_mod_chat), 0, "and chats");
    xmpp_conn_watch(testbed.conn, &xmpp_mod_chat, on_event, NULL);
    xmpp_conn_watch(testbed.conn, &xmpp_mod_chat_state, on_event, NULL);
    diary_login(&testbed);
}

static xmpp_jid_t *jid_of(const char *text)
{
    return xmpp_jid_from_string(testbed.ctx, text, NULL);
}

static int set_state(const char *to, int state)
{
    xmpp_jid_t *jid = jid_of(to);
    int code = xmpp_chat_set_state(testbed.conn, jid, state);

    xmpp_free(testbed.ctx, jid);
    return code;
}

static int displayed(const char *attributes, const char *inside)
{
    char xml[1000];
    xmpp_stanza_t *message;
    int code;

    snprintf(xml, sizeof(xml), "<message xmlns='jabber:client' %s>%s</message>",
             attributes, inside);
    message = xmpp_stanza_new_from_string(testbed.ctx, xml);
    code = xmpp_chat_displayed(testbed.conn, message);
    xmpp_stanza_release(message);
    return code;
}

static void say(const char *to, const char *type)
{
    xmpp_stanza_t *message = xmpp_message_new(testbed.ctx, type, to, "x");

    xmpp_message_set_body(message, "Hi");
    is_int(xmpp_send_take(testbed.conn, message), 0, "to %s", to);
}

/* ---- rooms ------------------------------------------------------- */

static void room_states(void)
{
    begin();
    is_int(set_state(ROOM, XMPP_CHAT_COMPOSING), 1, "rooms get no states");
    said_nothing("nothing is sent");
    is_int(xmpp_conversation_set_policy(testbed.conn, XMPP_CONVERSATION_ROOMS),
           0, "unless the application wants it");
    is_int(set_state(ROOM, XMPP_CHAT_COMPOSING), 0, "then they do");
    said_part("<message type=\"groupchat\" id=\"", "of their type");
    is_int(set_state(ROOM, XMPP_CHAT_COMPOSING), 1, "once");
    is_int(set_state(ROOM, XMPP_CHAT_GONE), 1, "nobody is gone from a room");
    is_int(set_state(ROOM, XMPP_CHAT_PAUSED), 0, "but pauses");
    said_part("to=\"" ROOM "\"><paused xmlns=\"" STATES "\"/>",
              "and that is all");
    diary_hear(&testbed, "<message type='groupchat' from='" ROOM
                         "/hecate'>" STATE("composing") "</message>");
    diary_is("changed {jid: \"" ROOM "/hecate\", chat: \"" ROOM
             "\", state: composing}",
             "what others do there");
    testbed_free(&testbed, "states in rooms");
}

static void room_markers(void)
{
    begin();
    is_int(
        displayed("type='groupchat' from='" ROOM "/hecate' id='1'", MARKABLE),
        1, "rooms get no markers");
    xmpp_conversation_set_policy(testbed.conn, XMPP_CONVERSATION_ROOMS);
    is_int(displayed("type='groupchat' from='" ROOM "/hecate' id='1'",
                     "<body>a</body><stanza-id xmlns='urn:xmpp:sid:0' id='s1' "
                     "by='" ROOM "'/>"),
           0, "if the application wants it, without a request");
    said_part("to=\"" ROOM "\"><displayed "
              "xmlns=\"urn:xmpp:chat-markers:0\" id=\"s1\"/>",
              "by the id of the room");
    is_int(displayed("type='groupchat' from='" ROOM "/hecate' id='2'", ""), 0,
           "in a room that gives none");
    said_part("id=\"2\"/>", "by that of the message");
    is_int(displayed("type='groupchat' from='" ROOM "/hecate'", ""), 1,
           "not without any");
    is_int(displayed("type='groupchat' from='" ROOM "/hecate' id='3'",
                     "<displayed xmlns='urn:xmpp:chat-markers:0' id='9'/>"),
           1, "not for a marker");
    is_int(displayed("type='groupchat' from='other@chat.example/x' id='3'", ""),
           1, "not in a room that we are not in");
    said_nothing("nothing is sent");
    diary_hear(
        &testbed,
        "<message type='groupchat' from='" ROOM "/hecate'>"
        "<displayed xmlns='urn:xmpp:chat-markers:0' id='s1'/></message>");
    diary_is("marked {jid: \"" ROOM "/hecate\", chat: \"" ROOM
             "\", id: \"s1\", marker: displayed}",
             "what others report there");
    testbed_free(&testbed, "markers in rooms");
}

/* An occupant is one side of a conversation until the nickname is free. */
static void occupants(void)
{
    begin();
    say(ROOM "/hecate", "chat");
    said_part("<active", "to an occupant");
    diary_hear(&testbed, "<message type='chat' from='" ROOM "/hecate'>"
                         "<body>Ho</body>" STATE("active") "</message>");
    diary_is("changed {jid: \"" ROOM "/hecate\", chat: \"" ROOM
             "/hecate\", state: active}",
             "the conversation is with that one");
    is_int(set_state(ROOM "/hecate", XMPP_CHAT_COMPOSING), 0,
           "who understands states");
    said_part("to=\"" ROOM "/hecate\"", "and gets them");
    is_int(set_state(ROOM "/firstwitch", XMPP_CHAT_COMPOSING), 1,
           "another does not");
    diary_hear(&testbed,
               "<message type='chat' id='1' from='" ROOM "/hecate'>"
               "<body>Ho</body><request xmlns='urn:xmpp:receipts'/>" STATE(
                   "active") "</message>");
    said_part("<received", "a receipt");
    diary_hear(&testbed,
               "<presence type='unavailable' from='" ROOM "/hecate'/>");
    diary_is("changed {jid: \"" ROOM "/hecate\", chat: \"" ROOM "/hecate\"}",
             "who leaves has no state");
    is_int(set_state(ROOM "/hecate", XMPP_CHAT_COMPOSING), 1,
           "whoever takes the nickname is a stranger");
    diary_hear(&testbed, "<message type='chat' id='1' from='" ROOM "/hecate'>"
                         "<body>Ho</body><request xmlns='urn:xmpp:receipts'/>"
                         "</message>");
    said_nothing("who gets nothing");
    testbed_free(&testbed, "occupants");
}

/* ---- messages that were displayed -------------------------------- */

static void displayed_messages(void)
{
    begin();
    say("ann@x.example", "normal");
    said_part("Hi", "somebody whom we know");
    is_int(displayed("from='ann@x.example/a' id='1'", MARKABLE), 0,
           "displayed");
    said_part("to=\"ann@x.example\"><displayed "
              "xmlns=\"urn:xmpp:chat-markers:0\" id=\"1\"/>"
              "<store xmlns=\"urn:xmpp:hints\"/>",
              "all of ann's clients learn of it");
    is_int(displayed("from='ann@x.example/b' id='1'", MARKABLE), 1, "again");
    is_int(displayed("from='ann@x.example/a' id='2'", ""), 1, "not requested");
    is_int(displayed("from='ann@x.example/a'", MARKABLE), 1, "no id");
    is_int(displayed("from='ann@x.example/a' id='2' type='error'", MARKABLE), 1,
           "an error");
    is_int(displayed("from='guest@example.org/b' id='2'", MARKABLE), 1, "ours");
    is_int(displayed("id='2'", MARKABLE), 1, "nobody's");
    is_int(displayed("from='eve@x.example/e' id='2'", MARKABLE), 1,
           "a stranger's");
    said_nothing("nothing is sent");
    is_int(xmpp_chat_displayed(testbed.conn, NULL), 1, "no message");
    testbed_free(&testbed, "displayed");
}

static void not_in_use(void)
{
    xmpp_jid_t *jid;

    testbed_make_virtual(&testbed);
    jid = jid_of("a@b");
    is_int(xmpp_chat_displayed(testbed.conn, NULL), XMPP_EINVOP, "not in use");
    is_int(xmpp_chat_mark(testbed.conn, jid, "1", 1), XMPP_EINVOP, "no marker");
    is_int(xmpp_chat_set_policy(testbed.conn, 0), XMPP_EINVOP, "no policy");
    is_int(xmpp_chat_set_state(testbed.conn, jid, 1), XMPP_EINVOP, "no state");
    is_int(xmpp_chat_send_states(testbed.conn, 1), XMPP_EINVOP, "no states");
    is_int(xmpp_chat_get_state(testbed.conn, jid), XMPP_CHAT_NO_STATE, "none");
    is_int(xmpp_conversation_set_policy(testbed.conn, 0), XMPP_EINVOP,
           "no conversations");
    ok(!xmpp_conversation_get(testbed.conn, jid) &&
           !xmpp_conversation_open(testbed.conn, jid) &&
           !xmpp_conversation_message(testbed.conn, jid) &&
           !xmpp_conversation_is_trusted(testbed.conn, jid) &&
           !xmpp_conversation_close(testbed.conn, jid),
       "with nobody");
    xmpp_free(testbed.ctx, jid);
    testbed_free(&testbed, "not in use");
}

int main(void)
{
    room_states();
    room_markers();
    occupants();
    displayed_messages();
    not_in_use();
    return done_testing();
}
