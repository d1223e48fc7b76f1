/* room_storm.c - a room and an application that do anything, in any order, also
 * inside of events: seeds from FIRST to LAST. Nothing is left, every call ends,
 * who is there is what the events say, and the session is not lost. The
 * sanitized build sees the rest.
 *
 * usage: room_storm [FIRST LAST] */

#include <xmpp/xep/presence.h>
#include <xmpp/xep/room_stay.h>

#include "conn/ctx.h"
#include "conn/talk_conn_inside.h"
#include "tap.h"
#include "top.h"
#include "xep/call.h"

#define ROOM "coven@chat.example.org"
#define STEPS 120 /* in each part of a session */
#define SEEDS 150

static struct storm {
    unsigned seed;
    int depth;                              /* of events in each other */
    long open;                              /* calls without a result */
    char presence_id[100], message_id[100]; /* that the client sent last */
    bool is_watched;                        /* `there` is what events say */
    char there[10][16];                     /* nicks; "" is a free place */
    const char *odd;                        /* what cannot be, and was */
} storm;

static unsigned pick(unsigned most)
{
    storm.seed = storm.seed * 1103515245u + 12345u;
    return (storm.seed >> 16) % most;
}

#define ANY(list) ((list)[pick(sizeof(list) / sizeof((list)[0]))])

/* ---- who is there ------------------------------------------------ */

#define PLACES (sizeof(storm.there) / sizeof(storm.there[0]))

/* The place of this nick; a free one for "". */
static char *place_of(const char *nick)
{
    for (size_t i = 0; i < PLACES; i++)
        if (strcmp(storm.there[i], nick) == 0)
            return storm.there[i];
    return NULL;
}

static void come(const char *nick, const char *odd)
{
    if (place_of(nick))
        storm.odd = odd;
    else
        snprintf(place_of(""), sizeof(storm.there[0]), "%s", nick);
}

static void go(const char *nick, const char *odd)
{
    char *place = place_of(nick);

    if (place)
        place[0] = '\0';
    else
        storm.odd = odd;
}

static void note_all(const xmpp_room_t *room)
{
    const xmpp_occupant_t *o = NULL;

    memset(storm.there, 0, sizeof(storm.there));
    storm.is_watched = true;
    while ((o = xmpp_room_next(room, o)))
        come(o->nick, "one is there twice");
}

static void note_event(xmpp_conn_t *conn, const xmpp_event_t *event)
{
    const xmpp_room_joined_t *joined = event->value;
    const xmpp_room_departure_t *left = event->value;
    const xmpp_room_renamed_t *renamed = event->value;
    const xmpp_occupant_t *occupant = event->value;

    if (event->what == XMPP_ROOM_EVENT_JOINED)
        note_all(xmpp_room_find(conn, &joined->room));
    if (!storm.is_watched)
        return;
    if (event->what == XMPP_ROOM_EVENT_OCCUPANT_JOINED)
        come(occupant->nick, "one joins who is there");
    if (event->what == XMPP_ROOM_EVENT_OCCUPANT_CHANGED &&
        !place_of(occupant->nick))
        storm.odd = "one changes who is not there";
    if (event->what == XMPP_ROOM_EVENT_OCCUPANT_LEFT)
        go(left->occupant->nick, "one leaves who is not there");
    if (event->what == XMPP_ROOM_EVENT_OCCUPANT_RENAMED) {
        go(renamed->before, "one is renamed who is not there");
        come(renamed->nick, "the new nick is taken");
    }
}

static void compare_all(xmpp_conn_t *conn)
{
    const xmpp_room_t *room = xmpp_room_next_room(conn, NULL);
    const xmpp_occupant_t *o = NULL;
    size_t n = 0;

    while (room && strcmp(xmpp_room_get_jid(room)->text, ROOM) != 0)
        room = xmpp_room_next_room(conn, room);
    storm.is_watched &= xmpp_room_get_state(room) == XMPP_ROOM_JOINED;
    if (!storm.is_watched)
        return;
    while ((o = xmpp_room_next(room, o)))
        if (!place_of(o->nick))
            storm.odd = "one is there without an event";
    for (size_t i = 0; i < PLACES; i++)
        n += storm.there[i][0] != '\0';
    if (n != xmpp_room_count(room))
        storm.odd = "one is lost without an event";
}

/* ---- the application --------------------------------------------- */

static void on_result(xmpp_conn_t *conn, const xmpp_result_t *result,
                      void *userdata)
{
    (void)conn;
    (void)result;
    (void)userdata;
    storm.open--;
}

