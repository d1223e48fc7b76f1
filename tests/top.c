/* top.c - where the sources are. */

#include "top.h"

#include <stdlib.h>

const char *tests_top(void)
{
    const char *top = getenv("srcdir");

    return top ? top : TOP_SRCDIR;
}
