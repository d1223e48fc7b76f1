/* date.h - moments as XMPP writes them (XEP-0082). */

#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define DATE_SECOND INT64_C(1000000)

/* The microseconds since 1970 of a text such as "2020-03-12T14:36:15Z". It may
 * have a fraction, and an offset such as +01:00 in place of the Z. The format
 * of XEP-0091 is read as well. A leap second counts as the second after it.
 * False if the text is not a date of the years 1 to 9999. */
bool date_read(struct str text, int64_t *ret);

#endif
