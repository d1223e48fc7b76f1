/* odd_xml.c - the XML of a payload, made of its table. */

#include "xep/odd_xml.h"

#include <string.h>

#define DEPTH_MOST 5
#define LONG_TEXT 2000
#define LONG_LIST 200

unsigned chance_pick(struct chance *chance, unsigned most)
{
    if (chance->n) {
        chance->n--;
        return *chance->data++ % most;
    }
    chance->state = chance->state * 1664525 + 1013904223;
    return (chance->state >> 16) % most;
}

/* One table being written, within others. */
struct writing {
    FILE *out;
    const xmpp_payload_t *payload;
    const char *ns;
    enum odd odd;
    struct chance *chance;
    int depth;
};

static unsigned pick(struct writing *w, unsigned most)
{
    return chance_pick(w->chance, most);
}

static const xmpp_field_t *field_at(const xmpp_payload_t *payload, size_t i)
{
    return (const xmpp_field_t *)(const void *)((const char *)payload->fields +
                                                i * payload->field_size);
}

/* ---- values ------------------------------------------------------ */

static const char *const good_values[] = {
    [XMPP_IS_TEXT] = "text",
    [XMPP_IS_NUMBER] = "7",
    [XMPP_IS_REAL] = "1.5",
    [XMPP_IS_BOOL] = "1",
    [XMPP_IS_JID] = "juliet@example.org/balcony",
    [XMPP_IS_TIME] = "2026-11-29T12:00:00Z",
    [XMPP_IS_BYTES] = "aGVsbG8=",
};

static const char *const odd_values[] = {
    "",
    " ",
    "0",
    "-1",
    "1",
    "2",
    "true",
    "false",
    "99999999999999999999",
    "-2147483648",
    "1e999",
    "nan",
    "=",
    "aGVsbG8",
    "2026-13-40T99:99:99Z",
    "1969-07-21T02:56:15Z",
    "juliet@",
    "@",
    "/",
    "romeo@example.org",
    "romeo@example.org/r",
    "example.org",
    "a@b/c",
    "&lt;iq/&gt;",
    "&quot;&apos;&amp;",
    "&#xA0;&#x202E;",
    "\xf0\x9f\x8c\xb9",
    "none",
    "both",
    "remove",
    "result",
    "form",
    "http://jabber.org/protocol/disco#info",
    "sha-1",
};

static void write_value(struct writing *w, const xmpp_field_t *f)
{
    const char *const *names = f->more;
    unsigned count = 0;

    if (w->odd == ODD_LONG && f->is == XMPP_IS_TEXT)
        for (int i = 0; i < LONG_TEXT; i++)
            fputc('x', w->out);
    else if (w->odd == ODD_WILD && pick(w, 3) == 0)
        fputs(odd_values[pick(w, sizeof(odd_values) / sizeof(odd_values[0]))],
              w->out);
    else if (f->is != XMPP_IS_ENUM)
        fputs(good_values[f->is], w->out);
    else if (names) {
        while (names[count])
            count++;
        fputs(names[pick(w, count)], w->out);
    }
}

/* ---- elements ---------------------------------------------------- */

static void write_table(struct writing *w, const xmpp_payload_t *payload);

static void open_child(struct writing *w, const xmpp_field_t *f,
                       const char *name)
{
    fprintf(w->out, "<%s", name);
    if (f->ns)
        fprintf(w->out, " xmlns='%s'", f->ns);
}

static void write_child(struct writing *w, const xmpp_field_t *f)
{
    open_child(w, f, f->name);
    if (f->sub) {
        fprintf(w->out, " %s='", f->sub);
        write_value(w, f);
        fputs("'/>", w->out);
    } else {
        fputc('>', w->out);
        write_value(w, f);
        fprintf(w->out, "</%s>", f->name);
    }
}

static void write_choice(struct writing *w, const xmpp_field_t *f)
{
    const char *const *names = f->more;
    unsigned count = 0;

    while (names[count])
        count++;
    open_child(w, f, names[pick(w, count)]);
    fputs("/>", w->out);
}

static void write_flag(struct writing *w, const xmpp_field_t *f)
{
    open_child(w, f, f->name);
    fputs("/>", w->out);
}

static void write_element(struct writing *w, const xmpp_field_t *f)
{
    if (w->depth < DEPTH_MOST)
        write_table(w, f->more);
}

/* How often something stands there, of which there may be many or one. */
static unsigned times(struct writing *w, int is_list)
{
    if (w->odd == ODD_WILD)
        return pick(w, is_list ? 5 : 3);
    if (!is_list)
        return 1;
    return w->odd == ODD_LONG && w->depth == 1 ? LONG_LIST : 2;
}

