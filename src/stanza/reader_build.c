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

/* The same once reading has failed, or if only the stub is read. All of it is
 * looked at, without a jump, because nearly always none holds. */
static inline bool is_deaf(const struct reader *r)
{
    return (unsigned)r->code | r->muted | r->over | (r->skip.how >= SKIP_BEGUN);
}

void reader_fail(void *at, int code, const char *what)
{
    struct reader *r = at;
    char *said;

    if (r->code || is_ignoring(r))
        return;
    r->code = code;
    if (!r->work)
        return; /* there was no memory for it, and there are no words */
    said = r->work->what;
    snprintf(said, sizeof(r->work->what), "%s", what);
    said[strcspn(said, "\n")] = '\0'; /* libxml2 ends its words by one */
}

bool reader_is_space(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strchr(" \t\r\n", text[i]) || !text[i])
            return false;
    return true;
}

/* ---- text -------------------------------------------------------- */

/* Make a node of the gathered text. */
static void make_text(struct reader *r)
{
    size_t n = buf_size(&r->work->text);
    xmpp_stanza_t *node = node_add_with(r->current, n + 1);
    char *to;

    if (!node) {
        reader_fail(r, XMPP_EMEM, "");
        return;
    }
    to = (char *)(node + 1);
    memcpy(to, buf_view(&r->work->text).s, n);
    to[n] = '\0';
    node->text = str_n(to, n);
    node->kind = NODE_TEXT;
}

static void flush_gathered(struct reader *r)
{
    if (!r->current || r->code || r->skip.how == SKIP_DUE)
        return;
    make_text(r);
    buf_clear(&r->work->text);
    if (r->work->text.cap > TEXT_KEPT)
        buf_free(&r->work->text);
}

static inline void flush_text(struct reader *r)
{
    r->fresh = NULL;
    if (buf_size(&r->work->text))
        flush_gathered(r);
}

/* Nearly every text comes in one piece, and becomes a node at once. Not if the
 * tree had to grow for it: how the bytes were cut must make no difference. */
static bool make_fresh(struct reader *r, const char *text, size_t n)
{
    xmpp_stanza_t *node;
    char *to;

    if (!arena_has_room(&node_tree(r->current)->arena, sizeof(*node) + n + 1))
        return false;
    r->before = r->current->last;
    node = node_add_with(r->current, n + 1);
    if (!node)
        return false;
    to = (char *)(node + 1);
    memcpy(to, text, n);
    to[n] = '\0';
    node->text = str_n(to, n);
    node->kind = NODE_TEXT;
    r->fresh = node;
    return true;
}

static void undo_fresh(struct reader *r)
{
    xmpp_stanza_t *node = r->fresh, *parent = node->parent;

    buf_puts(&r->work->text, node->text);
    parent->last = r->before;
    if (r->before)
        r->before->next = NULL;
    else
        parent->first = NULL;
    arena_undo(&node_tree(parent)->arena, node);
    r->fresh = NULL;
}

static void take_text(struct reader *r, const char *text, size_t n)
{
    if (!n ||
        (!r->fresh && !buf_size(&r->work->text) && make_fresh(r, text, n)))
        return;
    if (r->fresh)
        undo_fresh(r);
    buf_put(&r->work->text, text, n);
    if (r->work->text.failed)
        reader_fail(r, XMPP_EMEM, "");
}

/* ---- the stream element ------------------------------------------ */

