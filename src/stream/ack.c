/* ack.c - stream management while a session lasts (XEP-0198). */

#include "stream/ack.h"

#include <stdio.h>

#include <xmpp/build.h>
#include <xmpp/ns.h>

#include "stanza/build.h"
#include "stanza/find.h"
#include "stream/engine.h"
#include "stream/keepalive.h"
#include "stream/log.h"

#define ID_MOST 4000 /* XEP-0198 section 5 */
#define LOCATION_MOST 1024
#define REQUEST "<r xmlns=\"" XMPP_NS_SM "\"/>"
#define REQUEST_EVERY 65536 /* bytes */

/* ---- elements ---------------------------------------------------- */

bool ack_is(const xmpp_stanza_t *node, const char *name)
{
    return node_is(node, NAME_NONE, NS_SM) && str_is(node_name(node), name);
}

/* Only stanzas are counted (section 4). An iq of another namespace is not a
 * stanza of this stream, so it is not counted either. */
bool ack_counts(const struct stream *s, const xmpp_stanza_t *node)
{
    bool is_component = s->wanted->kind == STREAM_COMPONENT;
    unsigned short name = node->name;

    return (name == N_MESSAGE || name == N_PRESENCE || name == N_IQ) &&
           (node_is(node, NAME_NONE, NS_CLIENT) || !node_ns(node).s ||
            (is_component && node_is(node, NAME_NONE, NS_COMPONENT)));
}

/* A count on the wire: a decimal number of 32 bits. */
static bool read_count(const xmpp_stanza_t *node, const char *name,
                       uint32_t *ret)
{
    unsigned long value;

    if (!str_number(node_attr_named(node, str_of(name)), 4294967295UL, &value))
        return false;
    *ret = (uint32_t)value;
    return true;
}

void ack_set_count(xmpp_stanza_t *node, const char *name, uint32_t count)
{
    char text[16];

    snprintf(text, sizeof(text), "%lu", (unsigned long)count);
    xmpp_stanza_set_attribute(node, name, text);
}

/* ---- requests ---------------------------------------------------- */

void ack_request(struct stream *s)
{
    buf_puts(engine_out(s), str_of(REQUEST));
    log_text(s->env, "SENT", str_of(REQUEST));
    keepalive_requested(s, KEEPALIVE_ACK);
    if (engine_out(s)->failed)
        engine_fail(s, XMPP_EMEM, NULL);
}

/* The request stands right behind the stanza that needs it. While one is
 * unanswered no other is sent: its answer makes the next one (take_ack). What
 * is held back behind a suspect is asked about by suspect_sent(). */
void ack_request_due(struct stream *s)
{
    bool may = s->sm_on && s->phase <= PHASE_UP; /* nothing behind our end */
    bool waits =
        may && outbox_count(s->out) > s->out->done && !outbox_holds(s->out);

    if (waits && s->keepalive.waits != KEEPALIVE_ACK)
        ack_request(s);
}

/* A request at the end of a long queue would be answered when all of it is
 * through; so there is one now and then between two stanzas. It goes to
 * `front`, which leaves before the outbox goes on. */
void ack_request_between(struct stream *s, size_t n)
{
    s->unasked += n;
    if (s->unasked < REQUEST_EVERY || !s->sm_on || !outbox_at_item(s->out))
        return;
    s->unasked = 0;
    buf_puts(&s->front, str_of(REQUEST));
    if (s->front.failed) {
        buf_cut(&s->front, buf_size(&s->front)); /* another comes behind */
        return;
    }
    log_text(s->env, "SENT", str_of(REQUEST));
    keepalive_requested(s, KEEPALIVE_ACK);
}

/* It may be sent at any time, and has to be when the peer requests it. */
void ack_answer(struct stream *s)
{
    char text[80];

    snprintf(text, sizeof(text), "<a xmlns=\"%s\" h=\"%lu\"/>", XMPP_NS_SM,
             (unsigned long)sm_handled(s->sm));
    buf_puts(engine_out(s), str_of(text));
    log_text(s->env, "SENT", str_of(text));
    if (engine_out(s)->failed)
        engine_fail(s, XMPP_EMEM, NULL);
}

/* ---- counts ------------------------------------------------------ */

/* The session is forgotten: the next attempt would only meet the same. */
static int refuse_count(struct stream *s, int code, const char *detail)
{
    sm_forget(s->sm);
    return fault_set(s->fault, XMPP_LAYER_STREAM, code, "%s", detail);
}

int ack_malformed(struct stream *s, const char *detail,
                  xmpp_stanza_t **ret_error)
{
    *ret_error = xmpp_error_new(env_ctx(s->env), XMPP_SE_BAD_FORMAT, NULL);
    return refuse_count(s, XMPP_EPROTO, detail);
}

