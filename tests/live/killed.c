/* killed.c - a program that may be killed at any moment: whenever it says
 * something, its own count and the session are on disk before a byte leaves. */

#include "live/killed.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xmpp/xmpp.h>

#define WINDOW 40            /* messages that wait for the server at most */
#define STATE_MOST (4 << 20) /* bytes */
#define LEAVING 12           /* one turn in so many */

static xmpp_ctx_t *ctx;
static xmpp_conn_t *conn;
static char **args;
static struct killed_head head;
static bool up, old_form;
static unsigned seed;

static void give_up(const char *what)
{
    printf("# killed: %s\n", what);
    exit(3);
}

/* ---- what is on disk --------------------------------------------- */

static void put(const unsigned char *state, size_t n)
{
    const char *name = args[KILLED_STATE];
    char fresh[400];
    FILE *f;

    snprintf(fresh, sizeof(fresh), "%s.new", name);
    f = fopen(fresh, "wb");
    if (!f || fwrite(&head, sizeof(head), 1, f) != 1 ||
        (n && fwrite(state, n, 1, f) != 1) || fclose(f) || rename(fresh, name))
        give_up("its state cannot be written");
}

static void on_state(xmpp_conn_t *c, void *userdata, const unsigned char *state,
                     size_t n)
{
    (void)c;
    (void)userdata;
    put(state, state ? n : 0);
}

static void save(void)
{
    unsigned char *bytes = NULL;
    size_t n = 0;
    int rc;

    if (old_form)
        return;
    rc = xmpp_conn_save_sm_state(conn, &bytes, &n);
    if (rc && rc != XMPP_EINVOP) /* that one says that there is no session */
        give_up("its state cannot be saved");
    put(bytes, n);
    xmpp_free(ctx, bytes);
}

/* What an earlier process left, if there was one. */
static void restore(void)
{
    FILE *f = fopen(args[KILLED_STATE], "rb");
    unsigned char *bytes;
    size_t n;

    if (!f)
        return;
    bytes = malloc(STATE_MOST);
    if (!bytes || fread(&head, sizeof(head), 1, f) != 1)
        give_up("its state cannot be read");
    n = fread(bytes, 1, STATE_MOST, f);
    fclose(f);
    if (n && xmpp_conn_restore_sm_state(conn, bytes, n))
        give_up("its state is not taken");
    head.restored += n > 0;
    free(bytes);
}

/* ---- what it does ------------------------------------------------ */

static void on_conn(xmpp_conn_t *c, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)error;
    (void)stream_error;
    (void)userdata;
    up = event == XMPP_CONN_CONNECT;
    if (up && xmpp_conn_is_resumed(c))
        head.resumed++;
    else if (up)
        head.fresh++;
}

static void say(void)
{
    char body[600];
    xmpp_stanza_t *m = xmpp_message_new(ctx, "chat", args[KILLED_TO], NULL);

    snprintf(body, sizeof(body), "%s %d %0*d", args[KILLED_SCHEDULE], head.next,
             1 + rand_r(&seed) % 500, 0);
    xmpp_message_set_body(m, body);
    head.next++; /* first: the state is told of inside of the call */
    if (xmpp_send_take(conn, m))
        give_up("a message is not taken");
    save();
}

static void say_some(void)
{
    int some = rand_r(&seed) % 3 ? 0 : rand_r(&seed) % 6;

    while (some-- > 0 && xmpp_conn_get_unacked(conn) < WINDOW)
        say();
}

/* Whoever dropped the link knows that it is dead, or only thinks so. */
static void maybe_leave(void)
{
    if (rand_r(&seed) % LEAVING)
        return;
    if (rand_r(&seed) % 2) {
        head.ended++;
        xmpp_disconnect(conn);
    } else {
        head.dropped++;
        xmpp_conn_drop(conn);
    }
    up = false;
}

static void make(void)
{
    const char *path = getenv("KILLS_WEBSOCKET");
    char url[200];

    conn = xmpp_conn_new(ctx);
    xmpp_conn_set_jid(conn, args[KILLED_JID]);
    xmpp_conn_set_pass(conn, args[KILLED_PASSWORD]);
    xmpp_conn_set_cafile(conn, args[KILLED_CA]);
    xmpp_conn_set_option(conn, XMPP_OPT_CLOSE_TIMEOUT, 200);
    if (path) {
        snprintf(url, sizeof(url), "wss://localhost:%s%s", args[KILLED_PORT],
                 path);
        xmpp_conn_set_websocket(conn, url);
    }
    if (old_form)
        xmpp_conn_set_sm_callback(conn, on_state, NULL);
}

static void turn(void)
{
    if (xmpp_conn_is_disconnected(conn) &&
        xmpp_connect_client(conn, "127.0.0.1",
                            (unsigned short)atoi(args[KILLED_PORT]), on_conn,
                            NULL))
        give_up("it cannot connect");
    xmpp_run_once(ctx, 5);
    save();
}

static bool is_settled(void)
{
    return up && xmpp_conn_get_unacked(conn) == 0 &&
           xmpp_conn_send_queue_len(conn) == 0;
}

int killed_main(char **argv)
{
    bool enough;

    args = argv;
    seed = (unsigned)strtoul(argv[KILLED_SEED], NULL, 10);
    old_form = strcmp(argv[KILLED_FORM], "old") == 0;
    ctx = xmpp_ctx_new(NULL, NULL);
    make();
    restore();
    do {
        turn();
        enough = access(argv[KILLED_ENOUGH], F_OK) == 0;
        if (up && !enough) {
            say_some();
            maybe_leave();
        }
    } while (!enough || !is_settled());
    xmpp_disconnect(conn);
    while (!xmpp_conn_is_disconnected(conn))
        xmpp_run_once(ctx, 5);
    save();
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return 0;
}
