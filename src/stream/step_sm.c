/* step_sm.c - stream management over a stream (XEP-0198): what to say, and
 * what the answers mean. */

#include "stream/step_sm.h"

#include <stdio.h>

#include <xmpp/ns.h>

#include "stanza/build.h"
#include "stanza/conditions.h"
#include "stanza/find.h"
#include "stream/keepalive.h"

#define ID_MOST 4000 /* XEP-0198 section 3 */
#define LOCATION_MOST 1024
#define REQUEST "<r xmlns=\"" XMPP_NS_SM "\"/>"
#define REQUEST_EVERY 65536 /* bytes */

/* ---- words ------------------------------------------------------- */

bool step_sm_is(const xmpp_stanza_t *node, const char *name)
{
    return node_is(node, NAME_NONE, NS_SM) && str_is(node_name(node), name);
}

bool step_sm_counts(const struct stream *s, const xmpp_stanza_t *node)
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

static void set_count(xmpp_stanza_t *node, const char *name, uint32_t count)
{
    char text[16];

    snprintf(text, sizeof(text), "%lu", (unsigned long)count);
    xmpp_stanza_set_attribute(node, name, text);
}

static xmpp_stanza_t *element(struct stream *s, xmpp_stanza_t *parent,
                              const char *name)
{
    if (parent)
        return xmpp_stanza_add_tag(parent, name, XMPP_NS_SM);
    return xmpp_stanza_new_tag(env_ctx(s->env), name, XMPP_NS_SM);
}

/* ---- what to say ------------------------------------------------- */

bool step_sm_may_resume(const struct stream *s)
{
    return step_sm_may_enable(s) && s->sm->id &&
           !(s->wanted->avoid & PATH_RESUME);
}

bool step_sm_may_enable(const struct stream *s)
{
    return s->sm_offered && s->sm && !s->wanted->no_sm;
}

xmpp_stanza_t *step_sm_resume(struct stream *s, xmpp_stanza_t *parent)
{
    xmpp_stanza_t *node = element(s, parent, "resume");

    set_count(node, "h", s->sm->handled);
    xmpp_stanza_set_attribute(node, "previd", s->sm->id);
    return node;
}

xmpp_stanza_t *step_sm_enable(struct stream *s, xmpp_stanza_t *parent)
{
    xmpp_stanza_t *node = element(s, parent, "enable");

    xmpp_stanza_set_attribute(node, "resume", "true");
    return node;
}

void step_sm_enabling(struct stream *s)
{
    s->enabling = s->holds = true;
    step_sm_leave(s);
    engine_flow(s, true);
}

/* ---- what is wrong ----------------------------------------------- */

/* The next attempt would only meet the same. */
static void fail(struct stream *s, int code, xmpp_stanza_t *error,
                 const char *detail)
{
    sm_forget(s->sm);
    engine_fail_saying(s, code, error, detail);
}

static void fail_malformed(struct stream *s, const char *detail)
{
    fail(s, XMPP_EPROTO,
         xmpp_error_new(env_ctx(s->env), XMPP_SE_BAD_FORMAT, NULL), detail);
}

/* XEP-0198 section 6. */
static void fail_too_high(struct stream *s, uint32_t h)
{
    xmpp_stanza_t *error =
        xmpp_error_new(env_ctx(s->env), XMPP_SE_UNDEFINED_CONDITION, NULL);
    xmpp_stanza_t *node =
        xmpp_stanza_add_tag(error, "handled-count-too-high", XMPP_NS_SM);
    char detail[128];

    set_count(node, "h", h);
    set_count(node, "send-count", sm_sent(s->sm));
    snprintf(detail, sizeof(detail),
             "handled-count-too-high: it counts %lu stanzas, %lu were sent",
             (unsigned long)h, (unsigned long)sm_sent(s->sm));
    fail(s, XMPP_EACK, error, detail);
}

