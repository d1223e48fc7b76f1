/* step_sm.c - how a session of stream management begins: resuming and enabling,
 * as steps (XEP-0198 sections 3 and 5). */

#include "stream/step_sm.h"

#include <xmpp/ns.h>

#include "stanza/build.h"
#include "stanza/conditions.h"
#include "stanza/find.h"
#include "stream/ack.h"
#include "stream/engine.h"
#include "stream/steps.h"

#define JID_MOST 65536

/* ---- requests ------------------------------------------------- */

static xmpp_stanza_t *new_element(struct stream *s, xmpp_stanza_t *parent,
                                  const char *name)
{
    if (parent)
        return xmpp_stanza_add_tag(parent, name, XMPP_NS_SM);
    return xmpp_stanza_new_tag(env_ctx(s->env), name, XMPP_NS_SM);
}

bool step_sm_is_wanted(const struct stream *s)
{
    return s->sm && !s->wanted->no_sm;
}

bool step_sm_has_session(const struct stream *s)
{
    return step_sm_is_wanted(s) && s->sm->id &&
           !(s->wanted->avoid & PATH_RESUME);
}

xmpp_stanza_t *step_sm_put_resume(struct stream *s, xmpp_stanza_t *parent)
{
    xmpp_stanza_t *node = new_element(s, parent, "resume");

    ack_set_count(node, "h", s->sm->handled);
    xmpp_stanza_set_attribute(node, "previd", s->sm->id);
    return node;
}

xmpp_stanza_t *step_sm_put_enable(struct stream *s, xmpp_stanza_t *parent)
{
    xmpp_stanza_t *node = new_element(s, parent, "enable");

    /* Without it the server gives no id to resume by (XEP-0198 section 5). */
    xmpp_stanza_set_attribute(node, "resume", "true");
    return node;
}

static bool is_sm_offered(const struct stream *s)
{
    return node_child(s->login->features, NAME_NONE, NS_SM) != NULL;
}

bool step_sm_may_hurry(const struct stream *s)
{
    return is_sm_offered(s) && step_sm_is_wanted(s) &&
           !step_has(s, FACT_NEEDS_SESSION) &&
           !(s->wanted->avoid & PATH_EARLY_SM);
}

/* ---- an earlier session ------------------------------------------ */

static void warn_unreported(struct stream *s, size_t n)
{
    if (n)
        env_log(s->env, XMPP_LEVEL_WARN, "xmpp",
                "%zu stanzas of an earlier session may be lost", n);
}

/* A new session begins although there is an earlier one, which is given up. */
static void leave_earlier_session(struct stream *s)
{
    if (!s->sm || !s->sm->id)
        return;
    if (!s->wanted->options[XMPP_OPT_SM_RESEND])
        warn_unreported(s, sm_give_back(s->sm));
    sm_forget(s->sm);
}

/* libstrophe's form of a saved session has no address. It is the account's
 * then, as far as we know it. */
static int keep_jid(struct stream *s)
{
    const struct wanted *w = s->wanted;
    struct buf jid;

    buf_init(&jid, s->env, JID_MOST);
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
    s->jid = buf_take(&jid);
    s->agreed.jid = str_of(s->jid);
    return s->jid ? 0 : XMPP_EMEM;
}

/* The count of `node`. STEP_DONE, or STEP_FAIL with the error to be sent. */
static enum verdict take_count(struct stream *s, const xmpp_stanza_t *node)
{
    xmpp_stanza_t *error;

    return ack_read(s, node, &error) ? step_fail_sending(s, error) : STEP_DONE;
}

enum verdict step_sm_resumed(struct stream *s, const xmpp_stanza_t *node)
{
    struct str previd = node_attr_named(node, STR("previd"));
    xmpp_stanza_t *error;

    /* The counts of another session would mean nothing here. */
    if (!str_eq(previd, str_of(s->sm->id))) {
        ack_malformed(
            s, "the server resumed a session other than the requested one",
            &error);
        return step_fail_sending(s, error);
    }
    if (take_count(s, node) == STEP_FAIL)
        return STEP_FAIL;
    if (keep_jid(s))
        return step_fail(s, XMPP_EMEM, NULL);
    sm_resume(s->sm);
    s->flows = s->sm_on = s->agreed.resumed = true;
    s->available = s->sm->available;
    /* If our goodbye arrived, presence and rooms are gone at the server. The
     * application has to begin with them anew. */
    s->agreed.left = s->sm->left;
    s->sm->left = false;
    return STEP_SKIP_REST;
}

