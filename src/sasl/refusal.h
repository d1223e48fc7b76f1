/* refusal.h - what follows from the condition of a refused login. */

#ifndef SASL_REFUSAL_H
#define SASL_REFUSAL_H

#include <stdbool.h>

#include "base/str.h"

struct refusal {
    const char *condition;
    int code;              /* XMPP_E... */
    bool may_try_password; /* another password may help */
    bool may_try_another;  /* it is about the mechanism, not the credentials */
};

/* The row of a condition of SASL (RFC 6120 section 6.5, also of XEP-0388),
 * SCRAM (RFC 5802 section 7) or XEP-0078. Never NULL: an unknown condition
 * counts as a refusal of name and password. */
const struct refusal *refusal_of(struct str condition);

#endif
