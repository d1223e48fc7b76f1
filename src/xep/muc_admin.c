/* muc_admin.c - what moderators and admins of a room do (XEP-0045 sections 8
 * and 9). */

#include <xmpp/xep/muc_admin.h>

#include <stddef.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t list_fields[] = {
    XMPP_ELEMENTS(xmpp_muc_list_t, items, item_count, &xmpp_muc_item),
};
XMPP_PAYLOAD(xmpp_muc_list, xmpp_muc_list_t, "query", XMPP_NS_MUC_ADMIN,
             list_fields);

/* ---- changes ----------------------------------------------------- */

static int is_role(int role)
{
    return role >= XMPP_MUC_NO_ROLE && role <= XMPP_MUC_MODERATOR;
}

static int is_affiliation(int affiliation)
{
    return affiliation >= XMPP_MUC_OUTCAST && affiliation <= XMPP_MUC_OWNER;
}

/* Either pair, and not both (sections 8.5, 9.2, 9.5): an item with both would
 * change more than one thing. */
static int is_change(const xmpp_muc_item_t *item)
{
    return (is_role(item->role) && !item->affiliation && item->nick) ||
           (is_affiliation(item->affiliation) && !item->role &&
            item->jid.domain_size);
}

/* What is sent of an item: a role belongs to a nickname, an affiliation to an
 * account. */
static void add_change(xmpp_stanza_t *query, const xmpp_muc_item_t *item)
{
    xmpp_muc_item_t sent;

    XMPP_INIT(xmpp_muc_item, sent);
    if (item->affiliation)
        xmpp_jid_cut(&item->jid, XMPP_JID_BARE, &sent.jid);
    sent.nick = item->nick;
    sent.role = item->role;
    sent.affiliation = item->affiliation;
    sent.reason = item->reason;
    xmpp_payload_add(query, &xmpp_muc_item, &sent);
}

int xmpp_muc_change(xmpp_conn_t *conn, const xmpp_jid_t *room,
                    const xmpp_muc_list_t *changes, xmpp_result_handler handler,
                    void *userdata)
{
    xmpp_stanza_t *iq, *query;
    size_t i, count = changes ? changes->item_count : 0;

    for (i = 0; i < count; i++)
        if (!is_change(changes->items[i]))
            return xmpp_conn_fail(conn, NULL, XMPP_EARG,
                                  "change %lu of a room is none: it needs a "
                                  "nickname and a role, or an address and an "
                                  "affiliation",
                                  (unsigned long)i + 1);
    if (!count)
        return xmpp_conn_fail(conn, NULL, XMPP_EARG,
                              "a change of a room needs at least one item");
    iq = xmpp_muc_make_query(conn, room, "set", XMPP_NS_MUC_ADMIN);
    query = xmpp_stanza_get_children(iq);
    for (i = 0; i < count; i++)
        add_change(query, changes->items[i]);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}

static int change_one(xmpp_conn_t *conn, const xmpp_jid_t *room,
                      const xmpp_muc_item_t *item, xmpp_result_handler handler,
                      void *userdata)
{
    xmpp_muc_list_t list;

    XMPP_INIT(xmpp_muc_list, list);
    list.items = &item;
    list.item_count = 1;
    return xmpp_muc_change(conn, room, &list, handler, userdata);
}

int xmpp_muc_set_role(xmpp_conn_t *conn, const xmpp_jid_t *room,
                      const char *nick, int role, const char *reason,
                      xmpp_result_handler handler, void *userdata)
{
    xmpp_muc_item_t item;

    XMPP_INIT(xmpp_muc_item, item);
    item.nick = nick;
    item.role = role;
    item.reason = reason;
    return change_one(conn, room, &item, handler, userdata);
}

int xmpp_muc_set_affiliation(xmpp_conn_t *conn, const xmpp_jid_t *room,
                             const xmpp_jid_t *jid, int affiliation,
                             const char *reason, xmpp_result_handler handler,
                             void *userdata)
{
    xmpp_muc_item_t item;

    XMPP_INIT(xmpp_muc_item, item);
    if (jid)
        item.jid = *jid;
    item.affiliation = affiliation;
    item.reason = reason;
    return change_one(conn, room, &item, handler, userdata);
}

int xmpp_muc_kick(xmpp_conn_t *conn, const xmpp_jid_t *room, const char *nick,
                  const char *reason, xmpp_result_handler handler,
                  void *userdata)
{
    return xmpp_muc_set_role(conn, room, nick, XMPP_MUC_NO_ROLE, reason,
                             handler, userdata);
}

int xmpp_muc_ban(xmpp_conn_t *conn, const xmpp_jid_t *room,
                 const xmpp_jid_t *jid, const char *reason,
                 xmpp_result_handler handler, void *userdata)
{
    return xmpp_muc_set_affiliation(conn, room, jid, XMPP_MUC_OUTCAST, reason,
                                    handler, userdata);
}

/* ---- lists ------------------------------------------------------- */

static int get_list(xmpp_conn_t *conn, const xmpp_jid_t *room, int role,
                    int affiliation, xmpp_result_handler handler,
                    void *userdata)
{
    xmpp_muc_item_t wanted;
    xmpp_stanza_t *iq;

    XMPP_INIT(xmpp_muc_item, wanted);
    wanted.role = role;
    wanted.affiliation = affiliation;
    iq = xmpp_muc_make_query(conn, room, "get", XMPP_NS_MUC_ADMIN);
    xmpp_payload_add(xmpp_stanza_get_children(iq), &xmpp_muc_item, &wanted);
    return xmpp_request(conn, iq, &xmpp_muc_list, handler, userdata);
}

int xmpp_muc_get_affiliated(xmpp_conn_t *conn, const xmpp_jid_t *room,
                            int affiliation, xmpp_result_handler handler,
                            void *userdata)
{
    if (!is_affiliation(affiliation))
        return xmpp_conn_fail(conn, NULL, XMPP_EARG,
                              "there is no affiliation %d", affiliation);
    return get_list(conn, room, 0, affiliation, handler, userdata);
}

int xmpp_muc_get_by_role(xmpp_conn_t *conn, const xmpp_jid_t *room, int role,
                         xmpp_result_handler handler, void *userdata)
{
    if (!is_role(role))
        return xmpp_conn_fail(conn, NULL, XMPP_EARG, "there is no role %d",
                              role);
    return get_list(conn, room, role, 0, handler, userdata);
}
