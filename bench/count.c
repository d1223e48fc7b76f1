/* count.c - every allocation of the process, counted: these functions take
 * the place of the C library's in all shared objects. */

#include "count.h"

#include <stddef.h>

unsigned long count_allocations;

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

void *malloc(size_t n);
void *calloc(size_t n, size_t size);
void *realloc(void *p, size_t n);

void *malloc(size_t n)
{
    count_allocations++;
    return __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    count_allocations++;
    return __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    count_allocations++;
    return __libc_realloc(p, n);
}
