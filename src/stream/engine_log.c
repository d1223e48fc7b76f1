/* engine_log.c - what goes over the wire, as lines of the log.
 *
 * libstrophe's applications read these lines: area "conn" and "SENT: ", or
 * area "xmpp" and "RECV: ", then the XML.
 */

#include "stanza/find.h"
#include "stanza/writer.h"
#include "stream/engine.h"
#include "stream/secrets.h"

#define LINE_MOST 1048576 /* bytes of XML in a line */

void engine_log_text(struct stream *s, const char *what, struct str text)
{
    const char *area = what[0] == 'S' ? "conn" : "xmpp";

    if (text.n > LINE_MOST)
        text = STR("(too long)");
    env_log(s->env, XMPP_LEVEL_DEBUG, area, "%s: %.*s", what, STR_ARG(text));
}

void engine_log(struct stream *s, const char *what, const xmpp_stanza_t *node)
{
    struct buf line;

    if (!env_wants_log(s->env, XMPP_LEVEL_DEBUG))
        return;
    buf_init(&line, s->env, LINE_MOST);
    writer_write_scrubbed(&line, node, STR(XMPP_NS_CLIENT), &stream_secrets);
    engine_log_text(s, what, line.failed ? STR("(too long)") : buf_view(&line));
    buf_free(&line);
}

void engine_log_sent(struct stream *s, size_t before)
{
    struct str all = buf_view(engine_out(s));

    if (!engine_out(s)->failed)
        engine_log_text(s, "SENT", str_n(all.s + before, all.n - before));
}

void engine_log_header(struct stream *s, const xmpp_stanza_t *header)
{
    struct buf line;

    if (!env_wants_log(s->env, XMPP_LEVEL_DEBUG))
        return;
    buf_init(&line, s->env, LINE_MOST);
    writer_start_tag(&line, header);
    engine_log_text(s, "RECV",
                    line.failed ? STR("(too long)") : buf_view(&line));
    buf_free(&line);
}

/* ---- bytes of the application ------------------------------------ */

/* They stand as they are in the log unless there is a secret in them. Whether
 * there is can only be said of XML. */
void engine_log_raw(struct stream *s, struct str bytes)
{
    struct buf text, scrubbed;
    xmpp_stanza_t *node;

    if (!env_wants_log(s->env, XMPP_LEVEL_DEBUG))
        return;
    buf_init(&text, s->env, LINE_MOST);
    buf_init(&scrubbed, s->env, LINE_MOST);
    buf_puts(&text, STR("<raw>"));
    buf_puts(&text, bytes);
    buf_put(&text, "</raw>", sizeof("</raw>"));
    node = text.failed ? NULL
                       : xmpp_stanza_new_from_string(env_ctx(s->env),
                                                     buf_view(&text).s);
    buf_clear(&text);
    if (node &&
        writer_write_scrubbed(&scrubbed, node, STR_NONE, &stream_secrets) ==
            0 &&
        writer_write(&text, node, STR_NONE) == 0) {
        struct str inside = buf_view(&scrubbed);
        bool is_open = str_eq(inside, buf_view(&text));

        inside.s += strlen("<raw>");
        inside.n -= strlen("<raw></raw>");
        engine_log_text(s, "SENT", is_open ? bytes : inside);
    } else {
        env_log(s->env, XMPP_LEVEL_DEBUG, "conn", "SENT: %zu raw bytes",
                bytes.n);
    }
    xmpp_stanza_release(node);
    buf_free(&text);
    buf_free(&scrubbed);
}
