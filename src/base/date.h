/* date.h - moments as XMPP writes them (XEP-0082). */

#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdint.h>

#include "base/str.h"

/* "2020-03-12T14:36:15Z", also with a fraction, which is dropped, or an offset
 * such as +01:00, as seconds since 1970. False if it is no such text, or a day
 * before. A leap second is the one after it. */
bool date_read(struct str text, uint64_t *ret);

#endif
