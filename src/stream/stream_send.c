/* stream_send.c - what the application sends over a stream, to its end. */

#include <xmpp/ns.h>

#include "stanza/build.h"
#include "stanza/find.h"
#include "stanza/scan.h"
#include "stanza/writer.h"
#include "stream/ack.h"
#include "stream/announced.h"
#include "stream/closing.h"
#include "stream/engine.h"
#include "stream/framing.h"
#include "stream/log.h"
#include "stream/stream.h"

size_t stream_most_bytes(const struct stream *s)
{
    return s->announced.bytes;
}

bool stream_may_send(const struct stream *s)
{
    return s->phase == PHASE_UP || s->phase == PHASE_RAW;
}

bool stream_queue_rests(const struct stream *s)
{
    return !s->flows || (s->holds && s->phase < PHASE_UP);
}

/* Are we available? Directed presence (RFC 6121 section 4.6) says nothing of
 * that. */
static void watch_presence(struct stream *s, const xmpp_stanza_t *stanza)
{
    struct str type = node_attr(stanza, N_TYPE);

    if (stanza->name != N_PRESENCE || node_attr(stanza, N_TO).s)
        return;
    if (!type.s)
        s->available = true;
    else if (str_is(type, "unavailable"))
        s->available = false;
    if (s->sm)
        s->sm->available = s->available;
}

/* Both are limits of what a peer that does not read can make us hold. */
static bool is_outbox_full(const struct outbox *out, const int32_t *options)
{
    return outbox_size(out) > (size_t)options[XMPP_OPT_MAX_OUTBOX] ||
           outbox_count(out) >= (size_t)options[XMPP_OPT_MAX_UNACKED];
}

/* What was appended since `before` becomes an item, or is undone. */
static int seal_item(struct outbox *out, xmpp_sm_state_t *sm, size_t before,
                     int rc, const struct item *note)
{
    if (rc == 0 && out->bytes.failed)
        rc = XMPP_EMEM;
    if (rc == 0)
        rc = outbox_mark(out, before, note);
    if (rc)
        buf_cut(&out->bytes, before);
    else if (sm)
        sm->changes++;
    return rc;
}

static int send_item(struct stream *s, xmpp_stanza_t *stanza,
                     const struct item *note, bool has_limit)
{
    size_t before = outbox_size(s->out);
    int rc;

    /* Its size is known once it is written; seal_item() undoes what was too
     * much. */
    rc = writer_write(&s->out->bytes, stanza, s->framing->content(s));
    if (rc == 0 && has_limit && is_outbox_full(s->out, s->wanted->options))
        rc = XMPP_EFULL;
    if (rc == 0)
        rc = announced_check(s, outbox_size(s->out) - before);
    rc = seal_item(s->out, s->sm, before, rc, note);
    if (rc == 0) {
        watch_presence(s, stanza);
        log_node(s->env, "SENT", stanza);
    }
    return rc;
}

/* In raw mode nobody knows what the bytes between two stanzas are, so outcomes
 * could only be guessed. */
int stream_send(struct stream *s, xmpp_stanza_t *stanza,
                const struct tracking *tracking)
{
    const struct item note = {
        .counts = ack_counts(s, stanza),
        .handler = tracking->handler,
        .userdata = tracking->userdata,
        .deadline = tracking->deadline,
    };
    bool is_tracked = tracking->handler || tracking->deadline;
    int rc;

    if (!stream_may_send(s))
        return XMPP_ENOTCONN;
    if (is_tracked && s->wanted->kind == STREAM_RAW)
        return env_refuse(s->env, XMPP_EINVOP,
                          "stanzas of a raw connection cannot be tracked");
    if (is_tracked && !note.counts)
        return env_refuse(s->env, XMPP_EARG,
                          "only a message, presence or iq can be tracked");
    rc = send_item(s, stanza, &note, true);
    if (rc == 0)
        ack_request_due(s);
    return rc;
}

int stream_send_all(struct stream *s, xmpp_stanza_t *stanza)
{
    const struct item note = {.counts = ack_counts(s, stanza)};
    int rc;

    if (!stream_may_send(s))
        return XMPP_ENOTCONN;
    rc = send_item(s, stanza, &note, false);
    if (rc == 0)
        ack_request_due(s);
    return rc;
}

int stream_send_written(struct stream *s,
                        void (*write)(struct buf *out, const void *at),
                        const void *at)
{
    const struct item note = {.counts = true};
    size_t before = outbox_size(s->out), n;
    int rc;

    if (!stream_may_send(s))
        return XMPP_ENOTCONN;
    write(&s->out->bytes, at);
    n = outbox_size(s->out) - before;
    rc = seal_item(s->out, s->sm, before, announced_check(s, n), &note);
    if (rc == 0) {
        log_text(s->env, "SENT", str_n(buf_view(&s->out->bytes).s + before, n));
        ack_request_due(s);
    }
    return rc;
}

