/* muc_admin.h - what moderators and admins of a room do (XEP-0045 sections 8
 * and 9): roles and affiliations of others.
 *
 *     xmpp_muc_kick(conn, room, "pistol", "Avaunt, you cullion!", on_done, me);
 *     xmpp_muc_set_affiliation(conn, room, &jid, XMPP_MUC_MEMBER, NULL,
 *                              on_done, me);
 *
 * A role belongs to an occupant, who is named by the nickname, and ends when
 * the occupant leaves. An affiliation belongs to an account, whether it is in
 * the room or not. The room decides who may change what, and refuses with
 * forbidden or not-allowed, for example. It reports changes by presence, to
 * those who are in the room.
 *
 * In all functions `room` is the address of the room, of which the bare address
 * counts; without one they return XMPP_EARG. Else they return the codes of
 * xmpp_request(). You need not be in the room, unless it says otherwise.
 */

#ifndef XMPP_XEP_MUC_ADMIN_H
#define XMPP_XEP_MUC_ADMIN_H

#include <xmpp/xep/muc.h>
#include <xmpp/xep/muc_info.h>

XMPP_BEGIN

/* Who has an affiliation or a role, or what is to change. Of each item `jid`
 * (the account), `nick` (of the occupant, or the one reserved for a member),
 * `role`, `affiliation` and `reason` count. */
typedef struct _xmpp_muc_list_t {
    size_t size;
    const xmpp_muc_item_t *const *items;
    size_t item_count;
} xmpp_muc_list_t;

XMPP_API extern const xmpp_payload_t xmpp_muc_list;

/* ---- one at a time ----------------------------------------------- */

/* Give an occupant another role: XMPP_MUC_PARTICIPANT grants voice to a
 * visitor, XMPP_MUC_VISITOR revokes it, XMPP_MUC_NO_ROLE removes the occupant
 * from the room. `reason` is shown to people; it may be NULL. No value.
 * XMPP_EARG also without a nickname, or for another role. */
XMPP_API int xmpp_muc_set_role(xmpp_conn_t *conn, const xmpp_jid_t *room,
                               const char *nick, int role, const char *reason,
                               xmpp_result_handler handler, void *userdata);

/* Give an account another affiliation; its bare address counts.
 * XMPP_MUC_OUTCAST bans it, XMPP_MUC_NO_AFFILIATION undoes any other. A
 * room refuses with conflict if it would have no owner then. No value.
 * XMPP_EARG also without an address, or for another affiliation. */
XMPP_API int xmpp_muc_set_affiliation(xmpp_conn_t *conn, const xmpp_jid_t *room,
                                      const xmpp_jid_t *jid, int affiliation,
                                      const char *reason,
                                      xmpp_result_handler handler,
                                      void *userdata);

/* The most frequent two by their names. */
XMPP_API int xmpp_muc_kick(xmpp_conn_t *conn, const xmpp_jid_t *room,
                           const char *nick, const char *reason,
                           xmpp_result_handler handler, void *userdata);
XMPP_API int xmpp_muc_ban(xmpp_conn_t *conn, const xmpp_jid_t *room,
                          const xmpp_jid_t *jid, const char *reason,
                          xmpp_result_handler handler, void *userdata);

/* ---- lists ------------------------------------------------------- */

/* Get all who have this affiliation, or all occupants who have this role. The
 * value is an xmpp_muc_list_t. XMPP_EARG also for another number. */
XMPP_API int xmpp_muc_get_affiliated(xmpp_conn_t *conn, const xmpp_jid_t *room,
                                     int affiliation,
                                     xmpp_result_handler handler,
                                     void *userdata);
XMPP_API int xmpp_muc_get_by_role(xmpp_conn_t *conn, const xmpp_jid_t *room,
                                  int role, xmpp_result_handler handler,
                                  void *userdata);

/* Change several at once: items with an address and an affiliation, or items
 * with a nickname and a role. Nothing changes for those who are not in the
 * list. No value. XMPP_EARG also for an empty list, and for an item that has
 * neither pair, or a role and an affiliation. */
XMPP_API int xmpp_muc_change(xmpp_conn_t *conn, const xmpp_jid_t *room,
                             const xmpp_muc_list_t *changes,
                             xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_MUC_ADMIN_H */
