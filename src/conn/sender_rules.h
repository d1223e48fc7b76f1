/* sender_rules.h - payloads that only some may send. */

#ifndef CONN_SENDER_RULES_H
#define CONN_SENDER_RULES_H

#include "dispatch/guard.h"

/* Those of the contact list and of the extensions that applications use most:
 * checked for every application, whether it listens for them or not. */
extern const struct guard_rules sender_rules;

#endif
