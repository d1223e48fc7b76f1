/* step_upgrade.c - upgrades of SCRAM as tasks of a SASL2 login (XEP-0480). */

#include "stream/step_upgrade.h"

#include <xmpp/ns.h>

#include "stanza/build.h"
#include "stanza/find.h"
#include "stream/step_sasl.h"
#include "stream/step_inline.h"

/* ---- what is offered and asked for ------------------------------- */

void step_upgrade_read(struct stream *s, xmpp_stanza_t *authentication)
{
    s->tasks = (struct tasks){0};
    for (xmpp_stanza_t *u = node_first_element(authentication); u;
         u = node_next_element(u))
        if (str_is(node_name(u), "upgrade") &&
            str_is(node_ns(u), XMPP_NS_SASL_UPGRADE))
            s->tasks.offered |= upgrade_bit(node_text(u));
}

void step_upgrade_put(struct stream *s, xmpp_stanza_t *node)
{
    struct tasks *t = &s->tasks;
    long policy = s->wanted->options[XMPP_OPT_SASL_UPGRADE];
    const char *name;

    t->asked = t->done = t->now = 0;
    if (policy > 0 && !t->barred && !(s->wanted->avoid & PATH_UPGRADE))
        t->asked = upgrade_wanted(t->offered, s->sasl, policy > 1);
    if (t->asked)
        s->agreed.paths |= PATH_UPGRADE;
    for (unsigned i = 0; (name = upgrade_name(i)); i++)
        if (t->asked & 1u << i)
            xmpp_stanza_add_text_tag(node, "upgrade", XMPP_NS_SASL_UPGRADE,
                                     name);
}

/* ---- doing it ---------------------------------------------------- */

/* Nobody asked for it, or it is done: a second factor or the like. */
static void refuse(struct stream *s, struct str name)
{
    engine_send(s, build_root(s->env, N_ABORT, NS_SASL2));
    fault_set(s->fault, XMPP_LAYER_SASL, XMPP_ETASK, "%.*s",
              STR_ARG(name.s ? name : STR("a task without a name")));
    engine_give_up(s);
}

static void send_next(struct stream *s, const char *name)
{
    xmpp_stanza_t *node =
        xmpp_stanza_new_tag(env_ctx(s->env), "next", XMPP_NS_SASL2);

    xmpp_stanza_set_attribute(node, "task", name);
    engine_to(s, STEP_SASL2);
    engine_send(s, node);
}

void step_upgrade_begin(struct stream *s, xmpp_stanza_t *node)
{
    xmpp_stanza_t *list = step_inline_child(node, "tasks", XMPP_NS_SASL2);
    struct tasks *t = &s->tasks;
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
    for (unsigned i = 0; upgrade_name(i); i++)
        if (t->now == 1u << i)
            send_next(s, upgrade_name(i));
    if (!t->now)
        refuse(s, first);
}

/* What the server wants is no reason not to log in; its answer to the abort
 * begins the login anew. */
static void give_up_task(struct stream *s)
{
    env_log(s->env, XMPP_LEVEL_WARN, "xmpp", "%s", s->fault->detail);
    *s->fault = (struct fault){0};
    upgrade_end(&s->tasks.work);
    s->tasks.now = 0;
    engine_to(s, STEP_SASL2);
    engine_send(s, build_root(s->env, N_ABORT, NS_SASL2));
}

static void send_result(struct stream *s)
{
    xmpp_stanza_t *node =
        xmpp_stanza_new_tag(env_ctx(s->env), "task-data", XMPP_NS_SASL2);
    xmpp_stanza_t *hash =
        xmpp_stanza_add_tag(node, "hash", XMPP_NS_SCRAM_UPGRADE);

    step_sasl_put(s, hash, upgrade_result(&s->tasks.work), STR_NONE);
    upgrade_end(&s->tasks.work);
    s->tasks.now = 0;
    engine_to(s, STEP_SASL2);
    step_sasl_send(s, node, hash);
}

static void go_on(struct stream *s, int rc)
{
    s->asking.is_busy = rc == SASL_BUSY;
    if (rc == 0)
        send_result(s);
    else if (rc == XMPP_ECHALLENGE)
        give_up_task(s);
    else if (rc != SASL_BUSY)
        engine_fail(s, rc, NULL);
}

void step_upgrade_receive(struct stream *s, xmpp_stanza_t *node)
{
    xmpp_stanza_t *salt =
        step_inline_child(node, "salt", XMPP_NS_SCRAM_UPGRADE);
    struct str count = node_attr_named(salt, STR("iterations"));

    if (!s->tasks.now)
        engine_fail_unexpected(s, node);
    else
        go_on(s, upgrade_begin(&s->tasks.work, s->sasl, s->tasks.now,
                               step_sasl_trim(node_text(salt)), count));
}

void step_upgrade_turn(struct stream *s)
{
    go_on(s, upgrade_go(&s->tasks.work, s->sasl));
}

/* A task only begins once both sides proved that they know the password, so
 * that is not what is wrong. */
bool step_upgrade_failed(struct stream *s)
{
    if (!s->tasks.done || s->tasks.barred)
        return false;
    upgrade_end(&s->tasks.work);
    s->tasks.barred = true;
    s->tasks.done = s->tasks.now = 0;
    s->asking.is_busy = false;
    return true;
}
