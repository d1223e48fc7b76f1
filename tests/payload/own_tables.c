/* own_tables.c - payload tables of the tests alone: each kind of value at each
 * place. */

#include "payload/all_tables.h"

#include <string.h>

#define NS "urn:example:own"
#define OTHER "urn:example:other"

static const char *const colours[] = {"red", "green", "blue", NULL};
static const char *const choices[] = {"left", "right", NULL};

/* ---- single values ----------------------------------------------- */

typedef struct {
    size_t size;
    int hidden; /* so that later members are not aligned by chance */
    const char *text;
    long number;
    double real;
    int yes;
    xmpp_jid_t jid;
    xmpp_time_t time;
    xmpp_bytes_t bytes;
    int colour;
} values_t;

static const xmpp_field_t attrs_fields[] = {
    XMPP_ATTR(values_t, text, TEXT, "text"),
    XMPP_ATTR(values_t, number, NUMBER, "number"),
    XMPP_ATTR(values_t, real, REAL, "real"),
    XMPP_ATTR(values_t, yes, BOOL, "yes"),
    XMPP_ATTR(values_t, jid, JID, "jid"),
    XMPP_ATTR(values_t, time, TIME, "time"),
    XMPP_ATTR(values_t, bytes, BYTES, "bytes"),
    XMPP_ATTR_ENUM(values_t, colour, "colour", colours)};
static XMPP_PAYLOAD(attrs, values_t, "attrs", NS, attrs_fields);

static const xmpp_field_t must_fields[] = {
    XMPP_ATTR_MUST(values_t, text, TEXT, "text"),
    XMPP_CHILD_MUST(values_t, number, NUMBER, "number"),
    XMPP_CHILD_ATTR_MUST(values_t, real, REAL, "real", "is"),
    XMPP_ATTR_MUST(values_t, yes, BOOL, "yes"),
    XMPP_ATTR_MUST(values_t, jid, JID, "jid"),
    XMPP_CHILD_MUST(values_t, time, TIME, "time"),
    XMPP_TEXT_MUST(values_t, bytes, BYTES),
    XMPP_ATTR_ENUM_MUST(values_t, colour, "colour", colours)};
static XMPP_PAYLOAD(must, values_t, "must", NS, must_fields);

static const xmpp_field_t children_fields[] = {
    XMPP_FLAG(values_t, hidden, "hidden"),
    XMPP_CHILD(values_t, text, TEXT, "text"),
    XMPP_CHILD(values_t, number, NUMBER, "number"),
    XMPP_CHILD(values_t, real, REAL, "real"),
    XMPP_CHILD(values_t, yes, BOOL, "yes"),
    XMPP_CHILD_NS(values_t, jid, JID, "jid", OTHER),
    XMPP_CHILD(values_t, time, TIME, "time"),
    XMPP_CHILD(values_t, bytes, BYTES, "bytes"),
    XMPP_CHILD_ENUM(values_t, colour, "colour", colours)};
static XMPP_PAYLOAD(children, values_t, "children", NS, children_fields);

/* All in one child. */
static const xmpp_field_t shared_fields[] = {
    XMPP_CHILD(values_t, text, TEXT, "c"),
    XMPP_CHILD_ATTR(values_t, number, NUMBER, "c", "number"),
    XMPP_CHILD_ATTR(values_t, real, REAL, "c", "real"),
    XMPP_CHILD_ATTR(values_t, yes, BOOL, "c", "yes"),
    XMPP_CHILD_ATTR(values_t, jid, JID, "c", "jid"),
    XMPP_CHILD_ATTR_NS(values_t, time, TIME, "c", "time", OTHER),
    XMPP_CHILD_ATTR(values_t, bytes, BYTES, "c", "bytes"),
    XMPP_CHILD_ATTR_ENUM(values_t, colour, "c", "colour", colours),
    XMPP_FLAG(values_t, hidden, "c")};
static XMPP_PAYLOAD(shared, values_t, "shared", NS, shared_fields);

/* Each as the text of an element of its own. */
static const xmpp_field_t in_text[] = {
    XMPP_TEXT(values_t, text, TEXT),
    XMPP_TEXT(values_t, number, NUMBER),
    XMPP_TEXT(values_t, real, REAL),
    XMPP_TEXT(values_t, yes, BOOL),
    XMPP_TEXT(values_t, jid, JID),
    XMPP_TEXT(values_t, time, TIME),
    XMPP_TEXT(values_t, bytes, BYTES),
    XMPP_TEXT_ENUM(values_t, colour, colours)};

#define IN_TEXT(variable, name, ns, i)                                         \
    static const xmpp_payload_t variable = {                                   \
        name,        ns, sizeof(values_t), sizeof(xmpp_field_t),               \
        &in_text[i], 1,  sizeof(name) - 1, sizeof(ns) - 1}
IN_TEXT(text_text, "text", NS, 0);
IN_TEXT(text_number, "number", NS, 1);
IN_TEXT(text_real, "real", NS, 2);
IN_TEXT(text_yes, "yes", NS, 3);
IN_TEXT(text_jid, "jid", OTHER, 4);
IN_TEXT(text_time, "time", NULL, 5);
IN_TEXT(text_bytes, "bytes", NS, 6);
IN_TEXT(text_colour, "colour", NS, 7);

