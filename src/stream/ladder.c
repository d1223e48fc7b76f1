/* ladder.c - the rungs from a stream header to being up. */

#include "stream/ladder.h"

#include "stanza/build.h"
#include "stanza/find.h"
#include "stanza/writer.h"

#define LINE_MOST 1048576 /* bytes of a stanza in the log */

static void take_features(struct stream *s, xmpp_stanza_t *node);
static void take_proceed(struct stream *s, xmpp_stanza_t *node);
static void take_nothing(struct stream *s, xmpp_stanza_t *node);

static const struct {
    const char *name;
    xmpp_layer_t layer;
    bool is_login; /* has a patience */
    void (*take)(struct stream *s, xmpp_stanza_t *node);
} rungs[] = {
    [RUNG_HEADER] = {"header", XMPP_LAYER_STREAM, true, take_nothing},
    [RUNG_FEATURES] = {"features", XMPP_LAYER_STREAM, true, take_features},
    [RUNG_PROCEED] = {"starttls", XMPP_LAYER_TLS, true, take_proceed},
    [RUNG_TLS] = {"tls", XMPP_LAYER_TLS, true, take_nothing},
    [RUNG_AUTH] = {"auth", XMPP_LAYER_SASL, true, rung_auth_take},
    [RUNG_BIND] = {"bind", XMPP_LAYER_BIND, true, rung_bind_take},
    [RUNG_SESSION] = {"session", XMPP_LAYER_BIND, true, rung_session_take},
    [RUNG_HANDSHAKE] = {"handshake", XMPP_LAYER_SASL, true,
                        rung_component_take},
    [RUNG_UP] = {"up", XMPP_LAYER_STREAM, false, take_nothing},
    [RUNG_IDLE] = {"idle", XMPP_LAYER_STREAM, false, take_nothing},
    [RUNG_RAW] = {"raw", XMPP_LAYER_STREAM, false, take_nothing},
    [RUNG_CLOSING] = {"closing", XMPP_LAYER_STREAM, false, take_nothing},
    [RUNG_DOWN] = {"down", XMPP_LAYER_STREAM, false, take_nothing},
};

const char *ladder_name(enum rung rung)
{
    return rungs[rung].name;
}

/* ---- moving ------------------------------------------------------------- */

void ladder_to(struct stream *s, enum rung rung)
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

void ladder_up(struct stream *s)
{
    rung_auth_end(s);
    s->up_untold = true;
    ladder_to(s, RUNG_UP);
    s->login_deadline = TIME_NEVER;
    s->rest_deadline = s->now + REST_AFTER;
}

void ladder_down(struct stream *s)
{
    if (s->rung == RUNG_DOWN)
        return;
    rung_auth_end(s);
    ladder_to(s, RUNG_DOWN);
    s->down_untold = true;
}

void ladder_give_up(struct stream *s)
{
    if (s->rung == RUNG_DOWN)
        return;
    if (s->opened && s->rung != RUNG_TLS && s->rung != RUNG_CLOSING)
        buf_puts(&s->out.bytes, STR("</stream:stream>"));
    ladder_down(s);
}

void ladder_fail(struct stream *s, int code, const char *detail)
{
    xmpp_layer_t layer =
        code == XMPP_EMEM ? XMPP_LAYER_APP : rungs[s->rung].layer;

    if (detail)
        fault_set(s->fault, layer, code, "%s", detail);
    else
        fault_set(s->fault, layer, code, NULL);
    ladder_give_up(s);
}

void ladder_log(struct stream *s, const char *what, const xmpp_stanza_t *node)
{
    struct buf line;

    if (!env_wants_log(s->env))
        return;
    buf_init(&line, s->env, LINE_MOST);
    if (writer_write(&line, node, STR("jabber:client"), WRITE_SCRUBBED) == 0) {
        buf_putc(&line, '\0');
        env_log(s->env, XMPP_LEVEL_DEBUG, "xmpp", "%s: %s", what,
                line.failed ? "(too long)" : buf_view(&line).s);
    }
    buf_free(&line);
}

