/* room_notices.c - what is believed of invitations (XEP-0045, XEP-0249), of
 * moderations (XEP-0425) and of requests to moderators, and from whom. */

#include <xmpp/xep/moderation.h>
#include <xmpp/xep/muc_invite.h>
#include <xmpp/xep/muc_request.h>

#include <string.h>

#include "conn/diary.h"

static struct testbed testbed;

/* ---- a module that knows one room, and has an archive ------------- */

static int is_hall(xmpp_conn_t *conn, const xmpp_jid_t *jid, void *state)
{
    (void)conn;
    (void)state;
    return jid->local_size == 4 && memcmp(jid->text, "hall@", 5) == 0;
}

static int on_envelope(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const char *via = xmpp_stanza_get_attribute(in->element, "via");

    (void)state;
    xmpp_inbound_unwrap(conn, in, xmpp_stanza_get_children(in->element),
                        strcmp(via, "sent") ? XMPP_VIA_ARCHIVE
                                            : XMPP_VIA_CARBON_OUT);
    return 1;
}

static const xmpp_row_t rows[] = {
    XMPP_KNOWS(XMPP_SENDER_ROOM, is_hall),
    XMPP_WRAP(XMPP_SENDER_ANYONE, "urn:envelope", "e", on_envelope),
    XMPP_ROWS_END};
static XMPP_MODULE(hall, "hall", 0, rows);

/* ---- what is heard ----------------------------------------------- */

#define USER "<x xmlns='http://jabber.org/protocol/muc#user'>"
#define INVITE                                                                 \
    USER "<invite from='crone@x/d'><reason>Come</reason></invite></x>"
#define DIRECT "<x xmlns='jabber:x:conference' jid='cave@c/me' reason='Hey'/>"
#define NOW                                                                    \
    "<retract id='s1' xmlns='urn:xmpp:message-retract:1'>"                     \
    "<moderated by='hall@c/mod' xmlns='urn:xmpp:message-moderate:1'>"          \
    "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='o1'/></moderated>"        \
    "<reason>Spam</reason></retract>"
#define OLDER                                                                  \
    "<apply-to id='s1' xmlns='urn:xmpp:fasten:0'>"                             \
    "<moderated by='hall@c/mod' xmlns='urn:xmpp:message-moderate:0'>"          \
    "<retract xmlns='urn:xmpp:message-retract:0'/><reason>Spam</reason>"       \
    "</moderated></apply-to>"
#define HIDDEN(type)                                                           \
    "<field var='FORM_TYPE' type='hidden'><value>"                             \
    "http://jabber.org/protocol/muc#" type "</value></field>"
#define VOICE                                                                  \
    "<x xmlns='jabber:x:data' type='form'>" HIDDEN(                            \
        "request") "<field var='muc#role'><value>participant</value></field>"  \
                   "<field var='muc#jid'><value>hag@x/p</value></field>"       \
                   "<field var='muc#roomnick'><value>hag</value></field>"      \
                   "<field var='muc#request_allow' type='boolean'/></x>"
#define MEMBER                                                                 \
    "<x xmlns='jabber:x:data' type='form'>" HIDDEN(                            \
        "register") "<field var='muc#register_roomnick'><value>hag</value>"    \
                    "</field><field var='muc#register_allow'/></x>"
#define MODERATED(more)                                                        \
    "moderated{room: \"hall@c\", id: \"s1\", by: \"hall@c/mod\"" more          \
    ", reason: \"Spam\"}"
#define DIRECTLY                                                               \
    "invited{room: \"cave@c\", from: \"crone@x/d\", is_direct: true, reason: " \
    "\"Hey\"}"

