/* print.c - prints payloads for people. */

#include <xmpp/payload.h>

#include <stdio.h>

#include "base/code.h"
#include "payload/table.h"
#include "payload/value.h"

/* As much as fits is written; all is counted. */
struct printing {
    char *buf;
    size_t size, n;
};

static void print_octets(struct printing *p, struct str octets)
{
    size_t room = p->n < p->size ? p->size - p->n : 0;

    if (octets.n && room)
        memcpy(p->buf + p->n, octets.s, octets.n < room ? octets.n : room);
    p->n += octets.n;
}

/* ---- values ------------------------------------------------------ */

static bool is_printable(char c)
{
    return (unsigned char)c >= ' ' && c != 0x7f && c != '"' && c != '\\';
}

static size_t printable_span(struct str text)
{
    size_t n = 0;

    while (n < text.n && is_printable(text.s[n]))
        n++;
    return n;
}

/* A line of a log stays one line, and what is in quotes cannot end them. */
static void print_escaped(struct printing *p, char c)
{
    char room[8];

    snprintf(room, sizeof(room), c == '"' || c == '\\' ? "\\%c" : "\\x%02x",
             (unsigned char)c);
    print_octets(p, str_of(room));
}

static void print_quoted(struct printing *p, struct str text)
{
    print_octets(p, STR("\""));
    while (text.n) {
        size_t n = printable_span(text);

        print_octets(p, str_n(text.s, n));
        if (n < text.n)
            print_escaped(p, text.s[n++]);
        text = str_n(text.s + n, text.n - n);
    }
    print_octets(p, STR("\""));
}

/* In base64, three octets at a time. */
static void print_bytes(struct printing *p, struct str octets)
{
    char room[BASE64_SIZE(3)];

    print_octets(p, STR("\""));
    for (size_t i = 0; i < octets.n; i += 3) {
        size_t left = octets.n - i;

        base64_encode(room, octets.s + i, left < 3 ? left : 3);
        print_octets(p, str_of(room));
    }
    print_octets(p, STR("\""));
}

static void print_value(struct printing *p, const xmpp_field_t *field,
                        const void *value)
{
    struct str tail = value_tail(field->is, value);
    char room[VALUE_ROOM];

    if (field->is == XMPP_IS_BYTES)
        print_bytes(p, tail);
    else if (tail.s)
        print_quoted(p, tail);
    else
        print_octets(p, value_text(field, value, room));
}

/* ---- structs ----------------------------------------------------- */

static void print_struct(struct printing *p, const xmpp_payload_t *payload,
                         const void *value, unsigned depth);

static void print_member(struct printing *p, const xmpp_field_t *field,
                         const void *member, unsigned depth)
{
    if (field_is_struct(field))
        print_struct(p, field->more, struct_at(member), depth + 1);
    else
        print_value(p, field, member);
}

static void print_list(struct printing *p, const xmpp_field_t *field,
                       const struct list_view *list, unsigned depth)
{
    print_octets(p, STR("["));
    for (size_t i = 0; i < list->count; i++) {
        print_octets(p, i ? STR(", ") : STR(""));
        print_member(p, field, list_item(list, i), depth);
    }
    print_octets(p, STR("]"));
}

static bool is_printed(const xmpp_field_t *field, const void *value)
{
    if (field->at == XMPP_AT_SELF || !field_exists(field, value))
        return false;
    if (field_is_list(field))
        return field_list(field, value).count != 0;
    return !field_is_absent(field, field_in(field, value));
}

static void print_field(struct printing *p, const xmpp_field_t *field,
                        const void *value, unsigned depth)
{
    struct list_view list;

    print_octets(p, str_of(field->member));
    print_octets(p, STR(": "));
    if (field_is_list(field)) {
        list = field_list(field, value);
        print_list(p, field, &list, depth);
    } else {
        print_member(p, field, field_in(field, value), depth);
    }
}

static void print_struct(struct printing *p, const xmpp_payload_t *payload,
                         const void *value, unsigned depth)
{
    bool is_first = true;

    if (!value || depth > PAYLOAD_DEPTH_MOST) {
        print_octets(p, value ? STR("...") : STR("nothing"));
        return;
    }
    print_octets(p, STR("{"));
    for (size_t i = 0; i < payload->field_count; i++) {
        if (!is_printed(table_row(payload, i), value))
            continue;
        print_octets(p, is_first ? STR("") : STR(", "));
        print_field(p, table_row(payload, i), value, depth);
        is_first = false;
    }
    print_octets(p, STR("}"));
}

int xmpp_payload_print(const xmpp_payload_t *payload, const void *value,
                       char *buf, size_t size)
{
    struct printing p = {buf, buf && size ? size - 1 : 0, 0};

    if (payload)
        print_struct(&p, payload, value, 1);
    if (buf && size) {
        struct str kept = str_n(buf, p.n < p.size ? p.n : p.size);

        buf[str_utf8_span(kept)] = '\0'; /* no character is cut */
    }
    return p.n < INT_MAX ? (int)p.n : INT_MAX;
}
