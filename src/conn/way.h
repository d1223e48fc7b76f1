/* way.h - by which way an attempt gets to its server: directly, or by a proxy.
 */

#ifndef CONN_WAY_H
#define CONN_WAY_H

#include "conn/attempt.h"
#include "net/proxy.h"

/* By which way to the server; freed with the account. */
struct way {
    struct proxy proxy;
    struct target server; /* behind the proxy that is dialled */
};

/* Read the URL of a proxy. 0; XMPP_EARG, and *ret_why is a sentence fragment;
 * XMPP_EMEM. */
int way_read_proxy(struct str text, struct proxy *ret, const char **ret_why);

/* Read the settings of the account; without a proxy it has no way of its own. 0
 * or XMPP_EMEM. */
int way_init(struct attempt *attempt);
void way_free(struct attempt *attempt);

/* What is to be dialled so that the host of `wanted` is reached; `wanted`
 * changes. */
void way_begin(struct attempt *attempt, struct dial_wanted *wanted);

/* attempt->target was dialled: what it leads to. */
void way_follow(struct attempt *attempt);

/* It could not be dialled: the fault names a proxy. */
void way_blame(struct attempt *attempt);

static inline bool way_has_proxy(const struct attempt *attempt)
{
    return attempt->account.way != NULL;
}

#endif
