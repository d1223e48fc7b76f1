/* writer.c - trees to bytes in one pass. */

#include "stanza/writer.h"

#include <xmpp/error.h>

#include "base/octets.h"
#include "stanza/chars.h"
#include "stanza/find.h"

/* ---- appending --------------------------------------------------- */

/* A pen writes into room that a buffer reserved, so that most appends are one
 * comparison and a copy. Invariant: what is between the end of the buffer and
 * `at` is written and not yet committed; without memory there is no room. */
struct pen {
    struct buf *out;
    char *at, *end;
};

static void pen_commit(struct pen *pen)
{
    struct buf *out = pen->out;

    if (pen->at && !out->failed)
        buf_commit(out, (size_t)(pen->at - (out->data + out->end)));
}

/* Room for `n` more bytes. False when there is none. */
static bool pen_reserve(struct pen *pen, size_t n)
{
    struct buf *out = pen->out;
    size_t most;

    pen_commit(pen);
    pen->at = pen->end = buf_reserve(out, n);
    if (!pen->at)
        return false;
    most = out->max - buf_size(out);
    pen->end += out->cap - out->end < most ? out->cap - out->end : most;
    return true;
}

static inline bool pen_has(struct pen *pen, size_t n)
{
    return (size_t)(pen->end - pen->at) >= n || pen_reserve(pen, n);
}

static inline void pen_char(struct pen *pen, char c)
{
    if (pen_has(pen, 1))
        *pen->at++ = c;
}

static inline void pen_puts(struct pen *pen, struct str s)
{
    if (s.n && pen_has(pen, s.n)) {
        octets_copy(pen->at, s.s, s.n);
        pen->at += s.n;
    }
}

/* Where there is room, without a look at it: the place behind the copy. */
static inline char *put_at(char *at, struct str s)
{
    octets_copy(at, s.s, s.n);
    return at + s.n;
}

/* ---- escaping ---------------------------------------------------- */

#define ROW(text)                                                              \
    {                                                                          \
        "" text, sizeof(text) - 1                                              \
    }

/* The references for characters that cannot stand for themselves. A reader
 * turns tabs and new lines of an attribute into spaces (XML 1.0 section 3.3.3),
 * and each carriage return into a new line (section 2.11), unless they are
 * references. '>' is one because of "]]>" (section 2.4). */
static const struct str references[64] = {
    ['&'] = ROW("&amp;"),  ['<'] = ROW("&lt;"),   ['>'] = ROW("&gt;"),
    ['"'] = ROW("&quot;"), ['\r'] = ROW("&#13;"), ['\n'] = ROW("&#10;"),
    ['\t'] = ROW("&#9;"),
};

/* STR_NONE for one that can. */
static struct str reference_of(char c, bool in_attribute)
{
    unsigned char octet = (unsigned char)c;

    if (octet >= 64 || (!in_attribute && (c == '\n' || c == '\t')))
        return STR_NONE;
    return references[octet];
}

/* Control characters are looked at again. */
static inline uint64_t word_is_odd(uint64_t word)
{
    return ((word - CHARS_EACH(0x20)) & ~word & CHARS_EACH(0x80)) |
           chars_have_marks(word);
}

/* By its address: where there are no vectors, how one is passed by value is no
 * part of the ABI. */
static inline bool block_is_odd(const octets_block *at)
{
    octets_block odd = (octets_block)(*at < 0x20) |
                       (octets_block)((*at | 0x04) == '&') |
                       (octets_block)((*at | 0x02) == '>');
    uint64_t half[2];

    memcpy(half, &odd, sizeof(half));
    return half[0] | half[1];
}

/* Copy a text of a block or more up to the first block in which a character
 * has a reference; how much that is. The last block overlaps the one before. */
static size_t copy_blocks(char *to, struct str text)
{
    size_t i = 0, last = text.n - OCTETS_BLOCK;
    octets_block octets;

    for (;;) {
        memcpy(&octets, text.s + i, sizeof(octets));
        if (block_is_odd(&octets))
            return i;
        memcpy(to + i, &octets, sizeof(octets));
        if (i == last)
            return text.n;
        i = i + OCTETS_BLOCK < last ? i + OCTETS_BLOCK : last;
    }
}

