/* fuzz.h - what libFuzzer calls, and so do we with the corpus. */

#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The folder below tests/fuzz/corpus whose files the target is given. */
extern const char fuzz_corpus[];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What has to hold whatever the input is. */
#define MUST(what)                                                             \
    do {                                                                       \
        if (!(what)) {                                                         \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__,   \
                    #what);                                                    \
            abort();                                                           \
        }                                                                      \
    } while (0)

#endif
