/* rung.c - what every rung of the ladder uses: moving, failing, saying. */

#include "stream/rung.h"

#include "base/code.h"
#include "base/crypt.h"
#include "stanza/build.h"
#include "stanza/writer.h"
#include "stream/rung_sm.h"

static const struct {
    xmpp_layer_t layer; /* in which it fails */
    bool is_login;      /* has a patience */
} rungs[] = {
    [RUNG_HEADER] = {XMPP_LAYER_STREAM, true},
    [RUNG_FEATURES] = {XMPP_LAYER_STREAM, true},
    [RUNG_PROCEED] = {XMPP_LAYER_TLS, true},
    [RUNG_TLS] = {XMPP_LAYER_TLS, true},
    [RUNG_AUTH] = {XMPP_LAYER_SASL, true},
    [RUNG_AUTH2] = {XMPP_LAYER_SASL, true},
    [RUNG_COMPRESS] = {XMPP_LAYER_STREAM, true},
    [RUNG_ZLIB] = {XMPP_LAYER_STREAM, true},
    [RUNG_RESUME] = {XMPP_LAYER_STREAM, true},
    [RUNG_BIND] = {XMPP_LAYER_BIND, true},
    [RUNG_SESSION] = {XMPP_LAYER_BIND, true},
    [RUNG_ENABLE] = {XMPP_LAYER_STREAM, true},
    [RUNG_HANDSHAKE] = {XMPP_LAYER_SASL, true},
    [RUNG_LEGACY] = {XMPP_LAYER_SASL, true},
    [RUNG_UP] = {XMPP_LAYER_STREAM, false},
    [RUNG_IDLE] = {XMPP_LAYER_STREAM, false},
    [RUNG_RAW] = {XMPP_LAYER_STREAM, false},
    [RUNG_CLOSING] = {XMPP_LAYER_STREAM, false},
    [RUNG_DOWN] = {XMPP_LAYER_STREAM, false},
};

/* ---- moving ------------------------------------------------------ */

void rung_to(struct stream *s, enum rung rung)
{
    bool is_login = rungs[rung].is_login && s->wanted->kind != STREAM_RAW;

    s->rung = rung;
    s->step_deadline =
        is_login ? s->now + (uint64_t)s->wanted->options[XMPP_OPT_STEP_TIMEOUT]
                 : TIME_NEVER;
    /* Bytes are taken one event at a time while each may change what the
     * next ones mean. */
    reader_set_exact(s->reader,
                     rungs[rung].is_login || s->wanted->kind == STREAM_RAW);
}

static void forget_challenge(struct stream *s)
{
    env_free(s->env, s->asking.challenge);
    s->asking.challenge = NULL;
    s->asking.is_open = s->asking.is_busy = s->asking.has_challenge = false;
}

void rung_forget(struct stream *s)
{
    upgrade_end(&s->tasks.work);
    xmpp_stanza_release(s->early.offer);
    s->early = (struct early){0};
    sasl_free(s->sasl);
    s->sasl = NULL;
    offer_free(&s->offer);
    forget_challenge(s);
    env_free_secret(s->env, s->asking.password);
    s->asking.password = NULL;
    s->credentials = (struct credentials){0};
    xmpp_stanza_release(s->features);
    s->features = NULL;
}

struct str rung_ready(const struct stream *s)
{
    return s->flows && !s->holds ? outbox_ready(s->out) : STR("");
}

struct buf *rung_out(struct stream *s)
{
    bool waits = outbox_holds(s->out) && !outbox_ready(s->out).n;

    return s->flows && !s->holds && !waits ? &s->out->bytes : &s->front;
}

void rung_flow(struct stream *s, bool keeps)
{
    s->flows = true;
    if (!s->sm)
        return;
    sm_begin(s->sm, keeps);
    if (sm_bind(s->sm, s->agreed.jid))
        rung_fail(s, XMPP_EMEM, NULL);
}

