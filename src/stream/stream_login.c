/* stream_login.c - what a login needs from outside, and what it leaves. */

#include "base/crypt.h"
#include "stream/step_sasl.h"
#include "stream/step_legacy.h"
#include "stream/step_upgrade.h"

void stream_set_channel(struct stream *s, const struct channel *channel)
{
    s->agreed.channel = *channel;
}

void stream_password(struct stream *s, struct str password, uint64_t now)
{
    s->now = now;
    if (!s->asking.is_open)
        return;
    s->asking.is_open = s->asking.was_refused = false;
    if (!password.s) {
        engine_fail(s, XMPP_ECRED, "no password was given");
        return;
    }
    s->asking.password = env_strndup(s->env, password.s, password.n);
    if (!s->asking.password) {
        engine_fail(s, XMPP_EMEM, NULL);
        return;
    }
    s->credentials.password = str_n(s->asking.password, password.n);
    if (s->step == STEP_LEGACY)
        step_legacy_wake(s);
    else
        step_sasl_wake(s);
}

void stream_turn(struct stream *s, uint64_t now)
{
    s->now = now;
    if (s->asking.is_busy && s->tasks.now)
        step_upgrade_turn(s);
    else if (s->asking.is_busy)
        step_sasl_wake(s);
}

const struct fast_token *stream_token(const struct stream *s)
{
    return s->token;
}

bool stream_take_keys(struct stream *s, struct scram_keys *ret)
{
    if (!s->keys)
        return false;
    *ret = *s->keys;
    engine_forget_keys(s);
    return true;
}
