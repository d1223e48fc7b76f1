/* generic.c - one test for every payload table there is: those of the library,
 * which the build lists, and those of the tests alone.
 *
 * Random values are written, read, copied, stored and printed; random trees are
 * read; structs of older programs are written; every allocation fails once. */

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>

#include "failmem.h"
#include "payload/all_tables.h"
#include "payload/random_value.h"
#include "tap.h"

#define VALUES 150
#define TREES 300

static struct failmem memory;
static xmpp_ctx_t *ctx;

/* The first thing that went wrong with a table; the rest is a consequence. */
static char fault[8192];

static bool must(bool good, const char *what, const char *text)
{
    if (!good && !*fault)
        snprintf(fault, sizeof(fault), "%s: %s", what, text ? text : "-");
    return good;
}

static void verdict(const struct named_table *t, const char *what)
{
    ok(!*fault, "%s: %s", t->name, what);
    if (*fault)
        printf("# %s\n", fault);
    *fault = '\0';
}

/* ---- helpers ----------------------------------------------------- */

/* As a child of an element; NULL if it cannot be written. */
static char *text_of(const xmpp_payload_t *table, const void *value)
{
    xmpp_stanza_t *top = xmpp_stanza_new_tag(ctx, "top", "urn:example:top");
    char *text = NULL;
    size_t n;

    xmpp_payload_add(top, table, value);
    if (xmpp_stanza_get_status(top) == 0)
        xmpp_stanza_to_text(top, &text, &n);
    xmpp_stanza_release(top);
    return text;
}

static bool same_text(const xmpp_payload_t *table, const void *value,
                      const char *want)
{
    char *text = text_of(table, value);
    bool same = text && want && strcmp(text, want) == 0;

    xmpp_free(ctx, text);
    return same;
}

/* ---- there and back ---------------------------------------------- */

static void check_copy(const xmpp_payload_t *table, const void *value,
                       const char *text)
{
    void *copy = xmpp_payload_copy(ctx, table, value);

    must(copy && xmpp_payload_equal(table, value, copy),
         "not equal to its copy", text);
    must(copy && same_text(table, copy, text), "a copy is written otherwise",
         text);
    xmpp_free(ctx, copy);
}

static void check_stored(const xmpp_payload_t *table, const void *value,
                         const char *text)
{
    size_t n = 0;
    char *stored = xmpp_payload_to_text(ctx, table, value, &n);
    void *copy = stored ? xmpp_payload_from_text(ctx, table, stored, n) : NULL;

    must(stored && strlen(stored) == n, "the length of the text is wrong",
         text);
    must(copy && xmpp_payload_equal(table, value, copy),
         "not equal to what was stored", text);
    xmpp_free(ctx, copy);
    xmpp_free(ctx, stored);
}

static void check_printed(const xmpp_payload_t *table, const void *value,
                          const void *same, const char *text)
{
    int n = xmpp_payload_print(table, value, NULL, 0);
    char *whole = malloc((size_t)n + 1), *part = malloc((size_t)n + 1);
    size_t size = random_below((unsigned)n + 1);

    must(xmpp_payload_print(table, value, whole, (size_t)n + 1) == n &&
             (int)strlen(whole) == n,
         "printing twice differs", text);
    must(xmpp_payload_print(table, same, part, size) == n,
         "an equal value is printed otherwise", text);
    if (size)
        must(strlen(part) < size && size - strlen(part) <= 4 &&
                 strncmp(whole, part, strlen(part)) == 0,
             "cut, it is printed otherwise", whole);
    must(!strpbrk(whole, "\n\r\t"), "printed on several lines", whole);
    free(whole);
    free(part);
}

static void check_value(const xmpp_payload_t *table, const void *value)
{
    char *text = text_of(table, value);
    xmpp_stanza_t *top = text ? xmpp_stanza_new_from_string(ctx, text) : NULL;
    const void *back = xmpp_payload_find(top, table);

    must(text != NULL, "it cannot be written", NULL);
    if (must(back != NULL, "it cannot be read again", text)) {
        must(xmpp_payload_equal(table, value, back), "it comes back otherwise",
             text);
        must(same_text(table, back, text), "it is written otherwise", text);
        check_copy(table, back, text);
        check_stored(table, back, text);
        check_printed(table, value, back, text);
    }
    xmpp_stanza_release(top);
    xmpp_free(ctx, text);
}

static void values_of(const struct named_table *t)
{
    for (int i = 0; i < VALUES; i++) {
        check_value(t->table, random_value(t->table));
        random_free();
    }
    verdict(t, "written, read, copied, stored, printed");
}

/* Two values are equal if their texts are. */
static void differences_of(const struct named_table *t)
{
    for (int i = 0; i < VALUES; i++) {
        void *a = random_value(t->table), *b = random_value(t->table);
        char *text = text_of(t->table, a);

        must(same_text(t->table, b, text) ==
                 (bool)xmpp_payload_equal(t->table, a, b),
             "equality is not that of the texts", text);
        xmpp_free(ctx, text);
        random_free();
    }
    verdict(t, "equal only if the text is");
}

/* ---- odd trees --------------------------------------------------- */

