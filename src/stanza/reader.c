/* reader.c - bytes to trees: one reader reads one stream after another. */

#include "stanza/reader.h"

#include "stanza/reader_inside.h"

#define PIECE 4096         /* bytes handed to the parser at a time */
#define NAMES_AT_ONCE 65536 /* more in one stanza are an attack */
#define HEADER_MOST 65536

/* ---- feeding ------------------------------------------------------------ */

/* A fresh parser forgets all names; inside a stream it has to hear first the
 * start tag that we have heard already. */
static bool renew(struct reader *r)
{
    struct str header = buf_view(&r->header);

    parser_free(&r->self);
    if (!parser_new(&r->self))
        return false;
    if (r->depth == 0)
        return true;
    r->muted = true;
    xmlParseChunk(r->self.parser, header.s, (int)header.n, 0);
    r->muted = false;
    return true;
}

/* Between two stanzas, and nothing begun: here a parser can be replaced. */
static bool is_between(const struct reader *r)
{
    return r->depth == 1 && !r->current && parser_has_read_all(r->self.parser);
}

static bool is_due_for_renewal(const struct reader *r)
{
    return parser_names(r->self.parser) > r->limits->names;
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
        reader_fail(r, XMPP_ELIMIT, "a token is too long");
    if (r->current && r->stanza_size > r->limits->stanza)
        reader_fail(r, XMPP_ELIMIT, "a stanza is too long");
    if (r->current && parser_names(r->self.parser) >
                          r->limits->names + NAMES_AT_ONCE)
        reader_fail(r, XMPP_ELIMIT, "too many different names");
}

static void parse(struct reader *r, const char *bytes, size_t n)
{
    int rc;

    r->gap += n; /* what happens meanwhile sets both to 0 */
    r->stanza_size += n;
    rc = xmlParseChunk(r->self.parser, bytes, (int)n, 0);
    if (rc && !r->code) /* of some memory that it lacks it tells nobody */
        reader_fail(r, rc == XML_PARSER_EOF || rc == XML_ERR_NO_MEMORY ? XMPP_EMEM
                                                                : XMPP_EXML,
             "malformed");
    check_sizes(r);
    if (!r->code && is_between(r) && is_due_for_renewal(r) && !renew(r))
        reader_fail(r, XMPP_EMEM, "");
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

    while (i < n && reader_is_space(bytes + i, 1))
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

    if (!r->self.parser)
        used = spaces(bytes, n);
    while (used < n && !r->code && !(r->exact && has_event(r))) {
        size_t piece;

        if (!r->self.parser && !renew(r)) {
            reader_fail(r, XMPP_EMEM, "");
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

void reader_rest(struct reader *r)
{
    if (!r->self.parser || r->code || !is_between(r) || has_event(r))
        return;
    parser_free(&r->self);
    buf_free(&r->text);
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
    parser_free(&r->self);
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
    r->self.calls = &reader_calls;
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
