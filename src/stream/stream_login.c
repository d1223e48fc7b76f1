/* stream_login.c - what a login needs from outside, and what it leaves. */

#include "base/crypt.h"
#include "stream/rung_auth.h"
#include "stream/rung_legacy.h"
#include "stream/rung_task.h"

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
        rung_fail(s, XMPP_ECRED, "no password was given");
        return;
    }
    s->asking.password = env_strndup(s->env, password.s, password.n);
    if (!s->asking.password) {
        rung_fail(s, XMPP_EMEM, NULL);
        return;
    }
    s->credentials.password = str_n(s->asking.password, password.n);
    if (s->rung == RUNG_LEGACY)
        rung_legacy_resume(s);
    else
        rung_auth_resume(s);
}

void stream_turn(struct stream *s, uint64_t now)
{
    s->now = now;
    if (s->asking.is_busy && s->tasks.now)
        rung_task_turn(s);
    else if (s->asking.is_busy)
        rung_auth_resume(s);
}

const struct token *stream_token(const struct stream *s)
{
    return s->token;
}

bool stream_take_keys(struct stream *s, struct scram_keys *ret)
{
    if (!s->keys)
        return false;
    *ret = *s->keys;
    rung_forget_keys(s);
    return true;
}
