/* negotiate.c - the walk along the table of steps.
 *
 * A step returns a verdict on what happened, and the walk alone moves: it
 * sends what the step left, goes on to the next row that is offered, opens the
 * stream anew, or ends it. So there is one place from which a login can be
 * followed, and it is one index and one set of facts that are logged. */

#include "stream/announced.h"
#include "stream/negotiate.h"

#include "base/crypt.h"
#include "base/parts.h"
#include "stream/ack.h"
#include "stream/engine.h"
#include "stream/header.h"
#include "stream/steps.h"

/* In the order of RFC 6120 (sections 5 to 7) and of XEP-0170: what protects
 * comes first, then who we are, then what the session is to be. SASL2 is tried
 * before the older ways, and leaves the login to them where they prove more. */
static const struct step *const client[] = {
    &step_features, &step_starttls,
#if PART_SASL2
    &step_pipeline, &step_sasl2,
#endif
#if PART_LEGACY
    &step_legacy,
#endif
    &step_sasl,     &step_compress, &step_resume, &step_bind,
    &step_session,  &step_enable,   NULL,
};

static const struct step *const component[] = {&step_component, NULL};

/* A raw connection negotiates nothing, so it has no table. */
static const struct step *const *const tables[] = {
    [STREAM_CLIENT] = client,
    [STREAM_COMPONENT] = component,
    [STREAM_RAW] = NULL,
};

/* ---- the log ----------------------------------------------------- */

static const char *const verdicts[] = {
    [STEP_WAIT] = "waits",
    [STEP_DONE] = "is done",
    [STEP_SKIP_REST] = "is the last",
    [STEP_FEATURES] = "wants new features",
    [STEP_RESTART] = "restarts the stream",
    [STEP_WANT_TLS] = "wants TLS",
    [STEP_WANT_ZLIB] = "wants compression",
    [STEP_WANT_PASSWORD] = "wants a password",
    [STEP_WANT_TURN] = "wants another turn",
    [STEP_FAIL] = "failed",
};

/* By bit: see enum fact. */
static const char *const facts[] = {
    "old stream",   "authenticated",  "bound",        "needs session",
    "pipelined",    "offer changed",  "may mismatch", "by token",
    "asked resume", "asked bind",     "asked enable", "no upgrade",
    "password due", "wrong password", "refused",      "turn due",
    "old digest",   "old sent",       "enable sent",
};

/* One line shows the whole state: "negotiation: sasl2 waits [pipelined]". */
static void log_state(struct stream *s, enum verdict verdict)
{
    const struct negotiation *n = s->login;
    const char *comma = "";
    struct buf line;

    if (!env_wants_log(s->env, XMPP_LEVEL_DEBUG))
        return;
    buf_init(&line, s->env, 1024);
    for (unsigned i = 0; i < sizeof(facts) / sizeof(facts[0]); i++)
        if (n->facts & 1u << i) {
            buf_puts(&line, str_of(comma));
            buf_puts(&line, str_of(facts[i]));
            comma = ", ";
        }
    env_log(s->env, XMPP_LEVEL_DEBUG, "xmpp", "negotiation: %s %s [%.*s]",
            negotiation_step(n)->name, verdicts[verdict],
            STR_ARG(buf_view(&line)));
    buf_free(&line);
}

/* ---- what a step leaves ------------------------------------------ */

/* The memory of a tree goes back to the spare chunks as it is, so a secret in
 * it is wiped first. */
static void wipe_text(const xmpp_stanza_t *holder)
{
    const xmpp_stanza_t *text = holder ? holder->first : NULL;

    if (text)
        crypt_wipe((char *)(uintptr_t)text->text.s, text->text.n);
}

/* Unless the reply could not be written: then there is no login any more. */
static void send_behind(struct stream *s)
{
    xmpp_stanza_t *behind = s->login ? s->login->behind : NULL;

    if (!behind)
        return;
    s->login->behind = NULL;
    engine_send(s, behind);
}

static void send_reply(struct stream *s)
{
    xmpp_stanza_t *reply = s->login->reply;
    const xmpp_stanza_t *secret = s->login->secret;

    if (!reply)
        return;
    s->login->reply = NULL;
    s->login->secret = NULL;
    /* engine_send() takes it, and the secret is wiped after it was written. */
    xmpp_stanza_clone(reply);
    engine_send(s, reply);
    wipe_text(secret);
    xmpp_stanza_release(reply);
    send_behind(s);
}

/* ---- verdicts ---------------------------------------------------- */

