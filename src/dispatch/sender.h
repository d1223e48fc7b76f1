/* sender.h - who sent it, seen from our account: bits that rows of modules ask
 * for. */

#ifndef DISPATCH_SENDER_H
#define DISPATCH_SENDER_H

#include "address/jid.h"
#include "dispatch/members.h"
#include "dispatch/requests.h"

/* The bits that an address alone decides. `from` NULL: our account. `self` is
 * our bound JID. Without memory nothing is proven: ANYONE only. */
unsigned sender_bits(const xmpp_jid_t *from, struct str self);

/* Which of the `wanted` bits hold by what modules know (XMPP_KNOWS). Calls
 * modules. */
unsigned sender_known(const struct members *members, xmpp_conn_t *conn,
                      const xmpp_jid_t *from, unsigned wanted);

#endif
