/* capable.c - entity capabilities with a client that nobody of this library
 * wrote (capable.py): it checks our hashes of XEP-0390, and we its.
 *
 * usage: capable PORT CA-FILE JID PASSWORD PEER */

#include <time.h>

#include <xmpp/have.h>
#include <xmpp/xmpp.h>

#include "tap.h"

#ifdef XMPP_HAVE_CAPS
#include <xmpp/xep/caps.h>

#define PATIENCE 30 /* seconds, only to end a test that hangs */

static xmpp_ctx_t *ctx;
static const char *peer;
static int up, down, known, messages;
static char text[2000];

static void on_conn(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)conn;
    (void)error;
    (void)stream_error;
    (void)userdata;
    up += event == XMPP_CONN_CONNECT;
    down += event == XMPP_CONN_DISCONNECT;
}

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    const char *body = xmpp_stanza_get_child_text(stanza, "body", NULL);

    (void)conn;
    (void)userdata;
    if (body) {
        snprintf(text, sizeof(text), "%s", body);
        messages++;
    }
    return 1;
}

static void on_caps(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    const xmpp_caps_contact_t *contact = event->value;
    xmpp_jid_t jid;
    char room[XMPP_JID_BUFFER_SIZE];

    (void)conn;
    (void)userdata;
    xmpp_jid_parse(peer, (size_t)-1, XMPP_JID_STRICT, room, &jid, NULL);
    if (xmpp_jid_equal(&contact->jid, &jid, XMPP_JID_FULL) &&
        xmpp_disco_has_feature(contact->info, XMPP_NS_CAPS2))
        known++;
}

static bool await(const int *number)
{
    time_t end = time(NULL) + PATIENCE;

    while (!*number && time(NULL) < end)
        xmpp_run_once(ctx, 100);
    return *number > 0;
}

int main(int argc, char **argv)
{
    xmpp_stanza_t *presence;
    xmpp_conn_t *conn;

    if (argc != 6)
        bail("usage");
    peer = argv[5];
    ctx = xmpp_ctx_new(NULL, NULL);
    conn = xmpp_conn_new(ctx);
    xmpp_conn_set_jid(conn, argv[3]);
    xmpp_conn_set_pass(conn, argv[4]);
    xmpp_conn_set_cafile(conn, argv[2]);
    xmpp_handler_add(conn, on_message, NULL, "message", NULL, NULL);
    is_int(xmpp_conn_use(conn, &xmpp_mod_caps), 0, "caps in use");
    xmpp_conn_watch(conn, &xmpp_mod_caps, on_caps, NULL);
    is_int(xmpp_connect_client(conn, "127.0.0.1", (unsigned short)atoi(argv[1]),
                               on_conn, NULL),
           0, "we connect");
    ok(await(&up), "and are logged in");
    presence = xmpp_presence_new(ctx);
    xmpp_stanza_set_to(presence, peer);
    is_int(xmpp_send_take(conn, presence), 0, "it gets our presence");
    ok(await(&messages) && strstr(text, "verified ") == text &&
           strstr(text, "urn:xmpp:caps#sha"),
       "it has checked our hash: %s", text);
    ok(await(&known), "and we have checked its");
    xmpp_disconnect(conn);
    ok(await(&down), "we leave");
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return done_testing();
}
#else
int main(void)
{
    ok(true, "this library has no capabilities");
    return done_testing();
}
#endif