/* The same of any text: all or nothing of a short one, which two words cover.
 */
static inline size_t copy_clean(char *to, struct str text)
{
    uint64_t head, tail;

    if (text.n >= OCTETS_BLOCK)
        return copy_blocks(to, text);
    if (text.n == 0)
        return 0;
    head = octets_word(text.s, text.n);
    if (text.n <= 8) {
        if (word_is_odd(head))
            return 0;
        octets_copy(to, text.s, text.n);
        return text.n;
    }
    tail = octets_word(text.s + text.n - 8, 8);
    if (word_is_odd(head) | word_is_odd(tail))
        return 0;
    memcpy(to, &head, sizeof(head));
    memcpy(to + text.n - sizeof(tail), &tail, sizeof(tail));
    return text.n;
}

/* Characters one by one, as far as a block goes; what is left of the text. */
static struct str escape_some(struct pen *pen, struct str text,
                              bool in_attribute)
{
    size_t n = text.n < OCTETS_BLOCK ? text.n : OCTETS_BLOCK;

    for (size_t i = 0; i < n; i++) {
        struct str instead = reference_of(text.s[i], in_attribute);

        if (instead.s)
            pen_puts(pen, instead);
        else
            pen_char(pen, text.s[i]);
    }
    return str_n(text.s + n, text.n - n);
}

/* No character becomes shorter, so there has to be room for the text. */
static void escape_text(struct pen *pen, struct str text, bool in_attribute)
{
    while (text.n && pen_has(pen, text.n)) {
        size_t n = copy_clean(pen->at, text);

        pen->at += n;
        text = str_n(text.s + n, text.n - n);
        if (text.n)
            text = escape_some(pen, text, in_attribute);
    }
}

