/* messages.c - a stream in messages (RFC 7395 section 3.3): ours. */

#include "stream/messages.h"

#include <xmpp/ns.h>

#define TAG_SIZE (SIZE_MAX / 4) /* only we write there */

void messages_init(struct messages *m, struct env *env)
{
    *m = (struct messages){.env = env};
    buf_init(&m->out.tag, env, TAG_SIZE);
    buf_init(&m->in.head, env, MESSAGES_HEAD_MOST);
}

void messages_free(struct messages *m)
{
    buf_wipe(&m->out.tag);
    buf_wipe(&m->in.head);
}

void messages_restart(struct messages *m)
{
    struct env *env = m->env;

    messages_free(m);
    messages_init(m, env);
}

/* ---- a tag ------------------------------------------------------- */

static size_t name_length(struct str tag)
{
    size_t n = 0;

    while (n < tag.n && !strchr(" \t\r\n/>", tag.s[n]))
        n++;
    return n;
}

static struct str skip_spaces(struct str text)
{
    while (text.n && strchr(" \t\r\n", text.s[0]))
        text = str_n(text.s + 1, text.n - 1);
    return text;
}

/* The next attribute of a tag, from its name to its second quote; STR_NONE
 * behind the last. */
static struct str next_attribute(struct str *rest)
{
    struct str text = skip_spaces(*rest), name, value;
    const char *end;

    value = skip_spaces(str_cut(text, '=', &name));
    if (value.n < 2 || !strchr("\"'", value.s[0]))
        return STR_NONE;
    end = memchr(value.s + 1, value.s[0], value.n - 1);
    if (!end)
        return STR_NONE;
    *rest = str_n(end + 1, (size_t)(value.s + value.n - end) - 1);
    return str_n(text.s, (size_t)(end - text.s) + 1);
}

static struct str attribute_name(struct str attribute)
{
    struct str name;

    str_cut(attribute, '=', &name);
    while (name.n && strchr(" \t\r\n", name.s[name.n - 1]))
        name.n--;
    return name;
}

static bool tag_declares(struct str rest, const char *name)
{
    struct str attribute = next_attribute(&rest);

    while (attribute.s && !str_is(attribute_name(attribute), name))
        attribute = next_attribute(&rest);
    return attribute.s != NULL;
}

/* ---- the first tag of an element --------------------------------- */

/* <stream:stream ...>: all attributes but the namespaces, which <open/> has of
 * its own. */
static void put_open(struct str rest, struct buf *payload)
{
    struct str attribute = next_attribute(&rest);

    buf_puts(payload, STR("<open xmlns=\"" XMPP_NS_FRAMING "\""));
    for (; attribute.s; attribute = next_attribute(&rest)) {
        struct str name = attribute_name(attribute);

        if (str_is(name, "xmlns") || str_starts(name, STR("xmlns:")))
            continue;
        buf_puts(payload, STR(" "));
        buf_puts(payload, attribute);
    }
    buf_puts(payload, STR("/>"));
}

/* The element inherited its namespace, or its prefix, from the stream's tag. */
static void put_tag(struct str tag, size_t name_n, struct buf *payload)
{
    struct str name = str_n(tag.s + 1, name_n),
               rest = str_n(name.s + name.n, tag.n - 1 - name.n);

    buf_put(payload, tag.s, 1 + name.n);
    if (str_starts(name, STR("stream:")) && !tag_declares(rest, "xmlns:stream"))
        buf_puts(payload, STR(" xmlns:stream=\"" XMPP_NS_STREAMS "\""));
    else if (!memchr(name.s, ':', name.n) && !tag_declares(rest, "xmlns"))
        buf_puts(payload, STR(" xmlns=\"" XMPP_NS_CLIENT "\""));
    buf_puts(payload, rest);
}

/* A tag where no element is open is complete. True if its message is. */
static bool on_first_tag(struct messages *m, bool is_empty, struct buf *payload)
{
    struct str tag = buf_view(&m->out.tag), name;
    bool ends = true;
    size_t n;

    if (m->out.tag.failed) /* what is there may be nothing; keep() reports it */
        return true;
    n = name_length(str_n(tag.s + 1, tag.n - 1));
    name = str_n(tag.s + 1, n);
    if (str_starts(tag, STR("</"))) {
        buf_puts(payload, STR("<close xmlns=\"" XMPP_NS_FRAMING "\"/>"));
    } else if (str_is(name, "stream:stream")) {
        put_open(str_n(name.s + n, tag.n - 1 - n), payload);
    } else {
        put_tag(tag, n, payload);
        m->out.depth = is_empty ? 0 : 1;
        ends = is_empty;
    }
    buf_clear(&m->out.tag);
    return ends;
}

