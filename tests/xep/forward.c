/* forward.c - whose delays and ids count (XEP-0203, XEP-0359), stanzas inside
 * stanzas (XEP-0297), and hints (XEP-0334). */

#include <xmpp/xep/forward.h>

#include "conn/diary.h"
#include "xep/is_xml.h"
#include "xep/message_of.h"

#define SID "xmlns='urn:xmpp:sid:0'"
#define DELAY "<delay xmlns='urn:xmpp:delay' "
#define ROOM "coven@chat.example"

static struct testbed testbed;
static xmpp_stanza_t *message;

static xmpp_stanza_t *read_message(const char *attributes, const char *inside)
{
    if (message)
        xmpp_stanza_release(message);
    message = message_of(testbed.ctx, attributes, inside);
    return message;
}

static const xmpp_jid_t *jid_of(const char *text)
{
    static char buffer[XMPP_JID_BUFFER_SIZE];
    static xmpp_jid_t jid;

    if (!text)
        return NULL;
    xmpp_jid_parse(text, (size_t)-1, XMPP_JID_STRICT, buffer, &jid, NULL);
    return &jid;
}

/* ---- ids of archives --------------------------------------------- */

/* Our address is guest@example.org. */
static const struct {
    const char *what, *from, *inside, *by, *want;
} ids[] = {
    {"our archive", "a@b/c",
     "<stanza-id " SID " id='1' by='guest@example.org'/>", NULL, "1"},
    {"in other letters", "a@b/c",
     "<stanza-id " SID " id='1' by='Guest@EXAMPLE.org'/>", NULL, "1"},
    {"another archive", "a@b/c", "<stanza-id " SID " id='1' by='a@b'/>", NULL,
     NULL},
    {"a client of ours", "a@b/c",
     "<stanza-id " SID " id='1' by='guest@example.org/x'/>", NULL, NULL},
    {"nobody", "a@b/c", "<stanza-id " SID " id='1'/>", NULL, NULL},
    {"two claims", "a@b/c",
     "<stanza-id " SID " id='1' by='guest@example.org'/>"
     "<stanza-id " SID " id='2' by='guest@example.org'/>",
     NULL, NULL},
    {"ours of two", ROOM "/hecate",
     "<stanza-id " SID " id='1' by='" ROOM "'/>"
     "<stanza-id " SID " id='2' by='guest@example.org'/>",
     NULL, "2"},
    {"the room's of two", ROOM "/hecate",
     "<stanza-id " SID " id='1' by='" ROOM "'/>"
     "<stanza-id " SID " id='2' by='guest@example.org'/>",
     ROOM, "1"},
    {"the room in another's name", "a@b/c",
     "<stanza-id " SID " id='1' by='" ROOM "'/>", ROOM, NULL},
    {"an occupant", ROOM "/hecate",
     "<stanza-id " SID " id='1' by='" ROOM "/hecate'/>", ROOM, NULL},
    {"without an id", "a@b/c", "<stanza-id " SID " by='guest@example.org'/>",
     NULL, NULL},
    {"of another kind", "a@b/c", "<stanza-id id='1' by='guest@example.org'/>",
     NULL, NULL},
};

static void check_ids(void)
{
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        char from[100];

        snprintf(from, sizeof(from), "from='%s'", ids[i].from);
        read_message(from, ids[i].inside);
        is_str(xmpp_stanza_id_get(testbed.conn, message, jid_of(ids[i].by)),
               ids[i].want, "the id: %s", ids[i].what);
    }
    is_str(xmpp_stanza_id_get(testbed.conn, NULL, NULL), NULL, "no message");
    read_message("", ids[0].inside);
    is_str(xmpp_stanza_id_get(NULL, message, NULL), NULL, "no connection");
    is_str(xmpp_stanza_id_get(testbed.conn, message, jid_of(ROOM)), NULL,
           "no sender");
}

/* ---- delays ------------------------------------------------------ */

