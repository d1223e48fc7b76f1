/* libxml.c - libxml2's allocations, counted and failed together with ours. */

#include "talk/play_inside.h"

#include <libxml/parser.h>
#include <libxml/xmlmemory.h>
#include <stdlib.h>

#include "tap.h"

static struct failmem *libxml_memory;

static void *libxml_alloc(size_t n)
{
    return libxml_memory ? libxml_memory->mem.alloc(n, libxml_memory) : NULL;
}

/* Never fails: libxml2 2.9.14 goes on with an array of attributes that it
 * gave back if the second one cannot grow. */
static void *libxml_realloc(void *p, size_t n)
{
    unsigned long at = libxml_memory->fail_at;
    void *moved;

    libxml_memory->fail_at = 0;
    moved = libxml_memory->mem.realloc(p, n, libxml_memory);
    libxml_memory->fail_at = at;
    return moved;
}

static void libxml_free(void *p)
{
    libxml_memory->mem.free(p, libxml_memory);
}

static char *libxml_strdup(const char *s)
{
    char *copy = libxml_alloc(strlen(s) + 1);

    return copy ? strcpy(copy, s) : NULL;
}

static void be_silent(void *userdata, const char *fmt, ...)
{
    (void)userdata;
    (void)fmt;
}

void play_take_libxml(void)
{
    static struct failmem forever;

    failmem_init(&forever);
    libxml_memory = &forever;
    if (xmlMemSetup(libxml_free, libxml_alloc, libxml_realloc, libxml_strdup))
        bail("libxml2 keeps its own allocator");
    xmlInitParser();
    xmlSetGenericErrorFunc(NULL, be_silent);
}

/* What libxml2 made for ever was ours to free. */
void play_free_libxml(void)
{
    xmlCleanupParser();
    libxml_memory = NULL;
}

struct failmem *play_swap_libxml(struct failmem *memory)
{
    struct failmem *before = libxml_memory;

    if (before)
        libxml_memory = memory;
    return before;
}