void rung_forget_keys(struct stream *s)
{
    if (s->keys)
        crypt_wipe(s->keys, sizeof(*s->keys));
    env_free(s->env, s->keys);
    s->keys = NULL;
}

bool rung_keep_challenge(struct stream *s, struct str challenge)
{
    forget_challenge(s);
    s->asking.has_challenge = challenge.s != NULL;
    s->asking.challenge_n = challenge.n;
    if (challenge.s)
        s->asking.challenge = env_strndup(s->env, challenge.s, challenge.n);
    if (!challenge.s || s->asking.challenge)
        return true;
    rung_fail(s, XMPP_EMEM, NULL);
    return false;
}

void rung_forget_token(struct stream *s)
{
    if (s->token)
        crypt_wipe(s->token, sizeof(*s->token));
    env_free(s->env, s->token);
    s->token = NULL;
}

/* A person may take longer than a step; the login as a whole gets longer by a
 * time that has a limit. */
void rung_ask(struct stream *s, struct str challenge)
{
    env_free_secret(s->env, s->asking.password);
    s->asking.password = NULL;
    if (!rung_keep_challenge(s, challenge))
        return;
    s->asking.is_open = true;
    s->asking.tries++;
    s->credentials.password = STR_NONE;
    s->step_deadline = TIME_NEVER;
    if (s->login_deadline != TIME_NEVER)
        s->login_deadline +=
            (uint64_t)s->wanted->options[XMPP_OPT_LOGIN_PASSWORD_TIMEOUT];
}

void rung_tell_refused(struct stream *s)
{
    if (s->asking.was_refused)
        fault_set_peer(s->fault, XMPP_LAYER_SASL, XMPP_EAUTH,
                       STR("not-authorized"), STR_NONE);
}

bool rung_may_ask_again(const struct stream *s)
{
    return s->asking.password &&
           s->asking.tries < s->wanted->options[XMPP_OPT_LOGIN_PASSWORD_TRIES];
}

void rung_up(struct stream *s)
{
    uint64_t deadline = s->step_deadline;

    if (!s->flows)
        rung_flow(s, false);
    if (s->rung == RUNG_DOWN)
        return;
    rung_forget(s);
    s->up_untold = true;
    rung_to(s, RUNG_UP);
    if (s->enabling)
        s->step_deadline = deadline;
    s->login_deadline = TIME_NEVER;
    s->rest_deadline = s->now + REST_AFTER;
    s->alive.heard = s->now;
}

void rung_down(struct stream *s)
{
    if (s->rung == RUNG_DOWN)
        return;
    rung_forget(s);
    rung_to(s, RUNG_DOWN);
    s->down_untold = true;
}

void rung_tell_owed(struct stream *s, int code)
{
    size_t n = s->flows ? outbox_owed(s->out) : 0;

    if (n)
        fault_set(s->fault, XMPP_LAYER_STREAM, code,
                  "it did not take all before the end of the stream; stanzas "
                  "left: %zu",
                  n);
}

