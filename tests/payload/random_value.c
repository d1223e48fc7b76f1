/* random_value.c - random values of any payload table, and random trees of its
 * words. */

#include "payload/random_value.h"

#include <stdlib.h>
#include <string.h>

#include <xmpp/build.h>

#define DEPTH 3 /* of structs in each other */

static unsigned long seed = 1;

unsigned random_below(unsigned n)
{
    seed = seed * 1103515245UL + 12345UL;
    return (unsigned)(seed >> 16 & 0x7fff) % n;
}

/* ---- memory ------------------------------------------------------ */

static struct piece {
    struct piece *next;
    double data[];
} * pieces;

static void *piece_new(size_t size)
{
    struct piece *p = calloc(1, sizeof(*p) + size);

    if (!p)
        abort();
    p->next = pieces;
    pieces = p;
    return p->data;
}

void random_free(void)
{
    while (pieces) {
        struct piece *next = pieces->next;

        free(pieces);
        pieces = next;
    }
}

/* ---- values ------------------------------------------------------ */

static const char *const words[] = {
    "a",         "x&y",    "<tag/>",      "\"'",   "\xc3\xa9\xf0\x9f\x90\xa2",
    "two words", " edge ", "line\nbreak", "\ttab", "return\r",
    "",
};
#define WORDS (sizeof(words) / sizeof(words[0]))

static const char *const addresses[] = {
    "a@b",
    "b.example",
    "romeo@example.org/Balcony",
    "\xc3\xa9@example.org/x y",
    "JULIET@example.org", /* has a normal form of its own */
    "not prepared@example.org",
};

static long random_number(void)
{
    static const long edges[] = {0, 1, -1, LONG_MAX, LONG_MIN + 1};

    return random_below(2) ? edges[random_below(5)]
                           : (long)random_below(30000) - 15000;
}

static double random_real(void)
{
    static const double edges[] = {0, 0.1, -1.5, 1e300,
                                   2.2250738585072014e-308};

    return random_below(2) ? edges[random_below(5)]
                           : random_below(30000) / 7.0 - 2000;
}

static xmpp_time_t random_time(void)
{
    xmpp_time_t seconds = (xmpp_time_t)random_below(30000) * 100003;
    xmpp_time_t fraction = random_below(2) ? random_below(1000) * 997 : 0;

    return (seconds - 900000000) * 1000000 + fraction;
}

static void random_jid(xmpp_jid_t *to)
{
    char *room = piece_new(XMPP_JID_BUFFER_SIZE);
    const char *address = addresses[random_below(6)];

    if (xmpp_jid_parse(address, (size_t)-1, XMPP_JID_LENIENT, room, to, NULL))
        abort();
}

static void random_bytes(xmpp_bytes_t *to, size_t least)
{
    unsigned char *data = piece_new(40);

    to->size = least + random_below(39);
    for (size_t i = 0; i < to->size; i++)
        data[i] = (unsigned char)random_below(256);
    to->data = data;
}

static int random_place(const xmpp_field_t *f)
{
    const char *const *names = f->more;
    unsigned n = 0;

    while (names[n])
        n++;
    return 1 + (int)random_below(n);
}

/* An empty text of an element itself is no text: such a value would come back
 * as another one. */
static void random_member(const xmpp_field_t *f, void *to)
{
    unsigned empty = f->at == XMPP_AT_TEXT;

    switch (f->is) {
    case XMPP_IS_TEXT:
        *(const char **)to = words[random_below(WORDS - empty)];
        return;
    case XMPP_IS_NUMBER:
        *(long *)to = random_number();
        return;
    case XMPP_IS_REAL:
        *(double *)to = random_real();
        return;
    case XMPP_IS_BOOL:
        *(int *)to = (int)random_below(2);
        return;
    case XMPP_IS_JID:
        random_jid(to);
        return;
    case XMPP_IS_TIME:
        *(xmpp_time_t *)to = random_time();
        return;
    case XMPP_IS_BYTES:
        random_bytes(to, empty);
        return;
    case XMPP_IS_ENUM:
        *(int *)to = random_place(f);
        return;
    default:
        abort();
    }
}

/* ---- structs ----------------------------------------------------- */

static void *random_struct(const xmpp_payload_t *table, int depth);

/* Of a single value or of an item of a list. */
static size_t size_of(const xmpp_field_t *f)
{
    static const size_t sizes[] = {
        [XMPP_IS_TEXT] = sizeof(char *),
        [XMPP_IS_NUMBER] = sizeof(long),
        [XMPP_IS_REAL] = sizeof(double),
        [XMPP_IS_BOOL] = sizeof(int),
        [XMPP_IS_JID] = sizeof(xmpp_jid_t),
        [XMPP_IS_TIME] = sizeof(xmpp_time_t),
        [XMPP_IS_BYTES] = sizeof(xmpp_bytes_t),
        [XMPP_IS_ENUM] = sizeof(int),
    };

    return f->at == XMPP_AT_ELEMENTS ? sizeof(void *) : sizes[f->is];
}

size_t member_size(const xmpp_field_t *f)
{
    int is_value = f->at == XMPP_AT_ATTR || f->at == XMPP_AT_TEXT ||
                   f->at == XMPP_AT_CHILD || f->at == XMPP_AT_CHILD_ATTR;
    int is_int = f->at == XMPP_AT_FLAG || f->at == XMPP_AT_CHOICE;

    return is_value ? size_of(f) : is_int ? sizeof(int) : sizeof(void *);
}

