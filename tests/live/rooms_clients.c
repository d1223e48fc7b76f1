/* rooms_clients.c - rooms on a real server: two of our clients, and one that
 * nobody of this library wrote (counterpart.py).
 *
 * usage: rooms_clients PORT CA-FILE JID PASSWORD COUNTERPART SECOND-JID ROOM */

#include "live/extensions.h"

#if defined(XMPP_HAVE_ROOM_STAY) && defined(XMPP_HAVE_PRESENCE)
#include <xmpp/xep/presence.h>
#include <xmpp/xep/room_stay.h>

#define MESSAGES 30

/* A client in the room; `last` is what came last, as printed. */
struct client {
    struct us us;
    const char *nick;
    xmpp_room_t *room;
    int counts[20], messages, privates, subjects, failed;
    char event[2048], message[2048];
    char bodies[8192];
    struct outcome sent[MESSAGES];
};

static xmpp_jid_t *room_jid;

/* ---- events ------------------------------------------------------ */

static void on_room(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    struct client *c = userdata;

    (void)conn;
    c->counts[event->what]++;
    xmpp_payload_print(event->payload, event->value, c->event,
                       sizeof(c->event));
}

static void on_room_message(xmpp_conn_t *conn, const xmpp_event_t *event,
                            void *userdata)
{
    struct client *c = userdata;
    const xmpp_room_message_t *m = event->value;
    size_t n = strlen(c->bodies);

    (void)conn;
    xmpp_payload_print(event->payload, event->value, c->message,
                       sizeof(c->message));
    c->messages += event->what == XMPP_ROOM_MESSAGE;
    c->privates += event->what == XMPP_ROOM_PRIVATE_MESSAGE;
    c->subjects += event->what == XMPP_ROOM_SUBJECT;
    if (event->what == XMPP_ROOM_MESSAGE && m->body)
        snprintf(c->bodies + n, sizeof(c->bodies) - n, "%s|", m->body);
}

static void use_rooms(struct us *us)
{
    struct client *c = (struct client *)(void *)us; /* its first member */

    xmpp_conn_use(us->conn, &xmpp_mod_presence);
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_room_stay), 0, "rooms in use");
    xmpp_conn_watch(us->conn, &xmpp_mod_room, on_room, c);
    xmpp_conn_watch(us->conn, &xmpp_mod_room_message, on_room_message, c);
    c->room = xmpp_room_new(us->conn, room_jid);
}

/* ---- joining ----------------------------------------------------- */

static int join(struct client *c, const char *nick, const char *password,
                struct outcome *o)
{
    xmpp_muc_join_t how;

    XMPP_INIT(xmpp_muc_join, how);
    how.nick = nick;
    how.password = password;
    how.max_stanzas = 0;
    return xmpp_room_join(c->room, &how, on_outcome, o);
}

/* An owner's request, whose content is `inside`. */
static void own(struct client *c, const char *kind, const char *inside,
                const char *what)
{
    struct outcome o = {0};
    char xml[2048];
    xmpp_stanza_t *iq = xmpp_iq_to(c->us.conn, "set", NULL), *query;

    xmpp_stanza_set_jid(iq, "to", room_jid);
    snprintf(xml, sizeof(xml),
             "<query xmlns='http://jabber.org/protocol/muc#%s'>%s</query>",
             kind, inside);
    query = xmpp_stanza_new_from_string(c->us.ctx, xml);
    xmpp_stanza_add_child_ex(iq, query, 0);
    us_ends(&c->us, &o, xmpp_request(c->us.conn, iq, NULL, on_outcome, &o), 0,
            NULL, what);
}

static void begin_rooms(struct client *a, struct client *b)
{
    struct outcome o = {0};

    us_ends(&a->us, &o, join(a, "romeo", NULL, &o), 0, "is_new: true",
            "romeo creates the room");
    own(a, "owner", "<x xmlns='jabber:x:data' type='submit'/>",
        "and opens it as it is");
    us_ends(&b->us, &o, join(b, "ben", NULL, &o), 0, "nick: \"ben\"",
            "benvolio enters");
    is_str(us_order(&a->us, "enter %s jule", room_jid->text), "ok",
           "slixmpp enters");
    us_await(&a->us, &a->counts[XMPP_ROOM_EVENT_OCCUPANT_JOINED], 2,
             "romeo sees both");
    ok(xmpp_room_count(a->room) == 3 && xmpp_room_get_occupant(a->room, "jule"),
       "three are there");
    ok(xmpp_room_get_self(a->room)->affiliation == XMPP_MUC_OWNER &&
           xmpp_room_get_self(a->room)->role == XMPP_MUC_MODERATOR,
       "romeo owns the room");
    us_ends(&b->us, &o, xmpp_room_set_nick(b->room, "jule", on_outcome, &o),
            XMPP_ESTANZA, NULL, "benvolio cannot have a nick of others");
}

