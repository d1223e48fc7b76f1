/* announced.c - what the server announces of its own limits (XEP-0478). */

#include "stream/announced.h"

#include <xmpp/ns.h>

#include "stanza/find.h"
#include "stream/steps.h"

/* 0: it is not announced. */
static unsigned long read_limit(xmpp_stanza_t *limits, const char *name,
                                unsigned long least)
{
    xmpp_stanza_t *child = step_child(limits, name, XMPP_NS_STREAM_LIMITS);
    unsigned long value;

    if (!str_number(node_text(child), UINT32_MAX, &value))
        return 0;
    return value < least ? least : value;
}

void announced_read(struct stream *s, xmpp_stanza_t *features)
{
    xmpp_stanza_t *limits =
        step_child(features, "limits", XMPP_NS_STREAM_LIMITS);

    s->announced.bytes = read_limit(limits, "max-bytes", ANNOUNCED_BYTES);
    s->announced.idle =
        1000 * (uint64_t)read_limit(limits, "idle-seconds", ANNOUNCED_IDLE);
}

void announced_forget(struct stream *s)
{
    s->announced = (struct announced){0};
}

int announced_check(const struct stream *s, size_t n)
{
    if (!s->announced.bytes || n <= s->announced.bytes)
        return 0;
    return env_refuse(s->env, XMPP_ELIMIT,
                      "the stanza has %zu bytes, and the server accepts %zu at "
                      "most: send less at a time",
                      n, s->announced.bytes);
}