/* The count of an element that has to have one; false if it failed. */
static bool acknowledge(struct stream *s, const xmpp_stanza_t *node)
{
    uint32_t h;

    if (!read_count(node, "h", &h)) {
        fail_malformed(s, "an acknowledgement without a count");
        return false;
    }
    if (sm_acknowledge(s->sm, h))
        return true;
    fail_too_high(s, h);
    return false;
}

/* ---- answers to <resume/> ---------------------------------------- */

/* The address of a session that was saved without one is the account's, as
 * far as we know it. */
static int keep_jid(struct stream *s)
{
    const struct wanted *w = s->wanted;
    struct buf jid;

    buf_init(&jid, s->env, 65536);
    if (s->sm->jid) {
        buf_puts(&jid, str_of(s->sm->jid));
    } else {
        if (w->local.s) {
            buf_puts(&jid, w->local);
            buf_putc(&jid, '@');
        }
        buf_puts(&jid, w->domain);
        if (w->resource.s) {
            buf_putc(&jid, '/');
            buf_puts(&jid, w->resource);
        }
    }
    env_free(s->env, s->jid);
    s->jid = buf_take(&jid);
    s->agreed.jid = str_of(s->jid);
    return s->jid ? 0 : XMPP_EMEM;
}

void step_sm_resumed(struct stream *s, const xmpp_stanza_t *node)
{
    struct str previd = node_attr_named(node, STR("previd"));

    if (!str_eq(previd, str_of(s->sm->id))) {
        fail_malformed(s, "it resumed another session");
        return;
    }
    if (!acknowledge(s, node))
        return;
    if (keep_jid(s)) {
        engine_fail(s, XMPP_EMEM, NULL);
        return;
    }
    sm_resume(s->sm);
    s->flows = s->sm_on = s->agreed.resumed = true;
    s->available = s->sm->available;
    s->agreed.left = s->sm->left;
    s->sm->left = false;
    engine_up(s);
    step_sm_request_due(s);
}

static void warn_unreported(struct stream *s, size_t n)
{
    if (n)
        env_log(s->env, XMPP_LEVEL_WARN, "xmpp",
                "%zu stanzas of an earlier session may be lost", n);
}

void step_sm_leave(struct stream *s)
{
    if (!s->sm || !s->sm->id)
        return;
    if (!s->wanted->options[XMPP_OPT_SM_RESEND])
        warn_unreported(s, sm_give_back(s->sm));
    sm_forget(s->sm);
}

void step_sm_refused(struct stream *s, xmpp_stanza_t *node)
{
    struct str condition, text;

    condition_read(node, NS_STANZA_ERRORS, &condition, &text);
    env_log(s->env, XMPP_LEVEL_INFO, "xmpp",
            "the session cannot be resumed: %.*s",
            STR_ARG(condition.s ? condition : STR("no reason")));
    if (node_attr_named(node, STR("h")).s && !acknowledge(s, node))
        return;
    s->agreed.paths &= ~(unsigned)PATH_RESUME;
    step_sm_leave(s);
}

/* ---- answers to <enable/> ---------------------------------------- */

static bool is_true(struct str value)
{
    return str_is(value, "true") || str_is(value, "1");
}

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

void step_sm_enabled(struct stream *s, const xmpp_stanza_t *node)
{
    s->enabling = s->holds = false;
    s->step_deadline = TIME_NEVER;
    if (step_sm_is(node, "failed")) {
        env_log(s->env, XMPP_LEVEL_WARN, "xmpp",
                "the server refused stream management");
        outbox_keep_nothing(&s->sm->out);
    } else if (promise(s, node)) {
        engine_fail(s, XMPP_EMEM, NULL);
    } else {
        s->sm_on = true;
        s->sm->handled = 0;
        step_sm_request_due(s);
    }
}

/* ---- steps ------------------------------------------------------- */

void step_resume_begin(struct stream *s)
{
    engine_to(s, STEP_RESUME);
    s->agreed.paths |= PATH_RESUME;
    engine_send(s, step_sm_resume(s, NULL));
}

