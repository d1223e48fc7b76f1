/* stanza_address.h - the addresses on a stanza. */

#ifndef CONN_STANZA_ADDRESS_H
#define CONN_STANZA_ADDRESS_H

#include "stanza/node.h"

/* May it be sent? 0; XMPP_EARG, and why for who asks the context, if `to` or
 * `from` are no addresses, or have a localpart or domainpart that is not valid
 * and did not come from the network either. Resourceparts are let through as
 * long as they are harmless: what others call themselves is not ours to judge,
 * and an application that was given a nickname as a string has to be able to
 * answer. */
int stanza_address_check(const xmpp_stanza_t *stanza);

#endif
