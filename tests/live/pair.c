/* pair.c - two accounts of a real server: messages, subscription, roster,
 * presence, requests, and a clean close that the other one sees.
 *
 * usage: pair HOST PORT CA-FILE JID JID PASSWORD */

#include <time.h>

#include <xmpp/xmpp.h>

#include "tap.h"

#define PATIENCE 60 /* seconds, only to end a test that hangs */
#define ROSTER "jabber:iq:roster"

struct end {
    const char *jid; /* bare */
    xmpp_conn_t *conn;
    struct end *other;
    int up, down, failed;
    int own; /* presence of our own, which the server sends back */
    int messages, available, unavailable, subscribes, subscribed;
    int replies, status;
    char text[256];
    char subscription[16]; /* of the other in our roster */
};

static xmpp_ctx_t *ctx;

static void until(const int *number, int want, const char *what)
{
    time_t end = time(NULL) + PATIENCE;

    while (*number < want && time(NULL) < end)
        xmpp_run_once(ctx, 500);
    ok(*number >= want, "%s", what);
}

static int is_from(const struct end *e, xmpp_stanza_t *stanza)
{
    const char *from = xmpp_stanza_get_from(stanza);
    size_t n = strlen(e->jid);

    return from && strncmp(from, e->jid, n) == 0 &&
           (from[n] == '\0' || from[n] == '/');
}

/* ---- what is heard ----------------------------------------------- */

static void on_conn(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    struct end *e = userdata;
    const xmpp_failure_t *f = xmpp_conn_get_failure(conn);

    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_CONNECT) {
        e->up++;
        return;
    }
    e->down++;
    e->failed += f != NULL;
    if (f)
        printf("# %s: %s\n", e->jid, f->message);
}

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct end *e = userdata;
    char *body = xmpp_message_get_body(stanza);

    (void)conn;
    if (body && is_from(e->other, stanza)) {
        snprintf(e->text, sizeof(e->text), "%s", body);
        e->messages++;
    }
    xmpp_free(ctx, body);
    return 1;
}

static int on_presence(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct end *e = userdata;
    const char *type = xmpp_stanza_get_type(stanza);

    (void)conn;
    e->own += is_from(e, stanza);
    if (!is_from(e->other, stanza))
        return 1;
    e->available += !type;
    e->unavailable += type && !strcmp(type, "unavailable");
    e->subscribes += type && !strcmp(type, "subscribe");
    e->subscribed += type && !strcmp(type, "subscribed");
    return 1;
}

static void on_reply(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                     void *userdata)
{
    struct end *e = userdata;
    xmpp_stanza_t *item =
        xmpp_stanza_get_children(xmpp_stanza_get_child_by_ns(reply, ROSTER));

    (void)conn;
    e->status = status;
    e->replies++;
    for (; item; item = xmpp_stanza_get_next(item)) {
        const char *jid = xmpp_stanza_get_attribute(item, "jid");
        const char *state = xmpp_stanza_get_attribute(item, "subscription");

        if (jid && state && strcmp(jid, e->other->jid) == 0)
            snprintf(e->subscription, sizeof(e->subscription), "%s", state);
    }
}

/* ---- what is said ------------------------------------------------ */

static void say_presence(struct end *e, const char *type)
{
    xmpp_stanza_t *p = xmpp_presence_new(ctx);

    if (type) {
        xmpp_stanza_set_type(p, type);
        xmpp_stanza_set_to(p, e->other->jid);
    }
    is_int(xmpp_send_take(e->conn, p), 0, "presence %s",
           type ? type : "available");
}

static void say(struct end *e, const char *text)
{
    xmpp_stanza_t *m = xmpp_message_new(ctx, "chat", e->other->jid, NULL);

    xmpp_message_set_body(m, text);
    is_int(xmpp_send_take(e->conn, m), 0, "a message is sent");
}

static void ask(struct end *e, xmpp_stanza_t *iq, const char *what)
{
    int before = e->replies;

    is_int(xmpp_request_send(e->conn, iq, 20000, on_reply, e), 0, "%s", what);
    until(&e->replies, before + 1, "is answered");
}

