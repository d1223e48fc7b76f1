/* documented.c - the module that doc/MODULES shows does what it says there. */

#include "lamp.h"

#include "conn/testbed.h"

#define GET "S <iq type='get' id='"
#define SET "S <iq type='set' id='"
#define LAMP(attributes, content)                                              \
    "<lamp xmlns='urn:example:lamp:0' " attributes ">" content "</lamp></iq>"
#define OTHER_CLIENT "guest@example.org/other"

static const char *const script[] = {
    PEER_LOGIN,
    /* who is not one of ours may read it only */
    GET "1' from='juliet@example.org/b'>" LAMP("", ""),
    "C id=\"1\" to=\"juliet@example.org/b\"><lamp "
    "xmlns=\"urn:example:lamp:0\" level=\"0\"/>",
    SET "2' from='juliet@example.org/b'>" LAMP("level='1'", ""), "C id=\"2\"",
    "C <service-unavailable",
    /* without a level, or too bright */
    SET "3' from='" OTHER_CLIENT "'>" LAMP("", ""), "C id=\"3\"",
    "C <bad-request", SET "4' from='" OTHER_CLIENT "'>" LAMP("level='81'", ""),
    "C id=\"4\"", "C <bad-request",
    SET "5' from='" OTHER_CLIENT
        "'>" LAMP("level='80'", "<reason>dusk</reason>"),
    "C <iq type=\"result\" id=\"5\"", SET "6'>" LAMP("level='7'", ""),
    "C <iq type=\"result\" id=\"6\"",
    /* what we request */
    "S <message/>", "C <iq", "C />",
    "S <iq type='result' id='%id%' from='juliet@example.org/b'>" LAMP(
        "level='33'", ""),
    "C <lamp xmlns=\"urn:example:lamp:0\" level=\"5\"><reason>dawn</reason>",
    "C </iq>",
    "S <iq type='error' id='%id%' from='juliet@example.org/b'>"
    "<error type='auth'>"
    "<forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
    PEER_CLOSE, NULL};

static char events[200];
static int results;

static void on_lamp(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    const lamp_t *now = event->value, *before = event->before;
    size_t n = strlen(events);

    (void)conn;
    (void)userdata;
    snprintf(events + n, sizeof(events) - n, "%s %ld %s, was %ld; ",
             event->name, now->level, now->reason ? now->reason : "-",
             before->level);
}

static void on_set(xmpp_conn_t *conn, const xmpp_result_t *result,
                   void *userdata)
{
    (void)conn;
    (void)userdata;
    is_int(result->status, XMPP_ESTANZA, "another's lamp refuses");
    is_str(result->condition, "forbidden", "and we learn why");
    results++;
}

static void on_get(xmpp_conn_t *conn, const xmpp_result_t *result,
                   void *userdata)
{
    const lamp_t *lamp = result->value;
    lamp_t wanted;

    (void)userdata;
    is_int(result->status, 0, "another's lamp is read");
    is_int(lamp ? lamp->level : -1, 33, "and has its level");
    XMPP_INIT(lamp_payload, wanted);
    wanted.level = 5;
    wanted.reason = "dawn";
    is_int(lamp_set(conn, "juliet@example.org/b", &wanted, on_set, NULL), 0,
           "it is dimmed");
    results++;
}

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *message, void *userdata)
{
    (void)message;
    (void)userdata;
    is_int(lamp_get(conn, "juliet@example.org/b", on_get, NULL), 0,
           "another's lamp is requested");
    return 0;
}

int main(void)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    is_int(xmpp_conn_use(testbed.conn, &lamp_module), 0, "used");
    is_int(xmpp_conn_set_limit(testbed.conn, &lamp_module, "brightest", 80), 0,
           "its limit is set");
    is_int(xmpp_conn_watch(testbed.conn, &lamp_module, on_lamp, NULL), 0,
           "watched");
    xmpp_handler_add(testbed.conn, on_message, NULL, "message", NULL, NULL);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &results, 2, "both of our requests ended");
    is_str(events, "changed 80 dusk, was 0; changed 7 -, was 80; ",
           "who may dim it does");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "the lamp");
    testbed_free(&testbed, "the lamp");
    return done_testing();
}