static const struct {
    const char *what, *inside, *from, *want;
} delays[] = {
    {"our server", DELAY "from='example.org' stamp='2026-11-29T12:00:00Z'/>",
     NULL, "2026-11-29T12:00:00Z"},
    {"our account",
     DELAY "from='guest@example.org' stamp='2026-11-29T12:00:00Z'/>", NULL,
     "2026-11-29T12:00:00Z"},
    {"somebody else", DELAY "from='a@b' stamp='2026-11-29T12:00:00Z'/>", NULL,
     ""},
    {"nobody", DELAY "stamp='2026-11-29T12:00:00Z'/>", NULL, ""},
    {"no date", DELAY "from='example.org' stamp='yesterday'/>", NULL, ""},
    {"the oldest",
     DELAY "from='example.org' stamp='2026-11-29T12:00:00Z'/>" DELAY
           "from='example.org' stamp='2026-11-28T12:00:00+02:00'/>" DELAY
           "from='example.org' stamp='2026-11-29T13:00:00Z'/>",
     NULL, "2026-11-28T10:00:00Z"},
    {"a room", DELAY "from='" ROOM "' stamp='2026-11-29T12:00:00Z'/>", ROOM,
     "2026-11-29T12:00:00Z"},
    {"not its occupant",
     DELAY "from='" ROOM "/hecate' stamp='2026-11-29T12:00:00Z'/>", ROOM, ""},
};

static void check_delays(void)
{
    char text[XMPP_TIME_SIZE];

    for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++) {
        read_message("from='" ROOM "/hecate'", delays[i].inside);
        xmpp_time_print(
            xmpp_delay_get(testbed.conn, message, jid_of(delays[i].from)),
            text);
        is_str(text, delays[i].want, "the time: %s", delays[i].what);
    }
    ok(xmpp_delay_get(testbed.conn, NULL, NULL) == XMPP_NO_TIME, "no message");
    read_message("", delays[0].inside);
    ok(xmpp_delay_get(NULL, message, NULL) == XMPP_NO_TIME, "no connection");
}

/* ---- ids of senders ---------------------------------------------- */

static void check_origins(void)
{
    const char *id;

    read_message("id='m1'", "");
    is_str(xmpp_origin_id_put(message), "m1", "the message's id");
    is_str(xmpp_origin_id_put(message), "m1", "only once");
    ok(!xmpp_stanza_next_tag(message,
                             xmpp_stanza_next_tag(message, NULL, NULL, NULL),
                             NULL, NULL),
       "there is one");
    read_message("", "");
    id = xmpp_origin_id_put(message);
    is_str(id, xmpp_stanza_get_id(message), "both are new");
    ok(id && strlen(id) > 20, "and nobody can guess them");
    read_message("id='m1'", "<origin-id " SID " id='o1'/>");
    is_str(xmpp_origin_id_put(message), "o1", "it has one");
    is_str(xmpp_origin_id_put(NULL), NULL, "no message");
}

static void check_without_memory(void)
{
    const char *id = NULL;

    for (unsigned long n = 1; !id && n < 50; n++) {
        read_message("", "");
        failmem_arm(&testbed.memory, n, 0);
        id = xmpp_origin_id_put(message);
        failmem_arm(&testbed.memory, 0, 0);
        ok(id || xmpp_stanza_get_status(message) == XMPP_EMEM ||
               !xmpp_payload_find(message, &xmpp_origin_id),
           "without the %lu-th allocation there is no wrong id", n);
    }
}

/* ---- forwarding -------------------------------------------------- */

#define FORWARDED(inside)                                                      \
    "<forwarded xmlns='urn:xmpp:forward:0'>" inside "</forwarded>"

static const struct {
    const char *what, *inside, *want; /* the id of the stanza in it */
} forwards[] = {
    {"a message", "<message xmlns='jabber:client' id='a'/>", "a"},
    {"a presence", "<presence xmlns='jabber:client' id='a'/>", "a"},
    {"an iq", "<iq xmlns='jabber:client' id='a'/>", "a"},
    {"two",
     "<message xmlns='jabber:client' id='a'/>"
     "<message xmlns='jabber:client' id='b'/>",
     NULL},
    {"of two kinds",
     "<message xmlns='jabber:client' id='a'/>"
     "<iq xmlns='jabber:client' id='b'/>",
     NULL},
    {"no stanza", "<body xmlns='jabber:client' id='a'/>", NULL},
    {"without a namespace", "<message id='a'/>", NULL},
    {"nothing", "", NULL},
};

