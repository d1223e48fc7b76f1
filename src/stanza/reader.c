/* reader.c - bytes to trees: one reader reads one stream after another. */

#include "stanza/reader.h"


#include "base/buf.h"
#include "stanza/parser.h"

#define PIECE 4096         /* bytes handed to the parser at a time */
#define TEXT_KEPT 65536    /* the text buffer is kept up to this size */
#define NAMES_AT_ONCE 65536 /* more in one stanza are an attack */
#define HEADER_MOST 65536

/* `depth` counts open elements, the stream's included. `current` is the open
 * element of the stanza that is being built, NULL between stanzas. `ready`
 * holds whole stanzas, linked by `next`. `text` gathers what belongs into one
 * text node. `header` is the start tag with its namespaces only: what a fresh
 * parser has to hear first. */
struct reader {
    struct parser_self self;
    struct env *env;
    const struct reader_limits *limits;
    xmlParserCtxtPtr parser;
    struct buf text, header;
    xmpp_stanza_t *stream, *current, *ready, *ready_last;
    size_t depth, stanza_size, gap;
    bool exact, muted, ended;
    int code; /* of the failure, 0 if none */
    char what[128];
};

static void fail(void *at, int code, const char *what)
{
    struct reader *r = at;

    if (r->code || r->muted)
        return;
    r->code = code;
    snprintf(r->what, sizeof(r->what), "%s", what);
    r->what[strcspn(r->what, "\n")] = '\0';
}

/* ---- building --------------------------------------------------------- */

static struct str view(const xmlChar *s)
{
    return str_of((const char *)s);
}

/* The gathered text becomes a node. */
static void flush_text(struct reader *r)
{
    xmpp_stanza_t *node;

    if (r->text.failed)
        fail(r, XMPP_EMEM, "");
    if (!buf_size(&r->text) || !r->current || r->code)
        return;
    node = node_add(r->current);
    if (!node || node_set_text(node, buf_view(&r->text)))
        fail(r, XMPP_EMEM, "");
    buf_clear(&r->text);
    if (r->text.cap > TEXT_KEPT)
        buf_free(&r->text);
}

static void set_attr(struct reader *r, xmpp_stanza_t *node, struct str name,
                     struct str value)
{
    if (node_set_attr(node, name, value) == XMPP_EMEM)
        fail(r, XMPP_EMEM, "");
}

static bool is_foreign(const xmlChar **a)
{
    return a[1] && !str_is(view(a[1]), "xml");
}

/* Attributes of foreign namespaces lose their prefix, as in libstrophe; at
 * the top, where addresses stand, they could pass for one and are dropped. */
static void add_attr(struct reader *r, xmpp_stanza_t *node, const xmlChar **a)
{
    struct str name = view(a[0]);
    struct str value = str_n((const char *)a[3], (size_t)(a[4] - a[3]));
    char full[64];

    if (is_foreign(a) && !node->parent)
        return;
    if (a[1] && !is_foreign(a)) {
        int n = snprintf(full, sizeof(full), "xml:%.*s", STR_ARG(name));

        if (n >= (int)sizeof(full))
            return;
        name = str_n(full, (size_t)n);
    }
    set_attr(r, node, name, value);
}

static void dress(struct reader *r, xmpp_stanza_t *node, struct str name,
                  struct str ns, int n, const xmlChar **attributes)
{

    if (node_set_name(node, name))
        fail(r, XMPP_EMEM, "");
    if (ns.s && node_set(node, N_XMLNS, ns))
        fail(r, XMPP_EMEM, "");
    for (int pass = 0; pass < 2; pass++) /* the later, without prefix, win */
        for (int i = 0; i < n; i++) {
            const xmlChar **a = attributes + (size_t)i * 5;

            if ((pass == 0) == is_foreign(a))
                add_attr(r, node, a);
        }
}

static xmpp_stanza_t *begin(struct reader *r)
{
    xmpp_stanza_t *node;

    node = r->current ? node_add(r->current) : node_new(r->env, ARENA_PAGE);
    if (!node)
        fail(r, XMPP_EMEM, "");
    return node;
}

/* ---- the stream element ------------------------------------------------- */

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

