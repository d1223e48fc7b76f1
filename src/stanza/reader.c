/* reader.c - turns the bytes of a stream into trees. */

#include "stanza/reader.h"

#include "stanza/reader_inside.h"

#define PIECE 8192 /* bytes handed to the parser at a time */
#define LONG_TAG 512
/* Bytes of a reference that are checked. A number with more zeros than that is
 * left to the limit of tokens. */
#define REFERENCE_LOOK 64

/* ---- feeding ----------------------------------------------------- */

static bool begin_work(struct reader *r)
{
    struct reader_work *work = r->work;

    if (work)
        return true;
    r->work = work = env_alloc(r->env, sizeof(*work));
    if (!work)
        return false;
    buf_init(&work->text, r->env, SIZE_MAX / 4);
    buf_init(&work->tag, r->env, 2 * PIECE);
    skip_init(&work->scan, r->env);
    work->what[0] = '\0';
    work->has_content = false;
    return true;
}

static void end_work(struct reader *r)
{
    if (!r->work)
        return;
    buf_free(&r->work->text);
    buf_free(&r->work->tag);
    skip_clear(&r->work->scan);
    env_free(r->env, r->work);
    r->work = NULL;
}

/* A new parser has an empty dictionary. Within a stream the start tag is
 * replayed to it, while events are muted. */
bool reader_renew(struct reader *r)
{
    struct str header = buf_view(&r->header);

    parser_free(&r->self);
    if (!begin_work(r) || !parser_new(&r->self))
        return false;
    memset(&r->work->names, 0, sizeof(r->work->names));
    if (r->depth == 0)
        return true;
    r->muted = true;
    parser_feed(r->self.parser, header.s, header.n);
    r->muted = false;
    return true;
}

/* Whether the stream is between two stanzas, where the parser can be replaced.
 * No byte may wait in it, because a '>' in the value of an attribute must not
 * be taken for the end of a stanza. */
static bool is_between(const struct reader *r)
{
    return r->depth == 1 && !r->current &&
           !(r->self.parser && parser_unread(r->self.parser).n);
}

static bool is_due_for_renewal(const struct reader *r)
{
    return parser_names(r->self.parser) > r->limits->names ||
           parser_name_bytes(r->self.parser) > r->limits->name_bytes;
}

/* How many bytes the parser gets at once. If it has to stop at an event, they
 * end with the first '>': no event comes before its '>'. */
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

/* In a token whose end has not come. */
static void exceed_in_token(struct reader *r, enum reader_limit which,
                            uint64_t reached)
{
    reader_exceed(r, which, reached);
    if (r->skip.how == SKIP_DUE)
        reader_skip_at_token(r);
}

/* The parser waits for the end of a token, of which so many bytes have come. */
static void check_gap(struct reader *r, uint64_t fed)
{
    if (fed - r->event > r->limits->gap)
        exceed_in_token(r, READER_GAP, fed - r->event);
}

/* The parser waits for the ';' of a reference, whatever comes before it. So the
 * bytes that wait are checked here, and a reference that cannot become valid
 * any more fails at once. */
static void check_reference(struct reader *r)
{
    struct str unread = parser_unread(r->self.parser);
    struct reference f = {.n = 0};
    int rc = parser_is_at_reference(r->self.parser) ? 0 : 1;

    for (size_t i = 1; i < unread.n && i < REFERENCE_LOOK && rc == 0; i++)
        rc = lexer_reference(&f, (unsigned char)unread.s[i]);
    if (rc < 0)
        reader_fail(r, rc,
                    rc == XMPP_EXML ? "a reference without an end"
                                    : "an entity");
}

static void check_sizes(struct reader *r)
{
    check_gap(r, r->fed);
    if (r->current || (r->depth == 0 && !r->over))
        reader_check_size(r, r->fed);
    if (r->skip.how != SKIP_NOT)
        reader_skip_check(r);
}

/* Returns how many of the bytes were read. */
static size_t reader_parse(struct reader *r, const char *bytes, size_t n)
{
    int rc;

    r->fed += n;
    rc = parser_feed(r->self.parser, bytes, n);
    if (r->skip.how == SKIP_BEGUN)
        return reader_skip_rest(r, bytes, n);
    if (rc && !r->code) /* libxml2 does not report all failed allocations */
        reader_fail(r,
                    rc == XML_PARSER_EOF || rc == XML_ERR_NO_MEMORY ? XMPP_EMEM
                                                                    : XMPP_EXML,
                    "malformed");
    check_reference(r);
    check_sizes(r);
    if (!r->code && r->skip.how == SKIP_NOT && is_between(r) &&
        is_due_for_renewal(r) && !reader_renew(r))
        reader_fail(r, XMPP_EMEM, "");
    return n;
}