static void ask_roster(struct end *e)
{
    xmpp_stanza_t *iq = xmpp_iq_new(ctx, "get", NULL);

    xmpp_stanza_add_tag(iq, "query", ROSTER);
    e->subscription[0] = '\0';
    ask(e, iq, "the roster is asked for");
    is_int(e->status, 0, "and given");
}

static void forget_other(struct end *e)
{
    xmpp_stanza_t *iq = xmpp_iq_new(ctx, "set", NULL);
    xmpp_stanza_t *item = xmpp_stanza_add_tag(
        xmpp_stanza_add_tag(iq, "query", ROSTER), "item", NULL);

    xmpp_stanza_set_attribute(item, "jid", e->other->jid);
    xmpp_stanza_set_attribute(item, "subscription", "remove");
    ask(e, iq, "the roster item is removed");
}

/* ---- the story --------------------------------------------------- */

static void begin(struct end *e, char **argv)
{
    e->conn = xmpp_conn_new(ctx);
    xmpp_conn_set_jid(e->conn, e->jid);
    xmpp_conn_set_pass(e->conn, argv[6]);
    xmpp_conn_set_cafile(e->conn, argv[3]);
    xmpp_handler_add(e->conn, on_message, NULL, "message", NULL, e);
    xmpp_handler_add(e->conn, on_presence, NULL, "presence", NULL, e);
    is_int(xmpp_connect_client(e->conn, argv[1], (unsigned short)atoi(argv[2]),
                               on_conn, e),
           0, "%s connects", e->jid);
}

static void talk(struct end *a, struct end *b)
{
    static const char odd[] =
        "<&>\"' \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\n\ttwo lines";

    say(a, "Wherefore art thou?");
    until(&b->messages, 1, "and received");
    is_str(b->text, "Wherefore art thou?", "as it was");
    say(b, odd);
    until(&a->messages, 1, "and received");
    is_str(a->text, odd, "as it was");
}

static void befriend(struct end *a, struct end *b)
{
    int seen = b->available;

    say_presence(a, "subscribe");
    until(&b->subscribes, 1, "the request arrives");
    say_presence(b, "subscribed");
    until(&a->subscribed, 1, "and is granted");
    until(&a->available, 1, "presence is seen");
    ask_roster(a);
    is_str(a->subscription, "to", "the roster tells the subscription");
    is_int(b->available, seen, "one way only");
}

static void ask_nobody(struct end *e)
{
    xmpp_stanza_t *iq = xmpp_iq_new(ctx, "get", NULL);

    xmpp_stanza_set_to(iq, e->other->jid);
    xmpp_stanza_add_tag(iq, "query", "urn:example:nobody-knows");
    ask(e, iq, "what nobody knows is asked");
    is_int(e->status, XMPP_ESTANZA, "with an error");
}

int main(int argc, char **argv)
{
    struct end a = {0}, b = {0};

    if (argc != 7)
        bail("usage");
    a.jid = argv[4], b.jid = argv[5];
    a.other = &b, b.other = &a;
    ctx = xmpp_ctx_new(NULL, NULL);
    begin(&a, argv);
    begin(&b, argv);
    until(&a.up, 1, "one is up");
    until(&b.up, 1, "the other is up");
    ask_roster(&a); /* only then a server tells us of subscriptions */
    ask_roster(&b);
    say_presence(&a, NULL);
    say_presence(&b, NULL);
    until(&a.own, 1, "the server knows that one is available");
    until(&b.own, 1, "and the other");
    talk(&a, &b);
    befriend(&a, &b);
    ask_nobody(&a);
    xmpp_disconnect(b.conn);
    until(&b.down, 1, "one leaves");
    is_int(b.failed, 0, "in peace");
    until(&a.unavailable, 1, "the other sees it");
    forget_other(&a);
    xmpp_disconnect(a.conn);
    until(&a.down, 1, "and leaves too");
    is_int(a.failed, 0, "in peace");
    xmpp_conn_release(a.conn);
    xmpp_conn_release(b.conn);
    xmpp_ctx_free(ctx);
    return done_testing();
}