static void call_any(xmpp_conn_t *conn)
{
    static const char *const calls[] = {
        "room.new '" ROOM "'",
        "room.release '" ROOM "'",
        "room.join '" ROOM "' <x xmlns='http://jabber.org/protocol/muc' "
        "nick='us'/>",
        "room.join '" ROOM "' <x xmlns='http://jabber.org/protocol/muc' "
        "nick='us'/>",
        "room.rejoin '" ROOM "' -",
        "room.leave '" ROOM "' -",
        "room.set_nick '" ROOM "' 'a'",
        "room.set_nick '" ROOM "' 'new'",
        "room.send '" ROOM "' <message id='m1'><body>x</body></message>",
        "room.send '" ROOM "' <message><body>x</body></message>",
        "room.set_subject '" ROOM "' 's'",
        "room.send_private '" ROOM "' 'a' <message/>",
        "room.give_up '" ROOM "'",
        "room.set_archived '" ROOM "' 1",
        "room.get_self '" ROOM "'",
        "presence.set <presence><show>away</show></presence>",
        "presence.set <presence type='unavailable'/>",
        "room.new 'other@chat.example.org'",
        "room.release 'other@chat.example.org'",
    };
    struct call call;

    call_read(&call, conn, ANY(calls), NULL);
    call.handler = on_result;
    storm.open += call.row->takes_result;
    call_run(&call);
    storm.open -= call.row->takes_result && call.number < 0;
    call_free(&call);
}

/* Every value is read, before something else is called. */
static void on_event(xmpp_conn_t *conn, const xmpp_event_t *event,
                     void *userdata)
{
    char text[4096];

    (void)userdata;
    if (event->value)
        xmpp_payload_print(event->payload, event->value, text, sizeof(text));
    if (event->module == &xmpp_mod_room)
        note_event(conn, event);
    if (storm.depth == 2 || pick(6))
        return;
    storm.depth++;
    call_any(conn);
    storm.depth--;
}

/* ---- the server -------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void send_xml(struct player *p,
                                                           const char *fmt, ...)
{
    char xml[2048];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(xml, sizeof(xml), fmt, ap);
    va_end(ap);
    memory_server_send(p->testbed.server, str_of(xml));
    talk_conn_settle(p);
}

#define USER "<x xmlns='http://jabber.org/protocol/muc#user'>"
#define ERROR                                                                  \
    "<error type='%s'><%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"       \
    "</error>"

static const char *const nicks[] = {"/us", "/us", "/a", "/b", "/new", ""};
static const char *const conditions[] = {"conflict", "forbidden",
                                         "item-not-found", "not-acceptable",
                                         "remote-server-not-found"};

static void send_available(struct player *p)
{
    static const char *const statuses[] = {"", "", "<status code='110'/>"};

    send_xml(p,
             "<presence from='" ROOM "%s'>" USER
             "<item role='participant'/>%s</x>%s</presence>",
             ANY(nicks), ANY(statuses),
             pick(2) ? "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='o1'/>"
                     : "");
}

static void send_unavailable(struct player *p)
{
    static const char *const statuses[] = {
        "",
        "<status code='110'/>",
        "<status code='110'/><status code='307'/>",
        "<status code='303'/>",
        "<status code='303'/><status code='110'/>",
        "<status code='332'/><status code='110'/>",
        "<destroy/>"};

    send_xml(p,
             "<presence from='" ROOM "%s' type='unavailable'>" USER
             "<item role='none' nick='%s'/>%s</x></presence>",
             ANY(nicks), pick(2) ? "new" : "us", ANY(statuses));
}

static void send_refusal(struct player *p)
{
    send_xml(p, "<presence from='%s' type='error' id='%s'>" ERROR "</presence>",
             pick(3) ? ROOM "/us" : "chat.example.org",
             pick(4) ? storm.presence_id : "other", pick(2) ? "cancel" : "wait",
             ANY(conditions));
}

static void send_message(struct player *p)
{
    send_xml(
        p, "<message from='" ROOM "%s' type='groupchat' id='%s'>%s%s</message>",
        ANY(nicks), pick(2) ? storm.message_id : "m1",
        pick(2) ? "<body>b</body>" : "<subject>s</subject>",
        pick(3) ? ""
                : "<delay xmlns='urn:xmpp:delay' from='" ROOM
                  "' stamp='2026-01-01T00:00:00Z'/>");
}

static void send_other_message(struct player *p)
{
    send_xml(p, "<message from='%s' type='%s' id='%s'><body>b</body></message>",
             pick(3) ? ROOM "/a" : "chat.example.org",
             pick(2) ? "error" : "chat", pick(2) ? storm.message_id : "m1");
}

static void act_as_app(struct player *p)
{
    call_any(p->testbed.conn);
}

/* ---- what the client sent ---------------------------------------- */