static const struct notice {
    const char *what, *text, *heard;
} notices[] = {
    {"a mediated invitation", "<message from='cave@c'>" INVITE "</message>",
     "invited{room: \"cave@c\", from: \"crone@x/d\", reason: \"Come\"}"},
    {"with all that it can have",
     "<message from='cave@c'>" USER "<invite from='cave@c/crone'><continue "
     "thread='t'/></invite><password>p</password></x></message>",
     "invited{room: \"cave@c\", from: \"cave@c/crone\", password: \"p\", "
     "is_continuation: true, thread: \"t\"}"},
    {"with the element of a direct one beside it",
     "<message from='cave@c'>" INVITE
     "<x xmlns='jabber:x:conference' jid='cave@c'/></message>",
     "invited{room: \"cave@c\", from: \"crone@x/d\", reason: \"Come\"}"},
    {"of an occupant", "<message from='cave@c/me'>" INVITE "</message>", ""},
    {"of a service", "<message from='c'>" INVITE "</message>", ""},
    {"of nobody", "<message>" INVITE "</message>", ""},
    {"said in a room",
     "<message from='cave@c' type='groupchat'>" INVITE "</message>", ""},
    {"to a room that we are in", "<message from='hall@c'>" INVITE "</message>",
     ""},
    {"of another element", "<message from='cave@c'>" USER "</x></message>", ""},
    {"a direct invitation", "<message from='crone@x/d'>" DIRECT "</message>",
     DIRECTLY},
    {"who invites is who sends it",
     "<message from='crone@x/d'><x xmlns='jabber:x:conference' jid='cave@c' "
     "from='you@x' direct='false' continue='1' thread='t' password='p'/>"
     "</message>",
     "invited{room: \"cave@c\", from: \"crone@x/d\", is_direct: true, "
     "password: \"p\", is_continuation: true, thread: \"t\"}"},
    {"of an occupant in private",
     "<message from='hall@c/crone' type='chat'>" DIRECT "</message>",
     "invited{room: \"cave@c\", from: \"hall@c/crone\", is_direct: true, "
     "reason: \"Hey\"}"},
    {"said in a room",
     "<message from='hall@c/crone' type='groupchat'>" DIRECT "</message>", ""},
    {"to no room",
     "<message from='crone@x/d'><x xmlns='jabber:x:conference' jid='c'/>"
     "</message>",
     ""},
    {"to nothing",
     "<message from='crone@x/d'><x xmlns='jabber:x:conference'/>"
     "</message>",
     ""},
    {"to a room that we are in",
     "<message from='crone@x/d'><x xmlns='jabber:x:conference' "
     "jid='hall@c'/></message>",
     ""},
    {"that we sent ourselves",
     "<message from='guest@example.org'><e xmlns='urn:envelope' via='sent'>"
     "<message xmlns='jabber:client' from='guest@example.org/o'>" DIRECT
     "</message></e></message>",
     ""},
    {"out of an archive",
     "<message from='guest@example.org'><e xmlns='urn:envelope' via='old'>"
     "<message xmlns='jabber:client' from='crone@x/d'>" DIRECT
     "</message></e></message>",
     ""},
    {"a decline",
     "<message from='hall@c'>" USER "<decline from='hag@x'><reason>Busy"
     "</reason></decline></x></message>",
     "declined{room: \"hall@c\", jid: \"hag@x\", reason: \"Busy\"}"},
    {"of a room that we are not in",
     "<message from='cave@c'>" USER "<decline from='hag@x'/></x></message>",
     ""},
    {"of an occupant",
     "<message from='hall@c/hag'>" USER "<decline from='hag@x'/></x></message>",
     ""},
    {"a refusal",
     "<message from='hall@c' type='error'>" USER "<invite to='hag@x'/></x>"
     "<error type='cancel'><item-not-found "
     "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
     "uninvited{room: \"hall@c\", jid: \"hag@x\", condition: "
     "\"item-not-found\"}"},
    {"of something else",
     "<message from='hall@c' type='error'>" USER "</x></message>", ""},
    {"of somebody else",
     "<message from='crone@x/d' type='error'>" USER "<invite to='hag@x'/></x>"
     "</message>",
     ""},
    {"a moderation",
     "<message from='hall@c' type='groupchat'>" NOW "</message>",
     MODERATED(", occupant_id: \"o1\"")},
    {"the older one",
     "<message from='hall@c' type='groupchat'>" OLDER "</message>",
     MODERATED("")},
    {"out of the archive of a room that we have left",
     "<message from='cave@c'><e xmlns='urn:envelope' via='old'>"
     "<message xmlns='jabber:client' from='cave@c' type='groupchat'>"
     "<retract id='s2' xmlns='urn:xmpp:message-retract:1'>"
     "<moderated xmlns='urn:xmpp:message-moderate:1'/></retract></message></e>"
     "</message>",
     "moderated{room: \"cave@c\", id: \"s2\"}"},
    {"of an occupant",
     "<message from='hall@c/mod' type='groupchat'>" NOW "</message>", ""},
    {"in private", "<message from='hall@c' type='chat'>" NOW "</message>", ""},
    {"of a room that we are not in",
     "<message from='cave@c' type='groupchat'>" NOW "</message>", ""},
    {"the older one of an occupant",
     "<message from='hall@c/mod' type='groupchat'>" OLDER "</message>", ""},
    {"what an author retracts",
     "<message from='hall@c' type='groupchat'><retract id='s1' "
     "xmlns='urn:xmpp:message-retract:1'/></message>",
     ""},
    {"another action of the older kind",
     "<message from='hall@c' type='groupchat'><apply-to id='s1' "
     "xmlns='urn:xmpp:fasten:0'><moderated "
     "xmlns='urn:xmpp:message-moderate:0'/></apply-to></message>",
     ""},
    {"a tombstone",
     "<message from='hall@c' type='groupchat'><retracted "
     "xmlns='urn:xmpp:message-retract:1'><moderated "
     "xmlns='urn:xmpp:message-moderate:1'/></retracted></message>",
     ""},
    {"a request for voice", "<message from='hall@c'>" VOICE "</message>",
     "voice_requested{room: \"hall@c\", jid: \"hag@x/p\", nick: \"hag\", role: "
     "participant}"},
    {"to become a member", "<message from='hall@c'>" MEMBER "</message>",
     "membership_requested{room: \"hall@c\", nick: \"hag\"}"},
    {"of an occupant", "<message from='hall@c/hag'>" VOICE "</message>", ""},
    {"of a room that we are not in",
     "<message from='cave@c'>" VOICE "</message>", ""},
    {"another form",
     "<message from='hall@c'><x xmlns='jabber:x:data' type='form'>" HIDDEN(
         "roomconfig") "</x></message>",
     ""},
    {"a form that is filled in",
     "<message from='hall@c'><x xmlns='jabber:x:data' type='submit'>" HIDDEN(
         "request") "</x></message>",
     ""},
    {"an incomplete one",
     "<message from='hall@c'><x xmlns='jabber:x:data' type='form'>" HIDDEN(
         "request") "<field var='muc#jid'><value>@</value></field>"
                    "<field var='muc#role'><value>king</value></field></x>"
                    "</message>",
     "voice_requested{room: \"hall@c\"}"},
};

