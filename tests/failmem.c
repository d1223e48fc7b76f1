/* failmem.c - blocks with a header that remembers their size. */

#define _GNU_SOURCE
#include "failmem.h"

#include <stdlib.h>
#include <string.h>

#if defined(__has_include) && __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#else
#define VALGRIND_MAKE_MEM_DEFINED(address, size) ((void)0)
#endif

union header {
    size_t size;
    max_align_t align;
};

static int refuses(struct failmem *f)
{
    int no;

    f->calls++;
    no = f->fail_at &&
         (f->calls == f->fail_at || (f->fail_all && f->calls > f->fail_at));
    f->failed += (unsigned long)no;
    return no;
}

static void count(struct failmem *f, long size)
{
    f->bytes += size;
    if (f->bytes > f->most)
        f->most = f->bytes;
}

static void *fail_alloc(size_t size, void *userdata)
{
    struct failmem *f = userdata;
    union header *h = refuses(f) ? NULL : malloc(sizeof(*h) + size);

    if (!h)
        return NULL;
    h->size = size;
    f->held++;
    count(f, (long)size);
    if (!f->is_plain)
        memset(h + 1, 0xa5, size);
    return h + 1;
}

/* All octets are looked at, also those that were never written. */
static void look_for_secrets(struct failmem *f, const union header *h)
{
    if (f->secrets)
        VALGRIND_MAKE_MEM_DEFINED(h + 1, h->size);
    for (size_t i = 0; f->secrets && f->secrets[i] && !f->spilled; i++)
        if (memmem(h + 1, h->size, f->secrets[i], strlen(f->secrets[i])))
            f->spilled = f->secrets[i];
}

static void fail_free(void *p, void *userdata)
{
    struct failmem *f = userdata;
    union header *h = p;

    if (!p)
        return;
    h--;
    look_for_secrets(f, h);
    f->held--;
    f->bytes -= (long)h->size;
    free(h);
}

static void *fail_realloc(void *p, size_t size, void *userdata)
{
    struct failmem *f = userdata;
    union header *h = p, *moved;
    size_t before;

    if (!p)
        return fail_alloc(size, userdata);
    if (refuses(f))
        return NULL;
    h--;
    look_for_secrets(f, h);
    before = h->size;
    f->bytes -= (long)before;
    moved = realloc(h, sizeof(*h) + size);
    if (!moved)
        abort();
    if (size > before)
        memset((char *)(moved + 1) + before, 0xa5, size - before);
    moved->size = size;
    count(f, (long)size);
    return moved + 1;
}

/* ---- off ---------------------------------------------------------- */

int failmem_is_off;

static void *plain_alloc(size_t size, void *userdata)
{
    (void)userdata;
    return malloc(size);
}

static void plain_free(void *p, void *userdata)
{
    (void)userdata;
    free(p);
}

static void *plain_realloc(void *p, size_t size, void *userdata)
{
    (void)userdata;
    return realloc(p, size);
}

/* ---- for all ------------------------------------------------------ */

void failmem_init(struct failmem *f)
{
    memset(f, 0, sizeof(*f));
    f->mem.alloc = failmem_is_off ? plain_alloc : fail_alloc;
    f->mem.free = failmem_is_off ? plain_free : fail_free;
    f->mem.realloc = failmem_is_off ? plain_realloc : fail_realloc;
    f->mem.userdata = f;
}

void failmem_arm(struct failmem *f, unsigned long n, int all)
{
    f->calls = 0;
    f->failed = 0;
    f->fail_at = n;
    f->fail_all = all;
}
