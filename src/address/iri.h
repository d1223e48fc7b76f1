/* iri.h - what stays readable in an IRI (RFC 3987), and IRIs as text. */

#ifndef ADDRESS_IRI_H
#define ADDRESS_IRI_H

#include "address/pct.h"

/* The part as it stands in an IRI: as pct_encode(), but what can be read and
 * not be misread stays as it is. */
void iri_encode(struct buf *to, struct str text, enum pct_part part);

/* RFC 3987 section 3.2 and 3.1, on a whole URI or IRI, which is UTF-8. 0, or
 * XMPP_EARG and *wrong but for its part. Whether memory was out is known to
 * `to`. */
int iri_from_uri(struct buf *to, struct str uri, xmpp_text_error_t *wrong);
int iri_to_uri(struct buf *to, struct str iri, xmpp_text_error_t *wrong);

#endif
