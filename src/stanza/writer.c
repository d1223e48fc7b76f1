/* writer.c - trees to bytes in one pass. */

#include "stanza/writer.h"

#include <xmpp/error.h>

#include "stanza/find.h"

/* ---- escaping ---------------------------------------------------- */

/* What stands for a character; NULL: itself. White space other than spaces
 * would be changed by a reader where it stands for itself in attributes, and
 * a carriage return everywhere. */
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

static void escape(struct buf *out, struct str text, bool in_attribute)
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
    escape(out, text, false);
}

/* ---- secrets ----------------------------------------------------- */

/* In SASL2 (XEP-0388) these are not alone in their elements. */
static bool is_sasl2_message(const xmpp_stanza_t *element)
{
    struct str name = node_name(element);

    return node_is(element, NAME_NONE, NS_SASL2) &&
           (element->name == N_RESPONSE || element->name == N_CHALLENGE ||
            str_is(name, "initial-response") ||
            str_is(name, "additional-data"));
}

/* A salted password (XEP-0480). */
static bool is_upgrade(const xmpp_stanza_t *element)
{
    return str_is(node_name(element), "hash") &&
           str_is(node_ns(element), XMPP_NS_SCRAM_UPGRADE);
}

static bool is_secret(const xmpp_stanza_t *element)
{
    switch (element->name) {
    case N_AUTH:
    case N_RESPONSE:
    case N_CHALLENGE:
    case N_SUCCESS:
        return node_is(element, NAME_NONE, NS_SASL) ||
               is_sasl2_message(element);
    case N_HANDSHAKE:
    case N_PASSWORD:
    case N_DIGEST:
        return true;
    default:
        return is_sasl2_message(element) || is_upgrade(element);
    }
}

/* A token to log in by (XEP-0484). */
static bool is_secret_attr(const xmpp_stanza_t *node, const struct attr *a)
{
    return str_is(a->name, "token") && str_is(node->text, "token") &&
           str_is(node_ns(node), XMPP_NS_FAST);
}

/* ---- tags -------------------------------------------------------- */

static bool is_of_stream(const xmpp_stanza_t *node)
{
    return node->ns == NS_STREAMS;
}

static void put_name(struct buf *out, const xmpp_stanza_t *node)
{
    if (is_of_stream(node))
        buf_puts(out, STR("stream:"));
    buf_puts(out, node->text);
}

static void put_attr(struct buf *out, struct str name, struct str value)
{
    buf_putc(out, ' ');
    buf_puts(out, name);
    buf_puts(out, STR("=\""));
    escape(out, value, true);
    buf_putc(out, '"');
}

static void open_tag(struct buf *out, const xmpp_stanza_t *node,
                     struct str around, enum writer_mode mode)
{
    buf_putc(out, '<');
    put_name(out, node);
    for (const struct attr *a = node->attrs; a; a = a->next)
        if (a->id != N_XMLNS ||
            (!is_of_stream(node) && !str_eq(a->value, around)))
            put_attr(out, a->name,
                     mode == WRITE_SCRUBBED && is_secret_attr(node, a)
                         ? STR("***")
                         : a->value);
    buf_puts(out, node->first ? STR(">") : STR("/>"));
}

void writer_start_tag(struct buf *out, const xmpp_stanza_t *node)
{
    buf_putc(out, '<');
    put_name(out, node);
    for (const struct attr *a = node->attrs; a; a = a->next)
        if (a->id != N_XMLNS)
            put_attr(out, a->name, a->value);
    buf_putc(out, '>');
}

static void close_tag(struct buf *out, const xmpp_stanza_t *node)
{
    buf_puts(out, STR("</"));
    put_name(out, node);
    buf_putc(out, '>');
}

/* ---- text -------------------------------------------------------- */

static void put_text(struct buf *out, const xmpp_stanza_t *node,
                     enum writer_mode mode)
{
    if (mode == WRITE_SCRUBBED && node->parent && is_secret(node->parent))
        buf_puts(out, STR("***"));
    else
        escape(out, node->text, false);
}

/* ---- the walk ---------------------------------------------------- */

/* The namespace that holds where a node begins. */
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
static int step(struct buf *out, const xmpp_stanza_t *node,
                const xmpp_stanza_t *root, struct str ns, enum writer_mode mode)
{
    if (node->kind == NODE_BLANK)
        return node_misuse(node, "a node of the stanza has neither a name nor "
                                 "a text");
    if (node->kind == NODE_TEXT)
        put_text(out, node, mode);
    else
        open_tag(out, node, around(node, root, ns), mode);
    if (node->first)
        return 0;
    while (node != root && !node->next) {
        node = node->parent;
        close_tag(out, node);
    }
    return 0;
}

int writer_write(struct buf *out, const xmpp_stanza_t *node, struct str ns,
                 enum writer_mode mode)
{
    const xmpp_stanza_t *root = node;
    size_t before = buf_size(out);
    int rc = out->failed ? XMPP_EMEM : 0;

    if (rc)
        return rc;
    for (; node && rc == 0; node = node_after(node, root))
        rc = step(out, node, root, ns, mode);
    if (rc == 0 && out->failed)
        rc = XMPP_EMEM;
    if (rc)
        buf_cut(out, before);
    return rc;
}
