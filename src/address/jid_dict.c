/* jid_dict.c - records of a dict by an address. */

#include <xmpp/dict.h>

#include "address/jid.h"

void *xmpp_dict_find_jid(const xmpp_dict_t *dict, const xmpp_jid_t *jid,
                         xmpp_jid_part_t part)
{
    struct str key = jid ? jid_view(jid, part) : STR_NONE;

    return xmpp_dict_find(dict, key.s, key.n);
}

void *xmpp_dict_put_jid(xmpp_dict_t *dict, const xmpp_jid_t *jid,
                        xmpp_jid_part_t part)
{
    struct str key = jid ? jid_view(jid, part) : STR_NONE;

    return xmpp_dict_put(dict, key.s, key.n);
}
