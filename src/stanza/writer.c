/* writer.c - trees to bytes in one pass. */

#include "stanza/writer.h"

#include <xmpp/error.h>

#include "stanza/find.h"

/* ---- escaping ---------------------------------------------------- */

/* The reference for a character; NULL if it can stand for itself. A reader
 * turns tabs and new lines of an attribute into spaces (XML 1.0 section 3.3.3),
 * and each carriage return into a new line (section 2.11), unless they are
 * references. '>' is one because of "]]>" (section 2.4). */
static const char *escape_of(char c, bool in_attribute)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\r':
        return "&#13;";
    case '\n':
        return in_attribute ? "&#10;" : NULL;
    case '\t':
        return in_attribute ? "&#9;" : NULL;
    default:
        return NULL;
    }
}

static void escape_text(struct buf *out, struct str text, bool in_attribute)
{
    size_t from = 0;

    for (size_t i = 0; i < text.n; i++) {
        const char *instead = escape_of(text.s[i], in_attribute);

        if (!instead)
            continue;
        buf_put(out, text.s + from, i - from);
        buf_puts(out, str_of(instead));
        from = i + 1;
    }
    if (text.n > from)
        buf_put(out, text.s + from, text.n - from);
}

void writer_escape(struct buf *out, struct str text)
{
    escape_text(out, text, false);
}

/* ---- secrets ---------------------------------------------------- */

static bool is_hidden_part(const struct hidden_part *part,
                           const xmpp_stanza_t *element)
{
    return str_is(node_name(element), part->name) &&
           (!part->ns || str_is(node_ns(element), part->ns));
}

static bool is_hidden_text(const struct hidden_parts *hidden,
                           const xmpp_stanza_t *element)
{
    for (size_t i = 0; hidden && element && i < hidden->count; i++)
        if (!hidden->rows[i].attr && is_hidden_part(&hidden->rows[i], element))
            return true;
    return false;
}

static bool is_hidden_attr(const struct hidden_parts *hidden,
                           const xmpp_stanza_t *element, struct str attr)
{
    for (size_t i = 0; hidden && i < hidden->count; i++)
        if (hidden->rows[i].attr && str_is(attr, hidden->rows[i].attr) &&
            is_hidden_part(&hidden->rows[i], element))
            return true;
    return false;
}

/* ---- tags -------------------------------------------------------- */

static bool is_of_stream(const xmpp_stanza_t *node)
{
    return node->ns == NS_STREAMS;
}

static void write_name(struct buf *out, const xmpp_stanza_t *node)
{
    if (is_of_stream(node))
        buf_puts(out, STR("stream:"));
    buf_puts(out, node->text);
}

/* Values are always in '"', so an apostrophe needs no reference. */
static void write_attr(struct buf *out, struct str name, struct str value)
{
    buf_putc(out, ' ');
    buf_puts(out, name);
    buf_puts(out, STR("=\""));
    escape_text(out, value, true);
    buf_putc(out, '"');
}

static void open_tag(struct buf *out, const xmpp_stanza_t *node,
                     struct str around, const struct hidden_parts *hidden)
{
    buf_putc(out, '<');
    write_name(out, node);
    for (const struct attr *a = node->attrs; a; a = a->next)
        if (a->id != N_XMLNS ||
            (!is_of_stream(node) && !str_eq(a->value, around)))
            write_attr(out, a->name,
                       is_hidden_attr(hidden, node, a->name) ? STR("***")
                                                             : a->value);
    buf_puts(out, node->first ? STR(">") : STR("/>"));
}

void writer_start_tag(struct buf *out, const xmpp_stanza_t *node)
{
    buf_putc(out, '<');
    write_name(out, node);
    for (const struct attr *a = node->attrs; a; a = a->next)
        if (a->id != N_XMLNS)
            write_attr(out, a->name, a->value);
    buf_putc(out, '>');
}

static void close_tag(struct buf *out, const xmpp_stanza_t *node)
{
    buf_puts(out, STR("</"));
    write_name(out, node);
    buf_putc(out, '>');
}

/* ---- text -------------------------------------------------------- */

static void write_text(struct buf *out, const xmpp_stanza_t *node,
                       const struct hidden_parts *hidden)
{
    if (is_hidden_text(hidden, node->parent))
        buf_puts(out, STR("***"));
    else
        escape_text(out, node->text, false);
}

/* ---- the walk ---------------------------------------------------- */

/* The namespace that holds where a node begins. Elements of the stream's
 * namespace have a prefix and no xmlns, so their children get it from above. */
static struct str around(const xmpp_stanza_t *node, const xmpp_stanza_t *root,
                         struct str ns)
{
    while (node != root) {
        struct str found;

        node = node->parent;
        found = node_attr(node, N_XMLNS);
        if (found.s && !is_of_stream(node))
            return found;
    }
    return ns;
}

/* One node, and the end tags of all that end behind it. */
static int write_node(struct buf *out, const xmpp_stanza_t *node,
                      const xmpp_stanza_t *root, struct str ns,
                      const struct hidden_parts *hidden)
{
    if (node->kind == NODE_BLANK)
        return node_misuse(node, "a node of the stanza has neither a name nor "
                                 "a text");
    if (node->kind == NODE_TEXT)
        write_text(out, node, hidden);
    else
        open_tag(out, node, around(node, root, ns), hidden);
    if (node->first)
        return 0;
    while (node != root && !node->next) {
        node = node->parent;
        close_tag(out, node);
    }
    return 0;
}

int writer_write_scrubbed(struct buf *out, const xmpp_stanza_t *node,
                          struct str ns, const struct hidden_parts *hidden)
{
    const xmpp_stanza_t *root = node;
    size_t before = buf_size(out);
    int rc = out->failed ? XMPP_EMEM : 0;

    if (rc)
        return rc;
    for (; node && rc == 0; node = node_after(node, root))
        rc = write_node(out, node, root, ns, hidden);
    if (rc == 0 && out->failed)
        rc = XMPP_EMEM;
    if (rc) /* half a stanza must not reach the stream */
        buf_cut(out, before);
    return rc;
}

int writer_write(struct buf *out, const xmpp_stanza_t *node, struct str ns)
{
    return writer_write_scrubbed(out, node, ns, NULL);
}
