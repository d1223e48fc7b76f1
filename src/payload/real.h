/* real.h - real numbers as texts, whatever the locale. */

#ifndef PAYLOAD_REAL_H
#define PAYLOAD_REAL_H

#include "base/str.h"

/* Enough for every text that is written. */
#define REAL_SIZE 40

/* A decimal number with an optional fraction and exponent (XML Schema: decimal,
 * double). False if the text is not one, is longer than any number needs to be,
 * or the number is not finite. */
bool real_read(struct str text, double *ret);

/* The shortest text that is read as the same number; "" if it is not finite. */
struct str real_write(double number, char room[REAL_SIZE]);

#endif
