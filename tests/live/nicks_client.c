/* nicks_client.c - a real room with nicknames that no rule knows: they are
 * heard and answered, and cost neither the stream nor its resumption.
 *
 * usage: nicks_client HOST PORT CA-FILE ALICE BOB PASSWORD ROOM */

#include <sys/socket.h>
#include <time.h>

#include <xmpp/xmpp.h>

#include "tap.h"

#define PATIENCE 60 /* seconds, only to end a test that hangs */
#define MUC "http://jabber.org/protocol/muc"

/* Characters in the wrong place, and one that is never right; stringprep, and
 * so the server, lets them pass. */
static const char *const nicks[] = {"foo\u00b7bar", "a\u30fbb", "\u0640"};

#define NICKS ((int)(sizeof(nicks) / sizeof(nicks[0])))

struct end {
    xmpp_conn_t *conn;
    int up, down;
    int seated;     /* we are in the room */
    int unprepared; /* occupants with marked nicknames */
    int messages;   /* heard from such, or at all */
};

static xmpp_ctx_t *ctx;
static const char *room;
static int last_fd;

static void until(const int *number, int want, const char *what)
{
    time_t end = time(NULL) + PATIENCE;

    while (*number < want && time(NULL) < end)
        xmpp_run_once(ctx, 500);
    ok(*number >= want, "%s", what);
}

static void on_conn(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    struct end *e = userdata;
    const xmpp_failure_t *f = xmpp_conn_get_failure(conn);

    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_CONNECT)
        e->up++;
    else
        e->down++;
    if (f)
        printf("# %s\n", f->message);
}

static int on_socket(xmpp_conn_t *conn, void *fd)
{
    (void)conn;
    last_fd = *(int *)fd;
    return 0;
}

static int send_text(xmpp_conn_t *conn, const xmpp_jid_t *to, const char *type)
{
    xmpp_stanza_t *message = xmpp_message_new(ctx, type, NULL, NULL);

    xmpp_stanza_set_jid(message, "to", to);
    xmpp_stanza_add_text_tag(message, "body", NULL, "hello");
    return xmpp_send_take(conn, message);
}

static int on_presence(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct end *e = userdata;
    xmpp_jid_t from;

    if (xmpp_stanza_get_type(stanza) ||
        xmpp_stanza_get_jid(stanza, "from", &from) != 1 || !from.resource_size)
        return 1;
    if (!from.unprepared) {
        e->seated++;
    } else if (send_text(conn, &from, "chat") == 0) {
        e->unprepared++;
    }
    return 1;
}

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct end *e = userdata;

    (void)conn;
    e->messages += xmpp_stanza_get_child_text(stanza, "body", NULL) != NULL;
    return 1;
}

static void start(struct end *e, char **argv, const char *jid)
{
    e->conn = xmpp_conn_new(ctx);
    xmpp_conn_set_jid(e->conn, jid);
    xmpp_conn_set_pass(e->conn, argv[6]);
    xmpp_conn_set_cafile(e->conn, argv[3]);
    xmpp_conn_set_sockopt_callback(e->conn, on_socket);
    xmpp_handler_add(e->conn, on_message, NULL, "message", NULL, e);
    is_int(xmpp_connect_client(e->conn, argv[1], (unsigned short)atoi(argv[2]),
                               on_conn, e),
           0, "%s connects", jid);
    until(&e->up, 1, "  and is up");
}

static void join(struct end *e, const char *nick)
{
    xmpp_stanza_t *presence = xmpp_presence_new(ctx);
    char to[512];

    snprintf(to, sizeof(to), "%s/%s", room, nick);
    xmpp_stanza_set_to(presence, to);
    xmpp_stanza_add_tag(presence, "x", MUC);
    is_int(xmpp_send_take(e->conn, presence), 0, "%s is sent", to);
}

/* Lose the transport and come back. */
static void resume(struct end *e, char **argv, int fd)
{
    shutdown(fd, SHUT_RDWR);
    until(&e->down, 1, "the transport is lost");
    is_int(xmpp_connect_client(e->conn, argv[1], (unsigned short)atoi(argv[2]),
                               on_conn, e),
           0, "again");
    until(&e->up, 2, "it comes back");
    ok(xmpp_conn_is_resumed(e->conn), "and goes on where it was");
}

static void finish(struct end *e)
{
    xmpp_disconnect(e->conn);
    until(&e->down, e->up, "it ends");
    ok(!xmpp_conn_get_failure(e->conn), "  properly");
    xmpp_conn_release(e->conn);
}

int main(int argc, char **argv)
{
    struct end alice = {0}, bob = {0};
    char to[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t whole;
    int fd;

    if (argc != 8)
        bail("usage: nicks_client HOST PORT CA-FILE ALICE BOB PASSWORD ROOM");
    room = argv[7];
    ctx = xmpp_ctx_new(NULL, NULL);
    start(&alice, argv, argv[4]);
    fd = last_fd;
    start(&bob, argv, argv[5]);
    xmpp_handler_add(alice.conn, on_presence, NULL, "presence", NULL, &alice);
    join(&alice, "alice");
    until(&alice.seated, 1, "alice is in the room");
    for (int i = 0; i < NICKS; i++) {
        join(&bob, nicks[i]);
        until(&alice.unprepared, i + 1,
              "an unprepared nickname is seen, marked, answered");
        until(&bob.messages, i + 1, "and the answer arrives");
    }
    resume(&alice, argv, fd);
    alice.messages = 0;
    xmpp_jid_parse(room, (size_t)-1, XMPP_JID_STRICT, to, &whole, NULL);
    is_int(send_text(bob.conn, &whole, "groupchat"), 0,
           "the unprepared one speaks");
    until(&alice.messages, 1, "and is heard");
    finish(&alice);
    finish(&bob);
    xmpp_ctx_free(ctx);
    return done_testing();
}