/* ---- very long tags ---------------------------------------------- */

/* libxml2 scans an incomplete tag from its beginning whenever more of it comes,
 * and compares each attribute with all others: both take quadratic time. So the
 * pieces of a long tag are gathered here, and the parser gets them together,
 * unless there are too many attributes already. */

/* Within a tag a '<' is malformed, even in a value: the parser is to see it. */
static bool ends_tag(struct reader *r, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char c = bytes[i];

        if (c == '<')
            return true;
        if (r->quote)
            r->quote = c == r->quote ? '\0' : r->quote;
        else if (c == '"' || c == '\'')
            r->quote = c;
        else if (c == '=')
            r->equals++;
        else if (c == '>')
            return true;
    }
    return false;
}

/* Begin to gather if the parser waits for the end of a long start tag. */
static void look_for_tag(struct reader *r)
{
    struct str unread = parser_unread(r->self.parser);

    r->quote = '\0';
    r->equals = 0;
    r->in_tag = !r->code && unread.n >= LONG_TAG && unread.s[0] == '<' &&
                !strchr("!?/", unread.s[1]) &&
                !ends_tag(r, unread.s + 1, unread.n - 1);
}

/* Gather bytes of a long tag; false if the tag, or what is gathered, is
 * complete. */
static bool wait_for_tag(struct reader *r, const char *bytes, size_t n)
{
    if (!r->in_tag)
        return false;
    buf_put(&r->work->tag, bytes, n);
    r->in_tag = !ends_tag(r, bytes, n) && buf_size(&r->work->tag) < PIECE;
    if (r->work->tag.failed)
        reader_fail(r, XMPP_EMEM, "");
    return r->in_tag || r->code;
}

/* Give the parser what was gathered, the last `n` bytes included. Only some of
 * these can be left over, because the bytes before them had no '>'. */
static size_t reader_parse_tag(struct reader *r, size_t n)
{
    struct buf tag = r->work->tag;
    size_t left;

    buf_init(&r->work->tag, r->env, tag.max);
    left = buf_size(&tag) - reader_parse(r, buf_view(&tag).s, buf_size(&tag));
    buf_free(&tag);
    return left < n ? n - left : 0;
}

/* Returns how many of the bytes were read. */
static size_t reader_take(struct reader *r, const char *bytes, size_t n)
{
    size_t used;

    if (wait_for_tag(r, bytes, n)) {
        check_gap(r, r->fed + buf_size(&r->work->tag));
        if (r->in_tag && r->equals > r->limits->attributes)
            exceed_in_token(r, READER_ATTRIBUTES, r->equals);
        return n;
    }
    used = buf_size(&r->work->tag) ? reader_parse_tag(r, n)
                                   : reader_parse(r, bytes, n);
    if (!r->code && r->self.parser)
        look_for_tag(r);
    return used;
}

/* ---- all together ------------------------------------------------ */

static int reader_report(const struct reader *r, struct fault *fault)
{
    const char *what = r->work ? r->work->what : "";

    return fault_set(fault,
                     r->code == XMPP_EMEM ? XMPP_LAYER_APP : XMPP_LAYER_XML,
                     r->code, what[0] ? "%s" : NULL, what);
}

/* Servers send spaces to keep a connection alive, even before a stream, where
 * libxml2 does not accept them. */
static size_t spaces(const char *bytes, size_t n)
{
    size_t i = 0;

    while (i < n && reader_is_space(bytes + i, 1))
        i++;
    return i;
}

static bool has_event(const struct reader *r)
{
    return r->stream || r->ready || r->ended || r->skip.how == SKIP_DONE;
}

/* The place of this reader among those that have a parser, or a free one, or
 * one that is drawn. A string that is parsed has a reader of its own for a
 * moment: without looking for a free place it would take the parsers of
 * connections away. And if the oldest were given up, nine connections that
 * speak in turns would each find that theirs has just gone. */
