/* ctx_order.c - a context that is freed before what lives in it, or while it
 * runs: it goes with the last of them, and says that the order was wrong. */

#define XMPP_NO_DEPRECATED
#include <strophe.h>

#include "conn/testbed.h"

static struct testbed testbed;
static int lines, hints;

static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    (void)userdata;
    (void)area;
    lines += level >= XMPP_LEVEL_WARN && strstr(line, "freed before") != NULL;
    hints += level >= XMPP_LEVEL_WARN && strstr(line, "call xmpp_run()");
}

static void make(void)
{
    static const xmpp_log_t log = {on_line, NULL};

    lines = hints = 0;
    testbed_make_log(&testbed, &log);
}

/* All of it is gone now. */
static void is_clean(const char *name, int want_lines)
{
    is_int(testbed.memory.held, 0, "%s: no memory is left", name);
    is_int(lines, want_lines, "%s: the log", name);
}

/* A program that forgets the loop: its connection is released at once. */
static void no_loop(void)
{
    static const char *const script[] = {"eof", NULL};

    make();
    testbed_connect(&testbed, script);
    xmpp_conn_release(testbed.conn);
    is_int(testbed.downs, 1, "it ends without a loop");
    is_int(hints, 1, "and the log says what was forgotten");
    xmpp_ctx_free(testbed.ctx);
    fake_server_visit(testbed.peer); /* it still waits for somebody */
    testbed_peer_end(&testbed);
    is_clean("no loop", 0);
}

static void idle_connection(void)
{
    make();
    xmpp_ctx_free(testbed.ctx);
    ok(testbed.memory.held > 0, "a connection keeps its context");
    xmpp_ctx_free(testbed.ctx);
    is_str(xmpp_conn_get_jid(testbed.conn), "example.org", "and works");
    is_int(xmpp_conn_release(testbed.conn), 1, "it is released");
    is_clean("idle", 1);
}

static void live_connection(void)
{
    static const char *const script[] = {PEER_LOGIN, "eof", NULL};

    make();
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    xmpp_ctx_free(testbed.ctx);
    is_int(testbed.downs, 0, "nobody is told by that");
    is_int(xmpp_conn_release(testbed.conn), 1, "a live connection is released");
    is_int(testbed.downs, 1, "and told its end");
    testbed_peer_done(&testbed, "live");
    is_clean("live", 1);
}

static void two_connections(void)
{
    xmpp_conn_t *other;

    make();
    other = xmpp_conn_new(testbed.ctx);
    xmpp_conn_release(testbed.conn);
    xmpp_ctx_free(testbed.ctx);
    xmpp_conn_set_jid(other, "a@b");
    xmpp_conn_release(other);
    is_clean("two", 1);
}

static void smaller_things(void)
{
    xmpp_stanza_t *stanza, *child, *other;
    xmpp_sha1_t *sha1;

    make();
    stanza = xmpp_message_new(testbed.ctx, "chat", "a@b", NULL);
    xmpp_message_set_body(stanza, "hello");
    child = xmpp_stanza_clone(xmpp_stanza_get_children(stanza));
    other = xmpp_stanza_new_tag(testbed.ctx, "other", NULL);
    xmpp_stanza_add_child_ex(stanza, other, 0);
    sha1 = xmpp_sha1_new(testbed.ctx);
    xmpp_conn_release(testbed.conn);
    xmpp_ctx_free(testbed.ctx);
    xmpp_stanza_release(stanza);
    is_str(xmpp_stanza_get_text_ptr(xmpp_stanza_get_children(child)), "hello",
           "a stanza keeps its context");
    xmpp_stanza_release(child);
    ok(testbed.memory.held > 0, "so does a digest");
    xmpp_sha1_free(sha1);
    is_clean("stanzas", 1);
}

static void kept_session(void)
{
    static const char *const script[] = {PEER_LOGIN, "hangup", NULL};
    xmpp_sm_state_t *state;

    make();
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    state = xmpp_conn_get_sm_state(testbed.conn);
    ok(state != NULL, "a state");
    xmpp_conn_release(testbed.conn);
    xmpp_ctx_free(testbed.ctx);
    xmpp_free_sm_state(state);
    testbed_peer_done(&testbed, "session");
    is_clean("session", 1);
}

/* ---- while it runs ----------------------------------------------- */

static int on_time(xmpp_ctx_t *ctx, void *userdata)
{
    (void)userdata;
    xmpp_conn_release(testbed.conn);
    xmpp_ctx_free(ctx);
    return 1;
}

static void in_a_timer(void)
{
    make();
    xmpp_global_timed_handler_add(testbed.ctx, on_time, 1, NULL);
    xmpp_global_timed_handler_add(testbed.ctx, on_time, 100000, &testbed);
    xmpp_run(testbed.ctx);
    is_clean("freed by a timer", 0);
}

static void free_both(struct testbed *of, xmpp_conn_event_t event)
{
    if (event != XMPP_CONN_DISCONNECT)
        return;
    xmpp_conn_release(of->conn);
    xmpp_ctx_free(of->ctx);
}

static void free_backwards(struct testbed *of, xmpp_conn_event_t event)
{
    if (event != XMPP_CONN_CONNECT)
        return;
    xmpp_ctx_free(of->ctx);
    xmpp_conn_release(of->conn);
}

static void in_a_handler(void (*on_event)(struct testbed *, xmpp_conn_event_t),
                         const char *const *script, int want_lines,
                         const char *name)
{
    make();
    testbed.on_event = on_event;
    testbed_connect(&testbed, script);
    xmpp_run(testbed.ctx);
    is_int(testbed.downs, 1, "%s: the end was told", name);
    testbed_peer_done(&testbed, name);
    is_clean(name, want_lines);
}

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)userdata;
    xmpp_conn_release(conn);
    xmpp_ctx_free(testbed.ctx);
    ok(xmpp_stanza_get_name(stanza) != NULL, "a stanza in hand stays");
    return 1;
}

static void with_a_stanza(void)
{
    static const char *const script[] = {PEER_LOGIN, "S <message/>", "eof",
                                         NULL};

    make();
    xmpp_handler_add(testbed.conn, on_stanza, NULL, "message", NULL, NULL);
    testbed_connect(&testbed, script);
    xmpp_run(testbed.ctx);
    testbed_peer_done(&testbed, "in hand");
    is_clean("in hand", 0);
}

int main(void)
{
    no_loop();
    static const char *const ends[] = {PEER_LOGIN, "hangup", NULL};
    static const char *const waits[] = {PEER_LOGIN, "eof", NULL};

    idle_connection();
    live_connection();
    two_connections();
    smaller_things();
    kept_session();
    in_a_timer();
    in_a_handler(free_both, ends, 0, "both, at the end");
    in_a_handler(free_backwards, waits, 1, "both, in the wrong order");
    with_a_stanza();
    return done_testing();
}
