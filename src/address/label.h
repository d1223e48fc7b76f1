/* label.h - a label of a domain name as U-label and as A-label (RFC 5890). */

#ifndef ADDRESS_LABEL_H
#define ADDRESS_LABEL_H

#include <stdint.h>

#include "address/punycode.h"
#include "base/str.h"

#define LABEL_MOST 63 /* octets of a label in ASCII (RFC 1034 section 3.1) */

#define LABEL_PREFIX "xn--" /* of an A-label */
#define LABEL_PREFIX_SIZE 4

/* A label has at most PUNYCODE_MOST code points, for each takes at least one
 * octet behind the prefix. */
#define LABEL_UTF8_MOST (4 * PUNYCODE_MOST)

/* The A-label of a U-label that has passed the rules of RFC 5891: these
 * functions convert, they do not check. Not NUL-terminated. Returns its length,
 * 0 if that would be more than LABEL_MOST; XMPP_EMEM; XMPP_EARG if libidn2
 * refuses what our rules allow. */
int label_to_ascii(struct str label, char out[LABEL_MOST]);

/* The code points that an A-label, in lower case, stands for; whether they are
 * a U-label is for the caller to check. Returns how many there are, 0 if it
 * stands for nothing; XMPP_EMEM. */
int label_to_unicode(struct str label, uint32_t out[PUNYCODE_MOST]);

#endif
