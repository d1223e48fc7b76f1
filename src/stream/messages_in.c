/* messages_in.c - a stream in messages (RFC 7395 section 3.3): the peer's. */

#include <xmpp/error.h>
#include <xmpp/ns.h>

#include "stanza/find.h"
#include "stanza/parse.h"
#include "stanza/writer.h"
#include "stream/messages.h"

#define NAME_ROOM 64 /* a name as long as that is neither open nor close */

#define HEADER                                                                 \
    "<?xml version='1.0'?><stream:stream xmlns='" XMPP_NS_CLIENT               \
    "' xmlns:stream='" XMPP_NS_STREAMS "'"

enum mode {
    LOOK, /* is it one of the two? */
    OURS, /* it seems to be: all of it is gathered */
    PASS
};

/* ---- what stands for the tags of a stream ------------------------ */

/* Attributes with a prefix are nobody's, but for xml:lang. */
static void put_their_header(const xmpp_stanza_t *node, struct buf *in)
{
    buf_puts(in, STR(HEADER));
    for (const struct attr *a = node ? node->attrs : NULL; a; a = a->next) {
        bool is_foreign =
            memchr(a->name.s, ':', a->name.n) && !str_is(a->name, "xml:lang");

        if (a->id == N_XMLNS || is_foreign)
            continue;
        buf_puts(in, STR(" "));
        buf_puts(in, a->name);
        buf_puts(in, STR("=\""));
        writer_escape(in, a->value);
        buf_puts(in, STR("\""));
    }
    buf_puts(in, STR(">"));
}

/* Another place for clients is the same as see-other-host over TCP (section
 * 3.6.1). */
static void put_other(struct str uri, struct buf *in)
{
    buf_puts(
        in,
        STR("<stream:error><see-other-host xmlns='" XMPP_NS_STREAMS_IETF "'>"));
    writer_escape(in, uri);
    buf_puts(in, STR("</see-other-host></stream:error>"));
}

/* A peer may close what it did not open. */
static void put_end(struct messages *m, const xmpp_stanza_t *node,
                    struct buf *in)
{
    struct str other = node_attr_named(node, STR("see-other-uri"));

    if (!m->in.is_open)
        put_their_header(NULL, in);
    if (other.s)
        put_other(other, in);
    buf_puts(in, STR("</stream:stream>"));
}

static void put_node(struct messages *m, const xmpp_stanza_t *node,
                     struct buf *in)
{
    bool is_ours = str_is(node_ns(node), XMPP_NS_FRAMING);

    if (is_ours && str_is(node_name(node), "open")) {
        put_their_header(node, in);
        m->in.is_open = true;
    } else if (is_ours) {
        put_end(m, node, in);
    } else {
        buf_puts(in, buf_view(&m->in.head));
    }
}

static int translate(struct messages *m, struct buf *in, const char **ret_why)
{
    xmpp_stanza_t *node = NULL;
    int rc = parse_view(m->env, buf_view(&m->in.head), &node);

    if (rc == 0)
        put_node(m, node, in);
    xmpp_stanza_release(node);
    if (rc && rc != XMPP_EMEM) {
        *ret_why = "an <open/> or <close/> that is malformed";
        return XMPP_EPROTO;
    }
    return rc;
}

/* ---- what it is -------------------------------------------------- */

/* The name of the element without its prefix; STR_NONE: it is not complete. */
static struct str local_name(struct str head)
{
    struct str name = str_n(head.s + 1, 0), prefix, local;

    while (1 + name.n < head.n && !strchr(" \t\r\n/>", name.s[name.n]))
        name.n++;
    if (1 + name.n == head.n && name.n < NAME_ROOM)
        return STR_NONE;
    local = str_cut(name, ':', &prefix);
    return local.s ? local : name;
}

/* The first character has to be '<' (section 3.3.3). */
static int look_at(struct messages *m, const char **ret_why)
{
    struct str head = buf_view(&m->in.head), name;

    if (head.s[0] != '<') {
        *ret_why = "a message that does not begin with '<'";
        return XMPP_EPROTO;
    }
    name = local_name(head);
    if (name.s)
        m->in.mode =
            str_is(name, "open") || str_is(name, "close") ? OURS : PASS;
    return 0;
}

static int gather(struct messages *m, struct str piece, const char **ret_why)
{
    if (buf_size(&m->in.head) + piece.n > MESSAGES_HEAD_MOST &&
        m->in.mode == OURS) {
        *ret_why = "an <open/> or <close/> that is too long";
        return XMPP_EPROTO;
    }
    buf_puts(&m->in.head, piece);
    return m->in.head.failed ? XMPP_EMEM : 0;
}

/* Behind what was gathered of a message that is passed on. */
static void pass_head(struct messages *m, struct buf *in)
{
    buf_puts(in, buf_view(&m->in.head));
    buf_clear(&m->in.head);
}

/* The end of a message of which nothing is passed on yet. */
static int finish_message(struct messages *m, struct buf *in,
                          const char **ret_why)
{
    if (!buf_size(&m->in.head)) {
        *ret_why = "an empty message";
        return XMPP_EPROTO;
    }
    if (m->in.mode == OURS)
        return translate(m, in, ret_why);
    pass_head(m, in);
    return 0;
}

int messages_get(struct messages *m, struct str piece, bool begins, bool ends,
                 struct buf *in, const char **ret_why)
{
    int rc = 0;

    if (begins) {
        m->in.mode = LOOK;
        buf_clear(&m->in.head);
    }
    if (m->in.mode == PASS) {
        buf_puts(in, piece);
        return 0;
    }
    rc = gather(m, piece, ret_why);
    if (rc == 0 && m->in.mode == LOOK && buf_size(&m->in.head))
        rc = look_at(m, ret_why);
    if (rc == 0 && ends)
        return finish_message(m, in, ret_why);
    if (rc == 0 && m->in.mode == PASS)
        pass_head(m, in);
    return rc;
}