/* Nothing but memory and the limits of the queue can be in the way. */
int stream_send_later(xmpp_sm_state_t *sm, const int32_t *options,
                      xmpp_stanza_t *stanza, const struct tracking *tracking)
{
    const struct item note = {.counts = true,
                              .handler = tracking->handler,
                              .userdata = tracking->userdata,
                              .deadline = tracking->deadline};
    size_t before = outbox_size(&sm->out);
    int rc = writer_write(&sm->out.bytes, stanza, name_text(NS_CLIENT));

    if (rc == 0 && is_outbox_full(&sm->out, options))
        rc = XMPP_EFULL;
    rc = seal_item(&sm->out, sm, before, rc, &note);
    if (rc == 0)
        log_node(sm->env, "QUEUED", stanza);
    return rc;
}

/* Each element is an item of its own, because each may have to be sent again
 * and may count. All of them are queued, or none. */
static int send_elements(struct stream *s, struct str bytes)
{
    size_t items = outbox_count(s->out), size = outbox_size(s->out);
    int rc = 0;

    for (struct str rest = bytes; rest.n && rc == 0;) {
        struct item note = {0};
        size_t n = scan_element(rest, &note.counts);
        size_t before = outbox_size(s->out);

        buf_put(&s->out->bytes, rest.s, n);
        rc = seal_item(s->out, s->sm, before, announced_check(s, n), &note);
        rest = str_n(rest.s + n, rest.n - n);
    }
    if (rc == 0) {
        log_raw(s->env, bytes);
        ack_request_due(s);
    } else {
        buf_cut(&s->out->bytes, size);
        buf_cut(&s->out->items, items * sizeof(struct item));
    }
    return rc;
}

int stream_send_raw(struct stream *s, struct str bytes)
{
    size_t before = outbox_size(s->out);
    const struct item note = {0};
    int rc;

    /* A raw stream is written to before it is open: the application may send
     * its own header. */
    if (!stream_may_send(s) &&
        (s->wanted->kind != STREAM_RAW || s->phase >= PHASE_CLOSING))
        return XMPP_ENOTCONN;
    if (!bytes.n)
        return 0;
    if (s->wanted->kind != STREAM_RAW)
        return send_elements(s, bytes);
    buf_puts(&s->out->bytes, bytes);
    rc = seal_item(s->out, s->sm, before, 0, &note);
    if (rc == 0)
        log_raw(s->env, bytes);
    return rc;
}

int stream_queue_length(const struct stream *s)
{
    return outbox_length(s->out);
}

/* While TLS is awaited, `tls_mark` counts bytes of the queue, so none may go.
 */
char *stream_queue_drop(struct stream *s, bool oldest)
{
    return s->phase == PHASE_TLS ? NULL : outbox_drop(s->out, oldest);
}

/* ---- the end ----------------------------------------------------- */

/* The end of a session: a goodbye, how much we handled, and a request whose
 * answer shows that the server read all before it. The goodbye is `passing`:
 * our presence is worth nothing to a later session. */
static void send_goodbye(struct stream *s)
{
    const struct item note = {.counts = true, .passing = true};
    xmpp_stanza_t *node;

    if (s->available) {
        node = build_root(s->env, N_PRESENCE, NAME_NONE);
        if (node)
            node_set(node, N_TYPE, STR("unavailable"));
        if (xmpp_stanza_get_status(node) || send_item(s, node, &note, false))
            engine_fail(s, XMPP_EMEM, NULL);
        else if (s->sm)
            s->sm->left = true;
        xmpp_stanza_release(node);
    }
    if (s->sm)
        sm_take_back(s->sm);
    if (s->sm_on && s->phase == PHASE_UP)
        ack_answer(s);
    if (s->sm_on && s->phase == PHASE_UP)
        ack_request(s);
    if (outbox_holds(s->out)) /* and behind what waits */
        buf_puts(&s->out->bytes, STR("<r xmlns=\"" XMPP_NS_SM "\"/>"));
}

/* The peer's end is only worth waiting for where there is a session. */
void stream_close(struct stream *s, uint64_t now)
{
    enum phase phase = s->phase;

    s->now = now;
    if (phase == PHASE_DOWN || phase == PHASE_CLOSING)
        return;
    s->holds = false; /* what the application sent goes before the end */
    if (!stream_may_send(s)) {
        engine_give_up(s);
        return;
    }
    if (phase == PHASE_UP)
        send_goodbye(s);
    if (s->phase == PHASE_DOWN)
        return;
    engine_to(s, PHASE_CLOSING);
    s->moved = now;
    /* A server that saw our end forgets how much it took: were its answer lost,
     * all that it did not acknowledge would be sent twice. */
    s->end_waits = s->sm_on && s->sm->id && outbox_owed(s->out);
    if (!s->end_waits)
        closing_end(s);
}
