/* failmem.h - an allocator that counts, and fails when told to. */

#ifndef TESTS_FAILMEM_H
#define TESTS_FAILMEM_H

#include <stddef.h>

#include <xmpp/types.h>

struct failmem {
    xmpp_mem_t mem;             /* give this to the library */
    unsigned long calls;        /* alloc and realloc so far */
    long held;                  /* blocks not yet freed */
    long bytes;                 /* in them */
    long most;                  /* that there were at a time; may be set back */
    unsigned long fail_at;      /* the n-th call fails, from 1; 0: none */
    int fail_all;               /* and so do all that follow */
    unsigned long failed;       /* how many did */
    int is_plain;               /* may be set: blocks are not filled, where what
                                   is done is measured */
    const char *const *secrets; /* may be set: words, the last one NULL, that
                                   no block has in it when it is given back */
    const char *spilled;        /* the first that one had, or NULL */
};

/* May be set before failmem_init(): the blocks are those of malloc(), and are
 * neither filled nor counted, where what is done is measured. */
extern int failmem_is_off;

void failmem_init(struct failmem *f);

/* Start to count anew, failing at the n-th call from here. */
void failmem_arm(struct failmem *f, unsigned long n, int all);

#endif
