/* muc.c - what rooms and their occupants send each other (XEP-0045). */

#include <xmpp/xep/muc.h>

#include <string.h>

#include <xmpp/ns.h>

/* In the order of the enums of muc.h, and of xmpp_show_t. */
static const char *const roles[] = {"none", "visitor", "participant",
                                    "moderator", NULL};
static const char *const affiliations[] = {"outcast", "none",  "member",
                                           "admin",   "owner", NULL};
static const char *const shows[] = {"chat", "away", "xa", "dnd", NULL};

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t item_fields[] = {
    XMPP_ATTR(xmpp_muc_item_t, jid, JID, "jid"),
    XMPP_ATTR(xmpp_muc_item_t, nick, TEXT, "nick"),
    XMPP_ATTR_ENUM(xmpp_muc_item_t, affiliation, "affiliation", affiliations),
    XMPP_ATTR_ENUM(xmpp_muc_item_t, role, "role", roles),
    XMPP_CHILD_ATTR(xmpp_muc_item_t, actor, TEXT, "actor", "nick"),
    XMPP_CHILD_ATTR(xmpp_muc_item_t, actor_jid, JID, "actor", "jid"),
    XMPP_CHILD(xmpp_muc_item_t, reason, TEXT, "reason"),
};
XMPP_PAYLOAD(xmpp_muc_item, xmpp_muc_item_t, "item", NULL, item_fields);

static const xmpp_field_t destroy_fields[] = {
    XMPP_ATTR(xmpp_muc_destroy_t, jid, JID, "jid"),
    XMPP_CHILD(xmpp_muc_destroy_t, password, TEXT, "password"),
    XMPP_CHILD(xmpp_muc_destroy_t, reason, TEXT, "reason"),
};
XMPP_PAYLOAD(xmpp_muc_destroy, xmpp_muc_destroy_t, "destroy", NULL,
             destroy_fields);

static const xmpp_field_t invite_fields[] = {
    XMPP_ATTR(xmpp_muc_invite_t, from, JID, "from"),
    XMPP_ATTR(xmpp_muc_invite_t, to, JID, "to"),
    XMPP_CHILD(xmpp_muc_invite_t, reason, TEXT, "reason"),
    XMPP_FLAG(xmpp_muc_invite_t, is_continued, "continue"),
    XMPP_CHILD_ATTR(xmpp_muc_invite_t, thread, TEXT, "continue", "thread"),
};
XMPP_PAYLOAD(xmpp_muc_invite, xmpp_muc_invite_t, "invite", NULL, invite_fields);

static const xmpp_field_t decline_fields[] = {
    XMPP_ATTR(xmpp_muc_decline_t, from, JID, "from"),
    XMPP_ATTR(xmpp_muc_decline_t, to, JID, "to"),
    XMPP_CHILD(xmpp_muc_decline_t, reason, TEXT, "reason"),
};
XMPP_PAYLOAD(xmpp_muc_decline, xmpp_muc_decline_t, "decline", NULL,
             decline_fields);

static const xmpp_field_t user_fields[] = {
    XMPP_ELEMENTS(xmpp_muc_user_t, items, item_count, &xmpp_muc_item),
    XMPP_CHILDREN_ATTR(xmpp_muc_user_t, statuses, status_count, NUMBER,
                       "status", "code"),
    XMPP_ELEMENT(xmpp_muc_user_t, destroy, &xmpp_muc_destroy),
    XMPP_ELEMENTS(xmpp_muc_user_t, invites, invite_count, &xmpp_muc_invite),
    XMPP_ELEMENT(xmpp_muc_user_t, decline, &xmpp_muc_decline),
    XMPP_CHILD(xmpp_muc_user_t, password, TEXT, "password"),
};
XMPP_PAYLOAD(xmpp_muc_user, xmpp_muc_user_t, "x", XMPP_NS_MUC_USER,
             user_fields);

/* The nick is the resource of the address that it is sent to. */
static const xmpp_field_t join_fields[] = {
    XMPP_ATTR(xmpp_muc_join_t, nick, TEXT, "nick"),
    XMPP_CHILD(xmpp_muc_join_t, password, TEXT, "password"),
    XMPP_CHILD_ATTR(xmpp_muc_join_t, max_stanzas, NUMBER, "history",
                    "maxstanzas"),
    XMPP_CHILD_ATTR(xmpp_muc_join_t, max_chars, NUMBER, "history", "maxchars"),
    XMPP_CHILD_ATTR(xmpp_muc_join_t, seconds, NUMBER, "history", "seconds"),
    XMPP_CHILD_ATTR(xmpp_muc_join_t, since, TIME, "history", "since"),
};
XMPP_PAYLOAD(xmpp_muc_join, xmpp_muc_join_t, "x", XMPP_NS_MUC, join_fields);