static void wait_for_answer(struct stream *s)
{
    engine_to(s, PHASE_LOGIN);
}

/* No secret is needed any more, and what waits in the outbox may leave. */
/* Those from before the login are no use: others follow it. */
static void keep_features(struct stream *s)
{
    if (s->wanted->keeps_features && !s->features_due)
        s->agreed.features = xmpp_stanza_clone(s->login->features);
}

bool negotiate_late_features(struct stream *s, xmpp_stanza_t *node)
{
    s->features_due = false;
    s->skipped = false;
    announced_read(s, node);
    if (s->wanted->keeps_features && s->phase != PHASE_DOWN)
        s->agreed.features = node;
    else
        xmpp_stanza_release(node);
    return s->agreed.features && !s->up_due;
}

/* A module that wants to see them begins its session by that. With Bind 2 they
 * follow in the same breath (XEP-0388 section 2.6.1). */
static void await_features(struct stream *s)
{
    s->awaits_features =
        s->features_due && s->wanted->keeps_features && !s->agreed.resumed;
    if (s->awaits_features)
        s->step_deadline =
            s->now + (uint64_t)s->wanted->options[XMPP_OPT_STEP_TIMEOUT];
}

bool negotiate_is_up(struct stream *s)
{
    if (!s->up_due)
        return false;
    if (!s->awaits_features)
        return true;
    if (s->features_due && !s->held && s->phase == PHASE_UP &&
        s->now < s->step_deadline)
        return false;
    s->step_deadline = TIME_NEVER;
    return true;
}

static void come_up(struct stream *s)
{
    uint64_t deadline = s->step_deadline;

    if (!s->flows && engine_flow(s, false)) {
        engine_fail(s, XMPP_EMEM, NULL);
        return;
    }
    keep_features(s);
    if (s->features_due)
        announced_forget(s);
    negotiation_free(s->env, s->login);
    s->login = NULL;
    env_free(s->env, s->channel);
    s->channel = NULL;
    s->up_due = true;
    engine_to(s, PHASE_UP);
    /* <enable/> keeps its deadline, which engine_to() took away. */
    if (s->enabling)
        s->step_deadline = deadline;
    else
        await_features(s);
    s->login_deadline = TIME_NEVER;
    s->rest_deadline = s->now + REST_AFTER;
    s->keepalive.heard = s->keepalive.sent = s->now;
    ack_request_due(s);
}

/* SASL2 goes on in the same stream (XEP-0388 section 2.6.1). The table is
 * walked from its first row, and no row offers what is done already. */
static void wait_for_features(struct stream *s)
{
    s->login->at = 0;
    engine_to(s, PHASE_LOGIN);
}

/* A step may begin before the server offers it (XEP-0509). Until the header and
 * the features came, the walk stands before the first row all the same. */
static void pipeline_steps(struct stream *s)
{
    struct negotiation *n = s->login;
    enum verdict verdict = STEP_DONE;

    for (; verdict == STEP_DONE && n->table[n->at]; n->at++) {
        if (!negotiation_step(n)->pipeline)
            continue;
        verdict = negotiation_step(n)->pipeline(s);
        if (verdict != STEP_DONE)
            log_state(s, verdict);
    }
    n->at = 0;
    send_reply(s);
    if (verdict == STEP_FAIL)
        engine_give_up(s);
}

/* What was heard before counts no more, except who we are (RFC 6120 sections
 * 5.4.3.3 and 6.4.6). Only a login under TLS is sent ahead, since the account
 * is not to be seen before. */
static void restart_stream(struct stream *s)
{
    negotiation_forget(s->env, s->login);
    s->login->at = 0;
    engine_open(s);
    if (s->phase == PHASE_OPENING && s->agreed.secured &&
        !negotiation_has(s->login, FACT_AUTHENTICATED))
        pipeline_steps(s);
}

static void want_tls(struct stream *s)
{
    engine_to(s, PHASE_TLS);
    s->tls_mark = buf_size(&s->front);
}

static void want_zlib(struct stream *s)
{
    engine_to(s, PHASE_ZLIB);
}

/* A person may take longer than a step; the login as a whole gets longer by a
 * time that has a limit. */
static void want_password(struct stream *s)
{
    s->login->facts |= FACT_PASSWORD_DUE;
    s->login->request.tries++;
    s->step_deadline = TIME_NEVER;
    if (s->login_deadline != TIME_NEVER)
        s->login_deadline +=
            (uint64_t)s->wanted->options[XMPP_OPT_LOGIN_PASSWORD_TIMEOUT];
}

