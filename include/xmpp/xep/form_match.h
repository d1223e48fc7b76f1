/* form_match.h - regular expressions that strangers write (XEP-0122). */

#ifndef XMPP_XEP_FORM_MATCH_H
#define XMPP_XEP_FORM_MATCH_H

#include <xmpp/error.h>

XMPP_BEGIN

/* Does the whole of `text` match a POSIX extended regular expression? It is
 * matched here, in memory and time that are bounded whatever the pattern is,
 * and not by regexec(). Characters are those of Unicode, classes such as
 * [:alpha:] are those of ASCII; [=a=] and [.a.] are not supported. 1; 0;
 * XMPP_EARG if the pattern is not valid; XMPP_ELIMIT if it or the text takes
 * too long. */
XMPP_API int xmpp_form_match(const char *pattern, const char *text);

XMPP_END

#endif /* XMPP_XEP_FORM_MATCH_H */
