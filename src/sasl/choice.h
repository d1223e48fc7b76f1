/* choice.h - which of the offered mechanisms, and with which binding. */

#ifndef SASL_CHOICE_H
#define SASL_CHOICE_H

#include "sasl/sasl.h"

/* The strongest that is known, allowed, possible and not yet refused, and that
 * is not less than what policy or min_strength demands. False, and the reason
 * told to `fault`: XMPP_EMECH, XMPP_ECRED, XMPP_EPOLICY. */
bool choice_make(const struct sasl_offer *offer,
                 const struct credentials *credentials, struct sasl_choice *ret,
                 struct fault *fault);

/* Add to a fault just set what was tried (unless NULL), and what is offered. */
void choice_tell_offer(const struct sasl_offer *offer,
                       const struct mechanism *tried, struct fault *fault);

/* The server refused what was chosen, as such: the next choice will be another
 * one. Whoever refuses a proof of the password does not get the password. */
void choice_refuse(struct sasl_offer *offer, const struct sasl_choice *choice);

#endif