/* The peer waits for us: its patience does not begin anew. */
static void want_next_turn(struct stream *s)
{
    s->login->facts |= FACT_TURN_DUE;
}

static void (*const acts[])(struct stream *s) = {
    [STEP_WAIT] = wait_for_answer,
    [STEP_DONE] = come_up, /* there is no other step */
    [STEP_SKIP_REST] = come_up,
    [STEP_FEATURES] = wait_for_features,
    [STEP_RESTART] = restart_stream,
    [STEP_WANT_TLS] = want_tls,
    [STEP_WANT_ZLIB] = want_zlib,
    [STEP_WANT_PASSWORD] = want_password,
    [STEP_WANT_TURN] = want_next_turn,
    [STEP_FAIL] = engine_give_up,
};

/* ---- the walk ---------------------------------------------------- */

static bool is_step_offered(struct stream *s, const struct step *step)
{
    return !step->offered || step->offered(s);
}

/* Begin rows from `at` on, until one has to wait or there is no other. */
static enum verdict walk_table(struct stream *s, size_t at)
{
    struct negotiation *n = s->login;
    enum verdict verdict = STEP_DONE;

    for (; verdict == STEP_DONE && n->table[at]; at++) {
        if (!is_step_offered(s, n->table[at]))
            continue;
        n->at = at;
        verdict = n->table[at]->begin(s);
        log_state(s, verdict);
    }
    return verdict;
}

static void act_on(struct stream *s, enum verdict verdict)
{
    send_reply(s);
    if (s->phase != PHASE_DOWN) /* it could be written */
        acts[verdict](s);
}

/* Do what a step makes necessary, up to where somebody else has to do
 * something. */
static void obey_verdict(struct stream *s, enum verdict verdict)
{
    log_state(s, verdict);
    act_on(s, verdict == STEP_DONE ? walk_table(s, s->login->at + 1) : verdict);
}

void negotiate_begin(struct stream *s)
{
    s->login = negotiation_new(s->env, tables[s->wanted->kind]);
    if (s->login)
        restart_stream(s);
    else
        engine_fail(s, XMPP_EMEM, NULL);
}

void negotiate_header(struct stream *s, xmpp_stanza_t *header)
{
    if (!header_read(s, header))
        return;
    if (!s->login) {
        s->header_due = true;
        engine_to(s, PHASE_RAW);
        return;
    }
    s->login->facts &= ~(unsigned)FACT_OLD_STREAM;
    if (!header_is_version_1(header))
        s->login->facts |= FACT_OLD_STREAM;
    /* Its patience begins when the step is known: wait_for_answer(). */
    s->phase = PHASE_LOGIN;
    act_on(s, walk_table(s, 0));
}

/* No other phase hears one: the reader has the header first, and nothing is
 * read before TLS and compression. */
void negotiate_element(struct stream *s, xmpp_stanza_t *node)
{
    obey_verdict(s, negotiation_step(s->login)->receive(s, node));
}

void negotiate_overtake(struct stream *s)
{
    if (s->phase == PHASE_LOGIN && negotiation_step(s->login)->hears_stanzas)
        obey_verdict(s, STEP_SKIP_REST);
}

void negotiate_secured(struct stream *s)
{
    obey_verdict(s, STEP_RESTART);
}

void negotiate_compressed(struct stream *s)
{
    obey_verdict(s, STEP_RESTART);
}

static void wake_step(struct stream *s)
{
    if (!negotiation_step(s->login)->wake)
        return;
    s->login->facts &= ~(unsigned)(FACT_PASSWORD_DUE | FACT_TURN_DUE);
    obey_verdict(s, negotiation_step(s->login)->wake(s));
}

void negotiate_turn(struct stream *s)
{
    if (negotiation_has(s->login, FACT_TURN_DUE))
        wake_step(s);
}

void negotiate_password(struct stream *s, struct str password)
{
    struct negotiation *n = s->login;

    if (!negotiation_has(n, FACT_PASSWORD_DUE))
        return;
    n->facts &= ~(unsigned)(FACT_PASSWORD_DUE | FACT_REFUSED);
    if (!password.s) {
        engine_fail(s, XMPP_ECRED, "a password was requested and not given");
        return;
    }
    n->request.password = env_strndup(s->env, password.s, password.n);
    if (!n->request.password) {
        engine_fail(s, XMPP_EMEM, NULL);
        return;
    }
    n->credentials.password = str_n(n->request.password, password.n);
    wake_step(s);
}
