/* words.c - a call that is refused names the argument and what is wrong with it:
 * to who asks the context, and in the log. */

#include "conn/bed.h"

static char logged[600]; /* the last warning */

static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    (void)userdata;
    (void)area;
    if (level >= XMPP_LEVEL_WARN)
        snprintf(logged, sizeof(logged), "%s", line);
}

static const xmpp_log_t log_kept = {on_line, NULL};

/* ---- sending ---------------------------------------------------------- */

#define TO "the attribute \"to\" of <message>, "
#define NO " is not a valid address: "

/* Each refused address and each broken text differs from all others. */
static const struct {
    const char *to, *body, *want;
} rows[] = {
    {"foo bar@b.example", "x",
     TO "\"foo bar@b.example\"," NO
        "localpart: it has a character that is not allowed in a name (U+0020)"},
    {"a@b@c", "x", TO "\"a@b@c\"," NO "domainpart: "},
    {"", "x", TO "\"\"," NO "domainpart: it is missing"},
    {"a@b.example/", "x", TO "\"a@b.example/\"," NO "resourcepart: it is empty"},
    {"@b.example", "x", TO "\"@b.example\"," NO "localpart: it is empty"},
    {"henry\u2163@b.example", "x",
     TO "\"henry\u2163@b.example\"," NO
        "localpart: it has a character that is not allowed in a name (U+2163)"},
    {"a@b..example", "x", TO "\"a@b..example\"," NO "domainpart: "},
    {"a@\"\u202e\"", "x", TO "\"a@\\x22\\xE2\\x80\\xAE\\x22\"," NO "domainpart: "},
    {"a@\xff", "x", "the attribute \"to\" of <message>: the byte 0xFF at offset "
                    "2 is not UTF-8"},
    {"a@b.example", "that has a bell: \x07",
     "the text of <body>: the character U+0007 at offset 17 is not allowed in "
     "XML"},
    {"a@b.example", "\xc3(", "the text of <body>: the byte 0xC3 at offset 0 is "
                             "not UTF-8"},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static xmpp_stanza_t *message(struct bed *bed, const char *to, const char *body)
{
    xmpp_stanza_t *stanza = xmpp_message_new(bed->ctx, "chat", to, NULL);

    xmpp_message_set_body(stanza, body);
    return stanza;
}

static void is_told(struct bed *bed, int rc, int code, const char *want)
{
    const char *said = xmpp_ctx_get_last_error(bed->ctx);

    is_int(rc, code, "refused");
    if (!ok(strncmp(said, want, strlen(want)) == 0 && said[0], "  %s", said))
        printf("# want %s\n", want);
    ok(strstr(logged, said) != NULL, "  which the log says too");
    logged[0] = '\0';
}

static void never(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                  void *userdata)
{
    (void)conn;
    (void)reply;
    (void)userdata;
    if (status != XMPP_ENOTCONN)
        ok(false, "called with %d", status);
}

static void never_sent(xmpp_conn_t *conn, int status, const char *text,
                       size_t n, void *userdata)
{
    (void)text;
    (void)n;
    never(conn, status, NULL, userdata);
}

static xmpp_stanza_t *iq(struct bed *bed, const char *type, const char *id,
                         const char *to)
{
    xmpp_stanza_t *stanza = xmpp_iq_new(bed->ctx, type, id);

    if (to)
        xmpp_stanza_set_to(stanza, to);
    return stanza;
}

static void asks(struct bed *bed)
{
    xmpp_conn_t *conn = bed->conn;

    is_told(bed, xmpp_request_send(conn, iq(bed, "get", "1", "a b@c"), 0, never,
                                   NULL),
            XMPP_EARG, "the attribute \"to\" of <iq>, \"a b@c\"," NO "localpart");
    is_told(bed, xmpp_request_send(conn, iq(bed, "result", "1", NULL), 0, never,
                                   NULL),
            XMPP_EARG, "a request is an iq of type \"get\" or \"set\"");
    is_told(bed, xmpp_request_send(conn, message(bed, NULL, "x"), 0, never, NULL),
            XMPP_EARG, "a request is an iq of type \"get\" or \"set\"");
    is_int(xmpp_request_send(conn, iq(bed, "get", "twice", NULL), 0, never, NULL),
           0, "a request");
    is_told(bed, xmpp_request_send(conn, iq(bed, "get", "twice", NULL), 0, never,
                                   NULL),
            XMPP_EARG, "the id \"twice\" is in use");
    is_told(bed, xmpp_request_send(conn, NULL, 0, never, NULL), XMPP_EMEM,
            "there is no stanza");
    xmpp_conn_set_option(conn, XMPP_OPT_MAX_REQUESTS, 1);
    is_told(bed, xmpp_request_send(conn, iq(bed, "get", "2", NULL), 0, never,
                                   NULL),
            XMPP_EFULL, "the queue is full");
}

static void sends(void)
{
    static const char *const script[] = {PEER_LOGIN, "C twice", PEER_CLOSE, NULL};
    struct bed bed;
    xmpp_stanza_t *spoilt, *blank;

    bed_make_log(&bed, &log_kept);
    is_told(&bed, xmpp_send_take(bed.conn, message(&bed, "a@b.example", "x")),
            XMPP_ENOTCONN, "not connected");
    bed_connect(&bed, script);
    bed_until(&bed, &bed.ups, 1, "up");
    for (size_t i = 0; i < ROWS; i++)
        is_told(&bed,
                xmpp_send_take(bed.conn, message(&bed, rows[i].to, rows[i].body)),
                XMPP_EARG, rows[i].want);
    spoilt = message(&bed, "a@b.example", "\x1b");
    xmpp_stanza_release(message(&bed, "a\x05@b.example", "x"));
    xmpp_send(bed.conn, spoilt);
    is_told(&bed, xmpp_stanza_get_status(spoilt), XMPP_EARG,
            "the text of <body>: the character U+001B at offset 0");
    xmpp_stanza_release(spoilt);
    blank = message(&bed, "a@b.example", "x");
    xmpp_stanza_add_child_ex(blank, xmpp_stanza_new(bed.ctx), 0);
    is_told(&bed, xmpp_send_take(bed.conn, blank), XMPP_EINVOP,
            "a node of the stanza has neither a name nor a text");
    is_told(&bed, xmpp_send_take(bed.conn, NULL), XMPP_EMEM,
            "there is no stanza");
    is_told(&bed, xmpp_send_tracked(bed.conn,
                                    xmpp_stanza_new_tag(bed.ctx, "x", "urn:x"),
                                    never_sent, NULL),
            XMPP_EARG, "only a message, presence or iq can be tracked");
    asks(&bed);
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 1, "down");
    bed_peer_done(&bed, "sending");
    bed_free(&bed, "sending");
}

/* Without a connection the stanza's context hears it. */
static void nowhere(void)
{
    struct bed bed;

    bed_make(&bed);
    is_int(xmpp_send_take(NULL, message(&bed, "a@b.example", "x")),
           XMPP_ENOTCONN, "no connection");
    is_str(xmpp_ctx_get_last_error(bed.ctx), "not connected", "  is said");
    is_int(xmpp_request_send(NULL, iq(&bed, "get", "1", NULL), 0, never, NULL),
           XMPP_EINVOP, "no connection to ask by");
    is_str(xmpp_ctx_get_last_error(bed.ctx),
           "a request without a connection or a handler", "  is said");
    is_int(xmpp_send_take(NULL, NULL), XMPP_EMEM, "nothing at all");
    bed_free(&bed, "no connection");
}

int main(void)
{
    sends();
    nowhere();
    return done_testing();
}
