/* caps_testbed.c - a connection that hears presences of a crowd, and answers
 * for it. */

#include "xep/caps_testbed.h"

#include <xmpp/xep/caps_hash.h>

struct crowd crowd;

static void on_caps(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    const xmpp_caps_contact_t *contact = event->value;

    (void)userdata;
    ok(contact->info == xmpp_caps_get(conn, &contact->jid),
       "the event has what is known");
    crowd.known += event->what == XMPP_CAPS_KNOWN;
    crowd.changed += event->what == XMPP_CAPS_CHANGED;
    if (crowd.releases) {
        xmpp_conn_release(conn);
        crowd.testbed.conn = NULL;
    }
}

void crowd_begin(void)
{
    diary_begin(&crowd.testbed);
    crowd.known = crowd.changed = 0;
    crowd.releases = false;
    talk_store_init(&crowd.store);
    xmpp_conn_set_store(crowd.testbed.conn, &crowd.store.store);
}

void crowd_use(void)
{
    is_int(xmpp_conn_use(crowd.testbed.conn, &xmpp_mod_caps), 0, "in use");
    xmpp_conn_watch(crowd.testbed.conn, &xmpp_mod_caps, on_caps, NULL);
}

void crowd_forget(void)
{
    memory_server_take(crowd.testbed.server,
                       memory_server_sent(crowd.testbed.server).n);
}

void crowd_log_in(void)
{
    diary_login(&crowd.testbed);
    crowd_forget();
}

void crowd_end(const char *what)
{
    testbed_free(&crowd.testbed, what);
    talk_store_free(&crowd.store);
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
    query = xmpp_stanza_new_from_string(crowd.testbed.ctx, xml);
    xmpp_payload_read(query, &xmpp_disco_info, &info);
    ver = xmpp_caps_ver(crowd.testbed.conn, info, "sha-1");
    snprintf(text, sizeof(text), "%s", ver);
    xmpp_free(crowd.testbed.ctx, ver);
    xmpp_stanza_release(query);
    return text;
}

void crowd_hear(const char *who, int i, int name_n)
{
    char text[400];

    snprintf(text, sizeof(text),
             "<presence from='%s@example.org/r'><c hash='sha-1' node='urn:a' "
             "xmlns='http://jabber.org/protocol/caps' ver='%s'/></presence>",
             who, ver_of(i, name_n));
    memory_server_send(crowd.testbed.server, str_of(text));
}

void crowd_turn(void)
{
    diary_hear(&crowd.testbed, " ");
}

/* How many queries were sent since the last time. */
int crowd_queries(void)
{
    struct str sent;
    int n = 0;

    crowd_turn();
    sent = memory_server_sent(crowd.testbed.server);
    for (size_t i = 0; i + 6 < sent.n; i++)
        n += memcmp(sent.s + i, "<query", 6) == 0;
    return n;
}

const char *crowd_attribute(const char *at, const char *name, char *value)
{
    const char *from = strstr(at, name) + strlen(name);
    size_t n = (size_t)(strchr(from, '"') - from);

    memcpy(value, from, n);
    value[n] = '\0';
    return from;
}

/* Answer the first query that was sent, by what this program is. */
void crowd_answer(int i, int name_n)
{
    static char sent[100000];
    struct str all = memory_server_sent(crowd.testbed.server);
    char to[300], id[100], text[9000];
    const char *end;

    memcpy(sent, all.s, all.n);
    sent[all.n] = '\0';
    crowd_attribute(sent, " to=\"", to);
    crowd_attribute(sent, " id=\"", id);
    end = strstr(sent, "</iq>");
    memory_server_take(crowd.testbed.server, (size_t)(end - sent) + 5);
    snprintf(text, sizeof(text),
             "<iq type='result' id='%s' from='%s'><query "
             "xmlns='http://jabber.org/protocol/disco#info'>%s</query></iq>",
             id, to, program(i, name_n));
    diary_hear(&crowd.testbed, text);
}

int crowd_has(const char *who, int i)
{
    char buffer[XMPP_JID_BUFFER_SIZE], text[100], feature[20];
    xmpp_jid_t jid;

    snprintf(text, sizeof(text), "%s@example.org/r", who);
    snprintf(feature, sizeof(feature), "urn:%d", i);
    xmpp_jid_parse(text, (size_t)-1, XMPP_JID_STRICT, buffer, &jid, NULL);
    return xmpp_caps_has(crowd.testbed.conn, &jid, feature);
}
