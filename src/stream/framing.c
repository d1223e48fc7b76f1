/* framing.c - how a stream is opened and ended over TCP (RFC 6120 section 4).
 */

#include "stream/framing.h"

#include "stanza/writer.h"

#define OPEN "<?xml version=\"1.0\"?><stream:stream"

static void put_pair(struct buf *out, struct str name, struct str value)
{
    buf_putc(out, ' ');
    buf_puts(out, name);
    buf_puts(out, STR("=\""));
    writer_escape(out, value);
    buf_putc(out, '"');
}

static void put_attribute(struct buf *out, struct str name, struct str value)
{
    if (value.s)
        put_pair(out, name, value);
}

/* The account is named only under TLS, as anybody could read it before (section
 * 4.7.1). */
static void put_from(const struct stream *s, struct buf *out)
{
    if (!s->agreed.secured || !s->wanted->local.s)
        return;
    buf_puts(out, STR(" from=\""));
    writer_escape(out, s->wanted->local);
    buf_putc(out, '@');
    writer_escape(out, s->wanted->domain);
    buf_putc(out, '"');
}

static struct str tcp_content(const struct stream *s)
{
    return name_text(s->wanted->kind == STREAM_COMPONENT ? NS_COMPONENT
                                                         : NS_CLIENT);
}

static void tcp_expect(struct stream *s)
{
    reader_restart(s->reader);
}

/* A component's header has neither version nor language (XEP-0114 section 3).
 */
static void tcp_open(const struct stream *s, struct buf *out)
{
    bool is_component = s->wanted->kind == STREAM_COMPONENT;

    buf_puts(out, STR(OPEN));
    put_attribute(out, STR("xmlns"), tcp_content(s));
    put_attribute(out, STR("xmlns:stream"), name_text(NS_STREAMS));
    put_attribute(out, STR("to"), s->wanted->domain);
    if (!is_component) {
        put_from(s, out);
        put_attribute(out, STR("version"), STR("1.0"));
        put_attribute(out, STR("xml:lang"), str_of(s->wanted->identity.lang));
    }
    buf_putc(out, '>');
}

/* What the application gave for a value is empty, not missing. */
static void tcp_open_with(struct buf *out, char **attributes, size_t n)
{
    buf_puts(out, STR(OPEN));
    for (size_t i = 0; i + 1 < n; i += 2)
        put_pair(out, str_of(attributes[i]), str_of(attributes[i + 1]));
    buf_putc(out, '>');
}

const struct framing framing_tcp = {
    .name = "tcp",
    .expect = tcp_expect,
    .open = tcp_open,
    .open_with = tcp_open_with,
    .end = {"</stream:stream>", sizeof("</stream:stream>") - 1},
    .content = tcp_content,
};
