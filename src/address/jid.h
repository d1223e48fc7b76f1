/* jid.h - addresses in normal form (RFC 7622). */

#ifndef ADDRESS_JID_H
#define ADDRESS_JID_H

#include <xmpp/jid.h>

#include "base/str.h"

#define JID_PART_MOST 1023 /* octets of the normal form */
#define JID_MOST (XMPP_JID_BUFFER_SIZE - 1)

/* As xmpp_jid_parse() and xmpp_jid_join(), for views. An absent part is
 * STR_NONE. An address in normal form takes one pass over its octets. */
int jid_parse(struct str text, xmpp_jid_mode_t mode, char *room,
              xmpp_jid_t *ret, xmpp_text_error_t *ret_error);
int jid_join(struct str local, struct str domain, struct str resource,
             xmpp_jid_mode_t mode, char *room, xmpp_jid_t *ret,
             xmpp_text_error_t *ret_error);

int jid_set_resource(const xmpp_jid_t *jid, struct str resource,
                     xmpp_jid_mode_t mode, char *room, xmpp_jid_t *ret,
                     xmpp_text_error_t *ret_error);

/* A part, or DOMAIN, BARE or FULL, as a view; STR_NONE for an absent one. */
struct str jid_view(const xmpp_jid_t *jid, xmpp_jid_part_t part);

/* Whether `jid` is that form of `of`: DOMAIN, BARE or FULL. */
bool jid_is_form(const xmpp_jid_t *jid, xmpp_jid_part_t form,
                 const xmpp_jid_t *of);

/* The same address on another copy of its text. */
static inline xmpp_jid_t jid_moved(xmpp_jid_t jid, const char *text)
{
    jid.text = text;
    return jid;
}

#endif
