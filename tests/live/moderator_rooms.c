/* moderator_rooms.c - a room of ours: configured, with members, moderated,
 * destroyed. */

#include "live/moderator.h"

#include <time.h>

#include <xmpp/ns.h>
#include <xmpp/xep/moderation.h>
#include <xmpp/xep/muc_admin.h>
#include <xmpp/xep/muc_invite.h>
#include <xmpp/xep/muc_owner.h>
#include <xmpp/xep/muc_register.h>
#include <xmpp/xep/muc_request.h>

/* ---- the room, and what is heard of it --------------------------- */

/* Shared with the handlers below. */
static struct hall {
    xmpp_jid_t *room, *peer;
    int entered, left, spoken, invited, declined, requested, moderated;
    char said_id[128]; /* that the room gave to the last message */
    char notice[1024]; /* the last event, as printed */
    int allow;         /* the next request */
} hall;

static int is_our_room(xmpp_conn_t *conn, const xmpp_jid_t *jid, void *state)
{
    (void)conn;
    (void)state;
    return xmpp_jid_equal(jid, hall.room, XMPP_JID_BARE);
}

static const xmpp_row_t rows[] = {XMPP_KNOWS(XMPP_SENDER_ROOM, is_our_room),
                                  XMPP_ROWS_END};
static XMPP_MODULE(mod_hall, "hall", 0, rows);

static int on_room_presence(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                            void *userdata)
{
    const xmpp_muc_user_t *user = xmpp_payload_find(stanza, &xmpp_muc_user);
    const char *type = xmpp_stanza_get_type(stanza);

    (void)conn;
    (void)userdata;
    if (xmpp_muc_user_has(user, XMPP_MUC_SELF) && !type)
        hall.entered++;
    if (type && user && user->destroy)
        hall.left++;
    return 1;
}

static int on_room_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                           void *userdata)
{
    xmpp_stanza_t *id =
        xmpp_stanza_next_tag(stanza, NULL, "stanza-id", "urn:xmpp:sid:0");

    (void)conn;
    (void)userdata;
    if (!xmpp_stanza_get_child_by_name(stanza, "body"))
        return 1;
    hall.spoken++;
    if (id)
        snprintf(hall.said_id, sizeof(hall.said_id), "%s",
                 xmpp_stanza_get_id(id));
    return 1;
}

static void on_hall(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    (void)userdata;
    xmpp_payload_print(event->payload, event->value, hall.notice,
                       sizeof(hall.notice));
    if (event->module == &xmpp_mod_moderation)
        hall.moderated++;
    else if (event->module == &xmpp_mod_muc_request) {
        hall.requested++;
        xmpp_muc_answer_request(conn, event->value, hall.allow);
    } else if (event->what == XMPP_MUC_INVITED)
        hall.invited++;
    else
        hall.declined++;
}

static void begin_hall(struct us *us, const char *service)
{
    static const xmpp_module_t *const modules[] = {
        &xmpp_mod_muc_invite, &xmpp_mod_moderation, &xmpp_mod_muc_request};
    char text[256];

    snprintf(text, sizeof(text), "hall@%s", service);
    hall.room = xmpp_jid_from_string(us->ctx, text, NULL);
    hall.peer = xmpp_jid_from_string(us->ctx, us->peer, NULL);
    xmpp_handler_add(us->conn, on_room_presence, NULL, "presence", NULL, us);
    xmpp_handler_add(us->conn, on_room_message, NULL, "message", "groupchat",
                     us);
    xmpp_conn_use(us->conn, &mod_hall);
    for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
        xmpp_conn_use(us->conn, modules[i]);
        xmpp_conn_watch(us->conn, modules[i], on_hall, us);
    }
}

/* Until *number is more than it was; what was heard last is a result, too. */
static void hears(struct us *us, const int *number, int before,
                  const char *part, const char *what)
{
    us_await(us, number, before + 1, what);
    if (part && !ok(strstr(hall.notice, part) != NULL, "  as it was"))
        printf("#  %s, without %s\n", hall.notice, part);
}

/* ---- subjects ---------------------------------------------------- */

static void enter(struct us *us)
{
    xmpp_stanza_t *presence = xmpp_presence_new(us->ctx);
    char to[256];

    snprintf(to, sizeof(to), "%s/chair", hall.room->text);
    xmpp_stanza_set_to(presence, to);
    xmpp_stanza_add_tag(presence, "x", XMPP_NS_MUC);
    xmpp_send_take(us->conn, presence);
    us_await(us, &hall.entered, 1, "we enter a room of our own");
}