static void keep_header(struct reader *r, const xmlChar *name,
                        const xmlChar *prefix, int n,
                        const xmlChar **namespaces)
{
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
        fail(r, XMPP_EMEM, "");
}

/* ---- what the parser says ----------------------------------------------- */

static void on_start(void *at, const xmlChar *name, const xmlChar *prefix,
                     const xmlChar *uri, int namespaces_n,
                     const xmlChar **namespaces, int attributes_n,
                     int defaulted, const xmlChar **attributes)
{
    struct reader *r = at;
    xmpp_stanza_t *node;

    (void)defaulted;
    r->gap = 0;
    if (r->code || r->muted)
        return;
    flush_text(r);
    if ((size_t)namespaces_n + (size_t)attributes_n > r->limits->attributes)
        fail(r, XMPP_ELIMIT, "too many attributes");
    if (r->depth > r->limits->depth)
        fail(r, XMPP_ELIMIT, "nested too deeply");
    node = r->code ? NULL : begin(r);
    if (!node)
        return;
    if (r->depth == 0) {
        r->stream = node;
        keep_header(r, name, prefix, namespaces_n, namespaces);
    } else {
        if (r->depth == 1)
            r->stanza_size = 0;
        r->current = node;
    }
    r->depth++;
    dress(r, node, view(name), view(uri), attributes_n, attributes);
}

static void on_end(void *at, const xmlChar *name, const xmlChar *prefix,
                   const xmlChar *uri)
{
    struct reader *r = at;
    xmpp_stanza_t *node = r->current;

    (void)name;
    (void)prefix;
    (void)uri;
    r->gap = 0;
    if (r->code || r->muted)
        return;
    flush_text(r);
    if (r->code)
        return;
    r->depth--;
    if (r->depth == 0)
        r->ended = true;
    if (!node)
        return;
    r->current = node->parent;
    if (r->current)
        return;
    if (r->ready_last)
        r->ready_last->next = node;
    else
        r->ready = node;
    r->ready_last = node;
}

static bool is_space(const xmlChar *text, int n)
{
    for (int i = 0; i < n; i++)
        if (!strchr(" \t\r\n", text[i]) || !text[i])
            return false;
    return true;
}

static void on_text(void *at, const xmlChar *text, int n)
{
    struct reader *r = at;

    if (r->code || r->muted)
        return;
    r->gap = 0;
    if (r->current)
        buf_put(&r->text, (const char *)text, (size_t)n);
    else if (!is_space(text, n))
        fail(r, XMPP_EXML, "text between stanzas");
}

static const struct parser_calls calls = {on_start, on_end, on_text, fail};

/* ---- feeding ------------------------------------------------------------ */

/* A fresh parser forgets all names; it has to hear the stream's start tag
 * first, which we have heard already. */
static int renew(struct reader *r)
{
    struct str header = buf_view(&r->header);

    parser_free(r->parser);
    r->parser = parser_new(&r->self);
    if (!r->parser)
        return XMPP_EMEM;
    r->muted = true;
    xmlParseChunk(r->parser, header.s, (int)header.n, 0);
    r->muted = false;
    return 0;
}

/* Between two stanzas, and nothing begun: here a parser can be replaced. */
static bool is_between(const struct reader *r)
{
    return r->depth == 1 && !r->current && parser_has_read_all(r->parser);
}

static bool is_due_for_renewal(const struct reader *r)
{
    return parser_names(r->parser) > r->limits->names;
}

/* Up to a place where the parser may stop: anywhere, or, if it matters, the
 * first '>', which is where every event comes. */
static size_t piece_of(const struct reader *r, const char *bytes, size_t n)
{
    const char *end;

    if (n > PIECE)
        n = PIECE;
    if (!r->exact && !is_due_for_renewal(r))
        return n;
    end = memchr(bytes, '>', n);
    return end ? (size_t)(end - bytes) + 1 : n;
}

static void check_sizes(struct reader *r)
{
    if (r->gap > r->limits->gap)
        fail(r, XMPP_ELIMIT, "a token is too long");
    if (r->current && r->stanza_size > r->limits->stanza)
        fail(r, XMPP_ELIMIT, "a stanza is too long");
    if (r->current && parser_names(r->parser) >
                          r->limits->names + NAMES_AT_ONCE)
        fail(r, XMPP_ELIMIT, "too many different names");
}

