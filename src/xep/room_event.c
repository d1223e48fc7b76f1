/* room_event.c - what happens in a room (XEP-0045). */

#include <xmpp/xep/room_event.h>

#include <xmpp/ns.h>

/* No such elements travel: they describe values of results and events. */
static const xmpp_field_t joined_fields[] = {
    XMPP_ATTR_MUST(xmpp_room_joined_t, room, JID, "room"),
    XMPP_ATTR(xmpp_room_joined_t, nick, TEXT, "nick"),
    XMPP_ATTR(xmpp_room_joined_t, is_new, BOOL, "new"),
    XMPP_ATTR(xmpp_room_joined_t, is_nonanonymous, BOOL, "nonanonymous"),
    XMPP_ATTR(xmpp_room_joined_t, is_logged, BOOL, "logged"),
    XMPP_ATTR(xmpp_room_joined_t, is_nick_rewritten, BOOL, "rewritten"),
    XMPP_ATTR(xmpp_room_joined_t, is_again, BOOL, "again"),
};
XMPP_PAYLOAD(xmpp_room_joined, xmpp_room_joined_t, "joined", XMPP_NS_MUC_USER,
             joined_fields);

static const char *const whys[] = {
    "asked",    "kicked",  "banned",    "unaffiliated", "members-only",
    "shutdown", "trouble", "destroyed", "gone",         "refused",
    "session",  "lost",    NULL};

static const xmpp_field_t left_fields[] = {
    XMPP_ATTR_MUST(xmpp_room_left_t, room, JID, "room"),
    XMPP_ATTR(xmpp_room_left_t, nick, TEXT, "nick"),
    XMPP_ATTR_ENUM(xmpp_room_left_t, why, "why", whys),
    XMPP_ATTR(xmpp_room_left_t, actor, TEXT, "actor"),
    XMPP_ATTR(xmpp_room_left_t, alternate, JID, "alternate"),
    XMPP_CHILD(xmpp_room_left_t, password, TEXT, "password"),
    XMPP_ATTR(xmpp_room_left_t, condition, TEXT, "condition"),
    XMPP_CHILD(xmpp_room_left_t, reason, TEXT, "reason"),
};
XMPP_PAYLOAD(xmpp_room_left, xmpp_room_left_t, "left", XMPP_NS_MUC_USER,
             left_fields);

static const xmpp_field_t departure_fields[] = {
    XMPP_ELEMENT(xmpp_room_departure_t, occupant, &xmpp_occupant),
    XMPP_ATTR_ENUM(xmpp_room_departure_t, why, "why", whys),
    XMPP_ATTR(xmpp_room_departure_t, actor, TEXT, "actor"),
    XMPP_ATTR(xmpp_room_departure_t, actor_jid, JID, "actor-jid"),
    XMPP_CHILD(xmpp_room_departure_t, reason, TEXT, "reason"),
    XMPP_CHILD(xmpp_room_departure_t, status, TEXT, "status"),
};
XMPP_PAYLOAD(xmpp_room_departure, xmpp_room_departure_t, "departure",
             XMPP_NS_MUC_USER, departure_fields);

static const xmpp_field_t renamed_fields[] = {
    XMPP_ATTR_MUST(xmpp_room_renamed_t, room, JID, "room"),
    XMPP_ATTR(xmpp_room_renamed_t, nick, TEXT, "nick"),
    XMPP_ATTR(xmpp_room_renamed_t, before, TEXT, "before"),
    XMPP_ATTR(xmpp_room_renamed_t, is_self, BOOL, "self"),
};
XMPP_PAYLOAD(xmpp_room_renamed, xmpp_room_renamed_t, "renamed",
             XMPP_NS_MUC_USER, renamed_fields);

static const xmpp_field_t subject_fields[] = {
    XMPP_ATTR_MUST(xmpp_room_subject_t, room, JID, "room"),
    XMPP_ATTR(xmpp_room_subject_t, nick, TEXT, "nick"),
    XMPP_ATTR(xmpp_room_subject_t, time, TIME, "time"),
    XMPP_CHILD(xmpp_room_subject_t, subject, TEXT, "subject"),
};
XMPP_PAYLOAD(xmpp_room_subject, xmpp_room_subject_t, "subject",
             XMPP_NS_MUC_USER, subject_fields);

static const xmpp_field_t change_fields[] = {
    XMPP_ATTR_MUST(xmpp_room_change_t, room, JID, "room"),
    XMPP_CHILDREN_ATTR(xmpp_room_change_t, statuses, status_count, NUMBER,
                       "status", "code"),
};
XMPP_PAYLOAD(xmpp_room_change, xmpp_room_change_t, "change", XMPP_NS_MUC_USER,
             change_fields);

/* ---- reasons ----------------------------------------------------- */

/* Who is removed for technical reasons may be marked as kicked, too (section
 * 9.1.5 of XEP-0045), and a member of a room that is closed to others as
 * unaffiliated: the more exact one comes first. */
static const struct {
    long status;
    int why;
} reasons[] = {
    {XMPP_MUC_TROUBLE, XMPP_ROOM_LEFT_TROUBLE},
    {XMPP_MUC_SHUTDOWN, XMPP_ROOM_LEFT_SHUTDOWN},
    {XMPP_MUC_BANNED, XMPP_ROOM_LEFT_BANNED},
    {XMPP_MUC_MEMBERS_ONLY, XMPP_ROOM_LEFT_MEMBERS_ONLY},
    {XMPP_MUC_UNAFFILIATED, XMPP_ROOM_LEFT_UNAFFILIATED},
    {XMPP_MUC_KICKED, XMPP_ROOM_LEFT_KICKED},
};

static int find_why(const xmpp_muc_user_t *user, int why)
{
    size_t i;

    if (user && user->destroy)
        return XMPP_ROOM_LEFT_DESTROYED;
    for (i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (xmpp_muc_user_has(user, reasons[i].status))
            return reasons[i].why;
    return why;
}

void xmpp_room_left_read(xmpp_room_left_t *left, const xmpp_muc_user_t *user,
                         int why)
{
    const xmpp_muc_item_t *item = xmpp_muc_user_get_item(user);

    if (!left)
        return;
    left->why = find_why(user, why);
    if (item) {
        left->reason = item->reason;
        left->actor = item->actor;
    }
    if (user && user->destroy) {
        left->reason = user->destroy->reason;
        left->alternate = user->destroy->jid;
        left->password = user->destroy->password;
    }
}

void xmpp_room_departure_read(xmpp_room_departure_t *departure,
                              const xmpp_muc_user_t *user, int why)
{
    const xmpp_muc_item_t *item = xmpp_muc_user_get_item(user);

    if (!departure)
        return;
    departure->why = find_why(user, why);
    if (!item)
        return;
    departure->reason = item->reason;
    departure->actor = item->actor;
    departure->actor_jid = item->actor_jid;
}
