/* names.h - where names lead: by the application's word, or by its own lookup.
 */

#ifndef CONN_NAMES_H
#define CONN_NAMES_H

#include "conn/attempt.h"

/* Of a new context. */
void names_init(xmpp_ctx_t *ctx);

/* What of `wanted` is about names and about addresses of this side. */
void names_want(const struct attempt *attempt, struct dial_wanted *wanted);

/* Does the application lead this name elsewhere? */
bool names_lead_elsewhere(const struct attempt *attempt, const char *name);

#endif
