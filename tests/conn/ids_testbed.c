/* ids_testbed.c - a question, and who of those that answer is heard. */

#include "conn/ids_testbed.h"

struct testbed ids_testbed;
char ids_heard[256];

int ids_on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    const char *from = xmpp_stanza_get_from(stanza);
    size_t n = strlen(ids_heard);

    (void)conn;
    (void)userdata;
    snprintf(ids_heard + n, sizeof(ids_heard) - n, "%s%s ",
             xmpp_stanza_get_name(stanza), from ? from : "-");
    return 1;
}

int ids_on_end(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    (void)userdata;
    ids_testbed.count++;
    return 1;
}

xmpp_stanza_t *ids_question(const char *to)
{
    xmpp_stanza_t *iq = xmpp_iq_new(ids_testbed.ctx, "get", "q1");

    xmpp_stanza_add_tag(iq, "query", "urn:x");
    if (to)
        xmpp_stanza_set_to(iq, to);
    return iq;
}

void ids_send(const char *to)
{
    xmpp_stanza_t *iq = ids_question(to);

    xmpp_send(ids_testbed.conn, iq);
    xmpp_stanza_release(iq);
}

void ids_begin(const char *text, const char *name)
{
    static char line[4096];
    static const char *const script[] = {PEER_LOGIN, "C q1", line, PEER_CLOSE,
                                         NULL};

    ids_heard[0] = '\0';
    snprintf(line, sizeof(line), "S %s<presence type='probe'/>", text);
    testbed_make(&ids_testbed);
    xmpp_handler_add(ids_testbed.conn, ids_on_end, NULL, "presence", "probe",
                     NULL);
    testbed_connect(&ids_testbed, script);
    testbed_until(&ids_testbed, &ids_testbed.ups, 1, name);
}

void ids_end(const char *name)
{
    testbed_until(&ids_testbed, &ids_testbed.count, 1, "all is heard");
    xmpp_disconnect(ids_testbed.conn);
    testbed_until(&ids_testbed, &ids_testbed.downs, 1, "down");
    testbed_peer_done(&ids_testbed, name);
    testbed_free(&ids_testbed, name);
}
