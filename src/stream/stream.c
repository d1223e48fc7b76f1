/* stream.c - the engine of a conversation: bytes and time in, bytes, events
 * and wants out. */

#include "stream/stream.h"

#include "stanza/build.h"
#include "stanza/conditions.h"
#include "stanza/find.h"
#include "stanza/writer.h"
#include "stream/ladder.h"

/* ---- life ------------------------------------------------------------- */

static void set_limits(struct stream *s)
{
    const long *o = s->wanted->options;
    bool up = s->rung >= RUNG_UP;

    s->limits = (struct reader_limits){
        .depth = (size_t)o[XMPP_OPT_MAX_DEPTH],
        .stanza = (size_t)o[up ? XMPP_OPT_MAX_STANZA
                               : XMPP_OPT_MAX_LOGIN_STANZA],
        .gap = (size_t)o[XMPP_OPT_MAX_GAP],
        .attributes = (size_t)o[XMPP_OPT_MAX_ATTRIBUTES],
        .names = (size_t)o[XMPP_OPT_MAX_NAMES],
    };
}

struct stream *stream_new(struct env *env, const struct wanted *wanted,
                          struct fault *fault)
{
    struct stream *s = env_zalloc(env, sizeof(*s));

    if (!s)
        return NULL;
    s->env = env;
    s->wanted = wanted;
    s->fault = fault;
    s->rung = RUNG_IDLE;
    s->step_deadline = s->login_deadline = s->rest_deadline = TIME_NEVER;
    outbox_init(&s->out, env);
    set_limits(s);
    s->reader = reader_new(env, &s->limits);
    if (!s->reader) {
        env_free(env, s);
        return NULL;
    }
    return s;
}

void stream_free(struct stream *s)
{
    if (!s)
        return;
    rung_forget(s);
    rung_forget_keys(s);
    reader_free(s->reader);
    outbox_free(&s->out);
    env_free(s->env, s->jid);
    env_free(s->env, s->id);
    env_free(s->env, s->from);
    env_free(s->env, s);
}

void stream_open(struct stream *s, bool secured, uint64_t now)
{
    s->now = now;
    s->agreed.secured = secured;
    if (s->wanted->kind == STREAM_RAW || s->rung == RUNG_DOWN)
        return;
    s->login_deadline =
        now + (uint64_t)s->wanted->options[XMPP_OPT_LOGIN_TIMEOUT];
    rung_restart(s);
}

/* ---- in --------------------------------------------------------------- */

/* What the peer is told about its XML (RFC 6120 section 4.9.3). */
static void say_condition(struct stream *s, int code)
{
    static const struct {
        int code;
        xmpp_error_type_t type;
    } rows[] = {
        {XMPP_EXML, XMPP_SE_XML_NOT_WELL_FORMED},
        {XMPP_ERESTRICTED, XMPP_SE_RESTRICTED_XML},
        {XMPP_EPREFIX, XMPP_SE_BAD_NS_PREFIX},
        {XMPP_EENCODING, XMPP_SE_UNSUPPORTED_ENCODING},
        {XMPP_ELIMIT, XMPP_SE_POLICY_VIOLATION},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].code == code && s->opened && s->rung != RUNG_CLOSING)
            rung_say(s, xmpp_error_new(env_ctx(s->env), rows[i].type, NULL));
}

size_t stream_recv(struct stream *s, const char *bytes, size_t n, uint64_t now)
{
    size_t used = 0;
    int rc;

    s->now = now;
    if (s->rung == RUNG_DOWN || s->rung == RUNG_IDLE)
        return 0;
    if (s->rung == RUNG_TLS) {
        rung_fail(s, XMPP_EINJECT, NULL);
        return 0;
    }
    set_limits(s);
    if (s->rung == RUNG_UP)
        s->rest_deadline = now + REST_AFTER;
    rc = reader_feed(s->reader, bytes, n, &used, s->fault);
    if (rc) {
        say_condition(s, rc);
        rung_give_up(s);
    }
    return used;
}

void stream_eof(struct stream *s, uint64_t now)
{
    s->now = now;
    if (s->rung == RUNG_DOWN)
        return;
    if (s->rung != RUNG_CLOSING)
        fault_set(s->fault, XMPP_LAYER_STREAM, XMPP_EEOF, "at: %s",
                  rung_name(s->rung));
    outbox_clear(&s->out); /* nobody would hear it */
    rung_down(s);
}

