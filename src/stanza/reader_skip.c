/* reader_skip.c - skips a stanza that exceeds a limit, and keeps its start tag.
 *
 * If such a stanza ended the stream, anybody could lock us out: the server
 * would send it again after the next login, and after every login that follows.
 */

#include "stanza/reader_inside.h"

#include <stddef.h>

#include <xmpp/build.h>

#define VALUE_MOST 4096 /* bytes of an attribute that is kept */

static const struct {
    const char *what;
    size_t limit; /* offset of the limit */
} rows[] = {
    [READER_GAP] = {"a token is too long", offsetof(struct reader_limits, gap)},
    [READER_ATTRIBUTES] = {"too many attributes",
                           offsetof(struct reader_limits, attributes)},
    [READER_DEPTH] = {"nested too deeply",
                      offsetof(struct reader_limits, depth)},
    [READER_NAMES] = {"too many different names",
                      offsetof(struct reader_limits, more_names)},
    [READER_STANZA_SIZE] = {"a stanza is too long",
                            offsetof(struct reader_limits, stanza)},
    [READER_MEMORY] = {"a stanza needs too much memory",
                       offsetof(struct reader_limits, tree)},
};

void reader_exceed(struct reader *r, enum reader_limit which, uint64_t reached)
{
    size_t limit;

    if (r->code || r->muted || r->over || r->skip.how != SKIP_NOT)
        return;
    if (r->depth == 0 || !r->limits->skipped) {
        reader_fail(r, XMPP_ELIMIT, rows[which].what);
        return;
    }
    memcpy(&limit, (const char *)r->limits + rows[which].limit, sizeof(limit));
    r->skip.excess = (struct reader_excess){
        .which = which,
        .what = rows[which].what,
        .limit = limit,
        .reached = reached,
    };
    r->skip.how = SKIP_DUE;
    buf_free(&r->work->text);
}

/* ---- the stub ---------------------------------------------------- */

static bool stub_keeps(enum name_id name, struct str value)
{
    return value.n <= VALUE_MOST &&
           (name == N_ID || name == N_TYPE || name == N_FROM || name == N_TO);
}

static xmpp_stanza_t *begin_stub(struct reader *r, struct str name,
                                 struct str ns)
{
    xmpp_stanza_t *stub = node_new(r->env, ARENA_PAGE);

    if (stub && node_set_name(stub, name) == 0 && ns.s)
        node_set(stub, N_XMLNS, ns);
    return stub;
}

static xmpp_stanza_t *end_stub(struct reader *r, xmpp_stanza_t *stub)
{
    if (xmpp_stanza_get_status(stub) == 0)
        return stub;
    xmpp_stanza_release(stub);
    reader_fail(r, XMPP_EMEM, "");
    return NULL;
}

xmpp_stanza_t *reader_stub(struct reader *r, const struct tag *tag)
{
    xmpp_stanza_t *stub =
        begin_stub(r, interned_text(&tag->name), interned_text(&tag->ns));

    for (int i = 0; stub && i < tag->n; i++) {
        const xmlChar **a = tag->attributes + (size_t)i * 5;
        enum name_id name = name_find(str_of((const char *)a[0]));
        struct str value = str_n((const char *)a[3], (size_t)(a[4] - a[3]));

        if (!a[1] && stub_keeps(name, value))
            node_set(stub, name, value);
    }
    return end_stub(r, stub);
}

static xmpp_stanza_t *stub_of_tree(struct reader *r, const xmpp_stanza_t *top)
{
    xmpp_stanza_t *stub = begin_stub(r, top->text, STR_NONE);

    for (const struct attr *a = top->attrs; stub && a; a = a->next)
        if (a->id == N_XMLNS || stub_keeps(a->id, a->value))
            node_set(stub, a->id, a->value);
    return end_stub(r, stub);
}

void reader_drop_tree(struct reader *r)
{
    if (r->current)
        xmpp_stanza_release(node_top(r->current));
    r->current = NULL;
}

/* ---- beginning --------------------------------------------------- */

static void skipping_give_up(struct reader *r)
{
    r->skip.how = SKIP_NOT; /* or the failure would be ignored */
    reader_fail(r, XMPP_ELIMIT, r->skip.excess.what);
}

/* Only stanzas may be skipped. Anything else is part of the conversation with
 * the server, which cannot go on without it. */
static bool stub_is_stanza(const struct reader *r)
{
    unsigned short name = r->skip.stub->name;

    return (name == N_MESSAGE || name == N_PRESENCE || name == N_IQ) &&
           r->skip.stub->ns == r->limits->content;
}