static void configures(struct us *us, const char *service)
{
    struct outcome o = {0};
    xmpp_muc_config_t config;

    us_ends(us, &o, xmpp_muc_get_services(us->conn, NULL, on_outcome, &o), 0,
            service, "the server has rooms");
    enter(us);
    XMPP_INIT(xmpp_muc_config, config);
    config.name = "The Hall";
    config.members_only = config.moderated = "true";
    config.is_public = config.persistent = "true";
    us_ends(us, &o,
            xmpp_muc_configure(us->conn, hall.room, &config, on_outcome, &o), 0,
            NULL, "it is configured in one action");
    us_ends(us, &o, xmpp_muc_get_info(us->conn, hall.room, on_outcome, &o), 0,
            "name: \"The Hall\"", "which it says of itself");
    us_ends(us, &o, xmpp_muc_get_info(us->conn, hall.room, on_outcome, &o), 0,
            "is_members_only: true", "it is for members only");
    us_ends(us, &o, xmpp_muc_get_config(us->conn, hall.room, on_outcome, &o), 0,
            "muc#roomconfig_roomname", "its form can be read");
    us_ends(us, &o, xmpp_muc_cancel_config(us->conn, hall.room, on_outcome, &o),
            0, NULL, "and left as it is");
}

static void invites(struct us *us)
{
    xmpp_muc_invitation_t invitation;
    int before = hall.declined;

    XMPP_INIT(xmpp_muc_invitation, invitation);
    invitation.room = *hall.room;
    invitation.reason = "please come";
    is_int(xmpp_muc_send_invitation(us->conn, hall.peer, &invitation), 0,
           "the counterpart is invited through the room");
    us_order_until(us, "mediated hall@", "notes");
    us_order(us, "decline %s not now", hall.room->text);
    hears(us, &hall.declined, before, "not now", "declines");
    invitation.is_direct = 1;
    is_int(xmpp_muc_send_invitation(us->conn, hall.peer, &invitation), 0,
           "and is invited directly");
    us_order_until(us, "direct hall@", "notes");
}

static void is_invited(struct us *us, const char *service)
{
    int before = hall.invited;

    us_order(us, "direct den@%s come over", service);
    hears(us, &hall.invited, before, "is_direct: true, reason: \"come over\"",
          "we are invited directly");
    is_str(us_order(us, "found den@%s host", service), "ok",
           "the counterpart makes a room");
    us_order(us, "mediated den@%s it is cosy", service);
    hears(us, &hall.invited, before + 1, "reason: \"it is cosy\"",
          "and invites us through it");
}

static void has_members(struct us *us)
{
    struct outcome o = {0};
    char bare[256];

    snprintf(bare, sizeof(bare), "jid: \"%.*s\"", (int)strcspn(us->peer, "/"),
             us->peer);
    /* an invitation by the room may have made the counterpart one */
    us_ends(us, &o,
            xmpp_muc_set_affiliation(us->conn, hall.room, hall.peer,
                                     XMPP_MUC_NO_AFFILIATION, NULL, on_outcome,
                                     &o),
            0, NULL, "the counterpart is not a member");
    ok(strncmp(us_order(us, "enter %s guest", hall.room->text), "ok", 2) != 0,
       "who is not a member cannot enter");
    us_ends(us, &o,
            xmpp_muc_set_affiliation(us->conn, hall.room, hall.peer,
                                     XMPP_MUC_MEMBER, "welcome", on_outcome,
                                     &o),
            0, NULL, "it becomes one");
    us_ends(us, &o,
            xmpp_muc_get_affiliated(us->conn, hall.room, XMPP_MUC_MEMBER,
                                    on_outcome, &o),
            0, bare, "and is in the list");
    is_str(us_order(us, "enter %s guest", hall.room->text), "ok",
           "and can enter");
    us_ends(us, &o,
            xmpp_muc_get_by_role(us->conn, hall.room, XMPP_MUC_PARTICIPANT,
                                 on_outcome, &o),
            0, "nick: \"guest\"", "and has a voice");
}

/* Voice is granted by the answer to a request; the room reports nothing but the
 * new role. */