/* ---- events ----------------------------------------------------------- */

/* The peer ends the stream for a reason. */
static bool on_error(struct stream *s, xmpp_stanza_t *node,
                     struct stream_event *event)
{
    struct str condition, text;

    condition_read(node, NS_STREAM_ERRORS, &condition, &text);
    fault_set_peer(s->fault, XMPP_LAYER_STREAM, XMPP_ESTREAM,
                   condition.s ? condition : STR("undefined-condition"), text);
    rung_give_up(s);
    reader_restart(s->reader); /* nothing that follows is heard */
    *event = (struct stream_event){STREAM_ERROR, node};
    return true;
}

/* True if it is for the caller. */
static bool on_element(struct stream *s, xmpp_stanza_t *node,
                       struct stream_event *event)
{
    rung_log(s, "RECV", node);
    if (node_is(node, N_ERROR, NS_STREAMS))
        return on_error(s, node, event);
    if (s->rung >= RUNG_UP) {
        *event = (struct stream_event){STREAM_STANZA, node};
        return true;
    }
    ladder_element(s, node);
    xmpp_stanza_release(node);
    return false;
}

static void on_end(struct stream *s)
{
    if (s->rung == RUNG_CLOSING) {
        rung_down(s);
        return;
    }
    if (s->rung < RUNG_UP)
        rung_fail(s, XMPP_EEOF, "the server ended the stream");
    else
        rung_give_up(s);
}

/* One event of the reader; true if it became one for the caller. */
static bool read_next(struct stream *s, struct stream_event *event, bool *more)
{
    xmpp_stanza_t *node;
    enum reader_event what = reader_next(s->reader, &node);

    *more = what != READER_NONE;
    if (what == READER_STANZA)
        return on_element(s, node, event);
    if (what == READER_HEADER && s->rung == RUNG_HEADER) {
        rung_log_header(s, node);
        ladder_header(s, node);
    }
    if (what == READER_END && s->rung != RUNG_DOWN) {
        rung_log_text(s, "RECV", STR("</stream:stream>"));
        on_end(s);
    }
    xmpp_stanza_release(node);
    return false;
}

static bool take_flag(bool *flag, enum stream_event_kind kind,
                      struct stream_event *event)
{
    if (!*flag)
        return false;
    *flag = false;
    *event = (struct stream_event){kind, NULL};
    return true;
}

bool stream_next(struct stream *s, struct stream_event *event)
{
    bool more = true;

    *event = (struct stream_event){STREAM_NOTHING, NULL};
    while (more) {
        if (take_flag(&s->header_untold, STREAM_HEADER, event) ||
            take_flag(&s->up_untold, STREAM_UP, event))
            return true;
        if (read_next(s, event, &more))
            return true;
    }
    return take_flag(&s->down_untold, STREAM_DOWN, event);
}

/* ---- out -------------------------------------------------------------- */

unsigned stream_wants(const struct stream *s)
{
    unsigned wants = stream_peek(s).n ? (unsigned)WANT_SEND : 0;

    if (s->rung == RUNG_TLS)
        wants |= WANT_TLS;
    if (s->rung == RUNG_DOWN)
        wants |= WANT_DOWN;
    if (s->asking.is_open)
        wants |= WANT_PASSWORD;
    return wants;
}

/* What was said after the wish for TLS waits until it is there. */
struct str stream_peek(const struct stream *s)
{
    struct str bytes = buf_view(&s->out.bytes);

    if (s->rung == RUNG_TLS)
        bytes.n = s->tls_mark;
    return bytes;
}

void stream_sent(struct stream *s, size_t n)
{
    outbox_sent(&s->out, n);
    if (s->rung == RUNG_TLS)
        s->tls_mark -= n;
}

void stream_secured(struct stream *s, uint64_t now)
{
    s->now = now;
    if (s->rung != RUNG_TLS)
        return;
    s->agreed.secured = true;
    if (s->wanted->kind == STREAM_RAW) {
        s->opened = false;
        reader_restart(s->reader);
        rung_to(s, RUNG_IDLE);
    } else {
        rung_restart(s);
    }
}

static bool may_say(const struct stream *s)
{
    return s->rung == RUNG_UP || s->rung == RUNG_RAW;
}