/* XEP-0198 section 6. A count that goes back is too high as well, because
 * counts are modulo 2^32. */
static int too_high(struct stream *s, uint32_t h, xmpp_stanza_t **ret_error)
{
    xmpp_stanza_t *error =
        xmpp_error_new(env_ctx(s->env), XMPP_SE_UNDEFINED_CONDITION, NULL);
    xmpp_stanza_t *node =
        xmpp_stanza_add_tag(error, "handled-count-too-high", XMPP_NS_SM);
    char detail[128];

    ack_set_count(node, "h", h);
    ack_set_count(node, "send-count", sm_sent(s->sm));
    snprintf(detail, sizeof(detail),
             "the server acknowledged %lu stanzas, but only %lu were sent "
             "(handled-count-too-high)",
             (unsigned long)h, (unsigned long)sm_sent(s->sm));
    *ret_error = error;
    return refuse_count(s, XMPP_EACK, detail);
}

int ack_read(struct stream *s, const xmpp_stanza_t *node,
             xmpp_stanza_t **ret_error)
{
    uint32_t h;

    if (!read_count(node, "h", &h))
        return ack_malformed(s, "the server acknowledged without a count",
                             ret_error);
    return sm_acknowledge(s->sm, h) ? 0 : too_high(s, h, ret_error);
}

/* ---- answers to <enable/> ---------------------------------------- */

static bool is_true(struct str value)
{
    return str_is(value, "true") || str_is(value, "1");
}

/* A session without `resume` or an id is managed but cannot be resumed (section
 * 5). A location that is too long is not kept; the server is then looked up as
 * usual. */
static int promise(struct stream *s, const xmpp_stanza_t *node)
{
    struct str id = node_attr_named(node, STR("id"));
    struct str location = node_attr_named(node, STR("location"));
    uint32_t max = 0;

    if (!is_true(node_attr_named(node, STR("resume"))) || !id.n ||
        id.n > ID_MOST)
        return sm_promise(s->sm, STR_NONE, STR_NONE, 0);
    read_count(node, "max", &max);
    if (location.n > LOCATION_MOST)
        location = STR_NONE;
    return sm_promise(s->sm, id, location, max);
}

/* Both sides count from here on, from zero (section 4). After <failed/> the
 * stream goes on as if nothing had been requested, and what was sent is done.
 */
int ack_enabled(struct stream *s, const xmpp_stanza_t *node)
{
    s->enabling = NULL;
    s->holds = false;
    s->step_deadline = TIME_NEVER;
    if (ack_is(node, "failed")) {
        env_log(s->env, XMPP_LEVEL_WARN, "xmpp",
                "the server refused stream management");
        outbox_keep_nothing(&s->sm->out);
        return 0;
    }
    if (promise(s, node))
        return XMPP_EMEM;
    s->sm_on = true;
    return 0;
}

/* ---- up ---------------------------------------------------------- */

static void send_stream_error(struct stream *s, xmpp_stanza_t *error)
{
    engine_send(s, error);
    engine_give_up(s);
}

/* While more is unacknowledged, request again; but an answer that brought
 * nothing must not make the next request. */
static void take_ack(struct stream *s, const xmpp_stanza_t *node)
{
    uint32_t before = s->sm->acked;
    xmpp_stanza_t *error;
    bool more;

    if (ack_read(s, node, &error)) {
        send_stream_error(s, error);
        return;
    }
    more = s->sm->acked != before;
    if (more)
        s->moved = s->now;
    keepalive_acknowledged(s, more);
    if (more && s->phase == PHASE_UP)
        ack_request_due(s);
}

static void take_late_enabled(struct stream *s, const xmpp_stanza_t *node)
{
    if (ack_enabled(s, node))
        engine_fail(s, XMPP_EMEM, NULL);
    else
        ack_request_due(s);
}

/* A server that enables or resumes twice does not count from where we do, so
 * its next acknowledgement would mean nothing. */
static void refuse_late(struct stream *s)
{
    xmpp_stanza_t *error;

    ack_malformed(
        s, "the server sent an element of stream management at the wrong time",
        &error);
    send_stream_error(s, error);
}

/* Before <enabled/> nothing counts, so an <a/> or <r/> then is only strange. */
void ack_receive(struct stream *s, const xmpp_stanza_t *node)
{
    bool answers = ack_is(node, "enabled") || ack_is(node, "failed");

    if (s->enabling && answers)
        take_late_enabled(s, node);
    else if (!s->sm_on)
        env_log(s->env, XMPP_LEVEL_DEBUG, "xmpp",
                "ignored: stream management is not in use");
    else if (ack_is(node, "a"))
        take_ack(s, node);
    else if (answers || ack_is(node, "resumed"))
        refuse_late(s);
    else if (ack_is(node, "r") && (s->phase == PHASE_UP || s->end_waits))
        ack_answer(s);
}
