/* caps.c - the capabilities of a crowd: how many are queried, how much is kept,
 * what a store has of it, and a connection that is released meanwhile. */

#include <xmpp/xep/caps.h>

#include <xmpp/xep/caps_hash.h>

#include "conn/diary.h"
#include "xep/talk_store.h"

static struct testbed testbed;
static struct talk_store store;
static int known, changed;
static bool releases;

static void on_caps(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    const xmpp_caps_contact_t *contact = event->value;

    (void)userdata;
    ok(contact->info == xmpp_caps_get(conn, &contact->jid),
       "the event has what is known");
    known += event->what == XMPP_CAPS_KNOWN;
    changed += event->what == XMPP_CAPS_CHANGED;
    if (releases) {
        xmpp_conn_release(conn);
        testbed.conn = NULL;
    }
}

static void begin(void)
{
    diary_begin(&testbed);
    known = changed = 0;
    releases = false;
    talk_store_init(&store);
    xmpp_conn_set_store(testbed.conn, &store.store);
}

static void use_caps(void)
{
    is_int(xmpp_conn_use(testbed.conn, &xmpp_mod_caps), 0, "in use");
    xmpp_conn_watch(testbed.conn, &xmpp_mod_caps, on_caps, NULL);
}

static void forget_sent(void)
{
    memory_server_take(testbed.server, memory_server_sent(testbed.server).n);
}

static void log_in(void)
{
    diary_login(&testbed);
    forget_sent();
}

static void end(const char *what)
{
    testbed_free(&testbed, what);
    talk_store_free(&store);
}

/* ---- programs and their hashes ----------------------------------- */

/* What the i-th program is: with a name as long as it is said. */
static const char *program(int i, int name_n)
{
    static char text[8000];
    static char name[7000];

    memset(name, 'A', (size_t)name_n);
    name[name_n] = '\0';
    snprintf(text, sizeof(text),
             "<identity category='client' type='pc' name='%s'/>"
             "<feature var='urn:%d'/>",
             name, i);
    return text;
}

static const char *ver_of(int i, int name_n)
{
    static char text[64];
    char xml[9000];
    xmpp_stanza_t *query;
    const void *info = NULL;
    char *ver;

    snprintf(xml, sizeof(xml),
             "<query xmlns='http://jabber.org/protocol/disco#info'>%s</query>",
             program(i, name_n));
    query = xmpp_stanza_new_from_string(testbed.ctx, xml);
    xmpp_payload_read(query, &xmpp_disco_info, &info);
    ver = xmpp_caps_ver(testbed.conn, info, "sha-1");
    snprintf(text, sizeof(text), "%s", ver);
    xmpp_free(testbed.ctx, ver);
    xmpp_stanza_release(query);
    return text;
}

static void hear_presence(const char *who, int i, int name_n)
{
    char text[400];

    snprintf(text, sizeof(text),
             "<presence from='%s@example.org/r'><c hash='sha-1' node='urn:a' "
             "xmlns='http://jabber.org/protocol/caps' ver='%s'/></presence>",
             who, ver_of(i, name_n));
    memory_server_send(testbed.server, str_of(text));
}

static void turn(void)
{
    diary_hear(&testbed, " ");
}

/* How many queries were sent since the last time. */
static int queries(void)
{
    struct str sent;
    int n = 0;

    turn();
    sent = memory_server_sent(testbed.server);
    for (size_t i = 0; i + 6 < sent.n; i++)
        n += memcmp(sent.s + i, "<query", 6) == 0;
    return n;
}

static const char *attribute(const char *at, const char *name, char *value)
{
    const char *from = strstr(at, name) + strlen(name);
    size_t n = (size_t)(strchr(from, '"') - from);

    memcpy(value, from, n);
    value[n] = '\0';
    return from;
}

/* Answer the first query that was sent, by what this program is. */
static void answer(int i, int name_n)
{
    static char sent[100000];
    struct str all = memory_server_sent(testbed.server);
    char to[300], id[100], text[9000];
    const char *end;

    memcpy(sent, all.s, all.n);
    sent[all.n] = '\0';
    attribute(sent, " to=\"", to);
    attribute(sent, " id=\"", id);
    end = strstr(sent, "</iq>");
    memory_server_take(testbed.server, (size_t)(end - sent) + 5);
    snprintf(text, sizeof(text),
             "<iq type='result' id='%s' from='%s'><query "
             "xmlns='http://jabber.org/protocol/disco#info'>%s</query></iq>",
             id, to, program(i, name_n));
    diary_hear(&testbed, text);
}

