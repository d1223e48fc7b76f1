/* log.c - what goes over the wire, as lines of the log.
 *
 * libstrophe's applications read these lines: area "conn" and "SENT: ", or
 * area "xmpp" and "RECV: ", then the XML.
 */

#include "stream/log.h"

#include <xmpp/error.h>
#include <xmpp/ns.h>

#include "stanza/find.h"
#include "stanza/writer.h"
#include "stream/secrets.h"

#define LINE_MOST 1048576 /* bytes of XML in a line */

/* A line is long, and is not formatted: it is gathered, and handed over as it
 * is. */
static void line_begin(struct buf *line, const struct env *env,
                       const char *what)
{
    buf_init(line, env, LINE_MOST);
    buf_puts(line, str_of(what));
    buf_puts(line, STR(": "));
}

static void line_end(struct buf *line, const char *what)
{
    const char *area = what[0] == 'S' ? "conn" : "xmpp";

    buf_putc(line, '\0');
    if (line->failed)
        env_log(line->env, XMPP_LEVEL_DEBUG, area, "%s: (too long)", what);
    else
        env_log_line(line->env, XMPP_LEVEL_DEBUG, area, buf_view(line).s);
    buf_free(line);
}

void log_text(struct env *env, const char *what, struct str text)
{
    struct buf line;

    if (!env_wants_log(env, XMPP_LEVEL_DEBUG))
        return;
    line_begin(&line, env, what);
    buf_puts(&line, text);
    line_end(&line, what);
}

void log_tree(struct env *env, const char *what, const xmpp_stanza_t *node)
{
    struct buf line;

    line_begin(&line, env, what);
    if (writer_write_scrubbed(&line, node, STR(XMPP_NS_CLIENT),
                              &stream_secrets) == XMPP_EMEM)
        line.failed = true;
    line_end(&line, what);
}

void log_header(struct env *env, const xmpp_stanza_t *header)
{
    struct buf line;

    if (!env_wants_log(env, XMPP_LEVEL_DEBUG))
        return;
    line_begin(&line, env, "RECV");
    writer_start_tag(&line, header);
    line_end(&line, "RECV");
}

/* ---- bytes of the application ------------------------------------ */

/* They are logged as they are unless there is a secret in them, which can only
 * be seen in XML; of anything else only the size is logged. */
void log_raw(struct env *env, struct str bytes)
{
    struct buf text, scrubbed;
    xmpp_stanza_t *node;

    if (!env_wants_log(env, XMPP_LEVEL_DEBUG))
        return;
    buf_init(&text, env, LINE_MOST);
    buf_init(&scrubbed, env, LINE_MOST);
    buf_puts(&text, STR("<raw>"));
    buf_puts(&text, bytes);
    buf_put(&text, "</raw>", sizeof("</raw>"));
    node = text.failed
               ? NULL
               : xmpp_stanza_new_from_string(env_ctx(env), buf_view(&text).s);
    buf_clear(&text);
    if (node &&
        writer_write_scrubbed(&scrubbed, node, STR_NONE, &stream_secrets) ==
            0 &&
        writer_write(&text, node, STR_NONE) == 0) {
        struct str inside = buf_view(&scrubbed);
        bool is_open = str_eq(inside, buf_view(&text));

        inside.s += strlen("<raw>");
        inside.n -= strlen("<raw></raw>");
        log_text(env, "SENT", is_open ? bytes : inside);
    } else {
        env_log(env, XMPP_LEVEL_DEBUG, "conn", "SENT: %zu raw bytes", bytes.n);
    }
    xmpp_stanza_release(node);
    buf_free(&text);
    buf_free(&scrubbed);
}
