/* requests.c - a request ends exactly once, and only by its addressee. */

#include "conn/bed.h"

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

static int ask(struct bed *bed, const char *to, unsigned long timeout,
               struct end *end)
{
    xmpp_stanza_t *iq = xmpp_iq_new(bed->ctx, "get", NULL);

    if (to)
        xmpp_stanza_set_to(iq, to);
    return xmpp_request_send(bed->conn, iq, timeout, ended, end);
}

static void asks(const char *name, const char *to, const char *const *script,
                 unsigned long timeout, int status, const char *type)
{
    struct bed bed;
    struct end end = {0};

    bed_make(&bed);
    bed_connect(&bed, script);
    bed_until(&bed, &bed.ups, 1, name);
    is_int(ask(&bed, to, timeout, &end), 0, "%s: sent", name);
    bed_until(&bed, &end.times, 1, name);
    is_int(end.status, status, "%s: status", name);
    is_str(end.type, type, "%s: reply", name);
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 1, "down");
    is_int(end.times, 1, "%s: it ended once", name);
    bed_peer_done(&bed, name);
    bed_free(&bed, name);
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
    struct bed bed;
    struct end end = {0};

    bed_make(&bed);
    bed_connect(&bed, script);
    bed_until(&bed, &bed.ups, 1, "lost");
    is_int(ask(&bed, "a@b.example", 0, &end), 0, "lost: sent");
    bed_until(&bed, &bed.downs, 1, "lost: down");
    is_int(end.times, 1, "lost: the request ended");
    is_int(end.status, XMPP_ENOTCONN, "lost: with its connection");
    peer_join(bed.peer);
    bed_free(&bed, "lost");
}

static void not_sent(void)
{
    struct bed bed;
    struct end end = {0};

    bed_make(&bed);
    is_int(ask(&bed, NULL, 0, &end), XMPP_ENOTCONN, "not connected: refused");
    is_int(
        xmpp_request_send(bed.conn, xmpp_presence_new(bed.ctx), 0, ended, &end),
        XMPP_EARG, "a presence is no request");
    is_int(xmpp_request_send(bed.conn, xmpp_iq_new(bed.ctx, "result", "1"), 0,
                             ended, &end),
           XMPP_EARG, "nor is an answer");
    is_int(end.times, 0, "the handler was not called");
    bed_free(&bed, "not sent");
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
    struct bed bed;

    bed_make(&bed);
    xmpp_conn_set_option(bed.conn, XMPP_OPT_MAX_REQUESTS, 2);
    bed_connect(&bed, script);
    bed_until(&bed, &bed.ups, 1, "full");
    is_int(ask(&bed, NULL, 0, &ends[0]), 0, "full: the first");
    is_int(ask(&bed, NULL, 0, &ends[1]), 0, "full: as many as are allowed");
    is_int(ask(&bed, NULL, 0, &ends[2]), XMPP_EFULL, "full: one more");
    bed_until(&bed, &ends[1].times, 1, "full: one is answered");
    is_int(ends[2].times, 0, "full: what was refused is not told");
    is_int(ask(&bed, NULL, 0, &ends[2]), 0, "full: there is room again");
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 1, "full: down");
    is_int(ends[0].times + ends[2].times, 2, "full: the others ended too");
    bed_peer_done(&bed, "full");
    bed_free(&bed, "full");
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