static int has(const char *who, int i)
{
    char buffer[XMPP_JID_BUFFER_SIZE], text[100], feature[20];
    xmpp_jid_t jid;

    snprintf(text, sizeof(text), "%s@example.org/r", who);
    snprintf(feature, sizeof(feature), "urn:%d", i);
    xmpp_jid_parse(text, (size_t)-1, XMPP_JID_STRICT, buffer, &jid, NULL);
    return xmpp_caps_has(testbed.conn, &jid, feature);
}

/* ---- a crowd ----------------------------------------------------- */

static void crowd(void)
{
    char who[20];

    begin();
    use_caps();
    log_in();
    for (int i = 0; i < 500; i++) {
        snprintf(who, sizeof(who), "p%d", i);
        hear_presence(who, i % 5, 1);
    }
    is_int(queries(), 5, "500 presences with five hashes make five queries");
    for (int i = 0; i < 5; i++)
        answer(i, 1);
    is_int(known, 500, "and all are known");
    is_int(queries(), 0, "nobody else is queried");
    is_int(store.count, 5, "five answers are in the store");
    end("crowd");
}

/* What was learned is known in the next run. */
static void next_run(void)
{
    struct talk_store kept;

    begin();
    use_caps();
    log_in();
    hear_presence("a", 0, 1);
    turn();
    answer(0, 1);
    is_int(store.count, 1, "it is in the store");
    kept = store;
    testbed_free(&testbed, "first run");
    diary_begin(&testbed);
    store = kept;
    store.store.userdata = &store;
    known = 0;
    talk_store_put(&store, "", "caps", "ver:sha-1:AAAA",
                   "<query xmlns='http://jabber.org/protocol/disco#info'/>",
                   54);
    talk_store_put(&store, "", "caps", "nonsense", "<nonsense", 9);
    talk_store_put(&store, "", "caps", "jid:a@b:c", "<nonsense", 9);
    xmpp_conn_set_store(testbed.conn, &store.store);
    use_caps();
    is_int(store.count, 1, "what does not fit is removed from it");
    log_in();
    hear_presence("b", 0, 1);
    is_int(queries(), 0, "in the next run it is not queried");
    is_int(known, 1, "but known");
    end("next run");
}

static void failing_store(void)
{
    begin();
    store.fails = true;
    use_caps();
    log_in();
    hear_presence("a", 0, 1);
    turn();
    answer(0, 1);
    ok(known == 1 && has("a", 0), "a store that fails: it goes on without");
    end("failing store");
}

/* ---- limits ------------------------------------------------------ */

static void limited_queries(void)
{
    char who[20];

    begin();
    use_caps();
    is_int(xmpp_conn_get_limit(testbed.conn, &xmpp_mod_caps, "queries"), 20,
           "the usual limit");
    xmpp_conn_set_limit(testbed.conn, &xmpp_mod_caps, "queries", 2);
    log_in();
    for (int i = 0; i < 4; i++) {
        snprintf(who, sizeof(who), "p%d", i);
        hear_presence(who, i, 1);
    }
    is_int(queries(), 2, "two queries are open, two wait");
    answer(0, 1);
    is_int(queries(), 2, "one is open yet, and the third");
    diary_hear(&testbed, "<presence from='p3@example.org/r' "
                         "type='unavailable'/>");
    answer(1, 1);
    answer(2, 1);
    is_int(queries(), 0, "who is gone is not queried");
    is_int(known, 3, "the others are known");
    end("limited queries");
}

/* The application has as many requests open as there may be. */
static void no_request(void)
{
    begin();
    use_caps();
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_MAX_REQUESTS, 1);
    log_in();
    hear_presence("a", 0, 1);
    hear_presence("b", 1, 1);
    is_int(queries(), 1, "one request can be open");
    answer(0, 1);
    hear_presence("b", 1, 1);
    is_int(queries(), 1, "the other one is queried when it is heard again");
    answer(1, 1);
    is_int(known, 2, "both are known");
    end("no request");
}

static void limited_hashes(void)
{
    begin();
    use_caps();
    xmpp_conn_set_limit(testbed.conn, &xmpp_mod_caps_cache, "hashes", 2);
    log_in();
    for (int i = 0; i < 3; i++) {
        char who[20];

        snprintf(who, sizeof(who), "p%d", i);
        hear_presence(who, i, 1);
        turn();
        answer(i, 1);
    }
    ok(!has("p0", 0) && has("p1", 1) && has("p2", 2),
       "the oldest answer makes room");
    is_int(store.count, 2, "in the store, too");
    hear_presence("p0", 0, 1);
    is_int(queries(), 1, "it is queried again");
    answer(0, 1);
    ok(has("p0", 0) && !has("p1", 1), "and known again");
    is_int(known, 3, "which is nothing new");
    is_int(changed, 0, "and no change");
    end("limited hashes");
}

