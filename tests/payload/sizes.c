/* sizes.c - structs and tables that are not those of the library: older, newer,
 * or nested without an end. */

#include "payload/testbed.h"

#define DEPTH 64 /* payload.h */

/* ---- tables ------------------------------------------------------ */

typedef struct {
    size_t size;
    const char *text;
} word_t;

static const xmpp_field_t word_fields[] = {XMPP_TEXT_MUST(word_t, text, TEXT)};
static XMPP_PAYLOAD(word, word_t, "word", OTHER, word_fields);

typedef struct {
    size_t size;
    const word_t *word;
    const word_t *const *words;
    size_t word_count;
} lists_t;

static const xmpp_field_t list_fields[] = {
    XMPP_ELEMENT(lists_t, word, &word),
    XMPP_ELEMENTS(lists_t, words, word_count, &word)};
static XMPP_PAYLOAD(lists, lists_t, "lists", NS, list_fields);

typedef struct nest_t {
    size_t size;
    const struct nest_t *inner;
} nest_t;

extern const xmpp_payload_t nest;
static const xmpp_field_t nest_fields[] = {XMPP_ELEMENT(nest_t, inner, &nest)};
XMPP_PAYLOAD(nest, nest_t, "nest", NS, nest_fields);

/* ---- depth ------------------------------------------------------- */

static int nested(const nest_t *n)
{
    int depth = 0;

    for (; n; n = n->inner)
        depth++;
    return depth;
}

static void depth_of(int elements, int want)
{
    char xml[4096] = "<nest xmlns='" NS "'>";

    for (int i = 1; i < elements; i++)
        strcat(xml, "<nest>");
    for (int i = 0; i < elements; i++)
        strcat(xml, "</nest>");
    is_int(nested(payload_value(&nest, xml)), want, "%d structs in each other",
           elements);
}

static const nest_t *nest_of(int depth)
{
    static nest_t all[DEPTH + 1];

    for (int i = 0; i < depth; i++) {
        XMPP_INIT(nest, all[i]);
        all[i].inner = i + 1 < depth ? &all[i + 1] : NULL;
    }
    return all;
}

/* The deepest struct that can be used is written, as a child and as a tree of
 * its own, and copied; a deeper one is not. */
static void depth_of_own(int depth, int want)
{
    xmpp_stanza_t *top = xmpp_stanza_new_tag(payload_ctx, "top", NULL);
    xmpp_stanza_t *own = xmpp_payload_new(payload_ctx, &nest, nest_of(depth));
    nest_t *copy = xmpp_payload_copy(payload_ctx, &nest, nest_of(depth));

    xmpp_payload_add(top, &nest, nest_of(depth));
    is_int(xmpp_stanza_get_status(top), want, "%d deep, as a child", depth);
    is_int(xmpp_stanza_get_status(own), want, "%d deep, as a tree", depth);
    is_int(nested(copy), want ? 0 : depth, "%d deep, copied", depth);
    ok(xmpp_payload_equal(&nest, nest_of(depth), copy) == !want,
       "%d deep, compared", depth);
    xmpp_free(payload_ctx, copy);
    xmpp_stanza_release(own);
    xmpp_stanza_release(top);
}

/* Those inside have the namespace of the one around them. */
static void nests_once(void)
{
    xmpp_stanza_t *own = xmpp_payload_new(payload_ctx, &nest, nest_of(2));
    char *got = NULL;
    size_t n;

    xmpp_stanza_to_text(own, &got, &n);
    is_str(got, "<nest xmlns=\"" NS "\"><nest/></nest>", "declared once");
    is_int(xmpp_stanza_get_attribute_count(xmpp_stanza_get_children(own)), 0,
           "also in the tree");
    xmpp_free(payload_ctx, got);
    xmpp_stanza_release(own);
}

static void depths(void)
{
    xmpp_stanza_t *top = xmpp_stanza_new_tag(payload_ctx, "top", NULL);
    nest_t circle;

    depth_of(DEPTH, DEPTH);
    depth_of(DEPTH + 1, DEPTH);
    depth_of(100, DEPTH);
    depth_of_own(DEPTH, 0);
    depth_of_own(DEPTH + 1, XMPP_EARG);
    nests_once();
    XMPP_INIT(nest, circle);
    circle.inner = &circle;
    xmpp_payload_add(top, &nest, &circle);
    is_int(xmpp_stanza_get_status(top), XMPP_EARG, "a struct in itself");
    xmpp_stanza_release(top);
}

