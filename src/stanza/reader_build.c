/* reader_build.c - builds trees from the events of a reader's parser. */

#include "stanza/reader_inside.h"

#include <xmpp/ns.h>

#include "stanza/find.h"

#define TEXT_KEPT 65536 /* bytes; a larger text buffer is freed after use */

/* Whether events of the parser are ignored. */
static bool is_ignoring(const struct reader *r)
{
    return r->muted || r->over || r->skip.how == SKIP_BEGUN;
}

void reader_fail(void *at, int code, const char *what)
{
    struct reader *r = at;

    if (r->code || is_ignoring(r))
        return;
    r->code = code;
    snprintf(r->what, sizeof(r->what), "%s", what);
    r->what[strcspn(r->what, "\n")] = '\0'; /* libxml2 ends its words by one */
}

bool reader_is_space(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strchr(" \t\r\n", text[i]) || !text[i])
            return false;
    return true;
}

/* ---- building ---------------------------------------------------- */

/* NULL becomes STR_NONE: no prefix, no namespace. */
static struct str view(const xmlChar *s)
{
    return str_of((const char *)s);
}

/* Make a node of the gathered text. */
static void flush_text(struct reader *r)
{
    xmpp_stanza_t *node;

    if (!buf_size(&r->text) || !r->current || r->code ||
        r->skip.how == SKIP_DUE)
        return;
    node = node_add(r->current);
    if (!node || node_set_text(node, buf_view(&r->text)))
        reader_fail(r, XMPP_EMEM, "");
    buf_clear(&r->text);
    if (r->text.cap > TEXT_KEPT)
        buf_free(&r->text);
}

static void set_attr(struct reader *r, xmpp_stanza_t *node, struct str name,
                     struct str value)
{
    if (node_set_attr(node, name, value) == XMPP_EMEM)
        reader_fail(r, XMPP_EMEM, "");
}

static bool attr_is_foreign(const xmlChar **a)
{
    return a[1] && !str_is(view(a[1]), "xml");
}

/* Attributes of other namespaces lose their prefix, as in libstrophe. In a
 * stanza's own tag they are dropped: evil:from must not pass for the sender. */
static void add_attr(struct reader *r, xmpp_stanza_t *node, const xmlChar **a)
{
    struct str name = view(a[0]);
    struct str value = str_n((const char *)a[3], (size_t)(a[4] - a[3]));
    char full[64];

    if (attr_is_foreign(a) && !node->parent)
        return;
    if (a[1] && !attr_is_foreign(a)) {
        int n = snprintf(full, sizeof(full), "xml:%.*s", STR_ARG(name));

        if (n >= (int)sizeof(full)) /* none is defined that long */
            return;
        name = str_n(full, (size_t)n);
    }
    set_attr(r, node, name, value);
}

/* xmlns='': without it the element would inherit its parent's namespace. */
static bool leaves_namespace(const xmpp_stanza_t *node, struct str ns)
{
    return !ns.s && node_ns(node->parent).n;
}

static void reader_dress(struct reader *r, xmpp_stanza_t *node,
                         const struct tag *tag)
{
    struct str ns = leaves_namespace(node, tag->ns) ? STR("") : tag->ns;

    if (node_set_name(node, tag->name) || (ns.s && node_set(node, N_XMLNS, ns)))
        reader_fail(r, XMPP_EMEM, "");
    /* first those of other namespaces, so that the own ones replace them */
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < tag->n; i++) {
            const xmlChar **a = tag->attributes + (size_t)i * 5;

            if ((pass == 0) == attr_is_foreign(a))
                add_attr(r, node, a);
        }
}

static xmpp_stanza_t *reader_begin_node(struct reader *r)
{
    xmpp_stanza_t *node;

    node = r->current ? node_add(r->current) : node_new(r->env, ARENA_PAGE);
    if (!node)
        reader_fail(r, XMPP_EMEM, "");
    return node;
}

/* ---- the stream element ------------------------------------------ */

/* The URI as libxml2 has read it is escaped again. */
static void put_declaration(struct buf *out, const xmlChar *prefix,
                            const xmlChar *uri)
{
    buf_puts(out, prefix ? STR(" xmlns:") : STR(" xmlns"));
    buf_puts(out, view(prefix));
    buf_puts(out, STR("=\""));
    for (struct str s = view(uri); s.n; s.s++, s.n--) {
        if (*s.s == '&')
            buf_puts(out, STR("&amp;"));
        else if (*s.s == '<')
            buf_puts(out, STR("&lt;"));
        else if (*s.s == '"')
            buf_puts(out, STR("&quot;"));
        else
            buf_putc(out, *s.s);
    }
    buf_putc(out, '"');
}

static void keep_content(struct reader *r, int n, const xmlChar **namespaces)
{
    r->has_content = false;
    for (int i = 0; i < n; i++)
        if (!namespaces[2 * i]) {
            r->has_content = true;
            snprintf(r->content, sizeof(r->content), "%s",
                     (const char *)namespaces[2 * i + 1]);
        }
}

static void keep_header(struct reader *r, const xmlChar *name,
                        const xmlChar *prefix, int n,
                        const xmlChar **namespaces)
{
    keep_content(r, n, namespaces);
    buf_clear(&r->header);
    buf_putc(&r->header, '<');
    if (prefix) {
        buf_puts(&r->header, view(prefix));
        buf_putc(&r->header, ':');
    }
    buf_puts(&r->header, view(name));
    for (int i = 0; i < n; i++)
        put_declaration(&r->header, namespaces[2 * i], namespaces[2 * i + 1]);
    buf_putc(&r->header, '>');
    if (r->header.failed)
        reader_fail(r, XMPP_EMEM, "");
}

