/* text.h - a text as code points, in room that the caller has. */

#ifndef ADDRESS_TEXT_H
#define ADDRESS_TEXT_H

#include <stdint.h>

#include <xmpp/error.h>

#include "address/unicode.h"
#include "base/str.h"

/* Two arrays of `room` code points each: the text stands in `c`, and what
 * changes it writes to `spare` and swaps. Invariant: n <= room. */
struct text {
    uint32_t *c, *spare;
    size_t n, room;
};

/* Nearly all texts fit the first; none that is longer than the second can
 * become an acceptable one. */
#define TEXT_SMALL 256
#define TEXT_MOST 4096

enum text_form { TEXT_NFC, TEXT_NFKC };

/* 0; XMPP_EARG if it is not UTF-8 (RFC 3629); XMPP_ELIMIT if it has no room. */
int text_decode(struct text *t, struct str utf8, xmpp_text_error_t *wrong);

/* 0; XMPP_ELIMIT if it has no room. *ret_n octets, no NUL. */
int text_encode(const struct text *t, char *out, size_t room, size_t *ret_n,
                xmpp_text_error_t *wrong);

/* Normalise. 0, XMPP_ELIMIT if it has no room, XMPP_EMEM. */
int text_normalise(struct text *t, enum text_form form,
                   xmpp_text_error_t *wrong);

/* Is it in NFC? 1, 0, or XMPP_EMEM. */
int text_is_composed(const struct text *t);

/* `n` code points were written to `spare`: they are the text now. */
void text_swap(struct text *t, size_t n);

/* Append a code point in lower case to `out`, which has `n` already and room
 * for two more; returns the new length. Simple mappings one to one, as RFC 8265
 * wants them: no final sigma. Only U+0130 becomes two, and NFC leaves them so.
 */
size_t text_put_lower(uint32_t *out, size_t n, uint32_t c);

/* May the code point at this place stand there, as far as its derived property
 * decides? `other` is the reason where that is neither valid, nor bound to a
 * context, nor unassigned. 0 or XMPP_EARG. */
int text_judge(const struct text *t, size_t at, enum derived derived,
               const char *other, xmpp_text_error_t *wrong);

/* Fill *wrong and return XMPP_EARG. `character` -1 for none. The part is for
 * the caller to name. */
int text_wrong(xmpp_text_error_t *wrong, const char *reason, long character);

/* The same for a text that is too long: XMPP_ELIMIT. */
int text_no_room(xmpp_text_error_t *wrong);

/* Hand a failure to the application, which may not want to know: *wrong if
 * the text is to blame, else what `rc` says. Returns rc. */
int text_tell(int rc, const xmpp_text_error_t *wrong,
              xmpp_text_error_t *ret_error);

/* Name the character as it was in `utf8`, before width and case were mapped. */
void text_blame(xmpp_text_error_t *wrong, struct str utf8);

#endif
