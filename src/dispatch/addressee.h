/* addressee.h - whom a question went to, and so who may answer it. */

#ifndef DISPATCH_ADDRESSEE_H
#define DISPATCH_ADDRESSEE_H

#include "address/jid.h"

/* `jid` is in normal form, for that is what is compared. Nothing of it is used
 * where a question went to our own account. */
struct addressee {
    xmpp_jid_t jid;
    bool is_self;
};

/* Whom a `to` means; STR_NONE is our own account. The text of ret->jid lies in
 * `room` (XMPP_JID_BUFFER_SIZE) or in `to`. 0, XMPP_EARG, XMPP_EMEM. */
int addressee_read(struct str to, char *room, struct addressee *ret);

/* Is an answer from there one of whom we asked (RFC 6120 section 8.1.2.1)?
 * `self` is our bound JID: an answer to a question to our own account may come
 * from it, its bare form, its domain (the server, where we asked it), or no
 * one. Where `self` has no resourcepart, which was bound without our knowing,
 * any will do. */
bool addressee_may_answer(const struct addressee *whom, struct str from,
                          struct str self);

#endif
