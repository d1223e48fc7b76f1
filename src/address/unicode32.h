/* unicode32.h - what Unicode 3.2 knew, by which stringprep goes (RFC 3454). */

#ifndef ADDRESS_UNICODE32_H
#define ADDRESS_UNICODE32_H

#include <stdbool.h>
#include <stdint.h>

/* Was it assigned then (not in table A.1)? */
bool unicode32_is_assigned(uint32_t c);

/* Tables D.1 and D.2: written from right to left, from left to right. */
bool unicode32_is_rtl(uint32_t c);
bool unicode32_is_ltr(uint32_t c);

/* The few ideographs whose decomposition was corrected later become what they
 * were then; all others stay. */
uint32_t unicode32_decomposed(uint32_t c);

#endif