static void check_forwards(void)
{
    char inside[300];

    for (size_t i = 0; i < sizeof(forwards) / sizeof(forwards[0]); i++) {
        snprintf(inside, sizeof(inside), FORWARDED("%s"), forwards[i].inside);
        read_message("", inside);
        is_str(xmpp_stanza_get_id(xmpp_forwarded_get_stanza(
                   xmpp_payload_find(message, &xmpp_forwarded))),
               forwards[i].want, "forwarded: %s", forwards[i].what);
    }
    ok(!xmpp_forwarded_get_stanza(NULL), "without an element");
}

static void check_forwarding(void)
{
    xmpp_stanza_t *inner = xmpp_message_new(testbed.ctx, NULL, "b@c", "in");
    xmpp_time_t at;

    xmpp_time_parse("2026-11-29T12:00:00Z", &at);
    read_message("", "");
    is_int(xmpp_forwarded_add(message, inner, at), 0, "forwarded");
    is_xml(message,
           "<message><forwarded "
           "xmlns=\"urn:xmpp:forward:0\"><delay xmlns=\"urn:xmpp:delay\" "
           "stamp=\"2026-11-29T12:00:00Z\"/><message to=\"b@c\" id=\"in\" "
           "xmlns=\"jabber:client\"/></forwarded></message>",
           "with the namespace of a stanza");
    read_message("", "");
    xmpp_stanza_set_ns(inner, "jabber:component:accept");
    is_int(xmpp_forwarded_add(message, inner, XMPP_NO_TIME), 0, "as it is");
    is_xml(message,
           "<message><forwarded "
           "xmlns=\"urn:xmpp:forward:0\"><message to=\"b@c\" id=\"in\" "
           "xmlns=\"jabber:component:accept\"/></forwarded></message>",
           "which keeps its namespace");
    is_int(xmpp_forwarded_add(message, NULL, at), XMPP_EINVOP, "nothing");
    is_int(xmpp_forwarded_add(NULL, inner, at), XMPP_EINVOP, "nowhere");
    xmpp_stanza_release(inner);
}

static void check_forwarding_without_memory(void)
{
    xmpp_stanza_t *inner = xmpp_message_new(testbed.ctx, NULL, "b@c", "in");
    int code = XMPP_EMEM;

    for (unsigned long n = 1; code == XMPP_EMEM && n < 50; n++) {
        read_message("", "");
        failmem_arm(&testbed.memory, n, 0);
        code = xmpp_forwarded_add(message, inner, 0);
        failmem_arm(&testbed.memory, 0, 0);
    }
    is_int(code, 0, "forwarded as soon as there is memory");
    xmpp_stanza_release(inner);
}

/* ---- hints ------------------------------------------------------- */

static void check_hints(void)
{
    read_message("", "<no-store xmlns='urn:xmpp:hints'/>"
                     "<store xmlns='urn:xmpp:hints'/>"
                     "<hide xmlns='urn:xmpp:hints'/><no-copy/>");
    is_int(xmpp_hints_get(message), XMPP_HINT_NO_STORE | XMPP_HINT_STORE,
           "the hints that are known");
    read_message("type='error'", "<store xmlns='urn:xmpp:hints'/>");
    is_int(xmpp_hints_get(message), 0, "not of an error");
    read_message("", "<store xmlns='urn:xmpp:hints'/>");
    is_int(xmpp_hints_add(message, XMPP_HINT_STORE | XMPP_HINT_NO_COPY |
                                       XMPP_HINT_NO_PERMANENT_STORE),
           0, "added");
    is_xml(message,
           "<message><store xmlns=\"urn:xmpp:hints\"/>"
           "<no-permanent-store xmlns=\"urn:xmpp:hints\"/>"
           "<no-copy xmlns=\"urn:xmpp:hints\"/></message>",
           "each of them once");
    is_int(xmpp_hints_get(NULL), 0, "none of nothing");
    is_int(xmpp_hints_add(NULL, XMPP_HINT_STORE), XMPP_EMEM, "nor to it");
}

int main(void)
{
    diary_begin(&testbed);
    diary_login(&testbed);
    check_ids();
    check_delays();
    check_origins();
    check_without_memory();
    check_forwards();
    check_forwarding();
    check_forwarding_without_memory();
    check_hints();
    xmpp_stanza_release(message);
    testbed_free(&testbed, "all of it");
    return done_testing();
}