static void limited_octets(void)
{
    begin();
    use_caps();
    xmpp_conn_set_limit(testbed.conn, &xmpp_mod_caps_cache, "octets", 1000);
    log_in();
    hear_presence("a", 0, 800);
    turn();
    answer(0, 800);
    ok(has("a", 0), "an answer of up to 1000 octets");
    hear_presence("b", 0, 1001);
    turn();
    answer(0, 1001);
    ok(!has("b", 0), "and not of more");
    end("limited octets");
}

static void limited_contacts(void)
{
    begin();
    use_caps();
    xmpp_conn_set_limit(testbed.conn, &xmpp_mod_caps, "contacts", 2);
    log_in();
    hear_presence("a", 0, 1);
    turn();
    answer(0, 1);
    hear_presence("b", 0, 1);
    hear_presence("a", 0, 1);
    hear_presence("c", 0, 1);
    is_int(queries(), 0, "nobody is queried");
    ok(has("a", 0) && !has("b", 0) && has("c", 0),
       "the one of whom nothing was heard is forgotten");
    end("limited contacts");
}

/* ---- the server -------------------------------------------------- */

#define SERVER_HASH "BWh2vvI7VzPaZFoQWLsh53vnmCB3Fk4/B/KmQPZzJ5E="

/* In the stream features, by both specifications: queried once. */
static void server(void)
{
    static const char *const login[] = {
        "C <stream:stream",
        "C >",
        "S " PEER_HEADER PEER_SASL,
        "C ANONYMOUS",
        "C >",
        "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        "C <stream:stream",
        "C >",
        "S " PEER_HEADER "<stream:features>"
        "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
        "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:s' "
        "ver='SeGolBEtL4Hd3bS2SQ7B27sFUOg='/><c xmlns='urn:xmpp:caps'>"
        "<hash xmlns='urn:xmpp:hashes:2' algo='sha-256'>" SERVER_HASH
        "</hash></c></stream:features>",
        "C </iq>",
        "S <iq type='result' id='%id%'><bind "
        "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
        "<jid>guest@example.org/r</jid></bind></iq>",
        NULL};
    char buffer[XMPP_JID_BUFFER_SIZE], sent[1000], id[100], text[1000];
    xmpp_jid_t jid;

    begin();
    use_caps();
    testbed_connect_again(&testbed);
    diary_obey(&testbed, login);
    snprintf(sent, sizeof(sent), "%.*s",
             STR_ARG(memory_server_sent(testbed.server)));
    is_int(queries(), 1, "the server's features have its hash");
    ok(strstr(sent, "to=\"example.org\"") &&
           strstr(sent, "node=\"urn:xmpp:caps#sha-256." SERVER_HASH "\""),
       "the server is queried");
    attribute(sent, " id=\"", id);
    snprintf(text, sizeof(text),
             "<iq type='result' id='%s' from='example.org'><query "
             "xmlns='http://jabber.org/protocol/disco#info'><identity "
             "category='server' type='im' name='S'/><feature var='urn:s'/>"
             "</query></iq>",
             id);
    diary_hear(&testbed, text);
    xmpp_jid_parse("example.org", (size_t)-1, XMPP_JID_STRICT, buffer, &jid,
                   NULL);
    ok(xmpp_caps_has(testbed.conn, &jid, "urn:s"), "and known by its domain");
    end("server");
}

/* ---- the end ----------------------------------------------------- */

static void released(void)
{
    begin();
    use_caps();
    log_in();
    hear_presence("a", 0, 1);
    hear_presence("b", 0, 1);
    hear_presence("c", 0, 1);
    turn();
    releases = true;
    answer(0, 1);
    is_int(known, 1, "the connection is released in the first event");
    end("released");
}

/* Queries are open when the connection goes. */
static void cut_off(void)
{
    begin();
    use_caps();
    log_in();
    hear_presence("a", 0, 1);
    hear_presence("b", 0, 1);
    turn();
    diary_cut(&testbed);
    ok(!has("a", 0), "nothing is known");
    log_in();
    hear_presence("b", 0, 1);
    is_int(queries(), 1, "the next session begins anew");
    end("cut off");
}

int main(void)
{
    crowd();
    next_run();
    failing_store();
    limited_queries();
    no_request();
    limited_hashes();
    limited_octets();
    limited_contacts();
    server();
    released();
    cut_off();
    return done_testing();
}
