/* long.c - long lists, read one element after the other; large structs; and
 * both without memory. */

#include <stdlib.h>

#include "payload/testbed.h"

/* ---- tables ------------------------------------------------------ */

typedef struct {
    size_t size;
    const char *text;
} word_t;

static const xmpp_field_t word_fields[] = {XMPP_TEXT_MUST(word_t, text, TEXT)};
static XMPP_PAYLOAD(word, word_t, "word", NULL, word_fields);

typedef struct {
    size_t size;
    const char *const *texts;
    size_t text_count;
} lists_t;

static const xmpp_field_t list_fields[] = {
    XMPP_CHILDREN(lists_t, texts, text_count, "text")};
static XMPP_PAYLOAD(lists, lists_t, "lists", NS, list_fields);

#define MANY 100

typedef struct {
    size_t size;
    const word_t *const *all;
    size_t count;
} words_t;

static const xmpp_field_t words_fields[] = {
    XMPP_ELEMENTS(words_t, all, count, &word)};
static XMPP_PAYLOAD(words, words_t, "words", NS, words_fields);

/* ---- one after the other ----------------------------------------- */

static struct {
    char text[100];
    const void *last;
    int calls, stop_at, same;
} each;

static int on_word(const void *value, void *userdata)
{
    const word_t *w = value;

    each.calls++;
    each.same += value == each.last;
    each.last = value;
    snprintf(each.text + strlen(each.text), 20, "%.9s%s", w->text,
             (const char *)userdata);
    return each.calls == each.stop_at ? 7 : 0;
}

static int read_each(xmpp_stanza_t *parent, int stop_at)
{
    static char comma[] = ",";

    memset(&each, 0, sizeof(each));
    each.stop_at = stop_at;
    return xmpp_payload_read_each(parent, &word, on_word, comma);
}

static void reads_each(void)
{
    xmpp_stanza_t *lone,
        *top = xmpp_stanza_new_from_string(
            payload_ctx,
            "<top xmlns='" NS "'>t<word>a</word><word/><word xmlns='" OTHER
            "'>far</word><text/><word>b</word><word>c</word></top>");

    is_int(read_each(top, 0), 0, "all children are read");
    is_str(each.text, "a,b,c,", "those that can be, in order");
    is_int(each.same, 2, "with the same memory");
    is_int(read_each(top, 2), 7, "the reading ends as the handler says");
    is_int(each.calls, 2, "there");
    lone = xmpp_stanza_get_children(top);
    is_int(read_each(lone, 0), 0, "a parent without such children");
    is_int(each.calls, 0, "has none");
    is_int(xmpp_payload_read_each(NULL, &word, on_word, NULL), XMPP_EINVOP,
           "no parent");
    is_int(xmpp_payload_read_each(top, NULL, on_word, NULL), XMPP_EINVOP,
           "no table");
    is_int(xmpp_payload_read_each(top, &word, NULL, NULL), XMPP_EINVOP,
           "no handler");
    xmpp_stanza_release(top);
}

/* A list and its items grow in the same memory. */
static void reads_many(void)
{
    xmpp_stanza_t *top = xmpp_stanza_new_tag(payload_ctx, "words", NS);
    const words_t *value = NULL;
    int wrong = 0;

    for (int i = 0; i < MANY; i++) {
        char text[20];

        sprintf(text, "%d", i);
        xmpp_stanza_add_text_tag(top, "word", NULL, text);
    }
    is_int(xmpp_payload_read(top, &words, (const void **)&value), 0, "read");
    for (int i = 0; i < MANY && value && value->count == MANY; i++)
        wrong += value->all[i]->size != sizeof(word_t) ||
                 atoi(value->all[i]->text) != i;
    ok(value && value->count == MANY && !wrong, "a list of many structs");
    xmpp_stanza_release(top);
}

/* The parts of a text belong together. */
static void reads_parts(void)
{
    const word_t *w = payload_value(&word, "<word>a<b/>c</word>");

    is_str(w ? w->text : NULL, "ac", "a text around an element");
}

/* Of many items the first ones fit into memory, a large one does not. */
static int on_lists(const void *value, void *userdata)
{
    *(size_t *)userdata += ((const lists_t *)value)->text_count;
    return 0;
}

