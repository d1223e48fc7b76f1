/* sync_remove.c - rooms that are not followed any more from inside an event of
 * sync.h, and a connection that is released there. */

#include <xmpp/xep/sync.h>
#include <xmpp/store.h>

#include "conn/diary.h"

#define ROOM "coven@chat.example"

static struct testbed testbed;
static xmpp_jid_t *room;
static int what_removes, releases;
static char stored[2000];

static void on_event(xmpp_conn_t *conn, const xmpp_event_t *event,
                     void *userdata)
{
    const xmpp_sync_change_t *change = event->value;
    const xmpp_sync_message_t *m = event->value;
    int has_room = event->what == XMPP_SYNC_STATE ? change->archive.domain_size
                   : event->what == XMPP_SYNC_MESSAGE ? m->archive.domain_size
                                                      : 0;

    (void)userdata;
    diary_add("%s", event->name);
    if (event->what == what_removes && has_room)
        xmpp_sync_remove(conn, room);
    if (event->what == XMPP_SYNC_MESSAGE && releases) {
        testbed.conn = NULL;
        xmpp_conn_release(conn);
    }
}

/* ---- a store without begin and commit ---------------------------- */

static int put(void *userdata, const char *account, const char *kind,
               const char *key, const char *text, size_t n)
{
    (void)userdata;
    (void)account;
    if (!strcmp(kind, "sync") && !strcmp(key, "/"))
        snprintf(stored, sizeof(stored), "%.*s", (int)n, text ? text : "");
    return 0;
}

static int each(void *userdata, const char *account, const char *kind,
                xmpp_store_deliver deliver, void *to)
{
    (void)userdata;
    (void)account;
    (void)kind;
    (void)deliver;
    (void)to;
    return 0;
}

/* ---- a server ---------------------------------------------------- */

/* The request that is under way is answered: its archive is empty. */
static void answer(const char *from)
{
    struct str sent;
    char text[8000], id[200] = "", xml[500], *at, *query;

    xmpp_run_once(testbed.ctx, 1);
    sent = memory_server_sent(testbed.server);
    snprintf(text, sizeof(text), "%.*s", (int)sent.n, sent.s ? sent.s : "");
    memory_server_take(testbed.server, sent.n);
    query = strstr(text, "urn:xmpp:mam:2");
    if (query)
        *query = '\0';
    for (at = text; (at = strstr(at, " id=\"")); at++)
        sscanf(at, " id=\"%199[^\"]", id);
    ok(query && id[0], "a page is requested");
    snprintf(xml, sizeof(xml),
             "<iq type='result' id='%s'%s%s%s><fin xmlns='urn:xmpp:mam:2' "
             "complete='true'><set "
             "xmlns='http://jabber.org/protocol/rsm'/></fin></iq>",
             id, from ? " from='" : "", from ? from : "", from ? "'" : "");
    diary_hear(&testbed, xml);
}

static void begin(void)
{
    static const xmpp_store_t store = {
        .size = sizeof(store), .put = put, .each = each};

    diary_begin(&testbed);
    stored[0] = '\0';
    what_removes = releases = 0;
    is_int(xmpp_conn_set_store(testbed.conn, &store), 0, "a store");
    is_int(xmpp_conn_use(testbed.conn, &xmpp_mod_sync), 0, "sync");
    xmpp_conn_watch(testbed.conn, &xmpp_mod_sync, on_event, NULL);
    diary_login(&testbed);
    answer(NULL);
    diary_is("state state", "our archive was read");
}

static void begin_room(void)
{
    begin();
    room = xmpp_jid_from_string(testbed.ctx, ROOM, NULL);
    is_int(xmpp_sync_add(testbed.conn, room), 0, "and a room");
    answer(ROOM);
    diary_is("state state", "its archive was read");
}

/* ---- tests ------------------------------------------------------- */

static void in_a_message(void)
{
    begin_room();
    what_removes = XMPP_SYNC_MESSAGE;
    diary_hear(&testbed,
               "<message type='groupchat' from='" ROOM
               "/hecate' id='a'><body>a</body><received "
               "xmlns='urn:xmpp:receipts' id='b'/><stanza-id "
               "xmlns='urn:xmpp:sid:0' by='" ROOM "' id='i1'/></message>");
    diary_is("message fate", "the message whose event removes its room");
    is_int(xmpp_sync_remove(testbed.conn, room), 1, "it is removed");
    xmpp_free(testbed.ctx, room);
    testbed_free(&testbed, "removed in a message");
}

static void in_a_state(void)
{
    begin_room();
    what_removes = XMPP_SYNC_STATE;
    xmpp_conn_release(testbed.conn);
    testbed.conn = NULL;
    diary_is("state state", "the session ended for both");
    xmpp_free(testbed.ctx, room);
    testbed_free(&testbed, "removed in a state");
}

static void released(void)
{
    begin();
    releases = 1;
    diary_hear(&testbed,
               "<message type='chat' from='juliet@example.net/b' "
               "id='a'><body>quit</body><stanza-id xmlns='urn:xmpp:sid:0' "
               "by='guest@example.org' id='i7'/></message>");
    diary_is("message state", "a message whose event releases the connection");
    ok(strstr(stored, "cursor=\"i7\"") != NULL,
       "is stored, so that the next process does not get it again: %s", stored);
    testbed_free(&testbed, "released in a message");
}

int main(void)
{
    in_a_message();
    in_a_state();
    released();
    return done_testing();
}
