/* scan.h - where the elements in raw XML end. */

#ifndef STANZA_SCAN_H
#define STANZA_SCAN_H

#include "base/str.h"

/* The length of the first whole element, with what stands before it and what
 * follows it up to the next tag; all of it if there is no whole element.
 * *ret_stanza: does a message, presence or iq begin in it? Meant for what an
 * application sends, so well-formed XML is expected, not proven. */
size_t scan_element(struct str xml, bool *ret_stanza);

/* The start tag of the first element, from its '<' to its '>'; STR_NONE if
 * there is no whole one. */
struct str scan_start_tag(struct str xml);

#endif