void rung_give_up(struct stream *s)
{
    if (s->rung == RUNG_DOWN)
        return;
    /* What is being resumed must not be ended by accident. */
    if (s->opened && s->rung != RUNG_TLS && s->rung != RUNG_ZLIB &&
        s->rung != RUNG_CLOSING && s->rung != RUNG_RESUME &&
        !s->inlined.resume) {
        rung_say_end(s, rung_out(s));
        if (rung_out(s)->failed)
            fault_set(s->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    }
    rung_down(s);
}

/* Silence and the end are no answer about who we are. */
static xmpp_layer_t layer_of(enum rung rung, int code)
{
    xmpp_layer_t layer = rungs[rung].layer;

    if (code == XMPP_EMEM)
        return XMPP_LAYER_APP;
    return code == XMPP_EEOF ||
                   (code == XMPP_ETIMEOUT && layer == XMPP_LAYER_SASL)
               ? XMPP_LAYER_STREAM
               : layer;
}

void rung_fail(struct stream *s, int code, const char *detail)
{
    xmpp_layer_t layer = layer_of(s->rung, code);

    if (detail)
        fault_set(s->fault, layer, code, "%s", detail);
    else
        fault_set(s->fault, layer, code, NULL);
    rung_give_up(s);
}

void rung_say(struct stream *s, xmpp_stanza_t *node)
{
    int rc = xmpp_stanza_get_status(node);

    if (rc == 0)
        rc = writer_write(rung_out(s), node, STR("jabber:client"), WRITE_PLAIN);
    if (rc == 0)
        rung_log(s, "SENT", node);
    xmpp_stanza_release(node);
    if (rc)
        rung_fail(s, rc, NULL);
}

void rung_fail_saying(struct stream *s, int code, xmpp_stanza_t *error,
                      const char *detail)
{
    fault_set(s->fault, XMPP_LAYER_STREAM, code, "%s", detail);
    rung_say(s, error);
    rung_give_up(s);
}

void rung_say_end(struct stream *s, struct buf *out)
{
    struct str end = STR("</stream:stream>");

    buf_puts(out, end);
    rung_log_text(s, "SENT", end);
}

void rung_end(struct stream *s)
{
    struct buf *last = s->flows ? &s->out->bytes : &s->front;

    if (s->end_waits)
        rung_sm_tell(s); /* what came meanwhile need not come again */
    s->end_waits = false;
    if (s->rung == RUNG_DOWN)
        return;
    rung_say_end(s, last);
    if (last->failed)
        rung_fail(s, XMPP_EMEM, NULL);
}

/* ---- headers ----------------------------------------------------- */

static void put_attribute(struct buf *out, const char *name, struct str value)
{
    if (!value.s)
        return;
    buf_putc(out, ' ');
    buf_puts(out, str_of(name));
    buf_puts(out, STR("=\""));
    writer_escape(out, value);
    buf_putc(out, '"');
}

/* Who we are is said only where nobody can listen (RFC 6120 4.7.1). */
static void put_from(struct stream *s, struct buf *out)
{
    if (!s->agreed.secured || !s->wanted->local.s)
        return;
    buf_puts(out, STR(" from=\""));
    writer_escape(out, s->wanted->local);
    buf_putc(out, '@');
    writer_escape(out, s->wanted->domain);
    buf_putc(out, '"');
}

void rung_restart(struct stream *s)
{
    struct buf *out = rung_out(s);
    bool component = s->wanted->kind == STREAM_COMPONENT;
    size_t before = buf_size(out);

    reader_restart(s->reader);
    buf_puts(out, STR("<?xml version=\"1.0\"?><stream:stream xmlns=\""));
    buf_puts(out, name_text(component ? NS_COMPONENT : NS_CLIENT));
    buf_puts(out, STR("\" xmlns:stream=\"http://etherx.jabber.org/streams\""));
    put_attribute(out, "to", s->wanted->domain);
    if (!component) {
        put_from(s, out);
        put_attribute(out, "version", STR("1.0"));
        put_attribute(out, "xml:lang", s->wanted->lang);
    }
    buf_putc(out, '>');
    s->opened = true;
    rung_log_said(s, before);
    rung_to(s, RUNG_HEADER);
    if (out->failed)
        rung_fail(s, XMPP_EMEM, NULL);
}

bool rung_digest(struct stream *s, struct str secret, char *out)
{
    unsigned char digest[DIGEST_MOST];
    struct buf b;
    bool good;

    buf_init(&b, s->env, 65536);
    b.is_secret = true;
    buf_puts(&b, s->agreed.id);
    buf_puts(&b, secret);
    good = !b.failed &&
           crypt_hash(DIGEST_SHA1, buf_view(&b).s, buf_size(&b), digest);
    buf_wipe(&b);
    if (good)
        hex_encode(out, digest, digest_size(DIGEST_SHA1));
    return good;
}
