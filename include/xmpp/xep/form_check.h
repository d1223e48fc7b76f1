/* form_check.h - is a data form filled in correctly (XEP-0004)? */

#ifndef XMPP_XEP_FORM_CHECK_H
#define XMPP_XEP_FORM_CHECK_H

#include <xmpp/xep/form.h>

XMPP_BEGIN

/* What is wrong with an answer. The layout of this struct will not change. */
typedef struct _xmpp_form_fault_t {
    const char *var; /* the field; borrowed from the form; "": the whole */
    const char
        *reason; /* a sentence fragment; static. NULL: nothing is wrong */
} xmpp_form_fault_t;

/* The first fault of `answer`, which is the answer to `form`. Checked are
 * these: it is of type XMPP_FORM_SUBMIT; FORM_TYPE, if it is there, is that of
 * the form; no field of the form is in it twice; required fields have a value;
 * fields for one value have at most one; values are what the type of the field
 * demands (boolean, addresses, options), and what its validation demands
 * (form_validate.h).
 *
 * Not checked are fields that the form does not have, which are to be ignored,
 * and whether hidden fields came back as they were, because some protocols
 * change them (section 3.3): do not trust them. */
XMPP_API xmpp_form_fault_t xmpp_form_check(const xmpp_form_t *form,
                                           const xmpp_form_t *answer);

XMPP_END

#endif /* XMPP_XEP_FORM_CHECK_H */