static void read_id(const char *tag, char *id, size_t size)
{
    const char *end = strchr(tag, '>'), *at = strstr(tag, " id=\"");

    if (at && end && at < end)
        snprintf(id, size, "%.*s", (int)strcspn(at + 5, "\""), at + 5);
}

static void answer_request(struct player *p, const char *tag)
{
    char id[100] = "";

    read_id(tag, id, sizeof(id));
    if (!pick(4))
        return;
    if (pick(2))
        send_xml(p, "<iq type='result' id='%s' from='" ROOM "/us'/>", id);
    else
        send_xml(p,
                 "<iq type='error' id='%s' from='" ROOM "/us'>" ERROR "</iq>",
                 id, "cancel", ANY(conditions));
}

#define ACK "<a xmlns='urn:xmpp:sm:3' h='%h%'/>"

static void look_at(struct player *p)
{
    struct str out = memory_server_sent(p->testbed.server);
    char *copy = strndup(out.n ? out.s : "", out.n), *at;

    memory_server_take(p->testbed.server, out.n);
    for (at = copy; (at = strstr(at, "<presence to=")); at++)
        read_id(at, storm.presence_id, sizeof(storm.presence_id));
    for (at = copy; (at = strstr(at, "<message ")); at++)
        read_id(at, storm.message_id, sizeof(storm.message_id));
    for (at = copy; (at = strstr(at, "<iq ")); at++)
        answer_request(p, at);
    if (strstr(copy, "<r xmlns"))
        talk_conn_say(p, ACK, strlen(ACK));
    free(copy);
}

/* ---- a storm ----------------------------------------------------- */

/* The server acknowledges in time what is sent meanwhile. */
static void wait_some(struct player *p)
{
    for (unsigned seconds = 1 + pick(60); seconds; seconds--) {
        poll_move_clock(p->testbed.ctx->poll, 1000);
        talk_conn_settle(p);
        look_at(p);
    }
}

static bool storm_line(struct player *p, const struct line *l)
{
    static void (*const acts[])(struct player * p) = {
        send_available, send_available, send_available,     send_unavailable,
        send_refusal,   send_message,   send_other_message, wait_some,
        act_as_app,     act_as_app,     act_as_app};

    if (strcmp(l->word, "fuzz") != 0)
        return false;
    for (int i = 0; p && i < STEPS; i++) {
        ANY(acts)(p);
        talk_conn_settle(p);
        look_at(p);
        compare_all(p->testbed.conn);
    }
    return true;
}

static void use_rooms(struct player *p)
{
    xmpp_conn_t *conn = p->testbed.conn;

    xmpp_ctx_set_log_level(p->testbed.ctx, XMPP_LEVEL_ERROR);
    xmpp_conn_use(conn, &xmpp_mod_presence);
    xmpp_conn_use(conn, &xmpp_mod_room_stay);
    xmpp_conn_set_limit(conn, &xmpp_mod_room_check, "silence_seconds", 20);
    xmpp_conn_watch(conn, &xmpp_mod_room, on_event, NULL);
    xmpp_conn_watch(conn, &xmpp_mod_room_message, on_event, NULL);
    xmpp_conn_watch(conn, &xmpp_mod_room_stay, on_event, NULL);
}

static void forget_rooms(struct player *p)
{
    call_release_handles();
    if (storm.open)
        talk_conn_deviate(p, "%ld calls have not ended", storm.open);
    if (storm.odd)
        talk_conn_deviate(p, "%s", storm.odd);
}

static const struct talk_words storm_words = {storm_line, use_rooms,
                                              forget_rooms};

static bool weather(const char *folder, unsigned seed)
{
    static struct script script;
    struct talk_how how = {.piece = SIZE_MAX, .more = &storm_words};
    char *wrong;

    if (!script.count)
        script_read(&script, folder, "parts/fuzz.part");
    memset(&storm, 0, sizeof(storm));
    storm.seed = seed;
    wrong = talk_conn_play(&script, &how);
    if (wrong)
        printf("# seed %u: %s\n", seed, wrong);
    free(wrong);
    return !wrong;
}

int main(int argc, char **argv)
{
    unsigned first = argc == 3 ? (unsigned)atoi(argv[1]) : 1;
    unsigned last = argc == 3 ? (unsigned)atoi(argv[2]) : SEEDS, bad = 0;
    char folder[1024];

    snprintf(folder, sizeof(folder), "%s/tests/talk", tests_top());
    for (unsigned seed = first; seed <= last; seed++)
        bad += !weather(folder, seed);
    ok(!bad, "seeds %u to %u", first, last);
    return done_testing();
}