static void grants_voice(struct us *us)
{
    struct outcome o = {0};
    int before = hall.requested;
    time_t end = time(NULL) + 20;

    us_ends(us, &o,
            xmpp_muc_set_role(us->conn, hall.room, "guest", XMPP_MUC_VISITOR,
                              "hush", on_outcome, &o),
            0, NULL, "its voice is revoked");
    hall.allow = 1;
    us_order(us, "voice %s", hall.room->text);
    hears(us, &hall.requested, before, "role: participant",
          "it requests voice");
    do {
        o.ended = 0;
        if (xmpp_muc_get_by_role(us->conn, hall.room, XMPP_MUC_PARTICIPANT,
                                 on_outcome, &o))
            break;
        us_await(us, &o.ended, 1, "who has a voice");
    } while (!strstr(o.value, "guest") && time(NULL) < end);
    ok(strstr(o.value, "nick: \"guest\"") != NULL, "the counterpart has");
}

static void moderates(struct us *us)
{
    struct outcome o = {0};
    int spoken = hall.spoken, before = hall.moderated;
    int is_offered;

    us_order(us, "speak %s buy my pills", hall.room->text);
    us_await(us, &hall.spoken, spoken + 1, "it says something");
    o.ended = 0;
    xmpp_muc_get_info(us->conn, hall.room, on_outcome, &o);
    us_await(us, &o.ended, 1, "can the room retract that?");
    is_offered = strstr(o.value, "has_moderation: true") != NULL;
    memset(&o, 0, sizeof(o));
    us_ends(us, &o,
            xmpp_moderation_retract(us->conn, hall.room,
                                    is_offered ? hall.said_id : "x", "spam",
                                    on_outcome, &o),
            is_offered ? 0 : XMPP_ESTANZA, NULL,
            is_offered ? "it is retracted" : "it cannot");
    if (is_offered)
        hears(us, &hall.moderated, before, "reason: \"spam\"",
              "which the room reports");
}

static void removes(struct us *us)
{
    struct outcome o = {0};

    us_ends(
        us, &o,
        xmpp_muc_kick(us->conn, hall.room, "guest", "enough", on_outcome, &o),
        0, NULL, "the counterpart is removed");
    us_order_until(us, "307", "notes");
    us_ends(us, &o,
            xmpp_muc_ban(us->conn, hall.room, hall.peer, "for good", on_outcome,
                         &o),
            0, NULL, "and banned");
    us_ends(us, &o,
            xmpp_muc_get_affiliated(us->conn, hall.room, XMPP_MUC_OUTCAST,
                                    on_outcome, &o),
            0, "affiliation: outcast", "which is in the list");
    us_ends(us, &o,
            xmpp_muc_set_affiliation(us->conn, hall.room, hall.peer,
                                     XMPP_MUC_NO_AFFILIATION, NULL, on_outcome,
                                     &o),
            0, NULL, "and forgiven");
}

/* ejabberd registers nicknames at the service, not in rooms. */
static void registers(struct us *us)
{
    struct outcome o = {0};
    bool is_prosody = strcmp(us->domain, "localhost") == 0;

    us_ends(
        us, &o,
        xmpp_muc_register_nick(us->conn, hall.room, "chair", on_outcome, &o),
        is_prosody ? 0 : XMPP_ESTANZA, NULL,
        is_prosody ? "a nickname is reserved" : "nothing is reserved");
    if (!is_prosody)
        return;
    us_ends(us, &o,
            xmpp_muc_get_registration(us->conn, hall.room, on_outcome, &o), 0,
            "nick: \"chair\"", "which the room knows");
    us_ends(us, &o,
            xmpp_muc_get_reserved_nick(us->conn, hall.room, on_outcome, &o), 0,
            "nick: \"chair\"", "and tells to who has not entered");
}

static void ends(struct us *us)
{
    struct outcome o = {0};
    xmpp_muc_destroy_t why;

    XMPP_INIT(xmpp_muc_destroy, why);
    why.reason = "done";
    us_ends(us, &o,
            xmpp_muc_destroy_room(us->conn, hall.room, &why, on_outcome, &o), 0,
            NULL, "the room is destroyed");
    us_await(us, &hall.left, 1, "and we are told so");
}

void test_rooms(struct us *us, const char *service)
{
    begin_hall(us, service);
    configures(us, service);
    invites(us);
    is_invited(us, service);
    has_members(us);
    grants_voice(us);
    moderates(us);
    removes(us);
    registers(us);
    ends(us);
    xmpp_free(us->ctx, hall.room);
    xmpp_free(us->ctx, hall.peer);
    hall.room = NULL; /* the module goes on being asked */
}
