/* fairness.c - busy connections of one context do not hold up each other, nor a
 * quiet one; and a peer that takes nothing costs bounded memory. */

#include <stdlib.h>

#include "conn/inn.h"
#include "tap.h"

#define BUSY 2
#define TURN_MOST 65536 /* bytes of one connection, in either direction */
#define MESSAGE                                                                \
    "<message from='juliet@example.org/b' to='guest@example.org/r'>"           \
    "<body>Wherefore art thou, Romeo?</body></message>"

static struct {
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conns[BUSY + 1];       /* the last is the quiet one */
    struct inn_guest *guests[BUSY + 1]; /* the other end of each */
    int heard[BUSY + 1];
    int ups;
} hall;

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)conn;
    (void)error;
    (void)stream_error;
    (void)userdata;
    hall.ups += event == XMPP_CONN_CONNECT;
}

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    ++*(int *)userdata;
    return 1;
}

static void gather(void)
{
    memset(&hall, 0, sizeof(hall));
    hall.ctx = xmpp_ctx_new(NULL, NULL);
    inn_open(hall.ctx);
    for (int i = 0; i <= BUSY; i++) {
        hall.conns[i] = inn_client();
        xmpp_handler_add(hall.conns[i], on_message, NULL, "message", NULL,
                         &hall.heard[i]);
        if (xmpp_connect_client(hall.conns[i], "127.0.0.1", 5222, on_event,
                                NULL))
            bail("not started");
        for (int t = 0; t < 100 && hall.ups <= i; t++)
            xmpp_run_once(hall.ctx, 100);
        hall.guests[i] = inn.guests;
    }
    is_int(hall.ups, BUSY + 1, "all are there");
}

static void leave(void)
{
    for (int i = 0; i <= BUSY; i++)
        xmpp_conn_release(hall.conns[i]);
    xmpp_ctx_free(hall.ctx);
    inn_close();
}

/* ---- reading ----------------------------------------------------- */

/* What each read in one turn, in stanzas. */
static void turn_heard(int *ret)
{
    int before[BUSY + 1];

    memcpy(before, hall.heard, sizeof(before));
    xmpp_run_once(hall.ctx, 0);
    for (int i = 0; i <= BUSY; i++)
        ret[i] = hall.heard[i] - before[i];
}

static void fed(void)
{
    int messages = 40 * TURN_MOST / (int)strlen(MESSAGE), turns = 0;
    int most = 0, hungry = 0, uneven = 0, now[BUSY + 1];

    gather();
    for (int i = 0; i < BUSY; i++)
        for (int m = 0; m < messages; m++)
            memory_send(&hall.guests[i]->memory, STR(MESSAGE));
    memory_send(&hall.guests[BUSY]->memory, STR(MESSAGE));
    turn_heard(now);
    is_int(now[BUSY], 1, "a quiet one is heard in the first turn");
    while (hall.heard[0] < messages && turns++ < 1000) {
        turn_heard(now);
        most = now[0] > most ? now[0] : most;
        hungry += !now[0] || !now[1];
        uneven += abs(now[0] - now[1]) > 1;
    }
    is_int(hall.heard[0], messages, "all that one was sent is heard");
    is_int(hall.heard[1], messages, "and all of the other");
    is_int(hungry, 0, "none of them waits for a turn");
    is_int(uneven, 0, "each gets as much as the other, in each turn");
    ok(most <= TURN_MOST / (int)strlen(MESSAGE) + 1,
       "at most %d stanzas of one in a turn", most);
    leave();
}

/* ---- writing ----------------------------------------------------- */

static void send_some(xmpp_conn_t *conn, int bytes)
{
    static char text[10001];

    memset(text, 'x', sizeof(text) - 1);
    for (; bytes > 0; bytes -= 10000) {
        xmpp_stanza_t *message = xmpp_message_new(hall.ctx, "chat", NULL, NULL);

        xmpp_message_set_body(message, text);
        if (xmpp_send_take(conn, message))
            bail("not sent");
    }
}

static void drained(void)
{
    size_t most = 0, before[BUSY];
    int turns = 0, hungry = 0, done = 0;

    gather();
    for (int i = 0; i < BUSY; i++)
        send_some(hall.conns[i], 20 * TURN_MOST);
    while (done < BUSY && turns++ < 1000) {
        for (int i = 0; i < BUSY; i++)
            before[i] = hall.guests[i]->heard;
        xmpp_run_once(hall.ctx, 0);
        done = 0;
        for (int i = 0; i < BUSY; i++) {
            size_t now = hall.guests[i]->heard - before[i];

            done += xmpp_conn_queue_size(hall.conns[i]) == 0;
            hungry += !now && xmpp_conn_queue_size(hall.conns[i]) > 0;
            most = now > most ? now : most;
        }
    }
    is_int(done, BUSY, "both have sent all that they had, in %d turns", turns);
    is_int(hungry, 0, "none of them waits for a turn");
    ok(most <= TURN_MOST, "at most %zu bytes of one in a turn", most);
    leave();
}

/* ---- a peer that takes nothing ----------------------------------- */

static void stalled(void)
{
    static char text[50001];
    size_t limit, queue;
    int rc = 0, refused = 0;

    gather();
    limit = (size_t)xmpp_conn_get_option(hall.conns[0], XMPP_OPT_MAX_OUTBOX);
    hall.guests[0]->memory.room = 0;
    memset(text, 'x', sizeof(text) - 1);
    for (int i = 0; i < 2000 && refused < 10; i++) {
        xmpp_stanza_t *message = xmpp_message_new(hall.ctx, "chat", NULL, NULL);

        xmpp_message_set_body(message, text);
        rc = xmpp_send_take(hall.conns[0], message);
        refused += rc == XMPP_EFULL;
        if (rc && rc != XMPP_EFULL)
            break;
        if (i % 10 == 0)
            send_some(hall.conns[1], 10000);
        xmpp_run_once(hall.ctx, 0);
    }
    is_int(rc, XMPP_EFULL, "more than the limit is refused");
    queue = xmpp_conn_queue_size(hall.conns[0]);
    ok(queue <= limit && queue > limit / 2, "%zu bytes wait for it", queue);
    is_int((long)xmpp_conn_queue_size(hall.conns[1]), 0,
           "the other has sent all that it had");
    ok(hall.guests[1]->heard > 100000, "  all the time");
    leave();
}

int main(void)
{
    fed();
    drained();
    stalled();
    return done_testing();
}