/* ---- events of the parser ---------------------------------------- */

/* A tag was read, except `rest` bytes before its '>'; -1 if that was read too.
 */
static void note_tag(struct reader *r, int rest)
{
    uint64_t now = reader_position(r);

    if (now + (uint64_t)rest - r->event > r->limits->gap)
        reader_exceed(r, READER_GAP, now + (uint64_t)rest - r->event);
    r->event = now;
}

/* Bytes on the wire are not the measure: a tag of four takes a hundred in
 * memory. */
static void check_tree(struct reader *r)
{
    size_t tree = r->current ? node_memory(r->current) : 0;

    /* twice, because the text is copied when it becomes a node */
    if (tree + 2 * buf_size(&r->text) > r->limits->tree)
        reader_exceed(r, READER_MEMORY, tree + 2 * buf_size(&r->text));
}

/* The parser keeps names at least until the stanza ends. They are checked at
 * each start tag, so that the result does not depend on how the bytes were cut.
 */
static void check_names(struct reader *r)
{
    size_t n = parser_names(r->self.parser);

    if (n > r->limits->names + r->limits->more_names)
        reader_exceed(r, READER_NAMES, n - r->limits->names);
}

static void check_tag(struct reader *r, size_t attributes)
{
    if (attributes > r->limits->attributes)
        reader_exceed(r, READER_ATTRIBUTES, attributes);
    if (r->depth > r->limits->depth)
        reader_exceed(r, READER_DEPTH, r->depth);
    check_names(r);
}

static void reader_open_element(struct reader *r, const struct tag *tag)
{
    xmpp_stanza_t *node = reader_begin_node(r);

    if (!node)
        return;
    if (r->depth == 0) {
        r->stream = node;
        r->event++; /* its '>'; the first stanza begins behind it */
        reader_check_size(r, r->event);
    } else {
        r->current = node;
    }
    r->depth++;
    reader_dress(r, node, tag);
    check_tree(r);
}

static void reader_on_start(void *at, const xmlChar *name,
                            const xmlChar *prefix, const xmlChar *uri,
                            int namespaces_n, const xmlChar **namespaces,
                            int attributes_n, int defaulted,
                            const xmlChar **attributes)
{
    const struct tag tag = {view(name), view(uri), attributes_n, attributes};
    struct reader *r = at;
    uint64_t before = r->event;
    bool is_header = r->depth == 0;

    (void)defaulted;
    if (r->skip.how == SKIP_STUB)
        r->skip.stub = reader_stub(r, &tag);
    if (r->code || is_ignoring(r) || r->skip.how == SKIP_STUB)
        return;
    if (r->depth == 1)
        r->stanza = before;
    /* libxml2 has not read the '>' yet, nor the '/' of <x/> */
    note_tag(r, parser_unread(r->self.parser).s[0] == '/');
    flush_text(r);
    check_tag(r, (size_t)namespaces_n + (size_t)attributes_n);
    if (r->depth == 1 && str_is(tag.name, "stream") &&
        str_is(tag.ns, XMPP_NS_STREAMS))
        reader_fail(r, XMPP_EPROTO, "a stream inside the stream");
    if (r->code)
        return;
    if (r->skip.how == SKIP_DUE)
        reader_skip_at_start(r, &tag);
    else
        reader_open_element(r, &tag);
    if (is_header && !r->code)
        keep_header(r, name, prefix, namespaces_n, namespaces);
}

/* A stanza that is complete waits in `ready`: nothing is delivered from inside
 * of the parser. */
static void reader_on_end(void *at, const xmlChar *name, const xmlChar *prefix,
                          const xmlChar *uri)
{
    struct reader *r = at;
    xmpp_stanza_t *node = r->current;

    (void)name;
    (void)prefix;
    (void)uri;
    if (r->code || is_ignoring(r) || r->skip.how == SKIP_STUB)
        return;
    note_tag(r, -1);
    flush_text(r);
    if (r->current)
        reader_check_size(r, r->event);
    if (r->skip.how == SKIP_DUE)
        reader_skip_at_end(r);
    if (r->code || r->skip.how != SKIP_NOT)
        return;
    r->depth--;
    if (r->depth == 0)
        r->ended = r->over = true;
    if (!node)
        return;
    r->current = node->parent;
    if (r->current)
        return; /* else the stanza is complete */
    if (r->ready_last)
        r->ready_last->next = node;
    else
        r->ready = node;
    r->ready_last = node;
}

/* Between stanzas white space is allowed, and nothing else (RFC 6120 section
 * 11.7). */
static void reader_on_text(void *at, const xmlChar *text, int n)
{
    struct reader *r = at;

    if (r->code || is_ignoring(r))
        return;
    r->event = reader_position(r);
    if (r->skip.how == SKIP_DUE)
        return;
    if (r->current) {
        buf_put(&r->text, (const char *)text, (size_t)n);
        if (r->text.failed)
            reader_fail(r, XMPP_EMEM, "");
        check_tree(r);
    } else if (!reader_is_space((const char *)text, (size_t)n))
        reader_fail(r, XMPP_EXML, "text between stanzas");
}

const struct parser_calls reader_calls = {reader_on_start, reader_on_end,
                                          reader_on_text, reader_fail};