static void random_list(const xmpp_field_t *f, char *value, int depth)
{
    size_t n = f->at == XMPP_AT_ELEMENTS && depth > DEPTH ? 0 : random_below(6);
    char *items = n ? piece_new(n * size_of(f)) : NULL;

    for (size_t i = 0; i < n; i++) {
        void *item = items + i * size_of(f);

        if (f->at == XMPP_AT_ELEMENTS)
            *(void **)item = random_struct(f->more, depth + 1);
        else
            random_member(f, item);
    }
    *(char **)(void *)(value + f->offset) = items;
    *(size_t *)(void *)(value + f->count) = n;
}

static void random_field(const xmpp_field_t *f, char *value, int depth)
{
    void *to = value + f->offset;

    if (f->at == XMPP_AT_SELF ||
        (!f->must &&
         (random_below(3) == 0 || (f->at == XMPP_AT_ELEMENT && depth > DEPTH))))
        return;
    if (f->at == XMPP_AT_ELEMENT)
        *(void **)to = random_struct(f->more, depth + 1);
    else if (f->at == XMPP_AT_ELEMENTS || f->at == XMPP_AT_CHILDREN)
        random_list(f, value, depth);
    else
        random_member(f, to);
}

static int in_child(const xmpp_field_t *f)
{
    return f->at == XMPP_AT_CHILD || f->at == XMPP_AT_CHILD_ATTR ||
           f->at == XMPP_AT_FLAG;
}

static int share_child(const xmpp_field_t *a, const xmpp_field_t *b)
{
    return in_child(a) && in_child(b) && strcmp(a->name, b->name) == 0 &&
           (a->ns && b->ns ? strcmp(a->ns, b->ns) == 0 : a->ns == b->ns);
}

/* Whether the child of a row is written, because it or another row has a
 * value. */
static int child_is_written(const xmpp_payload_t *table, const char *value,
                            const xmpp_field_t *f)
{
    char *absent = piece_new(table->size);
    int written = 0;

    xmpp_payload_init(table, absent, table->size);
    for (size_t i = 0; i < table->field_count; i++) {
        const xmpp_field_t *other = &table->fields[i];
        if (share_child(f, other) &&
            (other->must ||
             memcmp(value + other->offset, absent + other->offset,
                    member_size(other)) != 0))
            written = 1;
    }
    return written;
}

/* Rows may share a child. If it is there, a flag is 1 and a text is not
 * absent. */
static void random_shares(const xmpp_payload_t *table, char *value)
{
    for (size_t i = 0; i < table->field_count; i++) {
        const xmpp_field_t *f = &table->fields[i];
        void *to = value + f->offset;

        if (!in_child(f) || !child_is_written(table, value, f))
            continue;
        if (f->at == XMPP_AT_FLAG)
            *(int *)to = 1;
        else if (f->at == XMPP_AT_CHILD && f->is == XMPP_IS_TEXT &&
                 !*(char **)to)
            *(const char **)to = "";
        else if (f->at == XMPP_AT_CHILD && f->is == XMPP_IS_BYTES &&
                 !((xmpp_bytes_t *)to)->data)
            ((xmpp_bytes_t *)to)->data = (const unsigned char *)"";
    }
}

static void *random_struct(const xmpp_payload_t *table, int depth)
{
    char *value = piece_new(table->size);

    xmpp_payload_init(table, value, table->size);
    for (size_t i = 0; i < table->field_count; i++)
        random_field(&table->fields[i], value, depth);
    random_shares(table, value);
    return value;
}

void *random_value(const xmpp_payload_t *table)
{
    return random_struct(table, 0);
}

/* ---- trees ------------------------------------------------------- */

static const xmpp_payload_t *nested(const xmpp_field_t *f)
{
    return f->at == XMPP_AT_ELEMENT || f->at == XMPP_AT_ELEMENTS ? f->more
                                                                 : NULL;
}

static const char *word(const xmpp_field_t *f)
{
    static const char *const texts[] = {"12",   "true", "a@b",
                                        "-0.5", "AAAA", "2026-11-29T19:27:00Z"};

    if (f->is == XMPP_IS_ENUM && random_below(2))
        return ((const char *const *)f->more)[random_place(f) - 1];
    return random_below(2) ? words[random_below(WORDS)]
                           : texts[random_below(6)];
}

static const char *name_for(const xmpp_field_t *f)
{
    if (f->at == XMPP_AT_CHOICE)
        return ((const char *const *)f->more)[random_place(f) - 1];
    if (nested(f))
        return nested(f)->name;
    return f->name ? f->name : "zz";
}

static const char *ns_for(const xmpp_field_t *f)
{
    if (random_below(8) == 0)
        return "urn:example:else";
    return nested(f) ? nested(f)->ns : f->ns;
}

static void random_branch(xmpp_stanza_t *element, const xmpp_payload_t *table,
                          int depth)
{
    for (unsigned left = random_below(7); left; left--) {
        const xmpp_field_t *f =
            &table->fields[random_below((unsigned)table->field_count)];
        xmpp_stanza_t *child;

        if (f->at == XMPP_AT_ATTR || random_below(8) == 0) {
            xmpp_stanza_set_attribute(element, name_for(f), word(f));
            continue;
        }
        if (depth > DEPTH)
            continue;
        child = xmpp_stanza_add_tag(element, name_for(f), ns_for(f));
        if (f->sub)
            xmpp_stanza_set_attribute(child, f->sub, word(f));
        if (random_below(2))
            xmpp_stanza_add_text(child, word(f));
        random_branch(child, nested(f) ? nested(f) : table, depth + 1);
    }
}

void random_tree(xmpp_stanza_t *element, const xmpp_payload_t *table)
{
    random_branch(element, table, 0);
    if (random_below(2))
        xmpp_stanza_add_text(element, words[random_below(WORDS)]);
}
