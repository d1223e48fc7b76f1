/* refusal.h - what a server means when it refuses a login. */

#ifndef SASL_REFUSAL_H
#define SASL_REFUSAL_H

#include <stdbool.h>

#include "base/str.h"

struct refusal {
    const char *condition;
    int code;              /* XMPP_E... */
    bool may_try_password; /* another password may help */
    bool may_try_another;  /* it is about the mechanism, not about who we are */
};

/* By the condition of SASL (RFC 6120 section 6.5, also for XEP-0388), SCRAM
 * (RFC 5802 section 7) or XEP-0078. Never NULL: a stranger is taken for a
 * refusal of name and password. */
const struct refusal *refusal_of(struct str condition);

#endif