/* ---- lists ------------------------------------------------------- */

typedef struct {
    size_t size;
    const char *const *texts;
    size_t text_count;
    const long *numbers;
    size_t number_count;
    const double *reals;
    size_t real_count;
    const int *bools;
    size_t bool_count;
    const xmpp_jid_t *jids;
    size_t jid_count;
    const xmpp_time_t *times;
    size_t time_count;
    const xmpp_bytes_t *bytes;
    size_t bytes_count;
    const int *colours;
    size_t colour_count;
} lists_t;

static const xmpp_field_t lists_fields[] = {
    XMPP_CHILDREN(lists_t, texts, text_count, "text"),
    XMPP_CHILDREN_OF(lists_t, numbers, number_count, NUMBER, "number"),
    XMPP_CHILDREN_OF(lists_t, reals, real_count, REAL, "real"),
    XMPP_CHILDREN_OF(lists_t, bools, bool_count, BOOL, "bool"),
    XMPP_CHILDREN_NS(lists_t, jids, jid_count, JID, "jid", OTHER),
    XMPP_CHILDREN_OF(lists_t, times, time_count, TIME, "time"),
    XMPP_CHILDREN_OF(lists_t, bytes, bytes_count, BYTES, "bytes"),
    XMPP_CHILDREN_ENUM(lists_t, colours, colour_count, "colour", colours)};
static XMPP_PAYLOAD(lists, lists_t, "lists", NS, lists_fields);

static const xmpp_field_t attr_lists_fields[] = {
    XMPP_CHILDREN_ATTR(lists_t, texts, text_count, TEXT, "text", "is"),
    XMPP_CHILDREN_ATTR(lists_t, numbers, number_count, NUMBER, "number", "is"),
    XMPP_CHILDREN_ATTR(lists_t, reals, real_count, REAL, "real", "is"),
    XMPP_CHILDREN_ATTR(lists_t, bools, bool_count, BOOL, "bool", "is"),
    XMPP_CHILDREN_ATTR(lists_t, jids, jid_count, JID, "jid", "is"),
    XMPP_CHILDREN_ATTR(lists_t, times, time_count, TIME, "time", "is"),
    XMPP_CHILDREN_ATTR(lists_t, bytes, bytes_count, BYTES, "bytes", "is"),
    XMPP_CHILDREN_ATTR_ENUM(lists_t, colours, colour_count, "colour", "is",
                            colours)};
static XMPP_PAYLOAD(attr_lists, lists_t, "attr_lists", NS, attr_lists_fields);

/* ---- structs ----------------------------------------------------- */

typedef struct own_t {
    size_t size;
    int choice, far;
    const values_t *values;
    const values_t *needed;
    const lists_t *lists;
    const values_t *const *times;
    size_t time_count;
    const struct own_t *const *inner;
    size_t inner_count;
    xmpp_stanza_t *self;
    int other;
} own_t;

extern const xmpp_payload_t own;
static const xmpp_field_t own_fields[] = {
    XMPP_CHOICE(own_t, choice, choices),
    XMPP_CHOICE_NS(own_t, far, choices, OTHER),
    XMPP_ELEMENT(own_t, values, &attrs),
    XMPP_ELEMENT_MUST(own_t, needed, &text_jid),
    XMPP_ELEMENT(own_t, lists, &lists),
    XMPP_ELEMENTS(own_t, times, time_count, &text_time),
    XMPP_ELEMENTS(own_t, inner, inner_count, &own),
    XMPP_SELF(own_t, self),
    XMPP_FLAG_NS(own_t, other, "flag", OTHER)};
XMPP_PAYLOAD(own, own_t, "own", NS, own_fields);

/* ---- all --------------------------------------------------------- */

const struct named_table own_tables[] = {
    {"attrs", &attrs},
    {"must", &must},
    {"children", &children},
    {"shared", &shared},
    {"text_text", &text_text},
    {"text_number", &text_number},
    {"text_real", &text_real},
    {"text_yes", &text_yes},
    {"text_jid", &text_jid},
    {"text_time", &text_time},
    {"text_bytes", &text_bytes},
    {"text_colour", &text_colour},
    {"lists", &lists},
    {"attr_lists", &attr_lists},
    {"own", &own},
    {NULL, NULL},
};

const struct named_table *table_at(size_t i)
{
    size_t own_count = sizeof(own_tables) / sizeof(own_tables[0]) - 1;

    if (i < own_count)
        return &own_tables[i];
    i -= own_count;
    for (size_t k = 0; library_tables[k].name; k++)
        if (k == i)
            return &library_tables[k];
    return NULL;
}

const struct named_table *table_named(const char *name)
{
    const struct named_table *t = NULL;

    for (size_t i = 0; (t = table_at(i)); i++)
        if (strcmp(t->name, name) == 0)
            return t;
    return NULL;
}
