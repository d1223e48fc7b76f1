/* xml_calls.c - how often libxml2 allocates memory. */

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
