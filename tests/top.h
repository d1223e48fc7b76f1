/* top.h - where the sources are. */

#ifndef TESTS_TOP_H
#define TESTS_TOP_H

/* The top of the source tree, for the tests that read files of it: as `make
 * check` names it, else where it was when this was built. */
const char *tests_top(void);

#endif
