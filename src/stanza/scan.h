/* scan.h - finds the ends of elements in raw XML. */

#ifndef STANZA_SCAN_H
#define STANZA_SCAN_H

#include "base/str.h"

/* The length of the first complete element, with the text before it and the
 * text behind it up to the next tag; all of `xml` if no element is complete.
 * *ret_stanza is whether a message, presence or iq begins in it. The input is
 * raw XML of the application, which is assumed to be well-formed. */
size_t scan_element(struct str xml, bool *ret_stanza);

/* The first start tag, from its '<' to its '>'; STR_NONE if there is no
 * complete one. */
struct str scan_start_tag(struct str xml);

#endif
