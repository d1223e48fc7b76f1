/* step.h - what XML is made of, an octet at a time: characters and
 * references. */

#ifndef STANZA_STEP_H
#define STANZA_STEP_H

#include <stdint.h>

#include "base/str.h"

/* In names; beyond ASCII everything passes, as in chars.h. No colon. */
bool step_begins_name(unsigned char c);
bool step_goes_on_name(unsigned char c);

/* A character in UTF-8; zeroed at first. */
struct character {
    uint32_t code, least;
    unsigned more; /* octets that have to follow */
};

/* 0; XMPP_EENCODING: it is not UTF-8; XMPP_EXML: not allowed in XML. */
int character_step(struct character *k, unsigned char c);

/* A reference such as &amp; or &#65; while it is being read; zeroed at first.
 */
struct reference {
    char name[5];
    unsigned char n;
    bool is_number, is_hex, has_digits;
    uint32_t value;
};

/* What follows the '&'. 1: it is complete; 0: more is to come; XMPP_EXML: it
 * is none; XMPP_ERESTRICTED: it is not one of XML's own (RFC 6120 11.1). */
int reference_step(struct reference *f, unsigned char c);

#endif