void ladder_say(struct stream *s, xmpp_stanza_t *node)
{
    int rc = xmpp_stanza_get_status(node);

    if (rc == 0)
        rc = writer_write(&s->out.bytes, node, STR("jabber:client"),
                          WRITE_PLAIN);
    if (rc == 0)
        ladder_log(s, "SENT", node);
    xmpp_stanza_release(node);
    if (rc)
        ladder_fail(s, rc, NULL);
}

/* ---- headers ------------------------------------------------------------ */

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

void ladder_restart(struct stream *s)
{
    struct buf *out = &s->out.bytes;
    bool component = s->wanted->kind == STREAM_COMPONENT;

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
    env_log(s->env, XMPP_LEVEL_DEBUG, "xmpp", "SENT: stream header to %.*s",
            STR_ARG(s->wanted->domain));
    ladder_to(s, RUNG_HEADER);
    if (out->failed)
        ladder_fail(s, XMPP_EMEM, NULL);
}

static bool keep(struct stream *s, char **own, struct str *view,
                 struct str value)
{
    env_free(s->env, *own);
    *own = value.s ? env_strndup(s->env, value.s, value.n) : NULL;
    *view = *own ? str_n(*own, value.n) : STR_NONE;
    return !value.s || *own;
}

static bool is_version_1(struct str version)
{
    unsigned long major;
    struct str head;

    str_cut(version, '.', &head);
    return version.s && str_number(head, 1000000, &major) && major >= 1;
}

void ladder_header(struct stream *s, xmpp_stanza_t *header)
{
    if (!keep(s, &s->id, &s->agreed.id, node_attr(header, N_ID)) ||
        !keep(s, &s->from, &s->agreed.from, node_attr(header, N_FROM)))
        ladder_fail(s, XMPP_EMEM, NULL);
    else if (!node_is(header, N_STREAM, NS_STREAMS))
        ladder_fail(s, XMPP_EPROTO, "it opened something that is no stream");
    else if (s->wanted->kind == STREAM_RAW) {
        s->header_untold = true;
        ladder_to(s, RUNG_RAW);
    } else if (s->wanted->kind == STREAM_COMPONENT)
        rung_component_begin(s);
    else if (!is_version_1(node_attr(header, N_VERSION)))
        ladder_fail(s, XMPP_EVERSION, "its stream is not of version 1.0");
    else
        ladder_to(s, RUNG_FEATURES);
}

/* ---- features and TLS ----------------------------------------------------- */

static void ask_tls(struct stream *s)
{
    ladder_to(s, RUNG_PROCEED);
    ladder_say(s, build_root(s->env, N_STARTTLS, NS_TLS));
}

static void take_features(struct stream *s, xmpp_stanza_t *node)
{
    bool offered = node_child(node, N_STARTTLS, NS_TLS) != NULL;

    if (!node_is(node, N_FEATURES, NS_STREAMS)) {
        ladder_fail(s, XMPP_EPROTO, "it sent something before its features");
    } else if (s->authenticated) {
        rung_bind_begin(s, node);
    } else if (!s->agreed.secured && offered && s->wanted->tls != TLS_NEVER) {
        ask_tls(s);
    } else if (!s->agreed.secured && s->wanted->tls == TLS_REQUIRED) {
        fault_set(s->fault, XMPP_LAYER_TLS, XMPP_ENOTLS,
                  "and nothing was sent without it");
        ladder_give_up(s);
    } else {
        rung_auth_begin(s, node);
    }
}

static void take_proceed(struct stream *s, xmpp_stanza_t *node)
{
    if (!node_is(node, N_PROCEED, NS_TLS)) {
        ladder_fail(s, XMPP_ETLS, "the server refused to begin");
        return;
    }
    ladder_to(s, RUNG_TLS);
    s->tls_mark = outbox_size(&s->out);
}

static void take_nothing(struct stream *s, xmpp_stanza_t *node)
{
    (void)node;
    ladder_fail(s, XMPP_EPROTO, "an element at the wrong time");
}

void ladder_element(struct stream *s, xmpp_stanza_t *node)
{
    rungs[s->rung].take(s, node);
}
