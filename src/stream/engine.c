/* engine.c - the verbs of a stream: moving, sending, failing. */

#include "stream/engine.h"

#include "base/crypt.h"
#include "stanza/build.h"
#include "stanza/writer.h"
#include "stream/failure.h"
#include "stream/framing.h"
#include "stream/log.h"

/* ---- moving ------------------------------------------------------ */

static bool is_before_up(enum phase phase)
{
    return phase < PHASE_UP;
}

static long patience_of(const struct stream *s)
{
    xmpp_option_t option = s->phase == PHASE_LOGIN
                               ? negotiation_step(s->login)->patience
                               : XMPP_OPT_STEP_TIMEOUT;

    return s->wanted->options[option];
}

void engine_to(struct stream *s, enum phase phase)
{
    bool is_raw = s->wanted->kind == STREAM_RAW;

    s->phase = phase;
    /* In a raw stream only the application knows what it waits for. */
    s->step_deadline = is_before_up(phase) && !is_raw
                           ? s->now + (uint64_t)patience_of(s)
                           : TIME_NEVER;
    /* Bytes are taken one event at a time while each may change what the
     * next ones mean. */
    reader_set_exact(s->reader, is_before_up(phase) || is_raw);
}

/* ---- sending ----------------------------------------------------- */

struct str engine_ready(const struct stream *s)
{
    return s->flows && !s->holds ? outbox_ready(s->out) : STR("");
}

/* Behind a suspect that holds back the outbox, an element of ours would wait
 * with the rest. So it goes to `front`. */
struct buf *engine_out(struct stream *s)
{
    bool waits = outbox_holds(s->out) && !outbox_ready(s->out).n;

    return s->flows && !s->holds && !waits ? &s->out->bytes : &s->front;
}

/* The outbox is a session's own: what lies in it is bound to the address that
 * the stanzas were written for. */
int engine_flow(struct stream *s, bool keeps)
{
    s->flows = true;
    if (!s->sm)
        return 0;
    sm_begin(s->sm, keeps);
    return sm_bind(s->sm, s->agreed.jid);
}

void engine_send(struct stream *s, xmpp_stanza_t *node)
{
    int rc = xmpp_stanza_get_status(node);

    if (rc == 0)
        rc = writer_write(engine_out(s), node, s->framing->content(s));
    if (rc == 0)
        log_node(s->env, "SENT", node);
    xmpp_stanza_release(node);
    if (rc)
        engine_fail(s, rc, NULL);
}

static void log_appended(struct stream *s, size_t before)
{
    struct str all = buf_view(engine_out(s));

    if (!engine_out(s)->failed)
        log_text(s->env, "SENT", str_n(all.s + before, all.n - before));
}

static void header_is_out(struct stream *s, size_t before)
{
    s->opened = true;
    log_appended(s, before);
    engine_to(s, PHASE_OPENING);
}

void engine_open(struct stream *s)
{
    struct buf *out = engine_out(s);
    size_t before = buf_size(out);

    s->framing->expect(s);
    s->framing->open(s, out);
    header_is_out(s, before);
    if (out->failed)
        engine_fail(s, XMPP_EMEM, NULL);
}

int engine_open_with(struct stream *s, char **attributes, size_t n)
{
    struct buf *out = engine_out(s);
    size_t before = buf_size(out);

    s->framing->expect(s);
    s->framing->open_with(out, attributes, n);
    header_is_out(s, before);
    return out->failed ? XMPP_EMEM : 0;
}

void engine_send_end(struct stream *s, struct buf *out)
{
    buf_puts(out, s->framing->end);
    log_text(s->env, "SENT", s->framing->end);
}

/* ---- the end ----------------------------------------------------- */

/* No step calls this: a step returns STEP_FAIL, and the walk gives up once it
 * is out of the step. So `login` may be freed. */
void engine_down(struct stream *s)
{
    if (s->phase == PHASE_DOWN)
        return;
    negotiation_free(s->env, s->login);
    s->login = NULL;
    engine_to(s, PHASE_DOWN);
    s->login_deadline = s->rest_deadline = TIME_NEVER;
    s->down_due = true;
}

/* No end tag is sent before our header, nor behind another end tag. Before TLS
 * or compression the peer waits for a handshake or for compressed data. While a
 * session is being resumed the end tag could end it (XEP-0198 section 7). */
static bool may_send_end(const struct stream *s)
{
    bool resumes =
        negotiation_has(s->login, FACT_ASKED_RESUME) ||
        (s->phase == PHASE_LOGIN && negotiation_step(s->login)->ends_silently);

    return s->opened && !resumes && s->phase != PHASE_TLS &&
           s->phase != PHASE_ZLIB && s->phase != PHASE_CLOSING;
}

void engine_give_up(struct stream *s)
{
    if (s->phase == PHASE_DOWN)
        return;
    if (may_send_end(s)) {
        engine_send_end(s, engine_out(s));
        if (engine_out(s)->failed)
            fault_set(s->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    }
    engine_down(s);
}

void engine_fail(struct stream *s, int code, const char *detail)
{
    failure_set(s, code, detail);
    engine_give_up(s);
}

void engine_fail_sending(struct stream *s, int code, xmpp_stanza_t *error,
                         const char *detail)
{
    fault_set(s->fault, XMPP_LAYER_STREAM, code, "%s", detail);
    engine_send(s, error);
    engine_give_up(s);
}

/* ---- what is kept of a login ------------------------------------- */

/* They log in like the password, so they are wiped like it. */
void engine_forget_keys(struct stream *s)
{
    if (s->keys)
        crypt_wipe(s->keys, sizeof(*s->keys));
    env_free(s->env, s->keys);
    s->keys = NULL;
}

void engine_forget_token(struct stream *s)
{
    if (s->token)
        crypt_wipe(s->token, sizeof(*s->token));
    env_free(s->env, s->token);
    s->token = NULL;
}
