/* envelope.c - addresses on stanzas: strict when we send, lenient when others
 * do. */

#include "conn/bed.h"

#define ODD_NICK "room@b.example/foo\u00b7bar"
#define ODD_USER "henry\u2163@b.example"

/* ---- reading and writing ----------------------------------------- */

static void is_read(xmpp_stanza_t *stanza, int found, const char *want, int odd)
{
    xmpp_jid_t jid = {NULL, 0, 0, 0, 0};
    xmpp_ctx_t *ctx = xmpp_stanza_get_context(stanza);
    char *text;

    is_int(xmpp_stanza_get_jid(stanza, "from", &jid), found, "%s", want);
    if (found != 1)
        return;
    text = xmpp_jid_text(ctx, &jid, XMPP_JID_FULL);
    is_str(text, want, "  in normal form");
    is_int(jid.odd, odd, "  odd parts");
    xmpp_free(ctx, text);
}

static void reads(void)
{
    struct bed bed;
    xmpp_stanza_t *message;
    xmpp_jid_t jid, again = {"", 0, 0, 0, 0};

    bed_make(&bed);
    message = xmpp_message_new(bed.ctx, "chat", NULL, NULL);
    is_read(message, 0, "no sender", 0);
    xmpp_stanza_set_from(message, "a@b.example/c");
    is_read(message, 1, "a@b.example/c", 0);
    is_int(xmpp_stanza_get_jid(message, "from", &jid), 1, "read again");
    ok(jid.text == xmpp_stanza_get_from(message), "  and not copied");
    xmpp_stanza_set_from(message, "A@B.example./C");
    is_read(message, 1, "a@b.example/C", 0);
    is_int(xmpp_stanza_get_jid(message, "from", &jid), 1, "read again");
    xmpp_stanza_get_jid(message, "from", &again);
    ok(jid.text == again.text, "  and kept but once");
    is_str(xmpp_stanza_get_from(message), "A@B.example./C", "  beside it");
    xmpp_stanza_set_from(message, "\u00fc@b.example/\u00c9");
    is_int(xmpp_stanza_get_jid(message, "from", &jid), 1, "in Unicode");
    ok(jid.text == xmpp_stanza_get_from(message), "  and not copied");
    is_str(again.text, "a@b.example/C", "  what was read before stands");
    xmpp_stanza_set_from(message, ODD_NICK);
    is_read(message, 1, ODD_NICK, XMPP_JID_RESOURCE);
    xmpp_stanza_set_from(message, "@");
    is_read(message, XMPP_EARG, "no address", 0);
    xmpp_stanza_release(message);
    is_int(xmpp_stanza_get_jid(NULL, "from", &jid), 0, "no stanza");
    bed_free(&bed, "reading");
}

static void writes(void)
{
    struct bed bed;
    xmpp_stanza_t *message;
    xmpp_jid_t *jid, *copy, blank = {"", 0, 0, 0, 0};

    bed_make(&bed);
    jid = xmpp_jid_from_string(bed.ctx, "Romeo@B.example/r", NULL);
    copy = xmpp_jid_copy(bed.ctx, jid);
    xmpp_free(bed.ctx, jid);
    message = xmpp_message_new(bed.ctx, "chat", NULL, NULL);
    is_int(xmpp_stanza_set_jid(message, "to", copy), 0, "an address is set");
    is_str(xmpp_stanza_get_to(message), "romeo@b.example/r", "  prepared");
    is_int(xmpp_stanza_set_jid(message, NULL, copy), XMPP_EINVOP, "nowhere");
    is_int(xmpp_stanza_set_jid(message, "to", NULL), XMPP_EINVOP, "nothing");
    is_int(xmpp_stanza_set_jid(message, "to", &blank), XMPP_EINVOP, "a blank");
    xmpp_stanza_release(message);
    xmpp_free(bed.ctx, copy);
    bed_free(&bed, "writing");
}

/* ---- sending ----------------------------------------------------- */

static int send_to(struct bed *bed, const char *to)
{
    return xmpp_send_take(bed->conn,
                          xmpp_message_new(bed->ctx, "chat", to, NULL));
}

