/* flat.c - libxml2's push parser with next to nothing on top. */

#include "flat.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS_MOST 8192
#define TEXT_MOST 1048576

enum kind { START, ATTRIBUTE, TEXT, END };

struct event {
    enum kind kind;
    const xmlChar *name, *ns; /* the parser's own */
    size_t text, length;      /* in `text` */
};

struct flat {
    xmlParserCtxtPtr parser;
    const xmlChar *body, *from, *id;
    struct event events[EVENTS_MOST];
    char text[TEXT_MOST];
    size_t count, used;
    int depth;
    long seen;
    size_t looked;
    bool is_over;
};

static struct event *add(struct flat *f, enum kind kind)
{
    struct event *e = &f->events[f->count];

    if (f->count + 1 < EVENTS_MOST)
        f->count++;
    e->kind = kind;
    e->text = f->used;
    e->length = 0;
    return e;
}

static void add_text(struct flat *f, struct event *e, const xmlChar *s,
                     size_t n)
{
    if (f->used + n > TEXT_MOST)
        abort();
    memcpy(f->text + f->used, s, n);
    f->used += n;
    e->length += n;
}

static void on_start(void *userdata, const xmlChar *name, const xmlChar *prefix,
                     const xmlChar *ns, int spaces, const xmlChar **namespaces,
                     int count, int defaults, const xmlChar **attributes)
{
    struct flat *f = userdata;
    struct event *e;

    (void)prefix;
    (void)spaces;
    (void)namespaces;
    (void)defaults;
    if (f->depth++ == 0)
        return;
    e = add(f, START);
    e->name = name;
    e->ns = ns;
    for (int i = 0; i < count; i++, attributes += 5) {
        e = add(f, ATTRIBUTE);
        e->name = attributes[0];
        e->ns = attributes[2];
        add_text(f, e, attributes[3], (size_t)(attributes[4] - attributes[3]));
    }
}

static void on_text(void *userdata, const xmlChar *s, int n)
{
    struct flat *f = userdata;
    struct event *last = f->count ? &f->events[f->count - 1] : NULL;

    if (f->depth > 1)
        add_text(f, last && last->kind == TEXT ? last : add(f, TEXT), s,
                 (size_t)n);
}

/* What the handlers of the contestants do. */
static void look_at(struct flat *f)
{
    for (size_t i = 0; i < f->count; i++) {
        const struct event *e = &f->events[i];

        if (e->kind == ATTRIBUTE && e->name == f->from)
            f->looked += e->length;
        if (e->kind == START && e->name == f->body && e[1].kind == TEXT)
            f->looked += e[1].length;
        if (e->kind == ATTRIBUTE && e->name == f->id && e->length == 3 &&
            memcmp(f->text + e->text, "end", 3) == 0)
            f->is_over = true;
        if (e->kind == END && e->name == f->body)
            break;
    }
    f->seen++;
    f->count = 0;
    f->used = 0;
}

static void on_end(void *userdata, const xmlChar *name, const xmlChar *prefix,
                   const xmlChar *ns)
{
    struct flat *f = userdata;

    (void)prefix;
    if (--f->depth < 1)
        return;
    *add(f, END) = (struct event){.kind = END, .name = name, .ns = ns};
    if (f->depth == 1)
        look_at(f);
}

static const xmlChar *intern(struct flat *f, const char *name)
{
    return xmlDictLookup(f->parser->dict, (const xmlChar *)name, -1);
}

struct flat *flat_new(void)
{
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = on_start,
                         .endElementNs = on_end,
                         .characters = on_text};
    struct flat *f = calloc(1, sizeof(*f));

    f->parser = xmlCreatePushParserCtxt(&sax, f, NULL, 0, NULL);
    xmlCtxtUseOptions(f->parser, XML_PARSE_NONET | XML_PARSE_HUGE);
    f->body = intern(f, "body");
    f->from = intern(f, "from");
    f->id = intern(f, "id");
    xmlParseChunk(f->parser,
                  "<stream:stream xmlns='jabber:client' "
                  "xmlns:stream='http://etherx.jabber.org/streams'>",
                  85, 0);
    return f;
}

void flat_free(struct flat *f)
{
    xmlFreeParserCtxt(f->parser);
    free(f);
}

bool flat_push(struct flat *f, const char *bytes, size_t n)
{
    xmlParseChunk(f->parser, bytes, (int)n, 0);
    return f->is_over;
}

long flat_seen(const struct flat *f)
{
    return f->seen;
}
