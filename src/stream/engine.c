/* engine.c - what every step uses: moving, failing, sending. */

#include "stream/engine.h"

#include "base/code.h"
#include "base/crypt.h"
#include "stanza/build.h"
#include "stanza/writer.h"
#include "stream/step_sm.h"

static const struct {
    xmpp_layer_t layer; /* in which it fails */
    bool is_login;      /* has a patience */
} steps[] = {
    [STEP_HEADER] = {XMPP_LAYER_STREAM, true},
    [STEP_FEATURES] = {XMPP_LAYER_STREAM, true},
    [STEP_PROCEED] = {XMPP_LAYER_TLS, true},
    [STEP_TLS] = {XMPP_LAYER_TLS, true},
    [STEP_SASL] = {XMPP_LAYER_SASL, true},
    [STEP_SASL2] = {XMPP_LAYER_SASL, true},
    [STEP_COMPRESS] = {XMPP_LAYER_STREAM, true},
    [STEP_ZLIB] = {XMPP_LAYER_STREAM, true},
    [STEP_RESUME] = {XMPP_LAYER_STREAM, true},
    [STEP_BIND] = {XMPP_LAYER_BIND, true},
    [STEP_SESSION] = {XMPP_LAYER_BIND, true},
    [STEP_ENABLE] = {XMPP_LAYER_STREAM, true},
    [STEP_HANDSHAKE] = {XMPP_LAYER_SASL, true},
    [STEP_LEGACY] = {XMPP_LAYER_SASL, true},
    [STEP_UP] = {XMPP_LAYER_STREAM, false},
    [STEP_IDLE] = {XMPP_LAYER_STREAM, false},
    [STEP_RAW] = {XMPP_LAYER_STREAM, false},
    [STEP_CLOSING] = {XMPP_LAYER_STREAM, false},
    [STEP_DOWN] = {XMPP_LAYER_STREAM, false},
};

/* ---- moving ------------------------------------------------------ */

void engine_to(struct stream *s, enum step step)
{
    bool is_login = steps[step].is_login && s->wanted->kind != STREAM_RAW;

    s->step = step;
    s->step_deadline =
        is_login ? s->now + (uint64_t)s->wanted->options[XMPP_OPT_STEP_TIMEOUT]
                 : TIME_NEVER;
    /* Bytes are taken one event at a time while each may change what the
     * next ones mean. */
    reader_set_exact(s->reader,
                     steps[step].is_login || s->wanted->kind == STREAM_RAW);
}

static void forget_challenge(struct stream *s)
{
    env_free(s->env, s->asking.challenge);
    s->asking.challenge = NULL;
    s->asking.is_open = s->asking.is_busy = s->asking.has_challenge = false;
}

