/* xml_calls.c - how often libxml2 allocates memory, and that it gets none. */

#include "xml_calls.h"

#include <libxml/xmlmemory.h>
#include <stdlib.h>
#include <string.h>

unsigned long xml_calls;

static void *count_malloc(size_t n)
{
    xml_calls++;
    return malloc(n);
}

static void *count_realloc(void *p, size_t n)
{
    xml_calls++;
    return realloc(p, n);
}

static char *count_strdup(const char *s)
{
    xml_calls++;
    return strdup(s);
}

int xml_calls_begin(void)
{
    return xmlMemSetup(free, count_malloc, count_realloc, count_strdup);
}

/* ---- none -------------------------------------------------------- */

static xmlFreeFunc usual_free;
static xmlMallocFunc usual_malloc;
static xmlReallocFunc usual_realloc;
static xmlStrdupFunc usual_strdup;

static void *no_malloc(size_t n)
{
    (void)n;
    return NULL;
}

static void *no_realloc(void *p, size_t n)
{
    (void)p;
    return no_malloc(n);
}

static char *no_strdup(const char *text)
{
    (void)text;
    return NULL;
}

void xml_calls_refuse(void)
{
    xmlMemGet(&usual_free, &usual_malloc, &usual_realloc, &usual_strdup);
    xmlMemSetup(usual_free, no_malloc, no_realloc, no_strdup);
}

void xml_calls_permit(void)
{
    xmlMemSetup(usual_free, usual_malloc, usual_realloc, usual_strdup);
}
