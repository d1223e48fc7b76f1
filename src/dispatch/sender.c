/* sender.c - who sent it, seen from our account: bits that rows of modules ask
 * for. */

#include "dispatch/sender.h"

#define OURS                                                                   \
    (XMPP_SENDER_ANYONE | XMPP_SENDER_OWN | XMPP_SENDER_ACCOUNT |              \
     XMPP_SENDER_SERVER)

unsigned sender_bits(const xmpp_jid_t *from, struct str self)
{
    char room[XMPP_JID_BUFFER_SIZE];
    unsigned bits = XMPP_SENDER_ANYONE;
    xmpp_jid_t us;

    /* RFC 6120 section 8.1.2.1 */
    if (!from)
        return OURS;
    if (!self.s || jid_parse(self, XMPP_JID_LENIENT, room, &us, NULL))
        return bits;
    if (xmpp_jid_equal(from, &us, XMPP_JID_BARE))
        bits |= XMPP_SENDER_OWN;
    if (jid_is_form(from, XMPP_JID_BARE, &us))
        bits |= XMPP_SENDER_ACCOUNT | XMPP_SENDER_SERVER;
    if (jid_is_form(from, XMPP_JID_DOMAIN, &us))
        bits |= XMPP_SENDER_SERVER;
    return bits;
}

unsigned sender_known(const struct members *members, xmpp_conn_t *conn,
                      const xmpp_jid_t *from, unsigned wanted)
{
    struct module_set *set = members->set;
    unsigned bits = 0;

    set_hold(set); /* a judge may do anything */
    for (const struct set_row *r = set_begin(set, XMPP_ROW_KNOWS);
         from && r != set_end(set, XMPP_ROW_KNOWS); r++)
        if ((r->row->sender & wanted & ~bits) &&
            r->row->judge(conn, from, members->list[r->place]->state))
            bits |= r->row->sender & wanted;
    set_release(set);
    return bits;
}
