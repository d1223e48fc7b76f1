/* lexer.h - reads the characters and references of XML octet by octet. */

#ifndef STANZA_LEXER_H
#define STANZA_LEXER_H

#include <stdint.h>

#include "base/str.h"

/* Whether the octet may begin, or continue, a name without a colon. Beyond
 * ASCII every octet may, as in chars.h. */
bool lexer_begins_name(unsigned char c);
bool lexer_continues_name(unsigned char c);

/* A character that is being read; zeroed before the first octet. */
struct character {
    uint32_t code, least;
    unsigned more; /* octets that must follow */
};

/* 0; XMPP_EENCODING if it is not UTF-8; XMPP_EXML if XML does not allow it. */
int lexer_character(struct character *k, unsigned char c);

/* A reference such as &amp; or &#65; that is being read; zeroed before the
 * first octet. */
struct reference {
    char name[4]; /* the longest: quot */
    unsigned char n;
    bool is_number, is_hex, has_digits;
    uint32_t value;
};

/* Read an octet behind the '&'. 1 if the reference is complete; 0 if more must
 * come; XMPP_EXML if it is not a reference; XMPP_ERESTRICTED if it is not one
 * that XML itself defines (RFC 6120 section 11.1). */
int lexer_reference(struct reference *f, unsigned char c);

#endif
