/* precis.h - names, nicknames and passwords in comparable form (PRECIS).
 *
 * You do not need this for addresses: <xmpp/jid.h> prepares them. */

#ifndef XMPP_PRECIS_H
#define XMPP_PRECIS_H

#include <xmpp/error.h>
#include <xmpp/types.h>

XMPP_BEGIN

typedef enum {
    XMPP_PRECIS_USERNAME_CASE_MAPPED,    /* RFC 8265 section 3.3 */
    XMPP_PRECIS_USERNAME_CASE_PRESERVED, /* RFC 8265 section 3.4 */
    XMPP_PRECIS_OPAQUE_STRING,           /* RFC 8265 section 4.2: passwords */
    XMPP_PRECIS_NICKNAME,                /* RFC 8266: names to display */
    XMPP_PRECIS_NICKNAME_KEY /* a nickname for comparison, without case (RFC
                              * 8266 section 2.5): use it as a key */
} xmpp_precis_profile_t;

/* The longest text, before and after preparation. */
#define XMPP_PRECIS_MAX 4095 /* octets */

/* Prepare and enforce `text` by a profile. *ret is the form to store and to
 * display. Owned: xmpp_free().
 *
 * 0; XMPP_EARG if the text is not UTF-8, is empty or too long (before or
 * after), mixes writing directions, or has a character that is not allowed or
 * not allowed in this place; XMPP_EMEM; XMPP_EINVOP for a NULL argument or an
 * unknown profile. *ret_error has the reason and may be NULL;
 * xmpp_text_error_format() makes a sentence of it. */
XMPP_API int xmpp_precis_enforce(xmpp_ctx_t *ctx, xmpp_precis_profile_t profile,
                                 const char *text, char **ret,
                                 xmpp_text_error_t *ret_error);

/* 1 if two texts are equal under a profile, 0 if not. Nicknames are compared
 * without case (RFC 8266 section 2.5), all others in their enforced form.
 * XMPP_EARG if one of them is not valid; XMPP_EMEM; XMPP_EINVOP. Test for == 1,
 * because the negative codes are true, too. */
XMPP_API int xmpp_precis_equal(xmpp_ctx_t *ctx, xmpp_precis_profile_t profile,
                               const char *a, const char *b);

/* SASLprep (RFC 4013). SCRAM prepares names and passwords by it on both sides;
 * for PLAIN the server does. `stored` is non-zero for a text that is kept for
 * later comparison, and zero for one that a user enters: a stored string must
 * not contain characters that Unicode 3.2 does not assign (RFC 3454 section 7).
 * The results of xmpp_precis_enforce(). *ret is as secret as `text`. */
XMPP_API int xmpp_saslprep(xmpp_ctx_t *ctx, const char *text, int stored,
                           char **ret, xmpp_text_error_t *ret_error);

XMPP_END

#endif /* XMPP_PRECIS_H */
