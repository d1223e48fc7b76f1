/* alive.c - is the peer still there? */

#include "stream/alive.h"

#include "stanza/build.h"
#include "stanza/find.h"

#define PING_ID "alive-check"
#define NS_PING "urn:xmpp:ping"

static uint64_t after(uint64_t since, long patience)
{
    return patience ? since + (uint64_t)patience : TIME_NEVER;
}

uint64_t alive_deadline(const struct stream *s)
{
    const struct alive *a = &s->alive;
    const long *o = s->wanted->options;
    uint64_t asked = a->asked == TIME_NEVER ? s->now : a->asked;

    if (s->rung != RUNG_UP || s->wanted->kind == STREAM_RAW)
        return TIME_NEVER;
    if (!a->waits)
        return after(a->heard, o[XMPP_OPT_PING_AFTER]);
    return after(a->heard > asked ? a->heard : asked,
                 o[XMPP_OPT_PING_TIMEOUT]);
}

void alive_asked(struct stream *s, int waits)
{
    s->alive.waits = waits == ALIVE_ACK ? ALIVE_ACK : ALIVE_PING;
    s->alive.asked = TIME_NEVER;
}

void alive_answered(struct stream *s)
{
    s->alive.waits = ALIVE;
}

/* ---- XEP-0199, where there is no stream management ------------------------- */

void alive_ping(struct stream *s)
{
    xmpp_stanza_t *iq = build_root(s->env, N_IQ, NAME_NONE);

    if (iq) {
        node_set(iq, N_TYPE, STR("get"));
        node_set(iq, N_ID, STR(PING_ID));
        if (s->wanted->kind == STREAM_COMPONENT)
            node_set(iq, N_FROM, s->agreed.jid);
        node_set(iq, N_TO, s->wanted->domain);
    }
    xmpp_stanza_add_tag(iq, "ping", NS_PING);
    rung_say(s, iq);
    alive_asked(s, ALIVE_PING);
}

bool alive_is_pong(struct stream *s, const xmpp_stanza_t *node)
{
    struct str type;

    if (s->alive.waits != ALIVE_PING || !node_is(node, N_IQ, NAME_NONE) ||
        !str_is(node_attr(node, N_ID), PING_ID))
        return false;
    type = node_attr(node, N_TYPE);
    if (!str_is(type, "result") && !str_is(type, "error"))
        return false;
    alive_answered(s);
    return true;
}

/* ---- time ---------------------------------------------------------------- */

bool alive_tick(struct stream *s)
{
    if (s->alive.asked == TIME_NEVER)
        s->alive.asked = s->now;
    if (s->now < alive_deadline(s))
        return false;
    if (!s->alive.waits)
        return true;
    fault_set(s->fault, XMPP_LAYER_TCP, XMPP_ETIMEOUT,
              "no sign of life from the server");
    s->mute = true;
    rung_down(s);
    return false;
}
