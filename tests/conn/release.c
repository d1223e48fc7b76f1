/* release.c - releasing and disconnecting from inside every callback. */

#include "conn/bed.h"

static const char *const script[] = {
    PEER_LOGIN,
    "S <message from='a@example.org/x' id='m1'><body>1</body></message>"
    "<message from='a@example.org/x' id='m2'><body>2</body></message>",
    "eof", NULL};

/* What a callback does to its connection. */
typedef void (*deed)(struct bed *bed);

static void let_go(struct bed *bed)
{
    xmpp_conn_t *conn = bed->conn;

    if (!conn)
        return;
    bed->conn = NULL;
    bed->count++;
    is_int(xmpp_conn_release(conn), 1, "  the last hold is released");
}

static void hang_up(struct bed *bed)
{
    bed->count++;
    xmpp_disconnect(bed->conn);
}

static void run_nested(struct bed *bed)
{
    bed->count++;
    xmpp_run_once(bed->ctx, 1);
    if (bed->conn)
        xmpp_disconnect(bed->conn);
}

static deed present;

static void in_event(struct bed *bed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_CONNECT && bed->conn)
        present(bed);
}

static void in_down(struct bed *bed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_CONNECT)
        xmpp_disconnect(bed->conn);
    else if (bed->conn)
        present(bed);
}

static int in_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    present(userdata);
    return 0;
}

static int in_timer(xmpp_conn_t *conn, void *userdata)
{
    (void)conn;
    present(userdata);
    return 0;
}

static void in_reply(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                     void *userdata)
{
    struct bed *bed = userdata;

    (void)conn;
    (void)reply;
    is_int(status, XMPP_ETIMEOUT, "  the request times out");
    if (bed->conn)
        present(bed);
}

static void arrange_event(struct bed *bed)
{
    bed->on_event = in_event;
}

static void arrange_down(struct bed *bed)
{
    bed->on_event = in_down;
}

static void arrange_stanza(struct bed *bed)
{
    xmpp_handler_add(bed->conn, in_stanza, NULL, "message", NULL, bed);
}

static void arrange_id(struct bed *bed)
{
    xmpp_id_handler_add(bed->conn, in_stanza, "m1", bed);
}

static void arrange_timer(struct bed *bed)
{
    xmpp_timed_handler_add(bed->conn, in_timer, 1, bed);
}

static void ask(struct bed *bed, xmpp_conn_event_t event)
{
    xmpp_stanza_t *iq;

    if (event != XMPP_CONN_CONNECT)
        return;
    iq = xmpp_iq_new(bed->ctx, "get", NULL);
    xmpp_stanza_set_to(iq, "example.org");
    is_int(xmpp_request_send(bed->conn, iq, 5, in_reply, bed), 0,
           "  a request is sent");
}

static void arrange_reply(struct bed *bed)
{
    bed->on_event = ask;
}

/* A callback for sockets has no userdata. */
static struct bed *socket_bed;

static int in_socket(xmpp_conn_t *conn, void *sock)
{
    (void)conn;
    (void)sock;
    if (socket_bed->conn && socket_bed->count == 0)
        present(socket_bed);
    return 0;
}

static void arrange_socket(struct bed *bed)
{
    socket_bed = bed;
    xmpp_conn_set_sockopt_callback(bed->conn, in_socket);
}

static const struct {
    const char *name;
    void (*arrange)(struct bed *bed);
} places[] = {
    {"connected", arrange_event}, {"disconnected", arrange_down},
    {"stanza", arrange_stanza},   {"id", arrange_id},
    {"timer", arrange_timer},     {"reply", arrange_reply},
    {"socket", arrange_socket},
};

static const struct {
    const char *name;
    deed deed;
} deeds[] = {
    {"release", let_go},
    {"disconnect", hang_up},
    {"nested loop", run_nested},
};

static void try(size_t place, size_t what)
{
    struct bed bed;
    char name[64];

    snprintf(name, sizeof(name), "%s in %s", deeds[what].name,
             places[place].name);
    present = deeds[what].deed;
    bed_make(&bed);
    xmpp_conn_set_option(bed.conn, XMPP_OPT_CLOSE_TIMEOUT, 20);
    places[place].arrange(&bed);
    bed_connect(&bed, script);
    bed_until(&bed, &bed.downs, 1, name);
    ok(bed.count >= 1, "%s: it was done", name);
    xmpp_run_once(bed.ctx, 1);
    is_int(bed.downs, 1, "%s: DISCONNECT is told once", name);
    peer_poke(bed.peer);
    peer_join(bed.peer);
    bed_free(&bed, name);
}

int main(void)
{
    for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++)
        for (size_t d = 0; d < sizeof(deeds) / sizeof(deeds[0]); d++)
            try(p, d);
    return done_testing();
}