static int on_odd(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct bed *bed = userdata;
    xmpp_stanza_t *message = xmpp_message_new(bed->ctx, "chat", NULL, NULL);
    xmpp_stanza_t *copy;
    xmpp_jid_t from;

    is_int(xmpp_stanza_get_jid(stanza, "from", &from), 1, "an odd sender");
    is_int(from.odd, XMPP_JID_LOCAL, "  is marked");
    is_int(send_to(bed, ODD_USER), XMPP_EARG, "  cannot be typed");
    xmpp_stanza_set_jid(message, "to", &from);
    xmpp_stanza_set_id(message, "by-value");
    is_int(xmpp_send_take(conn, message), 0, "  but answered, by value");
    message = xmpp_stanza_reply(stanza);
    xmpp_stanza_set_id(message, "by-reply");
    copy = xmpp_stanza_copy(message);
    xmpp_stanza_release(message);
    is_int(xmpp_send_take(conn, copy), 0, "  and by reply");
    message = xmpp_stanza_reply(stanza);
    xmpp_stanza_set_to(message, "edward\u2163@b.example");
    is_int(xmpp_send_take(conn, message), XMPP_EARG,
           "  but a reply is no way to others");
    bed->count++;
    return 1;
}

static void sends(void)
{
    static const char *const script[] = {
        PEER_LOGIN,
        "S <message type='chat' from='" ODD_USER "'/>",
        "C by-value",
        "C to=\"" ODD_USER "\"",
        "C by-reply",
        "C to=\"" ODD_NICK "\"",
        "C to=\"not an address\"", /* libstrophe's way */
        PEER_CLOSE,
        NULL};
    struct bed bed;
    xmpp_stanza_t *message;

    bed_make(&bed);
    xmpp_handler_add(bed.conn, on_odd, NULL, "message", NULL, &bed);
    bed_connect(&bed, script);
    bed_until(&bed, &bed.ups, 1, "up");
    bed_until(&bed, &bed.count, 1, "told");
    is_int(send_to(&bed, "foo bar@b.example"), XMPP_EARG, "a space");
    is_int(send_to(&bed, "a@b@c"), XMPP_EARG, "two @");
    is_int(send_to(&bed, ""), XMPP_EARG, "nothing");
    is_int(send_to(&bed, "a@b.example/"), XMPP_EARG, "an empty part");
    is_int(send_to(&bed, ODD_NICK), 0, "another's nickname is theirs");
    is_int(xmpp_request_send(bed.conn, xmpp_iq_new(bed.ctx, "get", "1"), 0,
                             NULL, NULL),
           0, "a request without a handler: nobody cares how it ends");
    message = xmpp_message_new(bed.ctx, "chat", "not an address", NULL);
    xmpp_send(bed.conn, message);
    xmpp_stanza_release(message);
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 1, "down");
    bed_peer_done(&bed, "sending");
    bed_free(&bed, "sending");
}

/* ---- connecting -------------------------------------------------- */

static void refuses(const char *jid, const char *host, const char *why)
{
    const xmpp_failure_t *failure;
    struct bed bed;

    bed_make(&bed);
    xmpp_conn_set_jid(bed.conn, jid);
    is_int(xmpp_connect_client(bed.conn, host, 1, bed_handler, &bed), XMPP_EARG,
           "%s at %s is refused", jid, host);
    failure = xmpp_conn_get_failure(bed.conn);
    ok(failure && failure->layer == XMPP_LAYER_APP &&
           strstr(failure->message, why),
       "  for %s", why);
    is_int(bed.downs, 0, "  at the call");
    bed_free(&bed, jid);
}

int main(void)
{
    reads();
    writes();
    sends();
    refuses(ODD_USER, "127.0.0.1", "localpart");
    refuses("a@b.example/foo\u00b7bar", "127.0.0.1", "resourcepart");
    refuses("a@exa mple", "127.0.0.1", "domainpart");
    refuses("a@b.example", "\u2603.example", "host");
    return done_testing();
}
