/* backlog.c - a peer that does not take our answers is not read any further, so
 * that they do not pile up. */

#include "conn/testbed.h"

#include <sys/socket.h>

#define PADDING 3000  /* more than is fed at a time */
#define MESSAGES 6000 /* more than all sockets hold */
#define ANSWER 262144
#define ANSWERS_MOST 20 /* 1 MiB, and what one read brings */

static char *answer;

static int make_narrow(xmpp_conn_t *conn, void *sock)
{
    int least = 1;

    (void)conn;
    return setsockopt(*(int *)sock, SOL_SOCKET, SO_SNDBUF, &least,
                      sizeof(least));
}

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct testbed *testbed = userdata;
    xmpp_stanza_t *reply = xmpp_stanza_reply(stanza);

    xmpp_message_set_body(reply, answer);
    xmpp_send_take(conn, reply);
    testbed->count++;
    return 1;
}

/* "S " and so many messages. */
static char *make_flood(void)
{
    static const char head[] = "<message from='a@example.org/r'><body>";
    static const char tail[] = "</body></message>";
    size_t each = strlen(head) + PADDING + strlen(tail);
    char *flood = malloc(3 + MESSAGES * each), *at = flood;

    at += sprintf(at, "S ");
    for (int i = 0; i < MESSAGES; i++)
        at += sprintf(at, "%s%*s%s", head, PADDING, "x", tail);
    return flood;
}

/* As long as there is something to read, and a while after that. */
static void serve(struct testbed *testbed)
{
    int most = 0, quiet = 0, was = 0;

    while (quiet < 50 && most <= ANSWERS_MOST) {
        int waiting;

        xmpp_run_once(testbed->ctx, 10);
        waiting = xmpp_conn_send_queue_len(testbed->conn);
        if (waiting > most)
            most = waiting;
        quiet = testbed->count != was || !testbed->count ? 0 : quiet + 1;
        was = testbed->count;
    }
    ok(most > 1 && most <= ANSWERS_MOST, "%d answers wait at most", most);
    ok(testbed->count < MESSAGES, "and not all is read");
    ok(xmpp_conn_is_connected(testbed->conn), "which is no reason to end");
}

int main(void)
{
    char *flood = make_flood();
    const char *script[] = {PEER_LOGIN, flood, "C never", NULL};
    struct testbed testbed;

    answer = calloc(1, ANSWER + 1);
    memset(answer, 'x', ANSWER);
    testbed_make(&testbed);
    xmpp_conn_set_sockopt_callback(testbed.conn, make_narrow);
    xmpp_handler_add(testbed.conn, on_message, NULL, "message", NULL, &testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    serve(&testbed);
    xmpp_conn_release(testbed.conn);
    testbed.conn = NULL;
    ok(fake_server_join(testbed.peer) != NULL,
       "the peer was not heard to its end");
    testbed_free(&testbed, "backlog");
    free(answer);
    free(flood);
    return done_testing();
}
