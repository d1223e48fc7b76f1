/* archive.h - what the parts of archive.c share. */

#ifndef TESTS_LIVE_ARCHIVE_H
#define TESTS_LIVE_ARCHIVE_H

#include "live/extensions.h"

void test_blocking(struct us *us, char **argv);

#endif