/* The form of a request is left out. */
static void on_notice(xmpp_conn_t *conn, const xmpp_event_t *event,
                      void *userdata)
{
    char text[2048], *form;

    (void)conn;
    (void)userdata;
    xmpp_payload_print(event->payload, event->value, text, sizeof(text));
    form = strstr(text, ", form: ");
    if (form)
        strcpy(form, "}");
    diary_add("%s%s", event->name, text);
}

static void begin(void)
{
    static const xmpp_module_t *const modules[] = {&hall, &xmpp_mod_muc_invite,
                                                   &xmpp_mod_moderation,
                                                   &xmpp_mod_muc_request};

    diary_begin(&testbed);
    for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
        xmpp_conn_use(testbed.conn, modules[i]);
        xmpp_conn_watch(testbed.conn, modules[i], on_notice, NULL);
    }
    diary_login(&testbed);
}

static void believed(void)
{
    begin();
    for (size_t i = 0; i < sizeof(notices) / sizeof(notices[0]); i++) {
        diary_hear(&testbed, notices[i].text);
        diary_is(notices[i].heard, notices[i].what);
    }
    diary_cut(&testbed);
    testbed_free(&testbed, "believed");
}

/* ---- a request is answered --------------------------------------- */

static void on_request(xmpp_conn_t *conn, const xmpp_event_t *event,
                       void *userdata)
{
    const int *allow = userdata;

    is_int(xmpp_muc_answer_request(conn, event->value, *allow), 0, "answered");
}

static void answered(void)
{
    int allow = 1;

    begin();
    xmpp_conn_unwatch(testbed.conn, &xmpp_mod_muc_request, on_notice, NULL);
    xmpp_conn_watch(testbed.conn, &xmpp_mod_muc_request, on_request, &allow);
    diary_hear(&testbed, "<message from='hall@c'>" VOICE "</message>");
    diary_said_part(&testbed,
                    "<field var=\"muc#request_allow\"><value>1</value>",
                    "granted");
    allow = 0;
    diary_hear(&testbed, "<message from='hall@c'>" MEMBER "</message>");
    diary_said_part(&testbed,
                    "<field var=\"muc#register_allow\"><value>0</value>",
                    "refused");
    diary_cut(&testbed);
    testbed_free(&testbed, "answered");
}

/* ---- tombstones -------------------------------------------------- */

static const struct stone {
    const char *what, *text, *want;
} stones[] = {
    {"a tombstone",
     "<message><retracted stamp='2019-09-20T23:19:12Z' "
     "xmlns='urn:xmpp:message-retract:1'><moderated by='witch@x' "
     "xmlns='urn:xmpp:message-moderate:1'><occupant-id id='o1' "
     "xmlns='urn:xmpp:occupant-id:0'/></moderated><reason>No</reason>"
     "</retracted></message>",
     "{by: \"witch@x\", occupant_id: \"o1\", reason: \"No\", time: "
     "2019-09-20T23:19:12Z}"},
    {"an older one",
     "<message><moderated by='witch@x' xmlns='urn:xmpp:message-moderate:0'>"
     "<retracted stamp='2019-09-20T23:19:12Z' "
     "xmlns='urn:xmpp:message-retract:0'/><reason>No</reason></moderated>"
     "</message>",
     "{by: \"witch@x\", reason: \"No\", time: 2019-09-20T23:19:12Z}"},
    {"of an author",
     "<message><retracted xmlns='urn:xmpp:message-retract:1'/></message>",
     NULL},
    {"no older one",
     "<message><moderated xmlns='urn:xmpp:message-moderate:0'/></message>",
     NULL},
    {"nothing", "<message/>", NULL},
};

static void buried(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    char text[512];

    for (size_t i = 0; i < sizeof(stones) / sizeof(stones[0]); i++) {
        xmpp_stanza_t *message =
            xmpp_stanza_new_from_string(ctx, stones[i].text);
        const xmpp_moderation_t *found = xmpp_moderation_get_tombstone(message);

        if (found)
            xmpp_payload_print(&xmpp_moderation, found, text, sizeof(text));
        is_str(found ? text : NULL, stones[i].want, "%s", stones[i].what);
        xmpp_stanza_release(message);
    }
    ok(!xmpp_moderation_get_tombstone(NULL), "no message");
    xmpp_ctx_free(ctx);
}

int main(void)
{
    believed();
    answered();
    buried();
    return done_testing();
}
