/* unicode.h - the properties of code points that PRECIS and IDNA2008 define.
 *
 * The properties of Unicode come from libunistring at run time: tables of our
 * own would be of another version than its normalisation. */

#ifndef ADDRESS_UNICODE_H
#define ADDRESS_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The derived property (RFC 8264 section 8, RFC 5892 section 3). FREE is what
 * RFC 8264 calls FREE_PVAL: allowed in free-form strings only. */
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

/* "Unstable" of RFC 5892 section 2.2, by its definition: case folding or NFKC
 * changes the code point. unicode_idna() decides the same with less work; the
 * tests compare them. */
bool unicode_folds_away(uint32_t c);

/* General category M (marks), Zs (spaces). */
bool unicode_is_mark(uint32_t c);
bool unicode_is_space(uint32_t c);

/* Whether it can be seen: assigned, not a separator, and not ignorable. */
bool unicode_is_visible(uint32_t c);

/* Whether the rule of RFC 5892 appendix A for the code point at this place
 * holds; true if it has no rule. */
bool unicode_context_holds(const uint32_t *text, size_t n, size_t at);

/* Whether it has a character of the bidi classes R, AL or AN (RFC 5893 section
 * 1.4). */
bool unicode_has_rtl(const uint32_t *text, size_t n);

/* The Bidi Rule (RFC 5893 section 2); false for an empty string. */
bool unicode_bidi_holds(const uint32_t *text, size_t n);

/* A full-width or half-width form becomes the character that it is a form of
 * (RFC 8265 section 3.3.1). */
uint32_t unicode_width_mapped(uint32_t c);

#endif