static void trees_of(const struct named_table *t)
{
    int read = 0;

    for (int i = 0; i < TREES; i++) {
        xmpp_stanza_t *tree =
            xmpp_stanza_new_tag(ctx, t->table->name, t->table->ns);
        const void *value;

        random_tree(tree, t->table);
        must(xmpp_stanza_get_status(tree) == 0, "the test is wrong",
             xmpp_stanza_get_status_text(tree));
        if (xmpp_payload_read(tree, t->table, &value) == 0) {
            read++;
            check_value(t->table, value);
        }
        xmpp_stanza_release(tree);
    }
    printf("# %d of %d odd trees could be read\n", read, TREES);
    verdict(t, "odd trees");
}

/* ---- structs of other sizes -------------------------------------- */

/* The same value without the members that are not in the first `size`
 * octets. */
static void *without(const xmpp_payload_t *table, const void *value,
                     size_t size)
{
    char *want = malloc(table->size);

    xmpp_payload_init(table, want, table->size);
    for (size_t i = 0; i < table->field_count; i++) {
        const xmpp_field_t *f = &table->fields[i];

        if (f->offset >= size || f->count >= size)
            continue;
        memcpy(want + f->offset, (const char *)value + f->offset,
               member_size(f));
        if (f->count)
            memcpy(want + f->count, (const char *)value + f->count,
                   sizeof(size_t));
    }
    return want;
}

/* As a program that was compiled with fewer members has it: nothing behind
 * them may be read, which valgrind and the sanitizers notice. */
static void check_size(const xmpp_payload_t *table, const void *value,
                       size_t size)
{
    void *old = malloc(size), *want = without(table, value, size), *copy;
    char *text = text_of(table, want);

    memcpy(old, value, size);
    *(size_t *)old = size;
    must(same_text(table, old, text), "an old struct is written otherwise",
         text);
    must(xmpp_payload_equal(table, old, want) &&
             xmpp_payload_equal(table, want, old),
         "an old struct is not equal", text);
    copy = xmpp_payload_copy(ctx, table, old);
    must(copy && xmpp_payload_equal(table, copy, want),
         "an old struct is copied otherwise", text);
    must(xmpp_payload_print(table, old, NULL, 0) ==
             xmpp_payload_print(table, want, NULL, 0),
         "an old struct is printed otherwise", text);
    xmpp_payload_init(table, old, size);
    xmpp_free(ctx, copy);
    xmpp_free(ctx, text);
    free(want);
    free(old);
}

/* What must be there was there from the first version on. */
static size_t first_size(const xmpp_payload_t *table)
{
    size_t size = sizeof(size_t);

    for (size_t i = 0; i < table->field_count; i++)
        if (table->fields[i].must && table->fields[i].offset >= size)
            size = table->fields[i].offset + member_size(&table->fields[i]);
    return size;
}

static void sizes_of(const struct named_table *t)
{
    for (int i = 0; i < 10; i++) {
        const void *value = random_value(t->table);

        for (size_t k = 0; k < t->table->field_count; k++)
            if (t->table->fields[k].offset >= first_size(t->table))
                check_size(t->table, value, t->table->fields[k].offset);
        random_free();
    }
    verdict(t, "structs of older programs");
}

/* ---- no memory --------------------------------------------------- */

/* All of it in a context of its own, with the n-th allocation failing. True if
 * none failed any more. */
static bool survives(const struct named_table *t, const char *text,
                     unsigned long n)
{
    xmpp_ctx_t *outer = ctx;
    const void *back;
    char *stored;
    void *copy;
    xmpp_stanza_t *top;

    failmem_arm(&memory, n, 0);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    top = ctx ? xmpp_stanza_new_from_string(ctx, text) : NULL;
    back = xmpp_payload_find(top, t->table);
    copy = back ? xmpp_payload_copy(ctx, t->table, back) : NULL;
    must(!copy || xmpp_payload_equal(t->table, back, copy),
         "a copy without memory is not whole", text);
    stored = copy ? xmpp_payload_to_text(ctx, t->table, copy, NULL) : NULL;
    xmpp_free(ctx, copy);
    copy = stored ? xmpp_payload_from_text(ctx, t->table, stored, (size_t)-1)
                  : NULL;
    must(!copy || xmpp_payload_equal(t->table, back, copy),
         "what was stored without memory is not whole", text);
    must(copy || memory.failed, "it failed although there was memory", text);
    xmpp_free(ctx, copy);
    xmpp_free(ctx, stored);
    xmpp_stanza_release(top);
    if (ctx)
        xmpp_ctx_free(ctx);
    ctx = outer;
    return !memory.failed;
}

/* A value of some size, so that it needs memory at all. */
static char *large_text(const struct named_table *t)
{
    char *largest = NULL;

    for (int i = 0; i < 20; i++) {
        char *text = text_of(t->table, random_value(t->table));

        if (largest && strlen(largest) > strlen(text)) {
            xmpp_free(ctx, text);
            continue;
        }
        xmpp_free(ctx, largest);
        largest = text;
    }
    random_free();
    return largest;
}

static void memory_of(const struct named_table *t)
{
    char *text = large_text(t);
    long before = memory.held;
    unsigned long n = 1;

    while (!survives(t, text, n) && n < 10000)
        n += tap_step() < 100 ? 1 : 8;
    failmem_arm(&memory, 0, 0);
    must(memory.held == before, "memory is lost", text);
    xmpp_free(ctx, text);
    verdict(t, "each allocation failed once");
}

/* ---- all --------------------------------------------------------- */

int main(void)
{
    const struct named_table *t;

    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    for (size_t i = 0; (t = table_at(i)); i++) {
        values_of(t);
        differences_of(t);
        trees_of(t);
        sizes_of(t);
        memory_of(t);
    }
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
