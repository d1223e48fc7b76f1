/* moderator.h - the subjects of tests/live/moderator. */

#ifndef TESTS_LIVE_MODERATOR_H
#define TESTS_LIVE_MODERATOR_H

#include "live/extensions.h"

void test_rooms(struct us *us, const char *service);

/* Modules that have to be in our first presence. */
void use_nodes(struct us *us);

/* `other` is another client of our account. */
void test_bookmarks(struct us *us, const char *other);
void test_marks(struct us *us, const char *other);

#endif