/* The URI as libxml2 has read it is escaped again. */
static void put_declaration(struct buf *out, const xmlChar *prefix,
                            const xmlChar *uri)
{
    buf_puts(out, prefix ? STR(" xmlns:") : STR(" xmlns"));
    buf_puts(out, reader_view(prefix));
    buf_puts(out, STR("=\""));
    for (struct str s = reader_view(uri); s.n; s.s++, s.n--) {
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
    r->work->has_content = false;
    for (int i = 0; i < n; i++)
        if (!namespaces[2 * i]) {
            r->work->has_content = true;
            snprintf(r->work->content, sizeof(r->work->content), "%s",
                     (const char *)namespaces[2 * i + 1]);
        }
}

static void keep_header(struct reader *r, const xmlChar *name,
                        const xmlChar *prefix, int n,
                        const xmlChar **namespaces)
{
    keep_content(r, n, namespaces);
    r->declared = parser_declared(r->self.parser);
    buf_clear(&r->header);
    buf_putc(&r->header, '<');
    if (prefix) {
        buf_puts(&r->header, reader_view(prefix));
        buf_putc(&r->header, ':');
    }
    buf_puts(&r->header, reader_view(name));
    for (int i = 0; i < n; i++)
        put_declaration(&r->header, namespaces[2 * i], namespaces[2 * i + 1]);
    buf_putc(&r->header, '>');
    if (r->header.failed)
        reader_fail(r, XMPP_EMEM, "");
}

/* ---- events of the parser ---------------------------------------- */

/* A tag was read, except `rest` bytes before its '>'; -1 if that was read too.
 */
static inline void note_tag(struct reader *r, int rest)
{
    uint64_t now = reader_position(r);

    if (now + (uint64_t)rest - r->event > r->limits->gap)
        reader_exceed(r, READER_GAP, now + (uint64_t)rest - r->event);
    r->event = now;
}

/* Bytes on the wire are not the measure: a tag of four takes a hundred in
 * memory. */
static inline void check_tree(struct reader *r)
{
    size_t tree = r->current ? node_tree(r->current)->arena.total : 0;
    size_t text = r->fresh ? r->fresh->text.n : buf_size(&r->work->text);

    /* twice, because the text is copied when it becomes a node */
    if (tree + 2 * text > r->limits->tree)
        reader_exceed(r, READER_MEMORY, tree + 2 * text);
}

/* The parser keeps names at least until the stanza ends. They are checked at
 * each start tag that may have a new one, so that the result does not depend on
 * how the bytes were cut. */
static void check_names(struct reader *r)
{
    size_t n = parser_names(r->self.parser);

    if (n > r->limits->names + r->limits->more_names)
        reader_exceed(r, READER_NAMES, n - r->limits->names);
}

/* To find the namespace of a prefix libxml2 walks past all that are declared,
 * also further outside, so these count in each element. */
static void check_tag(struct reader *r, size_t attributes)
{
    attributes += parser_declared(r->self.parser) - r->declared;
    if (attributes > r->limits->attributes)
        reader_exceed(r, READER_ATTRIBUTES, attributes);
    if (r->depth > r->limits->depth)
        reader_exceed(r, READER_DEPTH, r->depth);
}

static void reader_open_element(struct reader *r, const struct tag *tag)
{
    xmpp_stanza_t *node = reader_make_element(r, tag);

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
    check_tree(r);
}

static struct interned interned_of(struct reader *r, const xmlChar *text)
{
    return text ? *interned_find(&r->work->names, (const char *)text)
                : (struct interned){NULL, 0, NAME_NONE};
}

static void reader_on_start(void *at, const xmlChar *name,
                            const xmlChar *prefix, const xmlChar *uri,
                            int namespaces_n, const xmlChar **namespaces,
                            int attributes_n, int defaulted,
                            const xmlChar **attributes)
{
    struct reader *r = at;
    const struct tag tag = {interned_of(r, name), interned_of(r, uri),
                            attributes_n, attributes,
                            reader_has_prefixes(attributes_n, attributes)};
    bool is_header = r->depth == 0;

    (void)defaulted;
    if (is_deaf(r)) {
        if (r->skip.how == SKIP_STUB)
            r->skip.stub = reader_stub(r, &tag);
        return;
    }
    if (r->depth == 1)
        r->stanza = r->event;
    /* libxml2 has not read the '>' yet, nor the '/' of <x/> */
    note_tag(r, parser_unread(r->self.parser).s[0] == '/');
    flush_text(r);
    check_tag(r, (size_t)attributes_n);
    check_names(r);
    if (r->depth == 1 && tag.name.id == N_STREAM && tag.ns.id == NS_STREAMS)
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
    if (is_deaf(r))
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
        take_text(r, (const char *)text, (size_t)n);
        check_tree(r);
    } else if (!reader_is_space((const char *)text, (size_t)n))
        reader_fail(r, XMPP_EXML, "text between stanzas");
}

const struct parser_calls reader_calls = {reader_on_start, reader_on_end,
                                          reader_on_text, reader_fail};