/* ---- messages ---------------------------------------------------- */

static xmpp_stanza_t *text_message(struct client *c, const char *body)
{
    xmpp_stanza_t *message = xmpp_message_new(c->us.ctx, NULL, NULL, NULL);

    xmpp_message_set_body(message, body);
    return message;
}

static void talk(struct client *a, struct client *b)
{
    char body[20], all[MESSAGES * 8] = "";
    int begun = 0, reflected = 0;

    b->messages = 0;
    b->bodies[0] = '\0';
    for (int i = 0; i < MESSAGES; i++) {
        snprintf(body, sizeof(body), "m%d", i);
        begun += xmpp_room_send(a->room, text_message(a, body), on_outcome,
                                &a->sent[i]) == 0;
        snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s|", body);
    }
    us_await(&b->us, &b->messages, MESSAGES, "benvolio gets all of romeo's");
    us_await(&a->us, &a->sent[MESSAGES - 1].ended, 1, "the last came back");
    for (int i = 0; i < MESSAGES; i++)
        reflected += a->sent[i].ended == 1 && a->sent[i].status == 0;
    ok(begun == MESSAGES && reflected == MESSAGES, "and so did all: %d",
       reflected);
    is_str(b->bodies, all, "in order, each once");
    ok(strstr(a->sent[0].value, "id: ") != NULL, "with the room's ids: %s",
       a->sent[0].value);
    us_order_until(&a->us, "m29", "room_said");
    is_str(us_order(&a->us, "room_say hello all"), "ok", "slixmpp speaks");
    us_await(&b->us, &b->messages, MESSAGES + 1, "benvolio hears it");
    ok(strstr(b->message, "nick: \"jule\"") && strstr(b->message, "hello all"),
       "from whom: %s", b->message);
}

static void whisper(struct client *a, struct client *b)
{
    (void)b;
    is_int(xmpp_room_send_private(a->room, "jule", text_message(a, "psst")), 0,
           "romeo whispers");
    us_order_until(&a->us, "psst", "heard");
    us_order(&a->us, "room_whisper romeo yes");
    us_await(&a->us, &a->privates, 1, "and hears the answer");
    ok(strstr(a->message, "body: \"yes\"") != NULL, "which is: %s", a->message);
}

static void subject(struct client *a, struct client *b)
{
    struct outcome o = {0};
    int before = b->subjects;

    us_ends(&a->us, &o,
            xmpp_room_set_subject(a->room, "Verona", on_outcome, &o), 0, NULL,
            "romeo sets the subject");
    us_await(&b->us, &b->subjects, before + 1, "benvolio sees it");
    is_str(xmpp_room_get_subject(b->room), "Verona", "it is kept");
    us_order_until(&a->us, "subject Verona", "room_said");
}

/* ---- occupants --------------------------------------------------- */

static void rename_all(struct client *a, struct client *b)
{
    struct outcome o = {0};
    xmpp_presence_t presence;
    int renamed = b->counts[XMPP_ROOM_EVENT_OCCUPANT_RENAMED];
    int changed = b->counts[XMPP_ROOM_EVENT_OCCUPANT_CHANGED];

    us_ends(&a->us, &o, xmpp_room_set_nick(a->room, "montague", on_outcome, &o),
            0, "nick: \"montague\"", "romeo has another nick");
    us_await(&b->us, &b->counts[XMPP_ROOM_EVENT_OCCUPANT_RENAMED], renamed + 1,
             "benvolio sees that");
    us_order(&a->us, "room_nick capulet");
    us_await(&a->us, &a->counts[XMPP_ROOM_EVENT_OCCUPANT_RENAMED], 2,
             "slixmpp has another one");
    ok(xmpp_room_get_occupant(a->room, "capulet") &&
           !xmpp_room_get_occupant(a->room, "jule") &&
           xmpp_room_count(a->room) == 3,
       "and nobody is there twice");
    XMPP_INIT(xmpp_presence, presence);
    presence.show = XMPP_SHOW_AWAY;
    xmpp_presence_set(a->us.conn, &presence);
    us_await(&b->us, &b->counts[XMPP_ROOM_EVENT_OCCUPANT_CHANGED], changed + 2,
             "presence goes to the room");
    for (int i = 0;
         i < 20 &&
         xmpp_room_get_occupant(b->room, "montague")->show != XMPP_SHOW_AWAY;
         i++)
        xmpp_run_once(b->us.ctx, 100);
    is_int(xmpp_room_get_occupant(b->room, "montague")->show, XMPP_SHOW_AWAY,
           "romeo is away");
}