void writer_escape(struct buf *out, struct str text)
{
    struct pen pen = {out, NULL, NULL};

    escape_text(&pen, text, false);
    pen_commit(&pen);
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

#define PREFIX STR("stream:")

static inline size_t name_size(const xmpp_stanza_t *node)
{
    return node->text.n + (is_of_stream(node) ? PREFIX.n : 0);
}

/* The name of an element, where there is room. */
static inline char *put_name(char *at, const xmpp_stanza_t *node)
{
    if (is_of_stream(node))
        at = put_at(at, PREFIX);
    return put_at(at, node->text);
}

static void write_begin(struct pen *pen, const xmpp_stanza_t *node)
{
    if (pen_has(pen, 1 + name_size(node))) {
        *pen->at = '<';
        pen->at = put_name(pen->at + 1, node);
    }
}

static void close_tag(struct pen *pen, const xmpp_stanza_t *node)
{
    char *at;

    if (!pen_has(pen, 3 + name_size(node)))
        return;
    at = pen->at;
    *at++ = '<';
    *at++ = '/';
    at = put_name(at, node);
    *at++ = '>';
    pen->at = at;
}

/* Values are always in '"', so an apostrophe needs no reference. */
static void write_attr(struct pen *pen, struct str name, struct str value,
                       bool is_clean)
{
    size_t clean = value.n;
    char *at;

    if (!pen_has(pen, sizeof(" =\"\"") - 1 + name.n + value.n))
        return;
    at = pen->at;
    *at++ = ' ';
    at = put_at(at, name);
    *at++ = '=';
    *at++ = '"';
    if (is_clean)
        octets_copy(at, value.s, value.n);
    else
        clean = copy_clean(at, value);
    pen->at = at + clean;
    if (clean < value.n)
        escape_text(pen, str_n(value.s + clean, value.n - clean), true);
    pen_char(pen, '"');
}

void writer_attr(struct buf *out, struct str name, struct str value)
{
    struct pen pen = {out, NULL, NULL};

    write_attr(&pen, name, value, false);
    pen_commit(&pen);
}

/* What a walk along a tree needs to know. The namespace around the children of
 * one parent is looked for once. */
struct walk {
    const xmpp_stanza_t *root;
    struct str ns;                     /* around the root */
    const struct hidden_parts *hidden; /* or NULL */
    const xmpp_stanza_t *parent;       /* of which `inside` is known, or NULL */
    struct str inside;
};

/* The namespace that holds where a node begins. Elements of the stream's
 * namespace have a prefix and no xmlns, so their children get it from above. */
static struct str find_around(const struct walk *walk,
                              const xmpp_stanza_t *node)
{
    while (node != walk->root) {
        struct str found;

        node = node->parent;
        found = node_attr(node, N_XMLNS);
        if (found.s && !is_of_stream(node))
            return found;
    }
    return walk->ns;
}

/* Does it have to be written? */
static bool is_xmlns_due(struct walk *walk, const xmpp_stanza_t *node,
                         const struct attr *xmlns)
{
    if (is_of_stream(node))
        return false;
    if (node == walk->root)
        return !str_eq(xmlns->value, walk->ns);
    if (walk->parent != node->parent) {
        walk->inside = find_around(walk, node);
        walk->parent = node->parent;
    }
    return !str_eq(xmlns->value, walk->inside);
}

static void write_attrs(struct pen *pen, struct walk *walk,
                        const xmpp_stanza_t *node)
{
    for (const struct attr *a = node->attrs; a; a = a->next)
        if (a->id != N_XMLNS || is_xmlns_due(walk, node, a))
            write_attr(pen, a->name,
                       is_hidden_attr(walk->hidden, node, a->name) ? STR("***")
                                                                   : a->value,
                       a->is_clean);
}

static void open_tag(struct pen *pen, struct walk *walk,
                     const xmpp_stanza_t *node)
{
    write_begin(pen, node);
    write_attrs(pen, walk, node);
    if (!node->first)
        pen_char(pen, '/');
    pen_char(pen, '>');
}

void writer_start_tag(struct buf *out, const xmpp_stanza_t *node)
{
    struct pen pen = {out, NULL, NULL};

    write_begin(&pen, node);
    for (const struct attr *a = node->attrs; a; a = a->next)
        if (a->id != N_XMLNS)
            write_attr(&pen, a->name, a->value, a->is_clean);
    pen_char(&pen, '>');
    pen_commit(&pen);
}

/* ---- the walk ---------------------------------------------------- */

static int write_node(struct pen *pen, struct walk *walk,
                      const xmpp_stanza_t *node)
{
    if (node->kind == NODE_BLANK)
        return node_misuse(node, "a node of the stanza has neither a name nor "
                                 "a text");
    if (node->kind == NODE_ELEMENT)
        open_tag(pen, walk, node);
    else if (is_hidden_text(walk->hidden, node->parent))
        pen_puts(pen, STR("***"));
    else if (node->is_clean)
        pen_puts(pen, node->text);
    else
        escape_text(pen, node->text, false);
    return 0;
}

/* The next node of the tree, behind the end tags of all that end before it.
 * NULL: all have ended. */
static const xmpp_stanza_t *write_ends(struct pen *pen,
                                       const xmpp_stanza_t *root,
                                       const xmpp_stanza_t *node)
{
    if (node->first)
        return node->first;
    while (node != root && !node->next) {
        node = node->parent;
        close_tag(pen, node);
    }
    return node == root ? NULL : node->next;
}

int writer_write_scrubbed(struct buf *out, const xmpp_stanza_t *node,
                          struct str ns, const struct hidden_parts *hidden)
{
    struct walk walk = {.root = node, .ns = ns, .hidden = hidden};
    struct pen pen = {out, NULL, NULL};
    size_t before = buf_size(out);
    int rc = out->failed ? XMPP_EMEM : 0;

    if (rc)
        return rc;
    while (node && rc == 0) {
        rc = write_node(&pen, &walk, node);
        node = write_ends(&pen, walk.root, node);
    }
    pen_commit(&pen);
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