void engine_forget(struct stream *s)
{
    upgrade_end(&s->tasks.work);
    xmpp_stanza_release(s->pipeline.offer);
    s->pipeline = (struct pipeline){0};
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

struct str engine_ready(const struct stream *s)
{
    return s->flows && !s->holds ? outbox_ready(s->out) : STR("");
}

struct buf *engine_out(struct stream *s)
{
    bool waits = outbox_holds(s->out) && !outbox_ready(s->out).n;

    return s->flows && !s->holds && !waits ? &s->out->bytes : &s->front;
}

void engine_flow(struct stream *s, bool keeps)
{
    s->flows = true;
    if (!s->sm)
        return;
    sm_begin(s->sm, keeps);
    if (sm_bind(s->sm, s->agreed.jid))
        engine_fail(s, XMPP_EMEM, NULL);
}

void engine_forget_keys(struct stream *s)
{
    if (s->keys)
        crypt_wipe(s->keys, sizeof(*s->keys));
    env_free(s->env, s->keys);
    s->keys = NULL;
}

bool engine_keep_challenge(struct stream *s, struct str challenge)
{
    forget_challenge(s);
    s->asking.has_challenge = challenge.s != NULL;
    s->asking.challenge_n = challenge.n;
    if (challenge.s)
        s->asking.challenge = env_strndup(s->env, challenge.s, challenge.n);
    if (!challenge.s || s->asking.challenge)
        return true;
    engine_fail(s, XMPP_EMEM, NULL);
    return false;
}

void engine_forget_token(struct stream *s)
{
    if (s->token)
        crypt_wipe(s->token, sizeof(*s->token));
    env_free(s->env, s->token);
    s->token = NULL;
}

/* A person may take longer than a step; the login as a whole gets longer by a
 * time that has a limit. */
void engine_request_password(struct stream *s, struct str challenge)
{
    env_free_secret(s->env, s->asking.password);
    s->asking.password = NULL;
    if (!engine_keep_challenge(s, challenge))
        return;
    s->asking.is_open = true;
    s->asking.tries++;
    s->credentials.password = STR_NONE;
    s->step_deadline = TIME_NEVER;
    if (s->login_deadline != TIME_NEVER)
        s->login_deadline +=
            (uint64_t)s->wanted->options[XMPP_OPT_LOGIN_PASSWORD_TIMEOUT];
}

void engine_report_refused(struct stream *s)
{
    if (s->asking.was_refused)
        fault_set_peer(s->fault, XMPP_LAYER_SASL, XMPP_EAUTH,
                       STR("not-authorized"), STR_NONE);
}

bool engine_may_ask_again(const struct stream *s)
{
    return s->asking.password &&
           s->asking.tries < s->wanted->options[XMPP_OPT_LOGIN_PASSWORD_TRIES];
}

void engine_up(struct stream *s)
{
    uint64_t deadline = s->step_deadline;

    if (!s->flows)
        engine_flow(s, false);
    if (s->step == STEP_DOWN)
        return;
    engine_forget(s);
    s->up_due = true;
    engine_to(s, STEP_UP);
    if (s->enabling)
        s->step_deadline = deadline;
    s->login_deadline = TIME_NEVER;
    s->rest_deadline = s->now + REST_AFTER;
    s->keepalive.heard = s->now;
}

void engine_down(struct stream *s)
{
    if (s->step == STEP_DOWN)
        return;
    engine_forget(s);
    engine_to(s, STEP_DOWN);
    s->down_due = true;
}

void engine_report_owed(struct stream *s, int code)
{
    size_t n = s->flows ? outbox_owed(s->out) : 0;

    if (n)
        fault_set(s->fault, XMPP_LAYER_STREAM, code,
                  "it did not take all before the end of the stream; stanzas "
                  "left: %zu",
                  n);
}

void engine_give_up(struct stream *s)
{
    if (s->step == STEP_DOWN)
        return;
    /* What is being resumed must not be ended by accident. */
    if (s->opened && s->step != STEP_TLS && s->step != STEP_ZLIB &&
        s->step != STEP_CLOSING && s->step != STEP_RESUME &&
        !s->inlined.resume) {
        engine_send_end(s, engine_out(s));
        if (engine_out(s)->failed)
            fault_set(s->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    }
    engine_down(s);
}

/* Silence and the end are no answer about who we are. */
static xmpp_layer_t layer_of(enum step step, int code)
{
    xmpp_layer_t layer = steps[step].layer;

    if (code == XMPP_EMEM)
        return XMPP_LAYER_APP;
    return code == XMPP_EEOF ||
                   (code == XMPP_ETIMEOUT && layer == XMPP_LAYER_SASL)
               ? XMPP_LAYER_STREAM
               : layer;
}

void engine_fail(struct stream *s, int code, const char *detail)
{
    xmpp_layer_t layer = layer_of(s->step, code);

    if (detail)
        fault_set(s->fault, layer, code, "%s", detail);
    else
        fault_set(s->fault, layer, code, NULL);
    engine_give_up(s);
}

void engine_send(struct stream *s, xmpp_stanza_t *node)
{
    int rc = xmpp_stanza_get_status(node);

    if (rc == 0)
        rc = writer_write(engine_out(s), node, STR(XMPP_NS_CLIENT));
    if (rc == 0)
        engine_log(s, "SENT", node);
    xmpp_stanza_release(node);
    if (rc)
        engine_fail(s, rc, NULL);
}

void engine_fail_saying(struct stream *s, int code, xmpp_stanza_t *error,
                        const char *detail)
{
    fault_set(s->fault, XMPP_LAYER_STREAM, code, "%s", detail);
    engine_send(s, error);
    engine_give_up(s);
}

void engine_send_end(struct stream *s, struct buf *out)
{
    struct str end = STR("</stream:stream>");

    buf_puts(out, end);
    engine_log_text(s, "SENT", end);
}

void engine_end(struct stream *s)
{
    struct buf *last = s->flows ? &s->out->bytes : &s->front;

    if (s->end_waits)
        step_sm_answer(s); /* what came meanwhile need not come again */
    s->end_waits = false;
    if (s->step == STEP_DOWN)
        return;
    engine_send_end(s, last);
    if (last->failed)
        engine_fail(s, XMPP_EMEM, NULL);
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

void engine_restart(struct stream *s)
{
    struct buf *out = engine_out(s);
    bool component = s->wanted->kind == STREAM_COMPONENT;
    size_t before = buf_size(out);

    reader_restart(s->reader);
    buf_puts(out, STR("<?xml version=\"1.0\"?><stream:stream xmlns=\""));
    buf_puts(out, name_text(component ? NS_COMPONENT : NS_CLIENT));
    buf_puts(out, STR("\" xmlns:stream=\"" XMPP_NS_STREAMS "\""));
    put_attribute(out, "to", s->wanted->domain);
    if (!component) {
        put_from(s, out);
        put_attribute(out, "version", STR("1.0"));
        put_attribute(out, "xml:lang", str_of(s->wanted->identity.lang));
    }
    buf_putc(out, '>');
    s->opened = true;
    engine_log_sent(s, before);
    engine_to(s, STEP_HEADER);
    if (out->failed)
        engine_fail(s, XMPP_EMEM, NULL);
}

bool engine_digest(struct stream *s, struct str secret, char *out)
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
