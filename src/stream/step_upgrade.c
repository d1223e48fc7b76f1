/* step_upgrade.c - upgrades of SCRAM as tasks of a SASL2 login (XEP-0480). */

#include "stream/step_upgrade.h"

#include <xmpp/ns.h>

#include "stanza/build.h"
#include "stanza/find.h"
#include "stream/exchange.h"
#include "stream/steps.h"

/* ---- what is offered and asked for ------------------------------- */

void step_upgrade_read(struct stream *s, xmpp_stanza_t *authentication)
{
    s->login->tasks = (struct tasks){0};
    for (xmpp_stanza_t *u = node_first_element(authentication); u;
         u = node_next_element(u))
        if (str_is(node_name(u), "upgrade") &&
            str_is(node_ns(u), XMPP_NS_SASL_UPGRADE))
            s->login->tasks.offered |= upgrade_bit(node_text(u));
}

void step_upgrade_put(struct stream *s, xmpp_stanza_t *node)
{
    struct tasks *t = &s->login->tasks;
    long policy = s->wanted->options[XMPP_OPT_SASL_UPGRADE];
    const char *name;

    /* XMPP_OPT_SASL_UPGRADE 1 demands that the channel is bound, 2 does not. */
    t->asked = t->done = t->now = 0;
    if (policy > 0 && !step_has(s, FACT_NO_UPGRADE) &&
        !(s->wanted->avoid & PATH_UPGRADE))
        t->asked = upgrade_wanted(t->offered, s->login->sasl, policy > 1);
    if (t->asked)
        s->agreed.paths |= PATH_UPGRADE;
    for (unsigned i = 0; (name = upgrade_name(i)); i++)
        if (t->asked & 1u << i)
            xmpp_stanza_add_text_tag(node, "upgrade", XMPP_NS_SASL_UPGRADE,
                                     name);
}

/* ---- doing it ---------------------------------------------------- */

static enum verdict send_abort(struct stream *s)
{
    return step_send(s, build_root(s->env, N_ABORT, NS_SASL2));
}

/* We did not request the task, or it is done. It may be a second factor, which
 * this library does not know. */
static enum verdict refuse_task(struct stream *s, struct str name)
{
    send_abort(s);
    fault_set(s->fault, XMPP_LAYER_SASL, XMPP_ETASK, "%.*s",
              STR_ARG(name.s ? name : STR("a task without a name")));
    return STEP_FAIL;
}

static enum verdict send_next(struct stream *s, unsigned bit)
{
    xmpp_stanza_t *node =
        xmpp_stanza_new_tag(env_ctx(s->env), "next", XMPP_NS_SASL2);

    for (unsigned i = 0; upgrade_name(i); i++)
        if (bit == 1u << i)
            xmpp_stanza_set_attribute(node, "task", upgrade_name(i));
    return step_send(s, node);
}

/* The server names the tasks that it would accept next, and any of them may be
 * taken (XEP-0388 section 2.6.3). We take the first that we requested and have
 * not done. */
enum verdict step_upgrade_begin(struct stream *s, xmpp_stanza_t *node)
{
    xmpp_stanza_t *list = step_child(node, "tasks", XMPP_NS_SASL2);
    struct tasks *t = &s->login->tasks;
    struct str first = STR_NONE;

    t->now = 0;
    for (xmpp_stanza_t *task = node_first_element(list); task && !t->now;
         task = node_next_element(task)) {
        struct str name = node_text(task);

        t->now = upgrade_bit(name) & t->asked & ~t->done;
        if (!first.s)
            first = name;
    }
    t->done |= t->now;
    return t->now ? send_next(s, t->now) : refuse_task(s, first);
}

/* A task that goes wrong is no reason not to log in. The answer to the abort
 * begins the login anew (step_upgrade_failed). */
static enum verdict give_up_task(struct stream *s)
{
    struct tasks *t = &s->login->tasks;

    env_log(s->env, XMPP_LEVEL_WARN, "xmpp", "%s", s->fault->detail);
    *s->fault = (struct fault){0};
    t->now = 0;
    return send_abort(s);
}

static enum verdict send_result(struct stream *s)
{
    struct tasks *t = &s->login->tasks;
    xmpp_stanza_t *node =
        xmpp_stanza_new_tag(env_ctx(s->env), "task-data", XMPP_NS_SASL2);
    xmpp_stanza_t *hash =
        xmpp_stanza_add_tag(node, "hash", XMPP_NS_SCRAM_UPGRADE);

    exchange_put(s, hash, upgrade_result(&t->work), STR_NONE);
    upgrade_end(&t->work);
    t->now = 0;
    /* With the hash one can log in, so it is wiped like a password. */
    return step_send_secret(s, node, hash);
}

/* A salt or count that is refused ends the task, not the login. */
static enum verdict judge_work(struct stream *s, int rc)
{
    if (rc == SASL_BUSY)
        return STEP_WANT_TURN;
    if (rc == 0)
        return send_result(s);
    return rc == XMPP_ECHALLENGE ? give_up_task(s) : step_fail(s, rc, NULL);
}

enum verdict step_upgrade_receive(struct stream *s, xmpp_stanza_t *node)
{
    xmpp_stanza_t *salt = step_child(node, "salt", XMPP_NS_SCRAM_UPGRADE);
    struct str count = node_attr_named(salt, STR("iterations"));
    struct tasks *t = &s->login->tasks;

    if (!t->now)
        return step_unexpected(s, node);
    return judge_work(s, upgrade_begin(&t->work, s->login->sasl, t->now,
                                       exchange_trim(node_text(salt)), count));
}

enum verdict step_upgrade_go_on(struct stream *s)
{
    return judge_work(s, upgrade_go(&s->login->tasks.work, s->login->sasl));
}

/* A task only begins once both sides proved that they know the password, so the
 * password cannot be what is wrong. */
bool step_upgrade_failed(struct stream *s)
{
    struct tasks *t = &s->login->tasks;

    if (!t->done || step_has(s, FACT_NO_UPGRADE))
        return false;
    upgrade_end(&t->work);
    t->done = t->now = 0;
    step_set(s, FACT_NO_UPGRADE);
    step_clear(s, FACT_TURN_DUE);
    return true;
}
