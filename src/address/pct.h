/* pct.h - percent-encoding, and the characters of an XMPP URI that need none.
 */

#ifndef ADDRESS_PCT_H
#define ADDRESS_PCT_H

#include <stdint.h>

#include <xmpp/error.h>

#include "base/buf.h"
#include "base/str.h"

/* The parts of a URI, by what they may hold (RFC 5122 section 2.2). */
enum pct_part { PCT_NODE, PCT_HOST, PCT_RESOURCE, PCT_QUERY, PCT_FRAGMENT };

/* Letters, digits and -._~ , which never need an escape. */
bool pct_is_unreserved(uint32_t c);

/* Whether this ASCII character needs no escape in that part. */
bool pct_is_plain(enum pct_part part, uint32_t c);

/* Characters outside ASCII that an IRI may have: "ucschar" of RFC 3987 section
 * 2.2, without the bidirectional formatting characters that section 4.1 forbids
 * and those that Unicode added later; and "iprivate", for queries only. */
bool pct_is_ucschar(uint32_t c);
bool pct_is_private(uint32_t c);

/* Take the next code point from `text`, which is valid UTF-8 and not empty. */
uint32_t pct_next(struct str *text);

/* The octet of the escape that `text` begins with, or -1 if it does not. */
int pct_octet(struct str text);

/* Append each octet as an escape. */
void pct_escape(struct buf *to, struct str octets);

/* Append a part in ASCII: the characters that need it as escapes. */
void pct_encode(struct buf *to, struct str text, enum pct_part part);

/* Decode `text`, which is UTF-8, into *to, which has room for text.n + 1
 * octets. The result, *ret, ends with a NUL, and *to moves behind it. 0;
 * XMPP_EARG and *wrong except its part, for a character that must be encoded, a
 * bad escape, %00, and escapes that are not UTF-8: the result is text. */
int pct_decode(struct str text, enum pct_part part, bool lenient, char **to,
               struct str *ret, xmpp_text_error_t *wrong);

#endif
