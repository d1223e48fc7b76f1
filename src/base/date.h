/* date.h - moments as XMPP writes them (XEP-0082). */

#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdint.h>

#include "base/str.h"

/* The seconds since 1970 of a text such as "2020-03-12T14:36:15Z". It may have
 * a fraction, which is dropped, and an offset such as +01:00 in place of the Z.
 * A leap second counts as the second after it. False if the text is not a date,
 * or lies before 1970. */
bool date_read(struct str text, uint64_t *ret);

#endif
