/* precis.h - names, nicknames and passwords in comparable form (PRECIS).
 *
 * Addresses need none of this: <xmpp/jid.h> does it for them. */

#ifndef XMPP_PRECIS_H
#define XMPP_PRECIS_H

#include <xmpp/error.h>
#include <xmpp/types.h>

XMPP_BEGIN

typedef enum {
    XMPP_PRECIS_USERNAME_CASE_MAPPED,    /* RFC 8265 section 3.3 */
    XMPP_PRECIS_USERNAME_CASE_PRESERVED, /* RFC 8265 section 3.4 */
    XMPP_PRECIS_OPAQUE_STRING,           /* RFC 8265 section 4.2: passwords */
    XMPP_PRECIS_NICKNAME,                /* RFC 8266: shown names */
    XMPP_PRECIS_NICKNAME_KEY /* the same for comparing (RFC 8266 section 2.5),
                              * without regard to case: a key for tables */
} xmpp_precis_profile_t;

/* No text may be longer, before or after. */
#define XMPP_PRECIS_MAX 4095 /* octets */

/* Prepare and enforce `text` by a profile: the form to store and to show.
 * *ret is owned (xmpp_free). 0; XMPP_EARG (not UTF-8, empty or too long before
 * or after, a character that is not allowed, or not there, or of another
 * direction); XMPP_EMEM; XMPP_EINVOP (a NULL, no such profile). *ret_error,
 * which may be NULL, says why; xmpp_text_error_format() makes a sentence of it.
 */
XMPP_API int xmpp_precis_enforce(xmpp_ctx_t *ctx, xmpp_precis_profile_t profile,
                                 const char *text, char **ret,
                                 xmpp_text_error_t *ret_error);

/* Do two texts mean the same under a profile? Nicknames are compared without
 * regard to case (RFC 8266 section 2.5), all others as they are enforced.
 * 1 yes, 0 no; XMPP_EARG if one of them is not acceptable; XMPP_EMEM,
 * XMPP_EINVOP. Test for == 1: the negative codes are true as well. */
XMPP_API int xmpp_precis_equal(xmpp_ctx_t *ctx, xmpp_precis_profile_t profile,
                               const char *a, const char *b);

/* SASLprep (RFC 4013), by which SCRAM on both sides, and for PLAIN the server,
 * prepare names and passwords. `stored` non-zero for a text that is kept for
 * later comparison, zero for one that is entered: a stored string must not have
 * characters that Unicode 3.2 does not know (RFC 3454 section 7). Results as
 * above; *ret holds a secret if `text` does. */
XMPP_API int xmpp_saslprep(xmpp_ctx_t *ctx, const char *text, int stored,
                           char **ret, xmpp_text_error_t *ret_error);

XMPP_END

#endif /* XMPP_PRECIS_H */