/* Did we say whether we are available? Directed presence says nothing. */
static void watch_presence(struct stream *s, const xmpp_stanza_t *stanza)
{
    struct str type = node_attr(stanza, N_TYPE);

    if (stanza->name != N_PRESENCE || node_attr(stanza, N_TO).s)
        return;
    if (!type.s)
        s->available = true;
    else if (str_is(type, "unavailable"))
        s->available = false;
}

/* What was appended since `before` becomes an item, or is undone. */
static int seal(struct stream *s, size_t before, int rc)
{
    size_t most = (size_t)s->wanted->options[XMPP_OPT_MAX_OUTBOX];

    if (rc == 0 && s->out.bytes.failed)
        rc = XMPP_EMEM;
    if (rc == 0 && outbox_size(&s->out) > most)
        rc = XMPP_EFULL;
    if (rc == 0)
        rc = outbox_mark(&s->out, before);
    if (rc)
        buf_cut(&s->out.bytes, before);
    return rc;
}

int stream_say(struct stream *s, xmpp_stanza_t *stanza)
{
    size_t before = outbox_size(&s->out);
    struct str ns = s->wanted->kind == STREAM_COMPONENT
                        ? name_text(NS_COMPONENT)
                        : name_text(NS_CLIENT);
    int rc;

    if (!may_say(s))
        return XMPP_ENOTCONN;
    rc = seal(s, before,
              writer_write(&s->out.bytes, stanza, ns, WRITE_PLAIN));
    if (rc == 0) {
        watch_presence(s, stanza);
        rung_log(s, "SENT", stanza);
    }
    return rc;
}

int stream_say_raw(struct stream *s, struct str bytes)
{
    size_t before = outbox_size(&s->out);
    int rc;

    if (!may_say(s) && (s->wanted->kind != STREAM_RAW ||
                        s->rung >= RUNG_CLOSING))
        return XMPP_ENOTCONN;
    buf_puts(&s->out.bytes, bytes);
    rc = seal(s, before, 0);
    if (rc == 0)
        rung_log_raw(s, bytes);
    return rc;
}

int stream_queue_length(const struct stream *s)
{
    return outbox_length(&s->out);
}

char *stream_queue_drop(struct stream *s, bool oldest)
{
    return s->rung == RUNG_TLS ? NULL : outbox_drop(&s->out, oldest);
}

/* ---- time and end ----------------------------------------------------- */

uint64_t stream_deadline(const struct stream *s)
{
    uint64_t first = s->login_deadline < s->step_deadline ? s->login_deadline
                                                          : s->step_deadline;

    return s->rest_deadline < first ? s->rest_deadline : first;
}

void stream_tick(struct stream *s, uint64_t now)
{
    s->now = now;
    if (now >= s->rest_deadline) {
        s->rest_deadline = TIME_NEVER;
        reader_rest(s->reader);
        outbox_rest(&s->out);
    }
    if (now < s->step_deadline && now < s->login_deadline)
        return;
    if (s->rung == RUNG_CLOSING)
        rung_down(s);
    else if (s->rung < RUNG_UP)
        rung_fail(s, XMPP_ETIMEOUT, rung_name(s->rung));
}

void stream_grant(struct stream *s, int64_t ms)
{
    if (s->login_deadline != TIME_NEVER)
        s->login_deadline += (uint64_t)ms;
    if (s->step_deadline != TIME_NEVER)
        s->step_deadline += (uint64_t)ms;
}

/* The peer's end is only worth waiting for where there is a session. */
void stream_close(struct stream *s, uint64_t now)
{
    enum rung rung = s->rung;

    s->now = now;
    if (rung == RUNG_DOWN || rung == RUNG_CLOSING)
        return;
    if (!may_say(s)) {
        rung_give_up(s);
        return;
    }
    if (rung == RUNG_UP && s->available) {
        xmpp_stanza_t *node = build_root(s->env, N_PRESENCE, NAME_NONE);

        if (node)
            node_set(node, N_TYPE, STR("unavailable"));
        rung_say(s, node);
    }
    if (s->rung == RUNG_DOWN)
        return;
    rung_say_end(s);
    if (s->out.bytes.failed) {
        rung_fail(s, XMPP_EMEM, NULL);
        return;
    }
    rung_to(s, RUNG_CLOSING);
    s->step_deadline =
        now + (uint64_t)s->wanted->options[XMPP_OPT_CLOSE_TIMEOUT];
}

void stream_abort(struct stream *s)
{
    outbox_clear(&s->out);
    rung_down(s);
}

const struct agreed *stream_agreed(const struct stream *s)
{
    return &s->agreed;
}