/* No such element travels: what it describes is in different parts of a
 * presence. */
static const xmpp_field_t occupant_fields[] = {
    XMPP_ATTR_MUST(xmpp_occupant_t, address, JID, "address"),
    XMPP_ATTR_MUST(xmpp_occupant_t, nick, TEXT, "nick"),
    XMPP_ATTR(xmpp_occupant_t, jid, JID, "jid"),
    XMPP_ATTR(xmpp_occupant_t, occupant_id, TEXT, "id"),
    XMPP_ATTR_ENUM(xmpp_occupant_t, role, "role", roles),
    XMPP_ATTR_ENUM(xmpp_occupant_t, affiliation, "affiliation", affiliations),
    XMPP_ATTR_ENUM(xmpp_occupant_t, show, "show", shows),
    XMPP_CHILD(xmpp_occupant_t, status, TEXT, "status"),
    XMPP_ELEMENTS(xmpp_occupant_t, hats, hat_count, &xmpp_hat),
    XMPP_CHILD(xmpp_occupant_t, reason, TEXT, "reason"),
    XMPP_ATTR(xmpp_occupant_t, actor, TEXT, "actor"),
};
XMPP_PAYLOAD(xmpp_occupant, xmpp_occupant_t, "occupant", XMPP_NS_MUC_USER,
             occupant_fields);

/* ---- reading ----------------------------------------------------- */

int xmpp_muc_user_has(const xmpp_muc_user_t *user, long status)
{
    size_t i, n = user ? user->status_count : 0;

    for (i = 0; i < n; i++)
        if (user->statuses[i] == status)
            return 1;
    return 0;
}

const xmpp_muc_item_t *xmpp_muc_user_get_item(const xmpp_muc_user_t *user)
{
    return user && user->item_count ? user->items[0] : NULL;
}

/* What is in the presence itself. */
typedef struct {
    size_t size;
    int show;
    const char *status, *occupant_id;
    const xmpp_hats_t *hats;
} details_t;

static const xmpp_field_t details_fields[] = {
    XMPP_CHILD_ENUM(details_t, show, "show", shows),
    XMPP_CHILD(details_t, status, TEXT, "status"),
    XMPP_CHILD_ATTR_NS(details_t, occupant_id, TEXT, "occupant-id", "id",
                       XMPP_NS_OCCUPANT_ID),
    XMPP_ELEMENT(details_t, hats, &xmpp_hats),
};
static XMPP_PAYLOAD(details_payload, details_t, "presence", NULL,
                    details_fields);

static void copy_details(xmpp_occupant_t *occupant, const details_t *details)
{
    occupant->show = details->show;
    occupant->status = details->status;
    occupant->occupant_id = details->occupant_id;
    if (!details->hats)
        return;
    occupant->hats = details->hats->hats;
    occupant->hat_count = details->hats->hat_count;
}

static void copy_item(xmpp_occupant_t *occupant, const xmpp_muc_item_t *item)
{
    occupant->jid = item->jid;
    occupant->role = item->role;
    occupant->affiliation = item->affiliation;
    occupant->reason = item->reason;
    occupant->actor = item->actor;
}

/* The resource of an address, ended by a NUL. */
static const char *copy_nick(xmpp_stanza_t *tree, const xmpp_jid_t *address)
{
    size_t n;
    const char *view = xmpp_jid_view(address, XMPP_JID_RESOURCE, &n);
    char *nick = view ? xmpp_stanza_alloc(tree, n + 1) : NULL;

    if (nick)
        memcpy(nick, view, n);
    return nick;
}

const xmpp_occupant_t *xmpp_occupant_read(xmpp_stanza_t *presence,
                                          const xmpp_muc_user_t *user)
{
    const xmpp_muc_item_t *item = xmpp_muc_user_get_item(user);
    xmpp_occupant_t *occupant = xmpp_stanza_alloc(presence, sizeof(*occupant));
    const void *details;

    if (!occupant || xmpp_payload_read(presence, &details_payload, &details))
        return NULL;
    XMPP_INIT(xmpp_occupant, *occupant);
    if (xmpp_stanza_get_jid(presence, "from", &occupant->address) != 1)
        return NULL;
    occupant->nick = copy_nick(presence, &occupant->address);
    copy_details(occupant, details);
    if (item)
        copy_item(occupant, item);
    return occupant->nick ? occupant : NULL;
}