static void **warm_place(struct reader *r)
{
    struct env *env = r->env;
    void **vacant = NULL;

    for (size_t i = 0; i < ENV_WARM; i++) {
        if (env->warm[i] == r)
            return &env->warm[i];
        if (!env->warm[i] && !vacant)
            vacant = &env->warm[i];
    }
    env->warm_lot = env->warm_lot * 1103515245U + 12345U;
    return vacant ? vacant : &env->warm[(env->warm_lot >> 16) % ENV_WARM];
}

/* A parser takes more memory than all else of a connection, and making one a
 * microsecond. So a context keeps a few; with more connections than that, one
 * of them is given up. */
static bool reader_warm(struct reader *r)
{
    void **place = warm_place(r);

    if (*place && *place != r)
        reader_rest(*place);
    *place = r;
    return reader_renew(r);
}

static void reader_leave(struct reader *r)
{
    for (size_t i = 0; i < ENV_WARM; i++)
        if (r->env->warm[i] == r)
            r->env->warm[i] = NULL;
}

/* Give the parser, or the skipper, some bytes. */
static size_t feed_some(struct reader *r, const char *bytes, size_t n)
{
    if (r->skip.how == SKIP_BEGUN)
        return reader_skip(r, bytes, n);
    if (r->self.parser || reader_warm(r))
        return reader_take(r, bytes, piece_of(r, bytes, n));
    reader_fail(r, XMPP_EMEM, "");
    return 0;
}

int reader_feed(struct reader *r, const char *bytes, size_t n, size_t *ret_used,
                struct fault *fault)
{
    size_t used = 0;

    if (!r->self.parser && r->skip.how != SKIP_BEGUN)
        used = spaces(bytes, n);
    while (used < n && !r->code && !r->over && r->skip.how != SKIP_DONE &&
           !(r->exact && has_event(r)))
        used += feed_some(r, bytes + used, n - used);
    *ret_used = r->over && !(r->exact && has_event(r)) ? n : used;
    return r->code ? reader_report(r, fault) : 0;
}

/* ---- fetching ---------------------------------------------------- */

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
    if (r->skip.how == SKIP_DONE) {
        r->skip.how = SKIP_NOT;
        *ret_node = r->skip.stub;
        r->skip.stub = NULL;
        return READER_SKIPPED;
    }
    if (!r->ended)
        return READER_NONE;
    r->ended = false;
    return READER_END;
}

bool reader_is_inside(const struct reader *r)
{
    return r->current || r->skip.how == SKIP_DUE || r->skip.how == SKIP_BEGUN;
}

const char *reader_content(const struct reader *r)
{
    return r->work && r->work->has_content ? r->work->content : NULL;
}

const struct reader_excess *reader_excess(const struct reader *r)
{
    return &r->skip.excess;
}

void reader_set_exact(struct reader *r, bool exact)
{
    r->exact = exact;
}

void reader_rest(struct reader *r)
{
    /* behind a stanza that was skipped there is no parser, but its work */
    if (!r->work || r->code || r->skip.how != SKIP_NOT || !is_between(r) ||
        has_event(r))
        return;
    parser_free(&r->self);
    end_work(r);
    buf_fit(&r->header);
}

/* ---- life -------------------------------------------------------- */

void reader_restart(struct reader *r)
{
    xmpp_stanza_t *node;

    while (reader_next(r, &node) != READER_NONE)
        xmpp_stanza_release(node);
    reader_drop_tree(r);
    xmpp_stanza_release(r->skip.stub);
    r->skip.stub = NULL;
    r->skip.how = SKIP_NOT;
    parser_free(&r->self);
    end_work(r);
    buf_clear(&r->header);
    r->in_tag = r->over = false;
    r->fresh = NULL;
    r->fed = r->event = r->stanza = 0;
    r->depth = r->declared = 0;
    r->code = 0;
}

struct reader *reader_new(struct env *env, const struct reader_limits *limits)
{
    struct reader *r = env_zalloc(env, sizeof(*r));

    if (!r)
        return NULL;
    r->self.calls = &reader_calls;
    r->env = env;
    r->limits = limits;
    buf_init(&r->header, env, SIZE_MAX / 4); /* a tag, which has a limit */
    return r;
}

void reader_free(struct reader *r)
{
    if (!r)
        return;
    reader_leave(r);
    reader_restart(r);
    buf_free(&r->header);
    env_free(r->env, r);
}
