/* examples.c - the examples of specifications, by the tables of the library:
 * what is read is printed, and written again.
 *
 * They are in tests/xep/NAME.xml and tests/payload/NAME.xml, as lines that
 * begin with a word; a line that begins with a space continues the one before
 * it:
 *
 *     # Example 7                a comment
 *     table xmpp_form            for all that follows
 *     in <x xmlns='...           what is received
 *          .../>
 *     print {type: form}         what is in it
 *     out <x .../>               what is written; left out if it is `in`
 *     bad <x/>                   what cannot be read
 *
 * White space between elements does not matter. */

#include <dirent.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>

#include "failmem.h"
#include "payload/all_tables.h"
#include "tap.h"
#include "top.h"

#define ROOM 16384

static struct failmem memory;
static xmpp_ctx_t *ctx;

/* ---- an example -------------------------------------------------- */

static struct {
    char place[300]; /* file and line of `in` or `bad` */
    char table[ROOM], in[ROOM], print[ROOM], out[ROOM], bad[ROOM];
} example;

static bool is_blank(const char *text)
{
    return text && strspn(text, " \t\r\n") == strlen(text);
}

static xmpp_stanza_t *after(xmpp_stanza_t *node, xmpp_stanza_t *root)
{
    if (xmpp_stanza_get_children(node))
        return xmpp_stanza_get_children(node);
    while (node != root && !xmpp_stanza_get_next(node))
        node = xmpp_stanza_get_parent(node);
    return node == root ? NULL : xmpp_stanza_get_next(node);
}

/* Without the white space that only makes it easier to read. */
static xmpp_stanza_t *parsed(const char *xml)
{
    xmpp_stanza_t *root = xmpp_stanza_new_from_string(ctx, xml), *next;

    for (xmpp_stanza_t *node = root; node; node = next) {
        xmpp_stanza_t *around = xmpp_stanza_get_parent(node);

        next = after(node, root);
        if (is_blank(xmpp_stanza_get_text_ptr(node)) &&
            xmpp_stanza_next_tag(around, NULL, NULL, NULL))
            xmpp_stanza_remove(node);
    }
    return root;
}

static char *text_of(xmpp_stanza_t *tree)
{
    char *text = NULL;
    size_t n;

    xmpp_stanza_to_text(tree, &text, &n);
    return text;
}

static void check_written(const xmpp_payload_t *table, const void *value,
                          const char *want)
{
    xmpp_stanza_t *tree = parsed(want);
    xmpp_stanza_t *top = xmpp_stanza_new_tag(ctx, "top", "urn:example:top");
    char *wanted = text_of(tree);
    char *got = text_of(xmpp_payload_add(top, table, value));

    is_str(got, wanted, "%s: written", example.place);
    xmpp_free(ctx, got);
    xmpp_free(ctx, wanted);
    xmpp_stanza_release(top);
    xmpp_stanza_release(tree);
}

static void check_good(const xmpp_payload_t *table)
{
    xmpp_stanza_t *tree = parsed(example.in);
    const void *value = NULL;
    char got[ROOM];

    if (ok(xmpp_payload_read(tree, table, &value) == 0, "%s: read",
           example.place)) {
        xmpp_payload_print(table, value, got, sizeof(got));
        is_str(got, example.print, "%s: printed", example.place);
        check_written(table, value, *example.out ? example.out : example.in);
    }
    xmpp_stanza_release(tree);
}

static void check_bad(const xmpp_payload_t *table)
{
    xmpp_stanza_t *tree = xmpp_stanza_new_from_string(ctx, example.bad);
    const void *value;

    ok(tree && xmpp_payload_read(tree, table, &value) == XMPP_EARG,
       "%s: cannot be read", example.place);
    xmpp_stanza_release(tree);
}

/* A library may be built without this table (--with-modules). */
static void example_end(void)
{
    const struct named_table *t = table_named(example.table);

    if (!*example.in && !*example.bad)
        return;
    if (!t)
        skip(example.table);
    else if (*example.bad)
        check_bad(t->table);
    else
        check_good(t->table);
    *example.in = *example.print = *example.out = *example.bad = '\0';
}

/* ---- files ------------------------------------------------------- */

static char *place_for(const char *word)
{
    static const struct {
        const char *word;
        char *to;
    } words[] = {{"table", example.table},
                 {"in", example.in},
                 {"print", example.print},
                 {"out", example.out},
                 {"bad", example.bad}};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].to;
    return NULL;
}

/* Append a line, after a space, without the white space around it. */
static void append(char *to, const char *line)
{
    size_t n;

    line += strspn(line, " \t");
    n = strcspn(line, "\n");
    if (strlen(to) + n + 2 > ROOM)
        bail("an example is too long");
    if (*to)
        strcat(to, " ");
    strncat(to, line, n);
}

static void read_line(const char *line, const char *file, int number,
                      char **place)
{
    char word[8] = "";
    int n = 0;

    if (*line == '#' || is_blank(line))
        return;
    if (*line != ' ') {
        sscanf(line, "%7s%n", word, &n);
        *place = place_for(word);
        if (*place == example.in || *place == example.bad ||
            *place == example.table) {
            example_end();
            snprintf(example.place, sizeof(example.place), "%s:%d", file,
                     number);
        }
        if (*place)
            **place = '\0';
    }
    if (!*place)
        bail("an example has an unknown word");
    append(*place, line + n);
}

static void read_file(const char *folder, const char *file)
{
    char path[1024], line[4096], *place = NULL;
    int number = 0;
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", folder, file);
    f = fopen(path, "r");
    if (!f)
        bail("no file");
    while (fgets(line, sizeof(line), f))
        read_line(line, file, ++number, &place);
    fclose(f);
    example_end();
}

static int by_name(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot && strcmp(dot, ".xml") == 0;
}

static void read_folder(const char *name)
{
    struct dirent **files;
    char folder[512];
    int n;

    snprintf(folder, sizeof(folder), "%s/tests/%s", tests_top(), name);
    n = scandir(folder, &files, by_name, alphasort);
    for (int i = 0; i < n; i++) {
        read_file(folder, files[i]->d_name);
        free(files[i]);
    }
    if (n >= 0)
        free(files);
}

int main(void)
{
    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    read_folder("payload");
    read_folder("xep");
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