static void parse(struct reader *r, const char *bytes, size_t n)
{
    int rc;

    r->gap += n; /* what happens meanwhile sets both to 0 */
    r->stanza_size += n;
    rc = xmlParseChunk(r->parser, bytes, (int)n, 0);
    if (rc && !r->code) /* of some memory that it lacks it tells nobody */
        fail(r, rc == XML_PARSER_EOF || rc == XML_ERR_NO_MEMORY ? XMPP_EMEM
                                                                : XMPP_EXML,
             "malformed");
    check_sizes(r);
    if (!r->code && is_between(r) && is_due_for_renewal(r) && renew(r))
        fail(r, XMPP_EMEM, "");
}

static int tell(const struct reader *r, struct fault *fault)
{
    return fault_set(fault,
                     r->code == XMPP_EMEM ? XMPP_LAYER_APP : XMPP_LAYER_XML,
                     r->code, r->what[0] ? "%s" : NULL, r->what);
}

/* Servers send spaces to keep a connection alive, even before a stream. */
static size_t spaces(const char *bytes, size_t n)
{
    size_t i = 0;

    while (i < n && is_space((const xmlChar *)bytes + i, 1))
        i++;
    return i;
}

static bool has_event(const struct reader *r)
{
    return r->stream || r->ready || r->ended;
}

int reader_feed(struct reader *r, const char *bytes, size_t n,
                size_t *ret_used, struct fault *fault)
{
    size_t used = 0;

    if (!r->parser)
        used = spaces(bytes, n);
    while (used < n && !r->code && !(r->exact && has_event(r))) {
        size_t piece;

        if (!r->parser && !(r->parser = parser_new(&r->self))) {
            fail(r, XMPP_EMEM, "");
            break;
        }
        piece = piece_of(r, bytes + used, n - used);
        parse(r, bytes + used, piece);
        used += piece;
    }
    *ret_used = used;
    return r->code ? tell(r, fault) : 0;
}

/* ---- fetching ----------------------------------------------------------- */

enum reader_event reader_next(struct reader *r, xmpp_stanza_t **ret_node)
{
    xmpp_stanza_t *node = r->ready;

    *ret_node = NULL;
    if (r->stream) {
        *ret_node = r->stream;
        r->stream = NULL;
        return READER_HEADER;
    }
    if (node) {
        r->ready = node->next;
        if (!r->ready)
            r->ready_last = NULL;
        node->next = NULL;
        *ret_node = node;
        return READER_STANZA;
    }
    if (!r->ended)
        return READER_NONE;
    r->ended = false;
    return READER_END;
}

bool reader_is_inside(const struct reader *r)
{
    return r->current != NULL;
}

void reader_set_exact(struct reader *r, bool exact)
{
    r->exact = exact;
}

/* ---- life --------------------------------------------------------------- */

static xmpp_stanza_t *top_of(xmpp_stanza_t *node)
{
    while (node && node->parent)
        node = node->parent;
    return node;
}

void reader_restart(struct reader *r)
{
    xmpp_stanza_t *node;

    while (reader_next(r, &node) != READER_NONE)
        xmpp_stanza_release(node);
    if (r->current)
        xmpp_stanza_release(top_of(r->current));
    r->current = NULL;
    parser_free(r->parser);
    r->parser = NULL;
    buf_clear(&r->text);
    buf_clear(&r->header);
    r->depth = r->stanza_size = r->gap = 0;
    r->code = 0;
    r->what[0] = '\0';
}

struct reader *reader_new(struct env *env, const struct reader_limits *limits)
{
    struct reader *r = env_zalloc(env, sizeof(*r));

    if (!r)
        return NULL;
    r->self.calls = &calls;
    r->env = env;
    r->limits = limits;
    buf_init(&r->text, env, SIZE_MAX / 4);
    buf_init(&r->header, env, HEADER_MOST);
    return r;
}

void reader_free(struct reader *r)
{
    if (!r)
        return;
    reader_restart(r);
    buf_free(&r->text);
    buf_free(&r->header);
    env_free(r->env, r);
}
