/* iri.h - IRIs (RFC 3987): encoding a part, converting from and to URIs. */

#ifndef ADDRESS_IRI_H
#define ADDRESS_IRI_H

#include "address/pct.h"

/* Append a part in the form it has in an IRI. As pct_encode(), except that
 * characters outside ASCII stay as they are if a person can read them, and
 * cannot mistake them for others. */
void iri_encode(struct buf *to, struct str text, enum pct_part part);

/* Append the IRI of a URI (RFC 3987 section 3.2), or the URI of an IRI (section
 * 3.1). The input is a whole URI or IRI in UTF-8. 0, or XMPP_EARG and *wrong
 * except its part; without memory `to->failed` is set. */
int iri_from_uri(struct buf *to, struct str uri, xmpp_text_error_t *wrong);
int iri_to_uri(struct buf *to, struct str iri, xmpp_text_error_t *wrong);

#endif