/* The server may still know how much arrived (XEP-0198 section 5): what it has
 * is not sent again. */
enum verdict step_sm_refused(struct stream *s, xmpp_stanza_t *node)
{
    struct str condition, text;

    condition_read(node, NS_STANZA_ERRORS, &condition, &text);
    env_log(s->env, XMPP_LEVEL_INFO, "xmpp",
            "the session cannot be resumed: %.*s",
            STR_ARG(condition.s ? condition : STR("no reason")));
    if (node_attr_named(node, STR("h")).s && take_count(s, node) == STEP_FAIL)
        return STEP_FAIL;
    s->agreed.paths &= ~(unsigned)PATH_RESUME;
    leave_earlier_session(s);
    return STEP_DONE;
}

/* ---- resuming, as a step ----------------------------------------- */

/* A resumed session has its address, so this comes before binding. */
static bool resume_offered(struct stream *s)
{
    return !step_has(s, FACT_BOUND) && is_sm_offered(s) &&
           step_sm_has_session(s);
}

static enum verdict resume_begin(struct stream *s)
{
    s->agreed.paths |= PATH_RESUME;
    return step_send(s, step_sm_put_resume(s, NULL));
}

static enum verdict resume_receive(struct stream *s, xmpp_stanza_t *node)
{
    if (ack_is(node, "resumed"))
        return step_sm_resumed(s, node);
    if (ack_is(node, "failed"))
        return step_sm_refused(s, node);
    return step_unexpected(s, node);
}

const struct step step_resume = {
    .name = "resume",
    .layer = XMPP_LAYER_STREAM,
    .patience = XMPP_OPT_STEP_TIMEOUT,
    .ends_silently = true,
    .when = "after the last session was to be resumed",
    .missing = "the server did not answer whether it resumes the last session",
    .offered = resume_offered,
    .begin = resume_begin,
    .receive = resume_receive,
};

/* ---- enabling, as a step ----------------------------------------- */

/* What an earlier session left follows the answer, and counts. If it went at
 * once and the connection broke before the answer came, there would be neither
 * a session to resume nor a count, and all of it would be sent again. */
int step_sm_enabling(struct stream *s)
{
    s->enabling = &step_enable;
    s->holds = true;
    leave_earlier_session(s);
    return engine_flow(s, true);
}

/* An earlier session is left even where none can begin. */
static enum verdict enable_begin(struct stream *s)
{
    if (!is_sm_offered(s) || !step_sm_is_wanted(s)) {
        leave_earlier_session(s);
        return STEP_DONE;
    }
    s->agreed.paths |= PATH_SM;
    if (step_sm_enabling(s))
        return step_fail(s, XMPP_EMEM, NULL);
    return step_has(s, FACT_ENABLE_SENT)
               ? STEP_WAIT
               : step_send(s, step_sm_put_enable(s, NULL));
}

/* A server that handles requests of several kinds side by side may come to
 * <enable/> before it has bound the address. It is sent again, once. */
static bool was_too_early(struct stream *s, xmpp_stanza_t *node)
{
    struct str condition, text;

    if (!step_has(s, FACT_ENABLE_SENT) || !ack_is(node, "failed"))
        return false;
    condition_read(node, NS_STANZA_ERRORS, &condition, &text);
    return str_is(condition, "unexpected-request");
}

static enum verdict enable_receive(struct stream *s, xmpp_stanza_t *node)
{
    if (was_too_early(s, node)) {
        step_clear(s, FACT_ENABLE_SENT);
        return step_send(s, step_sm_put_enable(s, NULL));
    }
    if (!ack_is(node, "enabled") && !ack_is(node, "failed"))
        return step_unexpected(s, node);
    return ack_enabled(s, node) ? step_fail(s, XMPP_EMEM, NULL) : STEP_DONE;
}

const struct step step_enable = {
    .name = "enable",
    .layer = XMPP_LAYER_STREAM,
    .patience = XMPP_OPT_STEP_TIMEOUT,
    .hears_stanzas = true,
    .when = "after stream management was requested",
    .missing = "the server did not answer the request for stream management",
    .begin = enable_begin,
    .receive = enable_receive,
};
