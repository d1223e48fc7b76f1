/* order.c - a context that is freed before what lives in it, or while it runs:
 * it goes with the last of them, and says that the order was wrong. */

#define XMPP_NO_DEPRECATED
#include <strophe.h>

#include "conn/bed.h"

static struct bed bed;
static int lines;

static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    (void)userdata;
    (void)area;
    lines += level >= XMPP_LEVEL_WARN && strstr(line, "freed before") != NULL;
}

static void make(void)
{
    static const xmpp_log_t log = {on_line, NULL};

    lines = 0;
    bed_make_log(&bed, &log);
}

/* All of it is gone now. */
static void is_clean(const char *name, int want_lines)
{
    is_int(bed.memory.held, 0, "%s: no memory is left", name);
    is_int(lines, want_lines, "%s: the log", name);
}

static void idle_connection(void)
{
    make();
    xmpp_ctx_free(bed.ctx);
    ok(bed.memory.held > 0, "a connection keeps its context");
    xmpp_ctx_free(bed.ctx);
    is_str(xmpp_conn_get_jid(bed.conn), "example.org", "and works");
    is_int(xmpp_conn_release(bed.conn), 1, "it is released");
    is_clean("idle", 1);
}

static void live_connection(void)
{
    static const char *const script[] = {PEER_LOGIN, "eof", NULL};

    make();
    bed_connect(&bed, script);
    bed_until(&bed, &bed.ups, 1, "up");
    xmpp_ctx_free(bed.ctx);
    is_int(bed.downs, 0, "nobody is told by that");
    is_int(xmpp_conn_release(bed.conn), 1, "a live connection is released");
    is_int(bed.downs, 1, "and told its end");
    bed_peer_done(&bed, "live");
    is_clean("live", 1);
}

static void two_connections(void)
{
    xmpp_conn_t *other;

    make();
    other = xmpp_conn_new(bed.ctx);
    xmpp_conn_release(bed.conn);
    xmpp_ctx_free(bed.ctx);
    xmpp_conn_set_jid(other, "a@b");
    xmpp_conn_release(other);
    is_clean("two", 1);
}

static void smaller_things(void)
{
    xmpp_stanza_t *stanza, *child, *other;
    xmpp_sha1_t *sha1;

    make();
    stanza = xmpp_message_new(bed.ctx, "chat", "a@b", NULL);
    xmpp_message_set_body(stanza, "hello");
    child = xmpp_stanza_clone(xmpp_stanza_get_children(stanza));
    other = xmpp_stanza_new_tag(bed.ctx, "other", NULL);
    xmpp_stanza_add_child_ex(stanza, other, 0);
    sha1 = xmpp_sha1_new(bed.ctx);
    xmpp_conn_release(bed.conn);
    xmpp_ctx_free(bed.ctx);
    xmpp_stanza_release(stanza);
    is_str(xmpp_stanza_get_text_ptr(xmpp_stanza_get_children(child)), "hello",
           "a stanza keeps its context");
    xmpp_stanza_release(child);
    ok(bed.memory.held > 0, "so does a digest");
    xmpp_sha1_free(sha1);
    is_clean("stanzas", 1);
}

static void kept_session(void)
{
    static const char *const script[] = {PEER_LOGIN, "hangup", NULL};
    xmpp_sm_state_t *state;

    make();
    bed_connect(&bed, script);
    bed_until(&bed, &bed.downs, 1, "down");
    state = xmpp_conn_get_sm_state(bed.conn);
    ok(state != NULL, "a state");
    xmpp_conn_release(bed.conn);
    xmpp_ctx_free(bed.ctx);
    xmpp_free_sm_state(state);
    bed_peer_done(&bed, "session");
    is_clean("session", 1);
}

/* ---- while it runs ----------------------------------------------- */

static int on_time(xmpp_ctx_t *ctx, void *userdata)
{
    (void)userdata;
    xmpp_conn_release(bed.conn);
    xmpp_ctx_free(ctx);
    return 1;
}

static void in_a_timer(void)
{
    make();
    xmpp_global_timed_handler_add(bed.ctx, on_time, 1, NULL);
    xmpp_global_timed_handler_add(bed.ctx, on_time, 100000, &bed);
    xmpp_run(bed.ctx);
    is_clean("freed by a timer", 0);
}

static void free_both(struct bed *of, xmpp_conn_event_t event)
{
    if (event != XMPP_CONN_DISCONNECT)
        return;
    xmpp_conn_release(of->conn);
    xmpp_ctx_free(of->ctx);
}

static void free_backwards(struct bed *of, xmpp_conn_event_t event)
{
    if (event != XMPP_CONN_CONNECT)
        return;
    xmpp_ctx_free(of->ctx);
    xmpp_conn_release(of->conn);
}

static void in_a_handler(void (*on_event)(struct bed *, xmpp_conn_event_t),
                         const char *const *script, int want_lines,
                         const char *name)
{
    make();
    bed.on_event = on_event;
    bed_connect(&bed, script);
    xmpp_run(bed.ctx);
    is_int(bed.downs, 1, "%s: the end was told", name);
    bed_peer_done(&bed, name);
    is_clean(name, want_lines);
}

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)userdata;
    xmpp_conn_release(conn);
    xmpp_ctx_free(bed.ctx);
    ok(xmpp_stanza_get_name(stanza) != NULL, "a stanza in hand stays");
    return 1;
}

static void with_a_stanza(void)
{
    static const char *const script[] = {PEER_LOGIN, "S <message/>", "eof",
                                         NULL};

    make();
    xmpp_handler_add(bed.conn, on_stanza, NULL, "message", NULL, NULL);
    bed_connect(&bed, script);
    xmpp_run(bed.ctx);
    bed_peer_done(&bed, "in hand");
    is_clean("in hand", 0);
}

int main(void)
{
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