/* What an earlier session left follows the answer, and counts. If it went at
 * once and the connection broke before the answer came, there would be neither
 * a session to resume nor a count, and all of it would be said again. */
void step_enable_begin(struct stream *s)
{
    if (!step_sm_may_enable(s)) {
        step_sm_leave(s);
        engine_up(s);
        return;
    }
    s->agreed.paths |= PATH_SM;
    engine_send(s, step_sm_enable(s, NULL));
    if (s->step == STEP_ENABLE)
        step_sm_enabling(s);
}

void step_enable_receive(struct stream *s, xmpp_stanza_t *node)
{
    if (!step_sm_is(node, "enabled") && !step_sm_is(node, "failed")) {
        engine_fail_unexpected(s, node);
        return;
    }
    step_sm_enabled(s, node);
    if (s->step == STEP_ENABLE)
        engine_up(s);
}

/* ---- up ---------------------------------------------------------- */

void step_sm_request(struct stream *s)
{
    buf_puts(engine_out(s), str_of(REQUEST));
    engine_log_text(s, "SENT", str_of(REQUEST));
    keepalive_requested(s, KEEPALIVE_ACK);
    if (engine_out(s)->failed)
        engine_fail(s, XMPP_EMEM, NULL);
}

void step_sm_request_due(struct stream *s)
{
    bool may = s->sm_on && s->step <= STEP_UP; /* nothing behind our end */
    bool waits =
        may && outbox_count(s->out) > s->out->done && !outbox_holds(s->out);

    if (waits && s->keepalive.waits != KEEPALIVE_ACK)
        step_sm_request(s);
}

/* A question at the end of a long queue would be answered when all of it is
 * through; so there is one now and then between two stanzas. */
void step_sm_request_between(struct stream *s, size_t n)
{
    s->unrequested += n;
    if (s->unrequested < REQUEST_EVERY || !s->sm_on || !outbox_at_item(s->out))
        return;
    s->unrequested = 0;
    buf_puts(&s->front, str_of(REQUEST));
    if (s->front.failed) {
        buf_cut(&s->front, buf_size(&s->front)); /* another comes behind */
        return;
    }
    engine_log_text(s, "SENT", str_of(REQUEST));
    keepalive_requested(s, KEEPALIVE_ACK);
}

void step_sm_answer(struct stream *s)
{
    char text[80];

    snprintf(text, sizeof(text), "<a xmlns=\"%s\" h=\"%lu\"/>", XMPP_NS_SM,
             (unsigned long)sm_handled(s->sm));
    buf_puts(engine_out(s), str_of(text));
    engine_log_text(s, "SENT", str_of(text));
    if (engine_out(s)->failed)
        engine_fail(s, XMPP_EMEM, NULL);
}

/* While more is unacknowledged, ask again; but an answer that brought nothing
 * must not make the next question. */
static void take_ack(struct stream *s, const xmpp_stanza_t *node)
{
    uint32_t before = s->sm->acked;
    bool more;

    if (!acknowledge(s, node))
        return;
    more = s->sm->acked != before;
    if (more)
        s->moved = s->now;
    keepalive_acknowledged(s, more);
    if (more && s->step == STEP_UP)
        step_sm_request_due(s);
    if (s->end_waits && !outbox_owed(s->out))
        engine_end(s);
}

void step_sm_receive(struct stream *s, const xmpp_stanza_t *node)
{
    bool answers = step_sm_is(node, "enabled") || step_sm_is(node, "failed");

    if (s->enabling && answers)
        step_sm_enabled(s, node);
    else if (!s->sm_on)
        env_log(s->env, XMPP_LEVEL_DEBUG, "xmpp",
                "not asked for, and without effect");
    else if (step_sm_is(node, "a"))
        take_ack(s, node);
    else if (answers || step_sm_is(node, "resumed"))
        fail_malformed(s, "stream management at the wrong time");
    else if (step_sm_is(node, "r") && (s->step == STEP_UP || s->end_waits))
        step_sm_answer(s);
}
