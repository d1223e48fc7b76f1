/* stream_raw.c - what the application of a raw stream does by itself. */

#include "stream/engine.h"
#include "stream/stream.h"

static int open_now(struct stream *s, char **attributes, size_t n)
{
    if (attributes)
        return engine_open_with(s, attributes, n);
    engine_open(s);
    return 0;
}

/* While TLS is wanted the header waits for it, and so does all that is sent. */
int stream_open_raw(struct stream *s, char **attributes, size_t n)
{
    bool waits = s->phase == PHASE_TLS;
    int rc;

    /* It may be opened again: after SASL that is the restart. */
    if (s->wanted->kind != STREAM_RAW ||
        (s->phase != PHASE_IDLE && s->phase != PHASE_RAW &&
         s->phase != PHASE_OPENING && !waits))
        return env_refuse(
            s->env, XMPP_EINVOP,
            "only a raw connection opens its own stream, and only "
            "before the end of it");
    rc = open_now(s, attributes, n);
    if (waits && s->phase == PHASE_OPENING) {
        s->opens_secured = true;
        engine_to(s, PHASE_TLS);
    }
    return rc;
}

int stream_want_tls(struct stream *s)
{
    if (s->wanted->kind != STREAM_RAW || s->agreed.secured ||
        s->phase == PHASE_TLS || s->phase >= PHASE_CLOSING)
        return env_refuse(s->env, XMPP_EINVOP,
                          "only a raw connection starts TLS itself, once and "
                          "before the end of its stream");
    engine_to(s, PHASE_TLS);
    /* What was sent so far, <starttls/> included, leaves in the clear. */
    s->tls_mark = outbox_unsent(s->out).n;
    return 0;
}
