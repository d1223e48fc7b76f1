/* addressee.c - where an iq request was sent to, and so who may answer it. */

#include "dispatch/addressee.h"

int addressee_read(struct str to, char *room, struct addressee *ret)
{
    *ret = (struct addressee){.jid = {"", 0, 0, 0, 0}, .is_self = !to.s};
    return to.s ? jid_parse(to, XMPP_JID_LENIENT, room, &ret->jid, NULL) : 0;
}

/* Our account in one of its forms. */
static bool is_self(const xmpp_jid_t *from, const xmpp_jid_t *self)
{
    if (self->local_size && !self->resource_size)
        return xmpp_jid_equal(from, self, XMPP_JID_BARE);
    return jid_is_form(from, XMPP_JID_FULL, self) ||
           jid_is_form(from, XMPP_JID_BARE, self);
}

/* A request to our own account, or to the server that speaks for it. The
 * account may answer in any of its forms, or the server on its behalf; a
 * request to the server only the server. An answer without a sender comes from
 * our account (RFC 6120 section 8.1.2.1). */
static bool may_answer(const struct addressee *whom, const xmpp_jid_t *from,
                       const xmpp_jid_t *self)
{
    bool to_server =
        !whom->is_self && jid_is_form(&whom->jid, XMPP_JID_DOMAIN, self);

    if (!whom->is_self && !to_server &&
        !jid_is_form(&whom->jid, XMPP_JID_BARE, self))
        return false;
    if (!from)
        return true;
    return !to_server &&
           (is_self(from, self) || jid_is_form(from, XMPP_JID_DOMAIN, self));
}

/* Only normal forms are compared. A sender that is not a valid address may
 * answer nothing. */
bool addressee_may_answer(const struct addressee *whom, struct str from,
                          struct str self)
{
    char from_room[XMPP_JID_BUFFER_SIZE], self_room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t sender, us;

    if (from.s && jid_parse(from, XMPP_JID_LENIENT, from_room, &sender, NULL))
        return false;
    if (from.s && !whom->is_self &&
        xmpp_jid_equal(&sender, &whom->jid, XMPP_JID_FULL))
        return true;
    return jid_parse(self, XMPP_JID_LENIENT, self_room, &us, NULL) == 0 &&
           may_answer(whom, from.s ? &sender : NULL, &us);
}
