/* stream_login.c - what a login needs from outside, and what it leaves. */

#include "stream/engine.h"
#include "stream/framing.h"
#include "stream/negotiate.h"
#include "stream/stream.h"

void stream_set_channel(struct stream *s, const struct channel *channel)
{
    if (!s->channel)
        s->channel = env_alloc(s->env, sizeof(*channel));
    if (s->channel) {
        *s->channel = *channel;
        return;
    }
    /* A login without it would be a weaker one. */
    fault_set(s->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    stream_abort(s);
}

void stream_password(struct stream *s, struct str password, uint64_t now)
{
    s->now = now;
    negotiate_password(s, password);
}

void stream_turn(struct stream *s, uint64_t now)
{
    s->now = now;
    negotiate_turn(s);
}

/* All that was negotiated in the clear counts no more, the features least of
 * all (RFC 6120 section 5.4.3.3): the walk begins anew. A raw stream is
 * reopened by the application, or was already, and then waited for this. */
void stream_secured(struct stream *s, uint64_t now)
{
    s->now = now;
    if (s->phase != PHASE_TLS)
        return;
    s->agreed.secured = true;
    if (s->login) {
        negotiate_secured(s);
        return;
    }
    s->opened = s->opens_secured;
    s->framing->expect(s);
    engine_to(s, s->opens_secured ? PHASE_OPENING : PHASE_IDLE);
    s->opens_secured = false;
}

void stream_compressed(struct stream *s, uint64_t now)
{
    s->now = now;
    if (s->phase != PHASE_ZLIB)
        return;
    s->agreed.compressed = true;
    negotiate_compressed(s);
}

const struct fast_token *stream_token(const struct stream *s)
{
    return s->token;
}

/* They log in like the password, so there is one copy, and it changes hands. */
bool stream_take_keys(struct stream *s, struct scram_keys *ret)
{
    if (!s->keys)
        return false;
    *ret = *s->keys;
    engine_forget_keys(s);
    return true;
}
