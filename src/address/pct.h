/* pct.h - percent-encoding, and what stands for itself in an XMPP URI. */

#ifndef ADDRESS_PCT_H
#define ADDRESS_PCT_H

#include <stdint.h>

#include <xmpp/error.h>

#include "base/buf.h"
#include "base/str.h"

/* The parts of a URI, by what they may hold (RFC 5122 section 2.2). */
enum pct_part { PCT_NODE, PCT_HOST, PCT_RESOURCE, PCT_QUERY, PCT_FRAGMENT };

/* Letters, digits and -._~ : never in need of an escape. */
bool pct_is_unreserved(uint32_t c);

/* Is this ASCII character itself in that part? */
bool pct_is_plain(enum pct_part part, uint32_t c);

/* Characters outside ASCII that may be in an IRI as they are: "ucschar" of
 * RFC 3987 section 2.2, less the bidirectional formatting characters that
 * section 4.1 forbids, and those of their kind that Unicode got later; and
 * "iprivate", which may be in queries. */
bool pct_is_ucschar(uint32_t c);
bool pct_is_private(uint32_t c);

/* The next code point of valid UTF-8; *text moves on. Not for an empty one. */
uint32_t pct_next(struct str *text);

/* The octet of the escape that `text` begins with, or -1 if it does not. */
int pct_octet(struct str text);

/* Each octet as an escape. */
void pct_escape(struct buf *to, struct str octets);

/* The part in ASCII: what is not itself as an escape. */
void pct_encode(struct buf *to, struct str text, enum pct_part part);

/* Decode `text`, which is UTF-8, to *to, where it has text.n + 1 octets, end
 * it with a NUL, and move *to behind that; *ret is what was written. 0;
 * XMPP_EARG and *wrong, but for its part (a character that has to be encoded, a
 * bad escape, %00, not UTF-8). */
int pct_decode(struct str text, enum pct_part part, bool lenient, char **to,
               struct str *ret, xmpp_text_error_t *wrong);

#endif