/* The next byte belongs into the element `innermost`. */
static void skipping_begin(struct reader *r, const xmpp_stanza_t *innermost)
{
    skip_begin(&r->work->scan, innermost);
    if (r->current)
        r->skip.stub = stub_of_tree(r, node_top(r->current));
    if (r->skip.stub && !stub_is_stanza(r))
        skipping_give_up(r);
    else
        r->skip.how = SKIP_BEGUN;
}

void reader_skip_at_start(struct reader *r, const struct tag *tag)
{
    if (r->depth == 1)
        r->skip.stub = reader_stub(r, tag);
    skipping_begin(r, r->current);
    skip_begin_in_tag(&r->work->scan, interned_text(&tag->name));
    if (parser_unread(r->self.parser).s[0] == '/') {
        skip_feed(&r->work->scan, "/", 1); /* the '>' may come later */
        r->event++;
    }
    reader_drop_tree(r);
}

void reader_skip_at_end(struct reader *r)
{
    if (!r->current) { /* the end tag of the stream */
        skipping_give_up(r);
        return;
    }
    skipping_begin(r, r->current->parent);
    r->work->scan.done = !r->current->parent;
    reader_drop_tree(r);
}

/* All bytes of the incomplete token wait in the parser: a tag or, within a
 * stanza, a reference. Between stanzas only a start tag belongs to a stanza. */
void reader_skip_at_token(struct reader *r)
{
    struct str unread = parser_unread(r->self.parser);
    struct str more = buf_view(&r->work->tag);
    bool is_tag = unread.n > 1 && unread.s[0] == '<';

    if (r->current ? !is_tag && !parser_is_at_reference(r->self.parser)
                   : !is_tag || strchr("/!?", unread.s[1])) {
        skipping_give_up(r);
        return;
    }
    if (!r->current)
        r->stanza = r->fed - unread.n;
    skipping_begin(r, r->current);
    reader_drop_tree(r);
    if (r->code)
        return;
    r->fed -= unread.n;
    reader_skip(r, unread.s, unread.n);
    reader_skip(r, more.s, more.n);
    buf_free(&r->work->tag);
    r->in_tag = false;
    parser_free(&r->self);
}

size_t reader_skip_rest(struct reader *r, const char *bytes, size_t n)
{
    size_t rest = (size_t)(r->fed - r->event);

    if (rest > n)
        rest = n;
    parser_free(&r->self);
    r->fed -= rest;
    return n - rest + reader_skip(r, bytes + n - rest, rest);
}

/* ---- going on ---------------------------------------------------- */

/* Skipping has an end but no deadline: a slow peer does no more harm than a
 * silent one. */
void reader_skip_check(struct reader *r)
{
    uint64_t most = r->limits->skipped > r->limits->stanza ? r->limits->skipped
                                                           : r->limits->stanza;

    if (r->skip.how == SKIP_NOT || r->fed - r->stanza <= most)
        return;
    r->skip.how = SKIP_NOT;
    reader_fail(r, XMPP_ELIMIT, "a stanza is too long to be skipped");
}

/* The start tag was too long for the parser, but the parts that were kept of it
 * are not. */
static void make_stub(struct reader *r)
{
    struct str tag = buf_view(&r->work->scan.tag);

    if (!reader_renew(r)) {
        reader_fail(r, XMPP_EMEM, "");
        return;
    }
    r->skip.how = SKIP_STUB;
    if (parser_feed(r->self.parser, tag.s, tag.n) || !r->skip.stub)
        reader_fail(r, XMPP_EMEM, ""); /* if it is the first failure */
    else if (!stub_is_stanza(r))
        skipping_give_up(r);
    parser_free(&r->self);
}

static void skipping_finish(struct reader *r)
{
    r->skip.excess.bytes = r->fed - r->stanza;
    if (r->skip.excess.which == READER_DEPTH)
        r->skip.excess.reached = r->work->scan.deepest;
    r->skip.how = SKIP_NOT; /* or a failure would be ignored */
    if (!r->skip.stub)
        make_stub(r);
    skip_clear(&r->work->scan);
    r->depth = 1;
    r->skip.how = r->code ? SKIP_NOT : SKIP_DONE;
}

size_t reader_skip(struct reader *r, const char *bytes, size_t n)
{
    struct skip *scan = &r->work->scan;
    size_t used = skip_feed(scan, bytes, n);

    r->event = r->fed += used;
    if (scan->code) {
        r->skip.how = SKIP_NOT;
        reader_fail(r, scan->code, scan->what);
    }
    reader_skip_check(r);
    if (scan->done && !r->code)
        skipping_finish(r);
    return used;
}
