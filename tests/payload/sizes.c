/* sizes.c - structs and tables that are not those of the library: older, newer,
 * or nested without an end. */

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/payload.h>

#include "failmem.h"
#include "tap.h"

#define NS "urn:example:payload"
#define OTHER "urn:example:other"
#define DEPTH 64 /* payload.h */

static struct failmem memory;
static xmpp_ctx_t *ctx;

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

/* ---- checks ------------------------------------------------------ */

static xmpp_stanza_t *tree; /* of the last value_of() */

static const void *value_of(const xmpp_payload_t *table, const char *xml)
{
    const void *value = NULL;

    xmpp_stanza_release(tree);
    tree = xmpp_stanza_new_from_string(ctx, xml);
    if (!tree)
        printf("# not XML: %s\n", xml);
    xmpp_payload_read(tree, table, &value);
    return value;
}

static void is_xml(const xmpp_payload_t *table, const void *value,
                   const char *want, const char *name)
{
    xmpp_stanza_t *top = xmpp_stanza_new_tag(ctx, "top", NS);
    char *got = NULL;
    size_t n;

    xmpp_payload_add(top, table, value);
    is_int(xmpp_stanza_get_status(top), 0, "%s: written", name);
    xmpp_stanza_to_text(top, &got, &n);
    is_str(got, want, "%s: as XML", name);
    xmpp_free(ctx, got);
    xmpp_stanza_release(top);
}

#define TOP(xml) "<top xmlns=\"" NS "\">" xml "</top>"

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
    is_int(nested(value_of(&nest, xml)), want, "%d structs in each other",
           elements);
}

static int status_of_nest(int depth)
{
    xmpp_stanza_t *top = xmpp_stanza_new_tag(ctx, "top", NULL);
    static nest_t all[DEPTH + 1];
    int rc;

    for (int i = 0; i < depth; i++) {
        XMPP_INIT(nest, all[i]);
        all[i].inner = i + 1 < depth ? &all[i + 1] : NULL;
    }
    xmpp_payload_add(top, &nest, all);
    rc = xmpp_stanza_get_status(top);
    xmpp_stanza_release(top);
    return rc;
}

static void depths(void)
{
    xmpp_stanza_t *top = xmpp_stanza_new_tag(ctx, "top", NULL);
    nest_t circle;

    depth_of(DEPTH, DEPTH);
    depth_of(DEPTH + 1, DEPTH);
    depth_of(100, DEPTH);
    is_int(status_of_nest(DEPTH), 0, "the deepest that is written");
    is_int(status_of_nest(DEPTH + 1), XMPP_EARG, "one deeper");
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
    is_xml(&lists, &old.value,
           TOP("<lists><word xmlns=\"" OTHER "\">one</word></lists>"),
           "behind an old struct nothing is read");
    memset(&new, 0x55, sizeof(new));
    XMPP_INIT(lists, new);
    is_int(new.now.size, sizeof(new), "the size of a new struct");
    ok(!new.later, "what the library does not know is zero");
    is_xml(&lists, &new, TOP("<lists/>"), "a new struct");
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
        value_of(&later, "<word xmlns='" OTHER "' text='t' new='n'>"
                         "<new/></word>");

    is_str(w ? w->text : NULL, "t", "rows of a later table are skipped");
    is_xml(&later, w, TOP("<word xmlns=\"" OTHER "\" text=\"t\"/>"),
           "a later table");
}

int main(void)
{
    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    depths();
    other_sizes();
    later_table();
    xmpp_stanza_release(tree);
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