/* Another client of romeo's with the same nick (section 7.2.8). */
static void share_nick(struct client *a, struct client *b, char **argv)
{
    static struct client also;
    struct outcome o = {0};
    int left = b->counts[XMPP_ROOM_EVENT_OCCUPANT_LEFT];
    int messages = a->messages;

    also.us = a->us;
    also.us.up = also.us.down = 0;
    us_begin(&also.us, argv, "also", use_rooms);
    us_ends(&also.us, &o, join(&also, "montague", NULL, &o), 0,
            "nick: \"montague\"", "romeo enters a second time");
    us_ends(
        &also.us, &o,
        xmpp_room_send(also.room, text_message(&also, "also"), on_outcome, &o),
        0, NULL, "and speaks");
    us_await(&a->us, &a->messages, messages + 1, "the first client hears it");
    ok(strstr(a->message, "is_ours: true") != NULL, "as its own");
    us_ends(&also.us, &o, xmpp_room_leave(also.room, NULL, on_outcome, &o), 0,
            NULL, "the second one leaves");
    xmpp_room_release(also.room);
    us_end(&also.us);
    ok(xmpp_room_get_state(a->room) == XMPP_ROOM_JOINED &&
           b->counts[XMPP_ROOM_EVENT_OCCUPANT_LEFT] == left,
       "the first one stays");
}

/* ---- staying ----------------------------------------------------- */

static void check_silence(struct client *a)
{
    int before = a->counts[XMPP_ROOM_EVENT_DOUBTFUL];

    xmpp_conn_set_limit(a->us.conn, &xmpp_mod_room_check, "silence_seconds", 1);
    us_order(&a->us, "room_say tick"); /* the timer begins anew */
    for (int i = 0; i < 30; i++)
        xmpp_run_once(a->us.ctx, 100);
    ok(xmpp_room_get_state(a->room) == XMPP_ROOM_JOINED &&
           a->counts[XMPP_ROOM_EVENT_DOUBTFUL] == before,
       "after silence the room still knows us");
    xmpp_conn_set_limit(a->us.conn, &xmpp_mod_room_check, "silence_seconds",
                        900);
}

static void on_again(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    struct client *c = userdata;

    (void)conn;
    (void)error;
    (void)stream_error;
    c->us.up += event == XMPP_CONN_CONNECT;
    c->us.down += event == XMPP_CONN_DISCONNECT;
}

static void come_back(struct client *a, struct client *b, char **argv)
{
    int joined = b->counts[XMPP_ROOM_EVENT_JOINED];
    int messages;

    xmpp_disconnect(b->us.conn);
    us_await(&b->us, &b->us.down, 1, "benvolio loses his session");
    is_int(xmpp_room_send(a->room, text_message(a, "missed"), NULL, NULL), 0,
           "romeo speaks meanwhile");
    us_order_until(&a->us, "missed", "room_said");
    messages = b->messages;
    b->bodies[0] = '\0';
    is_int(xmpp_connect_client(b->us.conn, "127.0.0.1",
                               (unsigned short)atoi(argv[1]), on_again, b),
           0, "he connects again");
    us_await(&b->us, &b->counts[XMPP_ROOM_EVENT_JOINED], joined + 1,
             "and is in the room by himself");
    us_await(&b->us, &b->messages, messages + 1, "he gets what he missed");
    ok(strstr(b->bodies, "missed|") && !strstr(b->bodies, "m29|"),
       "and nothing twice: %s", b->bodies);
}

