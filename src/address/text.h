/* text.h - a text as code points, in memory of the caller. */

#ifndef ADDRESS_TEXT_H
#define ADDRESS_TEXT_H

#include <stdint.h>

#include <xmpp/error.h>

#include "address/unicode.h"
#include "base/str.h"

/* Two arrays of `room` code points each. The text is in `c`; a function that
 * changes it writes the new text to `spare` and swaps the two. Invariant: n <=
 * room. */
struct text {
    uint32_t *c, *spare;
    size_t n, room;
};

/* Nearly all texts have at most TEXT_SMALL code points. A text of more than
 * TEXT_MOST cannot become one of 1023 octets, so it is refused unseen. */
#define TEXT_SMALL 256
#define TEXT_MOST 4096

enum text_form { TEXT_NFC, TEXT_NFKC };

/* 0; XMPP_EARG if it is not UTF-8 (RFC 3629); XMPP_ELIMIT if there is no room.
 */
int text_decode(struct text *t, struct str utf8, xmpp_text_error_t *wrong);

/* Write *ret_n octets, no NUL. 0; XMPP_ELIMIT if there is no room. */
int text_encode(const struct text *t, char *out, size_t room, size_t *ret_n,
                xmpp_text_error_t *wrong);

/* 0; XMPP_ELIMIT if there is no room; XMPP_EMEM. */
int text_normalise(struct text *t, enum text_form form,
                   xmpp_text_error_t *wrong);

/* 1 if it is in NFC, 0 if not; XMPP_EMEM. */
int text_is_composed(const struct text *t);

/* Make the `n` code points in `spare` the text. */
void text_swap(struct text *t, size_t n);

/* Append a code point in lower case to `out`, which has `n` code points and
 * room for two more. Returns the new length. As RFC 8265 wants it, each is
 * mapped without regard to its neighbours: there is no final sigma. Only U+0130
 * becomes two, and NFC does not join them. */
size_t text_put_lower(uint32_t *out, size_t n, uint32_t c);

/* 0 if the derived property allows the code point at this place, else XMPP_EARG
 * and *wrong. `other` is the reason for properties other than unassigned and
 * those that depend on the context. */
int text_judge(const struct text *t, size_t at, enum derived derived,
               const char *other, xmpp_text_error_t *wrong);

/* Fill *wrong, except its part, and return XMPP_EARG. `character` is -1 if the
 * reason is not about one. */
int text_wrong(xmpp_text_error_t *wrong, const char *reason, long character);

/* The same for a text that is too long: XMPP_ELIMIT. */
int text_no_room(xmpp_text_error_t *wrong);

/* Report a failure to the application in *ret_error, which may be NULL: *wrong
 * if the text is at fault, else the text of `rc`. Returns rc. */
int text_report(int rc, const xmpp_text_error_t *wrong,
                xmpp_text_error_t *ret_error);

/* *wrong names a character of the mapped text: name the one that it was in the
 * text that was entered, `utf8`, instead. */
void text_name_origin(xmpp_text_error_t *wrong, struct str utf8);

#endif
