/* unicode.h - what PRECIS and IDNA2008 think of code points.
 *
 * All properties come from libunistring at run time, so that they are of one
 * version of Unicode; the rules on top of them are the RFCs'. */

#ifndef ADDRESS_UNICODE_H
#define ADDRESS_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The derived property (RFC 8264 section 8, RFC 5892 section 3). FREE are
 * those that PRECIS allows in free-form strings only. */
enum derived {
    DERIVED_PVALID,
    DERIVED_CONTEXTJ,
    DERIVED_CONTEXTO,
    DERIVED_FREE,
    DERIVED_DISALLOWED,
    DERIVED_UNASSIGNED
};

enum derived unicode_precis(uint32_t c);
enum derived unicode_idna(uint32_t c);

/* RFC 5892's "unstable", by its definition: folding or compatibility changes
 * the code point. unicode_idna() gets the same with less work. */
bool unicode_folds_away(uint32_t c);

/* Of these categories: a mark (M); a space (Zs). */
bool unicode_is_mark(uint32_t c);
bool unicode_is_space(uint32_t c);

/* Can it be seen: assigned, no separator, and not ignorable? */
bool unicode_is_visible(uint32_t c);

/* May the code point at this place stand there? True for all that have no
 * rule (RFC 5892 appendix A). */
bool unicode_context_holds(const uint32_t *text, size_t n, size_t at);

/* Is anything in it written from right to left (R, AL, AN)? */
bool unicode_has_rtl(const uint32_t *text, size_t n);

/* The Bidi Rule (RFC 5893 section 2); false for an empty string. */
bool unicode_bidi_holds(const uint32_t *text, size_t n);

/* Full-width and half-width forms to what they are forms of (RFC 8265). */
uint32_t unicode_width_mapped(uint32_t c);

#endif
