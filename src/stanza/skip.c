/* skip.c - reads past a stanza that is not wanted, and checks its XML. */

#include "stanza/skip.h"

#include <xmpp/error.h>

#define OPEN_MOST 1048576 /* depth up to which names are compared */
#define PART_MOST 4096    /* bytes of an attribute that is kept */
#define TAG_MOST 65536    /* bytes of all of them */

#define HASH_SEED 2166136261u

static uint32_t hash_byte(uint32_t hash, unsigned char c)
{
    return (hash ^ c) * 16777619u;
}

/* FNV-1a. A peer that finds two names with one hash makes us accept an end tag
 * that does not fit, in a stanza that is thrown away. */
static uint32_t hash_of(struct str name)
{
    uint32_t hash = HASH_SEED;

    for (size_t i = 0; i < name.n; i++)
        hash = hash_byte(hash, (unsigned char)name.s[i]);
    return hash;
}

static bool skip_fail(struct skip *k, int code, const char *what)
{
    k->code = code;
    k->what = what;
    return false;
}

static bool malformed(struct skip *k)
{
    return skip_fail(k, XMPP_EXML, "malformed");
}

static bool skip_is_space(unsigned char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool take_character(struct skip *k, unsigned char c)
{
    int rc = lexer_character(&k->character, c);

    return rc == 0 ||
           skip_fail(k, rc, rc == XMPP_EXML ? "malformed" : "it is not UTF-8");
}

/* ---- names ------------------------------------------------------- */

static bool skip_put_name(struct skip *k, unsigned char c)
{
    if (c == ':') {
        if (k->name.is_fresh || k->name.has_prefix)
            return malformed(k);
        k->name.has_prefix = k->name.is_fresh = true;
        k->name.local = HASH_SEED;
    } else if (k->name.is_fresh ? lexer_begins_name(c)
                                : lexer_continues_name(c)) {
        k->name.is_fresh = false;
        k->name.local = hash_byte(k->name.local, c);
    } else {
        return malformed(k);
    }
    k->name.full = hash_byte(k->name.full, c);
    return true;
}

static void begin_name(struct skip *k)
{
    k->name.full = k->name.local = HASH_SEED;
    k->name.has_prefix = false;
    k->name.is_fresh = true;
}

static bool end_name(struct skip *k)
{
    return !k->name.is_fresh || malformed(k);
}

/* ---- elements ---------------------------------------------------- */

/* Beyond OPEN_MOST only the number of open elements is known. */
static void skip_push(struct skip *k, uint32_t hash)
{
    if (k->depth < OPEN_MOST)
        buf_put(&k->open, (const char *)&hash, sizeof(hash));
    if (++k->depth > k->deepest)
        k->deepest = k->depth;
}

static bool skip_open_element(struct skip *k)
{
    skip_push(k, k->name.full);
    return !k->open.failed || skip_fail(k, XMPP_EMEM, "");
}

static bool close_element(struct skip *k)
{
    if (--k->depth < OPEN_MOST)
        buf_cut(&k->open, (size_t)k->depth * sizeof(uint32_t));
    if (k->inherited > k->depth)
        k->inherited = k->depth;
    k->done = k->depth == 0;
    return true;
}

/* An end tag, which must have the name of the innermost open element. */
static bool close_named(struct skip *k)
{
    uint32_t hash;

    if (!end_name(k))
        return false;
    if (k->depth <= OPEN_MOST) {
        memcpy(&hash, buf_view(&k->open).s + buf_size(&k->open) - sizeof(hash),
               sizeof(hash));
        if (hash != (k->depth <= k->inherited ? k->name.local : k->name.full))
            return malformed(k);
    }
    return close_element(k);
}

/* ---- states ------------------------------------------------------ */

/* One function for each state reads one byte. It returns true, or false with
 * `code` set. States up to NAME are those before the stanza's name is complete:
 * skip_keep() relies on that. */

enum state {
    TEXT,
    LESS, /* behind '<' */
    BANG, /* behind "<!" */
    CDATA,
    NAME,      /* in the name of a start tag */
    TAG,       /* behind a value: a space must follow */
    SPACE,     /* behind a space: an attribute may begin */
    ATTR,      /* in the name of an attribute */
    EQUALS,    /* behind that name */
    VALUE_DUE, /* behind '=' */
    VALUE,
    SLASH,  /* behind the '/' of an empty element */
    CLOSE,  /* in the name of an end tag */
    CLOSED, /* behind that name */
    REFERENCE
};

static bool go(struct skip *k, enum state state)
{
    k->state = (unsigned char)state;
    return true;
}

static bool go_to_reference(struct skip *k)
{
    k->back = k->state;
    k->reference = (struct reference){.n = 0};
    return go(k, REFERENCE);
}

static bool in_reference(struct skip *k, unsigned char c)
{
    int rc = lexer_reference(&k->reference, c);

    if (rc < 0)
        return skip_fail(k, rc, rc == XMPP_EXML ? "malformed" : "an entity");
    return rc == 0 || go(k, (enum state)k->back);
}

/* Whether this is the '>' of a "]]>". */
static bool ends_section(struct skip *k, unsigned char c)
{
    bool ends = c == '>' && k->brackets == 2;

    if (c != ']')
        k->brackets = 0;
    else if (k->brackets < 2)
        k->brackets++;
    return ends;
}

/* "]]>" must not stand in text (XML 1.0 section 2.4). */
static bool in_text(struct skip *k, unsigned char c)
{
    if (ends_section(k, c))
        return malformed(k);
    if (c == '&')
        return go_to_reference(k);
    return c != '<' || go(k, LESS);
}

static bool in_cdata(struct skip *k, unsigned char c)
{
    return !ends_section(k, c) || go(k, TEXT);
}

/* With no element open, the start tag of the stanza is due. */
static bool in_less(struct skip *k, unsigned char c)
{
    begin_name(k);
    k->brackets = 0;
    if (c == '/' && k->depth)
        return go(k, CLOSE);
    if (c == '!' && k->depth)
        return go(k, BANG);
    if (c == '?')
        return skip_fail(k, XMPP_ERESTRICTED, "a processing instruction");
    return skip_put_name(k, c) && go(k, NAME);
}

/* `brackets` counts the characters of "[CDATA[" that have come. */
static bool in_bang(struct skip *k, unsigned char c)
{
    static const char start[] = "[CDATA[";

    if (k->brackets == 0 && c == '-')
        return skip_fail(k, XMPP_ERESTRICTED, "a comment");
    if (c != start[k->brackets])
        return malformed(k);
    if (start[++k->brackets])
        return true;
    k->brackets = 0;
    return go(k, CDATA);
}

/* Behind the name of a start tag, or behind an attribute. */
static bool in_tag(struct skip *k, unsigned char c)
{
    if (c == '>')
        return go(k, TEXT);
    if (c == '/')
        return go(k, SLASH);
    return skip_is_space(c) ? go(k, SPACE) : malformed(k);
}

static bool in_name(struct skip *k, unsigned char c)
{
    if (c != '>' && c != '/' && !skip_is_space(c))
        return skip_put_name(k, c);
    return end_name(k) && skip_open_element(k) && in_tag(k, c);
}

static bool in_space(struct skip *k, unsigned char c)
{
    if (skip_is_space(c) || c == '>' || c == '/')
        return in_tag(k, c);
    begin_name(k);
    return skip_put_name(k, c) && go(k, ATTR);
}

static bool in_equals(struct skip *k, unsigned char c)
{
    if (c == '=')
        return go(k, VALUE_DUE);
    return skip_is_space(c) || malformed(k);
}

static bool in_attr(struct skip *k, unsigned char c)
{
    if (c != '=' && !skip_is_space(c))
        return skip_put_name(k, c);
    return end_name(k) && go(k, EQUALS) && in_equals(k, c);
}

static bool in_value_due(struct skip *k, unsigned char c)
{
    k->quote = c;
    if (c == '"' || c == '\'')
        return go(k, VALUE);
    return skip_is_space(c) || malformed(k);
}

/* '<' must not stand in a value (XML 1.0 section 3.1). */
static bool in_value(struct skip *k, unsigned char c)
{
    if (c == k->quote)
        return go(k, TAG);
    if (c == '&')
        return go_to_reference(k);
    return c != '<' || malformed(k);
}

static bool in_slash(struct skip *k, unsigned char c)
{
    return c == '>' ? go(k, TEXT) && close_element(k) : malformed(k);
}

static bool in_closed(struct skip *k, unsigned char c)
{
    if (c == '>')
        return go(k, TEXT) && close_named(k);
    return skip_is_space(c) || malformed(k);
}

static bool in_close(struct skip *k, unsigned char c)
{
    if (c != '>' && !skip_is_space(c))
        return skip_put_name(k, c);
    return go(k, CLOSED) && in_closed(k, c);
}

static bool (*const steps[])(struct skip *k, unsigned char c) = {
    [TEXT] = in_text,   [LESS] = in_less,     [BANG] = in_bang,
    [CDATA] = in_cdata, [NAME] = in_name,     [TAG] = in_tag,
    [SPACE] = in_space, [ATTR] = in_attr,     [EQUALS] = in_equals,
    [VALUE] = in_value, [SLASH] = in_slash,   [VALUE_DUE] = in_value_due,
    [CLOSE] = in_close, [CLOSED] = in_closed, [REFERENCE] = in_reference,
};

/* ---- keeping the stanza's start tag ------------------------------ */

/* Whether the stanza's own name has the prefix that this attribute declares. */
static bool declares_own(struct str tag, struct str name)
{
    if (!str_starts(name, STR("xmlns:")))
        return false;
    name = str_n(name.s + strlen("xmlns:"), name.n - strlen("xmlns:"));
    return tag.n > name.n + 1 && tag.s[name.n + 1] == ':' &&
           memcmp(tag.s + 1, name.s, name.n) == 0;
}

/* Only what the stub needs: libxml2 compares all attributes with each other. */
static bool skip_wants(const struct skip *k)
{
    static const char *const wanted[] = {"id", "type", "from", "to", "xmlns"};
    struct str tag = buf_view(&k->tag);
    /* between the space and the byte that ends it */
    struct str name = str_n(tag.s + k->mark + 1, tag.n - k->mark - 2);

    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
        if (str_is(name, wanted[i]))
            return true;
    return declares_own(tag, name);
}

/* An attribute that turns out to be too long, or not wanted, is taken out
 * again, up to its beginning. */
static void keep_attribute(struct skip *k, unsigned char c)
{
    bool is_named = k->state == ATTR && (c == '=' || skip_is_space(c));

    if (k->drops)
        return;
    buf_put(&k->tag, (const char *)&c, 1);
    if (k->tag.failed)
        return;
    if (buf_size(&k->tag) - k->mark > PART_MOST ||
        (is_named && !skip_wants(k))) {
        buf_cut(&k->tag, k->mark);
        k->drops = true;
    }
}

/* Keep a byte of the start tag; `state` is that before the byte. */
static void skip_keep(struct skip *k, unsigned char c)
{
    bool is_between = k->state == NAME || k->state == TAG || k->state == SPACE;

    if (is_between && (c == '>' || c == '/')) {
        buf_puts(&k->tag, STR("/>"));
        k->keeps = false;
    } else if (k->state == SPACE && !skip_is_space(c)) {
        k->mark = buf_size(&k->tag);
        k->drops = k->mark > TAG_MOST;
        keep_attribute(k, ' ');
        keep_attribute(k, c);
    } else if (k->state <= NAME) {
        if (!skip_is_space(c))
            buf_put(&k->tag, (const char *)&c, 1);
        if (buf_size(&k->tag) > PART_MOST)
            skip_fail(k, XMPP_ELIMIT, "a name is too long");
    } else if (!is_between) {
        keep_attribute(k, c);
    }
    if (k->tag.failed)
        skip_fail(k, XMPP_EMEM, "");
}

/* ---- all together ------------------------------------------------ */

size_t skip_feed(struct skip *k, const char *bytes, size_t n)
{
    size_t i = 0;

    while (i < n && !k->done && !k->code) {
        unsigned char c = (unsigned char)bytes[i];

        if (k->keeps)
            skip_keep(k, c);
        if (!k->code && take_character(k, c))
            steps[k->state](k, c);
        i++;
    }
    return i;
}

/* The tree leads from the inside outwards, so the hashes are filled in from the
 * end. They are without prefixes, because the tree has none. */
void skip_begin(struct skip *k, const xmpp_stanza_t *innermost)
{
    size_t n = 0;

    skip_clear(k);
    k->keeps = !innermost;
    for (const xmpp_stanza_t *e = innermost; e; e = e->parent)
        n++;
    for (size_t i = 0; i < n; i++)
        skip_push(k, 0);
    k->inherited = n;
    if (k->open.failed)
        skip_fail(k, XMPP_EMEM, "");
    else
        for (const xmpp_stanza_t *e = innermost; e; e = e->parent) {
            uint32_t hash = hash_of(e->text);

            memcpy(k->open.data + --n * sizeof(hash), &hash, sizeof(hash));
        }
}

void skip_begin_in_tag(struct skip *k, struct str name)
{
    skip_push(k, hash_of(name));
    k->inherited++;
    k->keeps = false;
    k->state = TAG;
    if (k->open.failed)
        skip_fail(k, XMPP_EMEM, "");
}

void skip_init(struct skip *k, struct env *env)
{
    buf_init(&k->open, env, OPEN_MOST * sizeof(uint32_t));
    buf_init(&k->tag, env, TAG_MOST + 2 * PART_MOST);
}

void skip_clear(struct skip *k)
{
    const struct env *env = k->open.env;

    buf_free(&k->open);
    buf_free(&k->tag);
    *k = (struct skip){.code = 0};
    skip_init(k, (struct env *)(uintptr_t)env);
}