/* ---- sizes ------------------------------------------------------- */

typedef struct {
    size_t size;
    const word_t *word;
    const word_t *const *words;
} old_lists_t;

typedef struct {
    lists_t now;
    const char *later;
} new_lists_t;

static void other_sizes(void)
{
    static const word_t one = {sizeof(one), "one"};
    struct {
        old_lists_t value;
        char behind[sizeof(lists_t)];
    } old;
    new_lists_t new;

    memset(&old, 0x55, sizeof(old));
    XMPP_INIT(lists, old.value);
    is_int(old.value.size, sizeof(old_lists_t), "the size of an old struct");
    is_int(old.behind[0], 0x55, "behind it nothing is written");
    old.value.word = &one;
    payload_is_xml(&lists, &old.value,
                   "<lists xmlns=\"" NS "\"><word xmlns=\"" OTHER
                   "\">one</word></lists>",
                   "behind an old struct nothing is read");
    memset(&new, 0x55, sizeof(new));
    XMPP_INIT(lists, new);
    is_int(new.now.size, sizeof(new), "the size of a new struct");
    ok(!new.later, "what the library does not know is zero");
    payload_is_xml(&lists, &new, "<lists xmlns=\"" NS "\"/>", "a new struct");
}

/* A table that was compiled with a later header has longer rows, and may have
 * places and values that this library does not know. */
static void later_table(void)
{
    static const struct {
        xmpp_field_t row;
        const char *later;
    } rows[] = {
        {XMPP_ATTR(word_t, text, TEXT, "text"), "x"},
        {{"new", 200, XMPP_IS_TEXT, 0, 3, 0, 0, "new", NULL, NULL, NULL,
          offsetof(word_t, text), 0},
         "x"},
        {{"new", XMPP_AT_ATTR, 200, 0, 3, 0, 0, "new", NULL, NULL, NULL,
          offsetof(word_t, text), 0},
         "x"},
    };
    static const xmpp_payload_t later = {
        "word", OTHER, sizeof(word_t),   sizeof(rows[0]), &rows[0].row,
        3,      4,     sizeof(OTHER) - 1};
    const word_t *w =
        payload_value(&later, "<word xmlns='" OTHER "' text='t' new='n'>"
                              "<new/></word>");

    is_str(w ? w->text : NULL, "t", "rows of a later table are skipped");
    payload_is_xml(&later, w, "<word xmlns=\"" OTHER "\" text=\"t\"/>",
                   "a later table");
}

/* ---- without a size ---------------------------------------------- */

/* A program that forgets XMPP_INIT() would send an empty element. */
static void refused_unbegun(const lists_t *value, const char *name)
{
    xmpp_stanza_t *top = xmpp_stanza_new_tag(payload_ctx, "top", NULL);
    xmpp_stanza_t *own = xmpp_payload_new(payload_ctx, &lists, value);

    is_int(xmpp_payload_check(payload_ctx, &lists, value), XMPP_EARG,
           "%s: refused", name);
    xmpp_payload_add(top, &lists, value);
    is_int(xmpp_stanza_get_status(top), XMPP_EARG, "%s: not added", name);
    is_int(xmpp_stanza_get_status(own), XMPP_EARG, "%s: not made", name);
    ok(!xmpp_payload_copy(payload_ctx, &lists, value), "%s: not copied", name);
    ok(strstr(xmpp_ctx_get_last_error(payload_ctx), "XMPP_INIT()") != NULL,
       "%s: %s", name, xmpp_ctx_get_last_error(payload_ctx));
    xmpp_stanza_release(own);
    xmpp_stanza_release(top);
}

static void without_size(void)
{
    static const word_t begun = {sizeof(begun), "one"}, unbegun = {0, "two"};
    static const word_t *const words[] = {&begun, &unbegun};
    lists_t value = {0};

    refused_unbegun(&value, "a struct");
    XMPP_INIT(lists, value);
    value.word = &unbegun;
    refused_unbegun(&value, "a struct in it");
    value.word = &begun;
    is_int(xmpp_payload_check(payload_ctx, &lists, &value), 0,
           "one that was begun can be written");
    value.words = words;
    value.word_count = 2;
    refused_unbegun(&value, "a struct in a list");
    is_int(xmpp_payload_check(payload_ctx, &lists, NULL), XMPP_EINVOP,
           "none at all");
}

int main(void)
{
    payload_begin();
    depths();
    without_size();
    other_sizes();
    later_table();
    return payload_end();
}