/* ---- the end ----------------------------------------------------- */

static const char *now_left(const struct client *c)
{
    return strstr(c->event, "why: ") ? strstr(c->event, "why: ") : c->event;
}

static void kick(struct client *a, struct client *b)
{
    struct outcome o = {0};
    int left = b->counts[XMPP_ROOM_EVENT_LEFT];
    int others = a->counts[XMPP_ROOM_EVENT_OCCUPANT_LEFT];

    own(a, "admin", "<item nick='ben' role='none'><reason>rude</reason></item>",
        "romeo kicks benvolio");
    us_await(&b->us, &b->counts[XMPP_ROOM_EVENT_LEFT], left + 1, "who is out");
    ok(strstr(now_left(b), "why: kicked") && strstr(b->event, "rude"), "%s",
       b->event);
    us_await(&a->us, &a->counts[XMPP_ROOM_EVENT_OCCUPANT_LEFT], others + 1,
             "romeo sees him go");
    ok(strstr(now_left(a), "why: kicked") && strstr(a->event, "rude") &&
           strstr(a->event, "nick: \"ben\""),
       "%s", a->event);
    own(a, "owner",
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
        "<value>http://jabber.org/protocol/muc#roomconfig</value></field>"
        "<field var='muc#roomconfig_passwordprotectedroom'><value>1</value>"
        "</field><field var='muc#roomconfig_roomsecret'><value>moon</value>"
        "</field></x>",
        "romeo sets a password");
    us_ends(&b->us, &o, join(b, "ben", NULL, &o), XMPP_ESTANZA, NULL,
            "without it benvolio does not get in");
    us_ends(&b->us, &o, join(b, "ben", "moon", &o), 0, NULL, "with it he does");
}

static void part(struct client *a, struct client *b)
{
    struct outcome o = {0};
    int left = b->counts[XMPP_ROOM_EVENT_LEFT];
    int others = b->counts[XMPP_ROOM_EVENT_OCCUPANT_LEFT];

    us_ends(&a->us, &o, xmpp_room_leave(a->room, "bye", on_outcome, &o), 0,
            NULL, "romeo leaves");
    us_await(&b->us, &b->counts[XMPP_ROOM_EVENT_OCCUPANT_LEFT], others + 1,
             "benvolio sees it");
    ok(strstr(b->event, "why: asked") && strstr(b->event, "status: \"bye\""),
       "%s", b->event);
    us_ends(&a->us, &o, join(a, "romeo", "moon", &o), 0, NULL, "and is back");
    own(a, "owner",
        "<destroy jid='other@example.org'><reason>late</reason></destroy>",
        "romeo destroys the room");
    us_await(&b->us, &b->counts[XMPP_ROOM_EVENT_LEFT], left + 1,
             "benvolio is out");
    ok(strstr(b->event, "why: destroyed") &&
           strstr(b->event, "alternate: \"other@example.org\""),
       "%s", b->event);
    us_await(&a->us, &a->counts[XMPP_ROOM_EVENT_LEFT], 2, "romeo, too");
}

static void end_client(struct client *c)
{
    xmpp_room_release(c->room);
    c->us.down = 0;
    us_end(&c->us);
}

int main(int argc, char **argv)
{
    static struct client a, b;

    if (argc != 8)
        bail("usage");
    a.us.ctx = b.us.ctx = xmpp_ctx_new(NULL, NULL);
    room_jid = xmpp_jid_from_string(a.us.ctx, argv[7], NULL);
    a.us.bare = argv[3];
    b.us.bare = argv[6];
    a.us.peer = b.us.peer = argv[5];
    us_begin(&a.us, argv, "a", use_rooms);
    us_begin(&b.us, argv, "b", use_rooms);
    begin_rooms(&a, &b);
    talk(&a, &b);
    whisper(&a, &b);
    subject(&a, &b);
    rename_all(&a, &b);
    share_nick(&a, &b, argv);
    check_silence(&a);
    come_back(&a, &b, argv);
    kick(&a, &b);
    part(&a, &b);
    end_client(&b);
    end_client(&a);
    xmpp_free(a.us.ctx, room_jid);
    xmpp_ctx_free(a.us.ctx);
    return done_testing();
}

#else

int main(void)
{
    ok(1, "# SKIP this library has no rooms");
    return done_testing();
}
#endif
