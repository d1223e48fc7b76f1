/* addressee.h - where an iq request was sent to, and so who may answer it. */

#ifndef DISPATCH_ADDRESSEE_H
#define DISPATCH_ADDRESSEE_H

#include "address/jid.h"

/* `jid` is in normal form, for that is what is compared. It is not used if a
 * request went to our own account. */
struct addressee {
    xmpp_jid_t jid;
    bool is_self;
};

/* Read the attribute `to`; STR_NONE is our own account. The text of ret->jid
 * lies in `room` (XMPP_JID_BUFFER_SIZE) or in `to`. 0, XMPP_EARG, XMPP_EMEM. */
int addressee_read(struct str to, char *room, struct addressee *ret);

/* May an answer come from there (RFC 6120 section 8.1.2.1)? `self` is our bound
 * JID. What was sent to our own account is answered by `self`, by its bare
 * form, by its domain (the server, on behalf of the account), or without any
 * sender. If `self` has no resourcepart (it was bound without our knowing it),
 * each will do. */
bool addressee_may_answer(const struct addressee *whom, struct str from,
                          struct str self);

#endif
