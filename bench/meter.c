/* meter.c - what a contestant spends: CPU time and allocations per stanza. The
 * functions that count take the place of the C library's in all objects. */

#define _GNU_SOURCE
#include "meter.h"

#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum owner { OTHER, XML, TLS, OWNERS };

static struct {
    struct {
        uintptr_t from, to;
        enum owner owner;
    } ranges[64];
    int known; /* ranges; 0: callers are not looked at */
    unsigned long calls[OWNERS];
    double cpu;
} meter;

static void count(const void *caller)
{
    enum owner owner = OTHER;

    for (int i = 0; i < meter.known; i++)
        if ((uintptr_t)caller - meter.ranges[i].from <
            meter.ranges[i].to - meter.ranges[i].from)
            owner = meter.ranges[i].owner;
    meter.calls[owner]++;
}

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

void *malloc(size_t n)
{
    count(__builtin_return_address(0));
    return __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    count(__builtin_return_address(0));
    return __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    count(__builtin_return_address(0));
    return __libc_realloc(p, n);
}

static enum owner owner_of(const char *path)
{
    static const char *const tls[] = {"gnutls",  "nettle", "hogweed",  "tasn1",
                                      "p11-kit", "libssl", "libcrypto"};

    for (size_t i = 0; i < sizeof(tls) / sizeof(tls[0]); i++)
        if (strstr(path, tls[i]))
            return TLS;
    return strstr(path, "libxml2") ? XML : OTHER;
}

static int learn(struct dl_phdr_info *info, size_t size, void *userdata)
{
    enum owner owner = owner_of(info->dlpi_name);

    (void)size;
    (void)userdata;
    for (int i = 0; i < info->dlpi_phnum && owner != OTHER; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];

        if (p->p_type != PT_LOAD || !(p->p_flags & PF_X) || meter.known == 64)
            continue;
        meter.ranges[meter.known].from = info->dlpi_addr + p->p_vaddr;
        meter.ranges[meter.known].to =
            info->dlpi_addr + p->p_vaddr + p->p_memsz;
        meter.ranges[meter.known++].owner = owner;
    }
    return 0;
}

double meter_cpu(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

/* Pages in memory, and those of them that are of files. */
static void read_pages(unsigned long *ret_all, unsigned long *ret_of_files)
{
    unsigned long size = 0;
    FILE *in = fopen("/proc/self/statm", "r");

    *ret_all = *ret_of_files = 0;
    if (in && fscanf(in, "%lu %lu %lu", &size, ret_all, ret_of_files) != 3)
        *ret_all = *ret_of_files = 0;
    if (in)
        fclose(in);
}

size_t meter_resident(void)
{
    unsigned long all, of_files;

    read_pages(&all, &of_files);
    return all * (size_t)sysconf(_SC_PAGESIZE);
}

size_t meter_private(void)
{
    unsigned long all, of_files;

    read_pages(&all, &of_files);
    return (all - of_files) * (size_t)sysconf(_SC_PAGESIZE);
}

size_t meter_heap(void)
{
    struct mallinfo2 m = mallinfo2();

    return m.uordblks + m.hblkhd;
}

void meter_begin(void)
{
    if (getenv("METER_CALLERS") && !meter.known)
        dl_iterate_phdr(learn, NULL);
    memset(meter.calls, 0, sizeof(meter.calls));
    meter.cpu = meter_cpu();
}

void meter_end(long stanzas)
{
    double cpu = meter_cpu() - meter.cpu;
    unsigned long all = 0;

    for (int i = 0; i < OWNERS; i++)
        all += meter.calls[i];
    printf("%.5f %.4f %.4f %.4f\n", cpu / (double)stanzas,
           (double)all / (double)stanzas,
           (double)meter.calls[XML] / (double)stanzas,
           (double)meter.calls[TLS] / (double)stanzas);
    fflush(stdout);
}
