/* show.c - printing what either library says, so that it can be compared. */

#include "show.h"

#include <ctype.h>

#define ATTRIBUTES_MOST 32

struct attribute {
    const char *name, *value;
    int name_n, value_n;
};

static int by_name(const void *a, const void *b)
{
    const struct attribute *x = a, *y = b;
    int n = x->name_n < y->name_n ? x->name_n : y->name_n;
    int d = strncmp(x->name, y->name, (size_t)n);

    return d ? d : x->name_n - y->name_n;
}

/* One attribute at `p`; returns what follows, or NULL if there is none. */
static const char *read_attribute(const char *p, struct attribute *a)
{
    const char *end;

    p += strspn(p, " \t\r\n");
    a->name = p;
    a->name_n = (int)strcspn(p, "= \t\r\n/>?");
    p += a->name_n;
    if (!a->name_n || *p != '=' || (p[1] != '"' && p[1] != '\''))
        return NULL;
    end = strchr(p + 2, p[1]);
    if (!end)
        return NULL;
    a->value = p + 2;
    a->value_n = (int)(end - a->value);
    return end + 1;
}

/* A tag, from its '<'; returns what follows its name and attributes. */
static const char *show_tag(const char *p)
{
    struct attribute all[ATTRIBUTES_MOST];
    const char *next;
    int n = 0;
    size_t name = strcspn(p, " \t\r\n/>");

    if (p[1] == '/')
        name = strcspn(p, ">");
    printf("%.*s", (int)name, p);
    p += name;
    while (n < ATTRIBUTES_MOST && (next = read_attribute(p, &all[n]))) {
        p = next;
        n++;
    }
    qsort(all, (size_t)n, sizeof(all[0]), by_name);
    for (int i = 0; i < n; i++)
        printf(" %.*s=\"%.*s\"", all[i].name_n, all[i].name, all[i].value_n,
               all[i].value);
    return p;
}

void show_xml(const char *what, const char *text)
{
    printf("%s: ", what);
    while (text && *text) {
        if (*text == '<')
            text = show_tag(text);
        else if (*text == '\n')
            printf("\\n"), text++;
        else
            putchar(*text++);
    }
    printf(text ? "\n" : "(null)\n");
}

void show_stanza(const char *what, xmpp_stanza_t *stanza)
{
    char *text = (char *)"untouched";
    size_t n = 77;
    int rc = xmpp_stanza_to_text(stanza, &text, &n);

    if (rc)
        printf("%s: to_text %d, %s, %lu\n", what, rc, text ? text : "(null)",
               (unsigned long)n);
    else
        show_xml(what, text);
    if (rc == 0 && strlen(text) != n)
        printf("%s: a wrong length\n", what);
    if (rc == 0)
        xmpp_free(xmpp_stanza_get_context(stanza), text);
}

void show_str(const char *what, const char *text)
{
    printf("%s: %s\n", what, text ? text : "(null)");
}

void show_int(const char *what, long n)
{
    printf("%s: %ld\n", what, n);
}

void show_owned(xmpp_ctx_t *ctx, const char *what, char *text)
{
    show_str(what, text);
    if (text)
        xmpp_free(ctx, text);
}

/* ---- memory ------------------------------------------------------ */

/* What this allocator gives away nobody else can take back, and what others
 * gave away it does not take: both end the program. */
#define MARK 0x6c697665 /* of a block in use */
#define AHEAD 16        /* bytes before it */

static long held;

static void *count_alloc(size_t size, void *userdata)
{
    char *p = malloc(AHEAD + size);

    (void)userdata;
    if (!p)
        return NULL;
    *(unsigned *)(void *)p = MARK;
    held++;
    return p + AHEAD;
}

static char *block_of(void *p)
{
    char *block = (char *)p - AHEAD;

    if (*(unsigned *)(void *)block != MARK) {
        printf("a block that is not of this allocator\n");
        exit(1);
    }
    return block;
}

static void count_free(void *p, void *userdata)
{
    (void)userdata;
    if (!p)
        return;
    held--;
    *(unsigned *)(void *)block_of(p) = 0;
    free((char *)p - AHEAD);
}

static void *count_realloc(void *p, size_t size, void *userdata)
{
    char *block;

    if (!p)
        return count_alloc(size, userdata);
    block = realloc(block_of(p), AHEAD + size);
    return block ? block + AHEAD : NULL;
}

const xmpp_mem_t show_mem = {count_alloc, count_free, count_realloc, NULL};

void show_held(void)
{
    printf("blocks not given back: %ld\n", held);
}
