/* form_validate.h - is a value of a data form what it has to be (XEP-0122)? */

#ifndef XMPP_XEP_FORM_VALIDATE_H
#define XMPP_XEP_FORM_VALIDATE_H

#include <xmpp/xep/form.h>

XMPP_BEGIN

/* Is this value what `validate` (NULL: nothing) demands? The datatypes
 * xs:anyURI, boolean, byte, date, dateTime, decimal, double, int, integer,
 * language, long, short, string and time are known; others count as xs:string
 * (section 4.1). Numbers have any length. How many options are chosen is not
 * seen from one value. NULL if it is; else the reason: a sentence fragment,
 * static. */
XMPP_API const char *xmpp_form_validate(const xmpp_form_validate_t *validate,
                                        const char *value);

XMPP_END

#endif /* XMPP_XEP_FORM_VALIDATE_H */