static void write_content(struct writing *w, const xmpp_field_t *f)
{
    static void (*const writers[])(struct writing *, const xmpp_field_t *) = {
        [XMPP_AT_TEXT] = write_value,       [XMPP_AT_CHILD] = write_child,
        [XMPP_AT_CHILD_ATTR] = write_child, [XMPP_AT_FLAG] = write_flag,
        [XMPP_AT_CHOICE] = write_choice,    [XMPP_AT_ELEMENT] = write_element,
        [XMPP_AT_ELEMENTS] = write_element, [XMPP_AT_CHILDREN] = write_child,
    };
    unsigned n;

    if (f->at == XMPP_AT_ATTR || f->at == XMPP_AT_SELF)
        return;
    n = times(w, f->at == XMPP_AT_ELEMENTS || f->at == XMPP_AT_CHILDREN);
    while (n-- > 0)
        writers[f->at](w, f);
}

/* No attribute comes twice: that would not be XML. */
static int is_written(const xmpp_payload_t *payload, size_t i)
{
    const char *name = field_at(payload, i)->name;

    for (size_t k = 0; k < i; k++)
        if (field_at(payload, k)->at == XMPP_AT_ATTR &&
            strcmp(field_at(payload, k)->name, name) == 0)
            return 1;
    return 0;
}

static void write_attributes(struct writing *w, const xmpp_payload_t *payload)
{
    for (size_t i = 0; i < payload->field_count; i++) {
        const xmpp_field_t *f = field_at(payload, i);

        if (f->at != XMPP_AT_ATTR || is_written(payload, i) ||
            (w->odd == ODD_WILD && pick(w, 4) == 0))
            continue;
        fprintf(w->out, " %s='", f->name);
        write_value(w, f);
        fputc('\'', w->out);
    }
}

static void write_stranger(struct writing *w)
{
    if (w->odd == ODD_WILD && pick(w, 8) == 0)
        fputs("<stranger xmlns='urn:example:stranger'><in/></stranger>",
              w->out);
}

static void write_table(struct writing *w, const xmpp_payload_t *payload)
{
    w->depth++;
    fprintf(w->out, "<%s", payload->name);
    if (payload->ns)
        fprintf(w->out, " xmlns='%s'", payload->ns);
    else if (w->depth == 1 && w->ns)
        fprintf(w->out, " xmlns='%s'", w->ns);
    write_attributes(w, payload);
    fputc('>', w->out);
    write_stranger(w);
    for (size_t i = 0; i < payload->field_count; i++)
        write_content(w, field_at(payload, i));
    write_stranger(w);
    fprintf(w->out, "</%s>", payload->name);
    w->depth--;
}

void odd_xml_write(FILE *out, const xmpp_payload_t *payload, const char *ns,
                   enum odd odd, struct chance *chance)
{
    struct writing w = {.out = out, .ns = ns, .odd = odd, .chance = chance};

    write_table(&w, payload);
}

/* ---- rows -------------------------------------------------------- */

#define MESSAGE                                                                \
    "<message xmlns='jabber:client' from='juliet@example.org/balcony' "        \
    "to='romeo@example.org/r' type='chat'><body>text</body></message>"

static void write_named(FILE *out, const xmpp_row_t *row, const char *content)
{
    const char *name = row->name ? row->name : "any";

    fprintf(out, "<%s xmlns='%s'>%s</%s>", name, row->ns, content, name);
}

/* An item of a node, as the module for publish-subscribe gets it. */
static void write_node(FILE *out, const xmpp_row_t *row, enum odd odd,
                       struct chance *chance)
{
    fprintf(out,
            "<event xmlns='http://jabber.org/protocol/pubsub#event'>"
            "<items node='%s'><item id='i%u'>",
            row->ns, chance_pick(chance, 4));
    if (row->payload)
        odd_xml_write(out, row->payload, NULL, odd, chance);
    fputs("</item></items></event>", out);
}

void odd_xml_write_row(FILE *out, const xmpp_row_t *row, enum odd odd,
                       struct chance *chance)
{
    if (row->kind == XMPP_ROW_NODE)
        write_node(out, row, odd, chance);
    else if (row->kind == XMPP_ROW_WRAP)
        write_named(out, row,
                    "<forwarded xmlns='urn:xmpp:forward:0'>" MESSAGE
                    "</forwarded>");
    else if (row->ns && row->payload)
        odd_xml_write(out, row->payload, row->ns, odd, chance);
    else if (row->ns)
        write_named(out, row, "");
}