/* ---- our bytes --------------------------------------------------- */

enum mode {
    TEXT,
    LESS, /* behind a '<': what begins? */
    TAG,
    INSTRUCTION,
    COMMENT,
    CDATA,
    DECLARATION
};

/* What stands between elements is not sent: instructions, comments, spaces. A
 * first tag is gathered. */
static void keep(struct messages *m, struct str bytes, struct buf *payload)
{
    if (m->out.depth)
        buf_puts(payload, bytes);
    else if (m->out.mode == TAG)
        buf_puts(&m->out.tag, bytes);
    if (m->out.tag.failed)
        payload->failed = true;
}

static bool may_become(struct str start, const char *whole)
{
    return start.n < strlen(whole) && memcmp(start.s, whole, start.n) == 0;
}

static enum mode mode_of(struct str start)
{
    if (start.n < 2 || may_become(start, "<!--") ||
        may_become(start, "<![CDATA["))
        return LESS;
    if (start.s[1] == '?')
        return INSTRUCTION;
    if (start.s[1] != '!')
        return TAG;
    if (str_is(start, "<!--"))
        return COMMENT;
    return str_is(start, "<![CDATA[") ? CDATA : DECLARATION;
}

static bool end_tag(struct messages *m, struct buf *payload)
{
    bool is_end = m->out.start[1] == '/', is_empty = m->out.last == '/';

    m->out.mode = TEXT;
    if (m->out.depth == 0)
        return on_first_tag(m, is_empty, payload);
    if (is_end)
        return --m->out.depth == 0;
    m->out.depth += !is_empty;
    return false;
}

static bool within_tag(struct messages *m, char c, struct buf *payload)
{
    bool ends = c == '>' && !m->out.quote;

    if (m->out.quote)
        m->out.quote = m->out.quote == c ? '\0' : m->out.quote;
    else if (c == '"' || c == '\'')
        m->out.quote = c;
    if (ends)
        return end_tag(m, payload);
    m->out.last = c;
    return false;
}

static bool behind_less(struct messages *m, char c, struct buf *payload)
{
    struct str start;

    m->out.start[m->out.start_n++] = c;
    start = str_n(m->out.start, m->out.start_n);
    m->out.mode = (unsigned char)mode_of(start);
    if (m->out.mode == LESS)
        return false;
    m->out.quote = '\0';
    m->out.last = c;
    keep(m, start, payload);
    /* "<>" is none, but must not swallow what follows */
    return m->out.mode == TAG && c == '>' && end_tag(m, payload);
}

/* The end of a comment, CDATA section, instruction or declaration. `start`
 * holds the last two characters. */
static void within_other(struct messages *m, char c)
{
    static const char *const ends[] = {[INSTRUCTION] = "?",
                                       [COMMENT] = "--",
                                       [CDATA] = "]]",
                                       [DECLARATION] = ""};
    const char *end = ends[m->out.mode];
    size_t n = strlen(end);

    if (c == '>' && memcmp(m->out.start + 2 - n, end, n) == 0)
        m->out.mode = TEXT;
    m->out.start[0] = m->out.start[1];
    m->out.start[1] = c;
}

/* One byte; true if it ends a message. */
static bool take_byte(struct messages *m, char c, struct buf *payload)
{
    if (m->out.mode == LESS)
        return behind_less(m, c, payload);
    if (m->out.mode == TEXT && c == '<') {
        m->out.mode = LESS;
        m->out.start[0] = c;
        m->out.start_n = 1;
        return false;
    }
    keep(m, str_n(&c, 1), payload);
    if (m->out.mode == TAG)
        return within_tag(m, c, payload);
    if (m->out.mode != TEXT)
        within_other(m, c);
    return false;
}

/* Text is most of what is sent, and nothing happens in it. */
static size_t pass_text(struct messages *m, struct str bytes,
                        struct buf *payload)
{
    const char *end = memchr(bytes.s, '<', bytes.n);
    size_t n = end ? (size_t)(end - bytes.s) : bytes.n;

    if (m->out.mode != TEXT)
        return 0;
    keep(m, str_n(bytes.s, n), payload);
    return n;
}

size_t messages_put(struct messages *m, struct str bytes, struct buf *payload,
                    bool *ret_ends)
{
    size_t i = 0;

    *ret_ends = false;
    while (i < bytes.n && !*ret_ends) {
        i += pass_text(m, str_n(bytes.s + i, bytes.n - i), payload);
        if (i < bytes.n)
            *ret_ends = take_byte(m, bytes.s[i++], payload);
    }
    return i;
}
