/* dump.c - both derived properties of every code point, for derived.py. */

#include "address/unicode.h"

#include <stdio.h>

int main(void)
{
    for (uint32_t c = 0; c <= 0x10FFFF; c++)
        printf("%d%d\n", (int)unicode_precis(c), (int)unicode_idna(c));
    return 0;
}