static void reads_large(void)
{
    xmpp_stanza_t *top = xmpp_stanza_new_tag(payload_ctx, "top", NS), *large;
    size_t texts = 0;
    unsigned long n = 0;
    int rc;

    xmpp_stanza_add_text_tag(xmpp_stanza_add_tag(top, "lists", NULL), "text",
                             NULL, "x");
    large = xmpp_stanza_add_tag(top, "lists", NULL);
    for (int i = 0; i < 2000; i++)
        xmpp_stanza_add_text_tag(large, "text", NULL, "x");
    xmpp_stanza_add_text_tag(xmpp_stanza_add_tag(top, "lists", NULL), "text",
                             NULL, "x");
    do {
        texts = 0;
        failmem_arm(&payload_memory, ++n, 1);
        rc = xmpp_payload_read_each(top, &lists, on_lists, &texts);
    } while (rc == XMPP_EMEM && texts <= 1);
    failmem_arm(&payload_memory, 0, 0);
    is_int(rc, 0, "in the end there is memory");
    ok(n > 2, "before, there was not");
    is_int(texts, 2002, "for all of a large list");
    xmpp_stanza_release(top);
}

/* ---- without memory ---------------------------------------------- */

/* A struct for which there is no room in any chunk. */
typedef struct {
    size_t size;
    const char *text;
    char room[10000];
} large_t;

static const xmpp_field_t large_fields[] = {XMPP_TEXT(large_t, text, TEXT)};
static XMPP_PAYLOAD(large, large_t, "large", NULL, large_fields);

typedef struct {
    size_t size;
    const large_t *one;
    const large_t *const *all;
    size_t count;
    xmpp_bytes_t bytes;
} outer_t;

static const xmpp_field_t outer_fields[] = {
    XMPP_ELEMENT(outer_t, one, &large),
    XMPP_ELEMENTS(outer_t, all, count, &large),
    XMPP_CHILD(outer_t, bytes, BYTES, "bytes")};
static XMPP_PAYLOAD(outer, outer_t, "outer", NS, outer_fields);

/* Whatever allocation fails, all is read or none. */
static int read_outer(unsigned long fail_at)
{
    xmpp_stanza_t *element = xmpp_stanza_new_tag(payload_ctx, "outer", NS);
    const outer_t *value = NULL;
    int rc;

    for (int i = 0; i < 20; i++)
        xmpp_stanza_add_tag(element, "large", NULL);
    failmem_arm(&payload_memory, fail_at, 0);
    rc = xmpp_payload_read(element, &outer, (const void **)&value);
    failmem_arm(&payload_memory, 0, 0);
    ok(rc == XMPP_EMEM || (value && value->one && value->count == 20),
       "all is read, or none");
    xmpp_stanza_release(element);
    return rc;
}

static void reads_all_or_none(void)
{
    unsigned long n = 1;

    while (n < 100 && read_outer(n) == XMPP_EMEM)
        n++;
    ok(n > 3 && n < 100, "%lu allocations failed in turn", n - 1);
}

static void writes_all_or_none(void)
{
    static unsigned char octets[20000];
    unsigned long n = 0;
    int rc = XMPP_EMEM;
    outer_t o;

    XMPP_INIT(outer, o);
    o.bytes.data = octets;
    o.bytes.size = sizeof(octets);
    while (rc == XMPP_EMEM && n < 100) {
        xmpp_stanza_t *top = xmpp_stanza_new_tag(payload_ctx, "top", NS);
        const outer_t *back;

        failmem_arm(&payload_memory, ++n, 0);
        xmpp_payload_add(top, &outer, &o);
        failmem_arm(&payload_memory, 0, 0);
        rc = xmpp_stanza_get_status(top);
        back = rc == 0 ? xmpp_payload_find(top, &outer) : NULL;
        ok(rc == XMPP_EMEM || (back && back->bytes.size == sizeof(octets)),
           "bytes are written whole, or the tree has failed");
        xmpp_stanza_release(top);
    }
    ok(rc == 0 && n > 1, "%lu allocations failed in turn", n - 1);
}

int main(void)
{
    payload_begin();
    reads_each();
    reads_large();
    reads_many();
    reads_parts();
    reads_all_or_none();
    writes_all_or_none();
    return payload_end();
}
