/* unicode32.h - the properties of Unicode 3.2, which stringprep uses (RFC
 * 3454). */

#ifndef ADDRESS_UNICODE32_H
#define ADDRESS_UNICODE32_H

#include <stdbool.h>
#include <stdint.h>

/* Whether it was assigned (is not in table A.1). */
bool unicode32_is_assigned(uint32_t c);

/* Tables D.1 (right to left) and D.2 (left to right). */
bool unicode32_is_rtl(uint32_t c);
bool unicode32_is_ltr(uint32_t c);

/* Five ideographs had a wrong decomposition, which later Unicode has corrected:
 * they become what they became in 3.2. All others stay. */
uint32_t unicode32_decomposed(uint32_t c);

#endif
