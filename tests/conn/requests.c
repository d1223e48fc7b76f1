/* requests.c - a request ends exactly once, and only by its addressee. */

#include "conn/testbed.h"

struct end {
    int times, status;
    char type[16];
};

static void ended(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                  void *userdata)
{
    struct end *end = userdata;
    const char *type = reply ? xmpp_stanza_get_type(reply) : NULL;

    (void)conn;
    end->times++;
    end->status = status;
    snprintf(end->type, sizeof(end->type), "%s", type ? type : "");
}

static int ask(struct testbed *testbed, const char *to, unsigned long timeout,
               struct end *end)
{
    xmpp_stanza_t *iq = xmpp_iq_new(testbed->ctx, "get", NULL);

    if (to)
        xmpp_stanza_set_to(iq, to);
    return xmpp_request_send(testbed->conn, iq, timeout, ended, end);
}

static void asks(const char *name, const char *to, const char *const *script,
                 unsigned long timeout, int status, const char *type)
{
    struct testbed testbed;
    struct end end = {0};

    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, name);
    is_int(ask(&testbed, to, timeout, &end), 0, "%s: sent", name);
    testbed_until(&testbed, &end.times, 1, name);
    is_int(end.status, status, "%s: status", name);
    is_str(end.type, type, "%s: reply", name);
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    is_int(end.times, 1, "%s: it ended once", name);
    testbed_peer_done(&testbed, name);
    testbed_free(&testbed, name);
}

static const char *const answers[] = {
    PEER_LOGIN, "C <iq", "C />", "S <iq type='result' id='%id%'/>",
    PEER_CLOSE, NULL};
static const char *const refuses[] = {
    PEER_LOGIN,
    "C <iq",
    "C />",
    "S <iq type='error' id='%id%' from='a@b.example'><error type='cancel'>"
    "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    "</iq>",
    PEER_CLOSE,
    NULL};
static const char *const forges[] = {
    PEER_LOGIN,
    "C <iq",
    "C />",
    "S <iq type='error' id='%id%' from='mallory@b.example'/>"
    "<iq type='result' id='%id%x' from='a@b.example'/>"
    "<message type='result' id='%id%' from='a@b.example'/>"
    "<iq type='result' id='%id%' from='a@b.example'/>"
    "<iq type='result' id='%id%' from='a@b.example'/>",
    PEER_CLOSE,
    NULL};
/* One entity has many spellings, and some look like it that are another. */
static const char *const spells[] = {
    PEER_LOGIN,
    "C <iq",
    "C />",
    "S <iq type='error' id='%id%' from='xn--strae-oqa@xn--bcher-kva.example'/>"
    "<iq type='error' id='%id%' from='stra\u00dfe@xn--bcher-kva.example/'/>"
    "<iq type='error' id='%id%' from='strasse@b\u00fccher.example'/>"
    "<iq type='result' id='%id%' from='STRA\u1e9eE@xn--BCHER-kva.example.'/>",
    PEER_CLOSE,
    NULL};
static const char *const odd[] = {
    PEER_LOGIN,
    "C <iq",
    "C />",
    "S <iq type='error' id='%id%' from='a@b.example/foobar'/>"
    "<iq type='error' id='%id%' from='a@b.example'/>"
    "<iq type='result' id='%id%' from='A@b.example/foo\u00b7bar'/>",
    PEER_CLOSE,
    NULL};
static const char *const mute[] = {PEER_LOGIN, PEER_CLOSE, NULL};

static void lost(void)
{
    static const char *const script[] = {PEER_LOGIN, "C <iq", "C />", "hangup",
                                         NULL};
    struct testbed testbed;
    struct end end = {0};

    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "lost");
    is_int(ask(&testbed, "a@b.example", 0, &end), 0, "lost: sent");
    testbed_until(&testbed, &testbed.downs, 1, "lost: down");
    is_int(end.times, 1, "lost: the request ended");
    is_int(end.status, XMPP_ENOTCONN, "lost: with its connection");
    fake_server_join(testbed.peer);
    testbed_free(&testbed, "lost");
}

static void not_sent(void)
{
    struct testbed testbed;
    struct end end = {0};

    testbed_make(&testbed);
    is_int(ask(&testbed, NULL, 0, &end), XMPP_ENOTCONN,
           "not connected: refused");
    is_int(xmpp_request_send(testbed.conn, xmpp_presence_new(testbed.ctx), 0,
                             ended, &end),
           XMPP_EARG, "a presence is no request");
    is_int(xmpp_request_send(testbed.conn,
                             xmpp_iq_new(testbed.ctx, "result", "1"), 0, ended,
                             &end),
           XMPP_EARG, "nor is an answer");
    is_int(end.times, 0, "the handler was not called");
    testbed_free(&testbed, "not sent");
}

/* As many as are allowed wait; one more is refused until one has ended. */
static void full(void)
{
    static const char *const script[] = {
        PEER_LOGIN, "C <iq", "C />",
        "C <iq",    "C />",  "S <iq type='result' id='%id%'/>",
        "C <iq",    "C />",  PEER_CLOSE,
        NULL};
    struct end ends[3] = {{0}, {0}, {0}};
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_MAX_REQUESTS, 2);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "full");
    is_int(ask(&testbed, NULL, 0, &ends[0]), 0, "full: the first");
    is_int(ask(&testbed, NULL, 0, &ends[1]), 0, "full: as many as are allowed");
    is_int(ask(&testbed, NULL, 0, &ends[2]), XMPP_EFULL, "full: one more");
    testbed_until(&testbed, &ends[1].times, 1, "full: one is answered");
    is_int(ends[2].times, 0, "full: what was refused is not told");
    is_int(ask(&testbed, NULL, 0, &ends[2]), 0, "full: there is room again");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "full: down");
    is_int(ends[0].times + ends[2].times, 2, "full: the others ended too");
    testbed_peer_done(&testbed, "full");
    testbed_free(&testbed, "full");
}

int main(void)
{
    asks("empty result", NULL, answers, 0, 0, "result");
    asks("error", "a@b.example", refuses, 0, XMPP_ESTANZA, "error");
    asks("forged", "a@b.example", forges, 0, 0, "result");
    asks("spelt otherwise", "stra\u00dfe@b\u00fccher.example", spells, 0, 0,
         "result");
    asks("odd", "a@b.example/foo\u00b7bar", odd, 0, 0, "result");
    asks("late", "a@b.example", mute, 20, XMPP_ETIMEOUT, "");
    lost();
    not_sent();
    full();
    return done_testing();
}
