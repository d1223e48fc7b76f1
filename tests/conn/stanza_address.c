/* stanza_address.c - addresses on stanzas: strict when we send, lenient when
 * others do. */

#include "conn/testbed.h"

#define ODD_NICK "room@b.example/foo\u00b7bar"
#define ODD_USER "henry\u2163@b.example"

/* ---- reading and writing ----------------------------------------- */

static void is_read(xmpp_stanza_t *stanza, int found, const char *want,
                    int unprepared)
{
    xmpp_jid_t jid = {NULL, 0, 0, 0, 0};
    xmpp_ctx_t *ctx = xmpp_stanza_get_context(stanza);
    char *text;

    is_int(xmpp_stanza_get_jid(stanza, "from", &jid), found, "%s", want);
    if (found != 1)
        return;
    text = xmpp_jid_text(ctx, &jid, XMPP_JID_FULL);
    is_str(text, want, "  in normal form");
    is_int(jid.unprepared, unprepared, "  unprepared parts");
    xmpp_free(ctx, text);
}

static void reads(void)
{
    struct testbed testbed;
    xmpp_stanza_t *message;
    xmpp_jid_t jid, again = {"", 0, 0, 0, 0};

    testbed_make(&testbed);
    message = xmpp_message_new(testbed.ctx, "chat", NULL, NULL);
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
    testbed_free(&testbed, "reading");
}

static void writes(void)
{
    struct testbed testbed;
    xmpp_stanza_t *message;
    xmpp_jid_t *jid, *copy, blank = {"", 0, 0, 0, 0};

    testbed_make(&testbed);
    jid = xmpp_jid_from_string(testbed.ctx, "Romeo@B.example/r", NULL);
    copy = xmpp_jid_copy(testbed.ctx, jid);
    xmpp_free(testbed.ctx, jid);
    message = xmpp_message_new(testbed.ctx, "chat", NULL, NULL);
    is_int(xmpp_stanza_set_jid(message, "to", copy), 0, "an address is set");
    is_str(xmpp_stanza_get_to(message), "romeo@b.example/r", "  prepared");
    is_int(xmpp_stanza_set_jid(message, NULL, copy), XMPP_EINVOP, "nowhere");
    is_int(xmpp_stanza_set_jid(message, "to", NULL), XMPP_EINVOP, "nothing");
    is_int(xmpp_stanza_set_jid(message, "to", &blank), XMPP_EINVOP, "a blank");
    xmpp_stanza_release(message);
    xmpp_free(testbed.ctx, copy);
    testbed_free(&testbed, "writing");
}

/* ---- sending ----------------------------------------------------- */

static int send_to(struct testbed *testbed, const char *to)
{
    return xmpp_send_take(testbed->conn,
                          xmpp_message_new(testbed->ctx, "chat", to, NULL));
}

static int on_odd(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct testbed *testbed = userdata;
    xmpp_stanza_t *message = xmpp_message_new(testbed->ctx, "chat", NULL, NULL);
    xmpp_stanza_t *copy;
    xmpp_jid_t from;

    is_int(xmpp_stanza_get_jid(stanza, "from", &from), 1,
           "an unprepared sender");
    is_int(from.unprepared, XMPP_JID_LOCAL, "  is marked");
    is_int(send_to(testbed, ODD_USER), XMPP_EARG, "  cannot be typed");
    xmpp_stanza_set_jid(message, "to", &from);
    xmpp_stanza_set_id(message, "by-value");
    is_int(xmpp_send_take(conn, message), 0, "  but answered, by value");
    message = xmpp_stanza_reply(stanza);
    xmpp_stanza_set_id(message, "by-reply");
    copy = xmpp_stanza_copy(message);
    xmpp_stanza_release(message);
    is_int(xmpp_send_take(conn, copy), 0, "  and by reply");
    message = xmpp_iq_result(conn, stanza);
    xmpp_stanza_set_id(message, "by-result");
    is_int(xmpp_send_take(conn, message), 0, "  and as an iq is");
    message = xmpp_iq_error(conn, stanza, XMPP_EARG, NULL, NULL);
    xmpp_stanza_set_id(message, "by-error");
    is_int(xmpp_send_take(conn, message), 0, "  also by an error");
    message = xmpp_stanza_reply(stanza);
    xmpp_stanza_set_to(message, "edward\u2163@b.example");
    is_int(xmpp_send_take(conn, message), XMPP_EARG,
           "  but a reply is no way to others");
    testbed->count++;
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
        "C by-result",
        "C to=\"" ODD_USER "\"",
        "C by-error",
        "C to=\"" ODD_NICK "\"",
        "C to=\"not an address\"", /* libstrophe's way */
        PEER_CLOSE,
        NULL};
    struct testbed testbed;
    xmpp_stanza_t *message;

    testbed_make(&testbed);
    xmpp_handler_add(testbed.conn, on_odd, NULL, "message", NULL, &testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    testbed_until(&testbed, &testbed.count, 1, "told");
    is_int(send_to(&testbed, "foo bar@b.example"), XMPP_EARG, "a space");
    is_int(send_to(&testbed, "a@b@c"), XMPP_EARG, "two @");
    is_int(send_to(&testbed, ""), XMPP_EARG, "nothing");
    is_int(send_to(&testbed, "a@b.example/"), XMPP_EARG, "an empty part");
    is_int(send_to(&testbed, ODD_NICK), 0, "another's nickname is theirs");
    is_int(xmpp_request_send(testbed.conn, xmpp_iq_new(testbed.ctx, "get", "1"),
                             0, NULL, NULL),
           0, "a request without a handler: nobody cares how it ends");
    message = xmpp_message_new(testbed.ctx, "chat", "not an address", NULL);
    xmpp_send(testbed.conn, message);
    xmpp_stanza_release(message);
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "sending");
    testbed_free(&testbed, "sending");
}

/* ---- connecting -------------------------------------------------- */

static void refuses(const char *jid, const char *host, const char *why)
{
    const xmpp_failure_t *failure;
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_conn_set_jid(testbed.conn, jid);
    is_int(
        xmpp_connect_client(testbed.conn, host, 1, testbed_handler, &testbed),
        XMPP_EARG, "%s at %s is refused", jid, host);
    failure = xmpp_conn_get_failure(testbed.conn);
    ok(failure && failure->layer == XMPP_LAYER_APP &&
           strstr(failure->message, why),
       "  for %s", why);
    is_int(testbed.downs, 0, "  at the call");
    testbed_free(&testbed, jid);
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
