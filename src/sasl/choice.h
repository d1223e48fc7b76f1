/* choice.h - chooses a mechanism of those offered, and the channel binding. */

#ifndef SASL_CHOICE_H
#define SASL_CHOICE_H

#include "sasl/sasl.h"

/* Choose the strongest mechanism that is known, allowed, possible with our
 * credentials and not yet refused, and that is as strong as policy and
 * min_strength demand. False if there is none: `fault` has the reason
 * (XMPP_EMECH, XMPP_ECRED, XMPP_EPOLICY). */
bool choice_make(const struct sasl_offer *offer,
                 const struct credentials *credentials, struct sasl_choice *ret,
                 struct fault *fault);

/* Add to a fault that was just set which mechanism was tried (unless NULL) and
 * which ones are offered. */
void choice_report_offer(const struct sasl_offer *offer,
                         const struct mechanism *tried, struct fault *fault);

/* The server refused the mechanism that was chosen, for a reason that is not
 * about the credentials: the next choice will differ. A server that has refused
 * a proof of the password is never sent the password itself. */
void choice_refuse(struct sasl_offer *offer, const struct sasl_choice *choice);

#endif
